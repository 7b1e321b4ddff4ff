"""Every failure is a sentence, and nothing typed is lost."""

import re

import pytest
from sqlalchemy.exc import OperationalError

from engine import errors
from engine.words import Text

OURS = {"Origin": "http://localhost"}
FAILURES = {
    "not-found": (errors.NotFound(), 404, "这里没有您能看的内容"),
    "not-allowed": (errors.NotAllowed(Text("您批准过它的方案，不能复查", "You approved its plan")), 403, "您批准过它的方案，不能复查"),
    "done": (errors.AlreadyDone(Text("乙 10:32 已完成这项复查", "B finished it at 10:32"), "b", None, {}), 409, "乙 10:32 已完成"),
    "stale": (errors.Stale(Text("打开后期限改了", "The deadline changed"), 2), 409, "打开后期限改了"),
    "invalid": (errors.InvalidData({"finish_on": [Text("选 11月20日 或更早", "Choose 20 Nov or earlier")]}), 422, "选 11月20日 或更早"),
    "busy": (errors.Busy(Text("系统正忙", "Busy")), 503, "没有改动"),
    "locked": (OperationalError("BEGIN", {}, Exception("database is locked")), 503, "没有改动"),
    "full": (OSError(28, "No space left on device"), 503, "没有改动"),
    "broken": (ZeroDivisionError("secret detail"), 500, "没有完成，任何记录都没有改动"),
}


@pytest.fixture
def failing(app):
    """Addresses that fail in every way a page can."""
    from webapp.security import open_to_all
    app.config["PROPAGATE_EXCEPTIONS"] = False

    @open_to_all
    def fail(kind):
        raise FAILURES[kind][0]

    app._got_first_request = False
    app.add_url_rule("/fail/<kind>", "fail", fail, methods=["GET", "POST"])
    return app.test_client()


@pytest.mark.parametrize("kind", FAILURES)
def test_each_failure_has_its_status_and_its_sentence(failing, kind):
    _, status, words = FAILURES[kind]
    answer = failing.get(f"/fail/{kind}")
    assert answer.status_code == status and words in answer.get_data(as_text=True)


def test_what_is_broken_inside_stays_inside(failing):
    page = failing.get("/fail/broken").get_data(as_text=True)
    assert "secret detail" not in page and "ZeroDivision" not in page and "Traceback" not in page


@pytest.mark.parametrize("kind", ["busy", "full", "broken"])
def test_after_our_fault_what_was_typed_is_there_to_be_sent_again(failing, kind):
    page = failing.post(f"/fail/{kind}", data={"comment": "三条线路已跳闸"}, headers=OURS).get_data(as_text=True)
    assert "三条线路已跳闸" in page and "再试一次" in page


def test_a_password_is_never_shown_again(failing):
    page = failing.post("/fail/busy", data={"comment": "x", "password": "hush-hush"}, headers=OURS).get_data(as_text=True)
    assert "hush-hush" not in page


def test_busy_says_when_to_come_back(failing):
    assert failing.get("/fail/busy").headers["Retry-After"] == "2"


def test_a_fragment_gets_a_note_not_a_page(failing):
    page = failing.post("/fail/not-allowed", headers={**OURS, "HX-Request": "true"}).get_data(as_text=True)
    assert "您批准过它的方案" in page and "<html" not in page


def test_people_never_read_the_machines_words(failing):
    for kind in FAILURES:
        page = failing.get(f"/fail/{kind}").get_data(as_text=True)
        said = re.sub(r"<[^>]+>", " ", page).lower()
        assert not re.search(r"\b(lock|conflict|409|token|exception|uuid)\b", said), kind


def test_an_unknown_address_is_a_page_in_the_callers_language(visitor):
    assert "There is nothing here that you may see" in visitor.see("/nowhere", headers={"Accept-Language": "en"}).text


def test_the_api_answers_in_its_own_manner(visitor):
    answer = visitor.see("/api/v1/nowhere").answer
    assert answer.status_code == 404 and answer.content_type == "application/problem+json"


def test_a_post_after_the_sessions_end_is_kept_through_signing_in(visitor):
    visitor.answer = visitor.client.post("/me/language", data={"locale": "en", "note": "写了很久"}, headers=OURS)
    assert visitor.status == 401 and "重新登录" in visitor.text
    sealed = re.search(r'name="kept" value="([^"]+)"', visitor.source).group(1)
    visitor.send("/sign-in", username="bureau", password="anju-demo", kept=sealed)
    assert visitor.status == 200 and "写了很久" in visitor.text and 'action="/me/language"' in visitor.source


def test_a_wrong_password_on_the_way_does_not_lose_it(visitor):
    visitor.answer = visitor.client.post("/me/language", data={"note": "写了很久"}, headers=OURS)
    sealed = re.search(r'name="kept" value="([^"]+)"', visitor.source).group(1)
    visitor.send("/sign-in", username="bureau", password="wrong", kept=sealed)
    assert 'name="kept"' in visitor.source


def test_a_post_from_elsewhere_is_not_kept(visitor):
    visitor.answer = visitor.client.post("/me/language", data={"note": "planted"}, headers={"Origin": "https://example.org"})
    assert 'name="kept"' not in visitor.source


def test_a_kept_form_that_was_touched_is_dropped(visitor):
    visitor.send("/sign-in", username="bureau", password="anju-demo", kept="touched.by-somebody")
    assert visitor.status == 302


def test_too_large_says_so_and_that_the_text_is_still_there(app, visitor):
    app.config["MAX_CONTENT_LENGTH"] = 10
    visitor.send("/sign-in", username="bureau", password="x" * 100)
    assert visitor.status == 413 and "内容太大" in visitor.text
