"""Working days by the State Council's calendar, clock hours, and the words for being late."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import chinese_calendar
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import calendar, feel
from engine.base import Base
from engine.clock import TZ
from engine.database import Database
from engine.tables import CalendarDay, CalendarYear
from engine.words import Text


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TZ)


@pytest.fixture(scope="module")
def seeded(tmp_path_factory):
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('calendar') / 'a.db'}")
    Base.metadata.create_all(database.engine)
    with database.writing() as session:
        calendar.seed(session)
    yield database
    database.close()


@pytest.fixture
def session(seeded):
    """Its changes are rolled back, so that the next test finds the seed."""
    with Session(seeded.write_engine) as open_session:
        yield open_session


@pytest.fixture(scope="module")
def days(seeded):
    with seeded.reading() as open_session:
        return calendar.read(open_session)


VECTORS = [
    ("2024-09-27T17:00", 3, "2024-10-08"), ("2024-09-27T17:00", 10, "2024-10-16"), ("2026-02-13T09:00", 3, "2026-02-25"),
    ("2025-01-24T23:59", 1, "2025-01-26"), ("2026-04-30T00:00", 2, "2026-05-07"), ("2026-02-10T12:00", 10, "2026-03-02"),
]  # fmt: skip


@pytest.mark.parametrize(("start", "n", "last"), VECTORS)
def test_the_day_of_service_does_not_count_and_the_end_is_24_00(days, start, n, last):
    assert days.working_days(n, at(start)) == at(last) + timedelta(days=1)
    assert days.counted(n, at(start))[-1] == date.fromisoformat(last)


def test_every_day_from_2015_to_2026_agrees_with_a_second_source(days):
    first = date(2015, 1, 1)
    differing = [day for i in range((date(2027, 1, 1) - first).days)
                 if days.is_working(day := first + timedelta(days=i)) != chinese_calendar.is_workday(day)]
    assert differing == []


def test_a_worked_saturday_ends_february_and_a_thursday_opens_the_quarter(days):
    assert days.is_working(date(2026, 2, 28)) and not days.is_working(date(2026, 10, 7)) and days.is_working(date(2026, 10, 8))


def test_clock_hours_run_through_holidays(days):
    assert days.hours(24, at("2026-02-16T22:00")) == at("2026-02-17T22:00")


def test_an_instant_elsewhere_counts_from_its_day_in_shanghai(days):
    assert days.working_days(1, datetime.fromisoformat("2026-11-23T20:00+00:00")) == at("2026-11-26")


def test_an_announced_year_is_no_guess_and_2027_is_one(days):
    assert not days.is_provisional(date(2026, 6, 1)) and days.is_provisional(date(2027, 6, 1))


def test_a_year_that_nobody_imported_fails_in_words(days):
    with pytest.raises(calendar.UnknownYear) as unknown:
        days.working_days(30, at("2027-12-15"))
    assert "2028" in unknown.value.text.zh and "2028" in unknown.value.text.en


def test_the_sum_names_each_day_that_did_not_count(days):
    skipped = days.explain(3, at("2024-09-27T17:00"))
    assert [s.day.day for s in skipped] == [28, 1, 2, 3, 4, 5, 6, 7]
    assert skipped[0].name == Text("周六", "Saturday") and skipped[1].name == Text("国庆节", "National Day")
    assert all(s.name.zh and s.name.en for s in skipped)


def test_seeding_again_changes_nothing(session):
    session.add(CalendarDay(day="2026-12-01", is_working=False, name="x", source="import"))
    session.flush()
    calendar.seed(session)
    assert session.get(CalendarDay, "2026-12-01") is not None


def year_of(year: int) -> str:
    return "date,working,name\n" + "".join(f"{year}-10-{n:02},休,国庆节,National Day\n" for n in range(1, 11))


def test_an_imported_year_is_announced_and_its_guesses_are_gone(session):
    assert calendar.import_days(session, year_of(2027), "State Council 2026") == []
    now = calendar.read(session)
    assert not now.is_provisional(date(2027, 1, 4)) and now.is_working(date(2027, 1, 1))
    assert now.name_of(date(2027, 10, 1)) == Text("国庆节", "National Day")


def test_a_new_year_can_be_imported(session):
    assert calendar.import_days(session, year_of(2028)) == []
    assert calendar.read(session).working_days(1, at("2028-01-03")) == at("2028-01-05")


def test_a_single_correction_leaves_the_rest_of_its_year(session):
    assert calendar.import_days(session, "2026-12-01,休,停电日\n2027-03-01,休") == []
    now = calendar.read(session)
    assert not now.is_working(date(2026, 12, 1)) and not now.is_working(date(2026, 10, 1))
    assert now.is_provisional(date(2027, 3, 1))


@pytest.mark.parametrize(("text", "line"), [
    ("2027-13-01,休,x", 1), ("soon,休,x", 1), ("2027-02-06,perhaps,x", 1), ("2027-02-06", 1),
    ("2027-02-06,休,x\n2027-02-06,班,x", 2), ("2027-02-06,休," + "x" * 41, 1), ("", 0), ("2029-01-01,休,元旦", 0),
])  # fmt: skip
def test_a_wrong_line_is_named_and_nothing_is_imported(session, text, line):
    before = len(session.scalars(select(CalendarDay)).all())
    (problem,) = calendar.import_days(session, text)
    assert problem.line == line and problem.message.zh and problem.message.en
    assert len(session.scalars(select(CalendarDay)).all()) == before


def test_another_process_sees_an_import_at_its_next_reading(tmp_path):
    ours, theirs = (Database(f"sqlite:///{tmp_path / 'b.db'}") for _ in range(2))
    Base.metadata.create_all(ours.engine)
    with ours.writing() as session:
        session.add(CalendarYear(year=2026, provisional=False))
    with theirs.reading() as session:
        assert calendar.read(session).is_working(date(2026, 12, 1))
    with ours.writing() as session:
        calendar.import_days(session, "2026-12-01,休")
    with theirs.reading() as session:
        assert not calendar.read(session).is_working(date(2026, 12, 1))


def test_an_import_that_is_rolled_back_is_not_remembered(seeded):
    with Session(seeded.write_engine) as session:
        calendar.import_days(session, "2026-12-02,休")
        assert not calendar.read(session).is_working(date(2026, 12, 2))
    with seeded.reading() as session:
        assert calendar.read(session).is_working(date(2026, 12, 2))


def value(session, text: str, trace=None) -> feel.Result:
    now = at("2024-09-27T17:00")
    return feel.compile(text).evaluate({}, now=now, functions=calendar.functions(session, now, trace))


@pytest.mark.parametrize(("text", "due"), [
    ("working_days(10)", "2024-10-17T00:00:00+08:00"), ("hours(24)", "2024-09-28T17:00:00+08:00"),
    ('working_days(1, date("2024-09-30"))', "2024-10-09T00:00:00+08:00"), ("hours(0.5)", "2024-09-27T17:30:00+08:00"),
    ('hours(1, date and time("2024-09-27T18:00:00+08:00"))', "2024-09-27T19:00:00+08:00"),
])  # fmt: skip
def test_expressions_reckon_deadlines(session, text, due):
    result = value(session, text)
    assert feel.to_datetime(result.value) == datetime.fromisoformat(due) and not result.warnings


@pytest.mark.parametrize("text", [
    "working_days(1.5)", "working_days(-1)", "working_days(null)", 'working_days("3")', 'working_days(1, "tomorrow")',
    "working_days(100000)", "hours(10 ** 30)", "hours(true)", "working_days()", "working_days(1, 2, 3)",
])  # fmt: skip
def test_an_expression_that_asks_for_nonsense_gets_a_warning_not_a_date(session, text):
    result = value(session, text)
    assert result.value is None and result.warnings


def test_a_deadline_can_say_how_it_was_reckoned(session):
    trace: list = []
    value(session, "working_days(3)", trace)
    (call,) = trace
    assert call["function"] == "working_days" and call["n"] == 3 and call["start"] == "2024-09-27T17:00:00+08:00"
    assert call["result"] == "2024-10-09T00:00:00+08:00" and call["skipped"][1]["zh"] == "国庆节"


@pytest.mark.parametrize(("due", "now", "state", "zh", "en"), [
    ("2026-11-21", "2026-11-23T09:00", "over", "逾期 1 个工作日", "1 working day late"),
    ("2026-11-21", "2026-11-24T09:00", "over", "逾期 2 个工作日", "2 working days late"),
    ("2026-11-21", "2026-11-21T00:00", "over", "逾期不到 1 个工作日", "Less than 1 working day late"),
    ("2026-11-24", "2026-11-23T23:59", "today", "今天到期", "Due today"),
    ("2026-11-26", "2026-11-23T09:00", "ok", "剩 2 个工作日", "2 working days left"),
    ("2026-11-25", "2026-11-23T09:00", "ok", "剩 1 个工作日", "1 working day left"),
    ("2026-11-30", "2026-11-28T09:00", "ok", "剩 1 天", "1 day left"),
])  # fmt: skip
def test_a_working_day_duty_is_late_in_working_days(days, due, now, state, zh, en):
    lateness = days.lateness(at(due), at(now), {"function": "working_days"})
    assert (lateness.state, lateness.words) == (state, Text(zh, en))


@pytest.mark.parametrize(("due", "state", "zh", "en"), [
    ("2026-11-23T11:10", "soon", "还剩 38 分钟", "38 min left"),
    ("2026-11-23T18:00", "today", "还剩 7 小时 28 分", "7 h 28 min left"),
    ("2026-11-24T10:32", "ok", "还剩 24 小时", "24 h left"),
    ("2026-11-30T10:32", "ok", "还剩 7 天", "7 days left"),
    ("2026-11-23T08:14", "over", "逾期 2 小时 18 分", "2 h 18 min late"),
    ("2026-11-20T10:00", "over", "逾期 3 天", "3 days late"),
])  # fmt: skip
def test_a_duty_by_the_clock_is_late_in_hours_and_minutes(days, due, state, zh, en):
    lateness = days.lateness(at(due), at("2026-11-23T10:32"), {"sums": [{"function": "hours"}]})
    assert (lateness.state, lateness.words) == (state, Text(zh, en))


def test_a_paused_clock_says_why_even_after_the_end(days):
    lateness = days.lateness(at("2026-11-20"), at("2026-11-23"), paused=Text("承租人未应门", "tenant did not answer"))
    assert lateness.words == Text("时钟已暂停：承租人未应门", "Clock paused: tenant did not answer") and lateness.shape == "bars"


def test_what_was_done_in_time_is_quiet_and_what_was_late_stays_marked(days):
    done, start = at("2026-11-23T12:18"), at("2026-11-23T10:00")
    quiet = days.lateness(at("2026-11-23T14:00"), done, "hours", done_at=done, started_at=start)
    late = days.lateness(at("2026-11-21"), at("2026-12-01"), "working_days", done_at=done)
    assert (quiet.shape, quiet.words) == ("tick", Text("用 2 小时 18 分", "took 2 h 18 min"))
    assert (late.state, late.shape, late.words) == ("done", "flag", Text("晚 1 个工作日", "1 working day late"))


def test_no_deadline_is_said_as_such(days):
    assert days.lateness(None, at("2026-11-23")).words == Text("没有期限", "No deadline")


def test_a_page_in_an_unknown_year_still_says_how_late(days):
    assert days.lateness(at("2031-01-06"), at("2031-01-07"), "working_days").state == "over"


def test_hours_of_a_decimal_are_exact(days):
    assert days.hours(Decimal("0.1"), at("2026-11-23")) == at("2026-11-23T00:06")
