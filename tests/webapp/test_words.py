"""Both languages, and how dates read."""

from datetime import datetime

import pytest

from webapp import words

EN = {"Accept-Language": "en-GB,en;q=0.8"}


def at(text):
    return datetime.fromisoformat(f"{text}+08:00")


@pytest.fixture
def speaking(app):
    def in_language(language, say):
        with app.test_request_context(headers={"Accept-Language": language}):
            return say()
    return in_language


@pytest.mark.parametrize(("instant", "zh", "en"), [
    ("2026-11-26T00:00", "11月25日 周三 24:00 前", "Wed 25 Nov, 24:00"),
    ("2026-11-25T11:10", "11月25日 周三 11:10 前", "Wed 25 Nov, 11:10"),
    ("2027-01-01T00:00", "12月31日 周四 24:00 前", "Thu 31 Dec, 24:00"),
    ("2027-01-02T00:00", "2027年1月1日 周五 24:00 前", "Fri 1 Jan 2027, 24:00"),
])
def test_a_deadline_at_midnight_is_24_00_of_the_day_before(speaking, instant, zh, en):
    assert speaking("zh", lambda: words.until(at(instant))) == zh
    assert speaking("en", lambda: words.until(at(instant))) == en


@pytest.mark.parametrize(("instant", "zh", "en"), [
    ("2026-11-23T10:31:30", "刚刚", "just now"), ("2026-11-23T10:02", "30 分钟前", "30 min ago"),
    ("2026-11-23T08:00", "今天 08:00", "today 08:00"), ("2026-11-22T23:59", "昨天 23:59", "yesterday 23:59"),
    ("2026-11-05T14:12", "11月5日 14:12", "5 Nov, 14:12"), ("2025-11-05T14:12", "2025年11月5日 14:12", "5 Nov 2025, 14:12"),
])
def test_the_past_is_told_as_people_say_it(speaking, instant, zh, en):
    assert speaking("zh", lambda: words.ago(at(instant))) == zh
    assert speaking("en", lambda: words.ago(at(instant))) == en


def test_a_deadline_of_today_is_short_in_narrow_places(speaking):
    assert speaking("zh", lambda: words.short_until(at("2026-11-23T11:10"))) == "今天 11:10"
    assert speaking("en", lambda: words.short_until(at("2026-11-24T00:00"))) == "today 24:00"
    assert speaking("en", lambda: words.short_until(at("2026-11-26T00:00"))) == "25 Nov, 24:00"


def test_the_browsers_language_is_spoken_until_another_is_chosen(visitor):
    assert 'lang="en"' in visitor.see("/", headers=EN).source
    visitor.see("/language/zh?to=/sign-in?x=1", headers=EN)
    assert visitor.answer.location == "/sign-in?x=1"
    assert 'lang="zh-CN"' in visitor.see("/", headers=EN).source


def test_the_accounts_language_goes_before_the_browsers(as_):
    page = as_("bureau")
    page.send("/me/language", locale="en")
    assert "Housing bureau officer A" in page.see("/me").text


def test_the_link_keeps_the_page_with_its_filters(visitor):
    page = visitor.see("/sign-in?next=/me")
    assert "/language/en?to=/sign-in?next%3D/me" in page.source or "/language/en?to=/sign-in?next=/me" in page.source


@pytest.mark.parametrize("elsewhere", ["https://example.org", "//example.org/x", "/\\example.org", "/\nx"])
def test_choosing_a_language_never_leads_away(visitor, elsewhere):
    assert visitor.see("/language/en", query_string={"to": elsewhere}).answer.location == "/"


def test_an_unknown_language_changes_nothing(visitor):
    assert "Set-Cookie" not in visitor.see("/language/xx").answer.headers or "anju_language" not in str(visitor.answer.headers)
