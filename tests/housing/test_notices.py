"""Who is told what, in the turn of the act itself."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import update

from engine.actor import Actor
from engine.clock import TestClock
from engine.engine import Engine, Happened
from engine.words import Text
from housing import notices
from housing.people import Account
from tests.housing.conftest import a_case, a_task

Find = Callable[[str], Actor]
SAID = Text("有事", "Something")


def told(engine: Engine, username: str) -> list[str]:
    with engine.database.reading() as session:
        return [one.kind for one in notices.of_person(session, username)]


def report(engine: Engine, kind: str, by: str, data: dict[str, object], assignee: str | None = None, started_by: str = "tenant") -> None:
    with engine.database.writing() as session:
        case = a_case(session, "daning_road", started_by=started_by)
        task = a_task(session, case, "subdistrict", "daning_road", assignee=assignee)
        notices.listener(session, Happened(kind, engine.clock.now(), by, case, task, data))


def test_whoever_is_given_a_task_is_told(engine: Engine) -> None:
    report(engine, "assigned", "subdistrict.lead", {"assignee": "subdistrict", "from": None})
    assert told(engine, "subdistrict") == ["assigned"]
    assert told(engine, "subdistrict.lead") == []


def test_nobody_is_told_what_they_did_themselves(engine: Engine) -> None:
    report(engine, "assigned", "subdistrict", {"assignee": "subdistrict", "from": None})
    report(engine, "released", "subdistrict", {"assignee": None, "from": "subdistrict"})
    report(engine, "case_completed", "tenant", {})
    assert told(engine, "subdistrict") == told(engine, "tenant") == []


def test_a_task_taken_away_is_said_to_whom_it_is_taken_from(engine: Engine) -> None:
    report(engine, "released", "subdistrict.lead", {"assignee": None, "from": "subdistrict"})
    report(engine, "assigned", "subdistrict.lead", {"assignee": "subdistrict.peer", "from": "subdistrict"})
    assert told(engine, "subdistrict") == ["taken_back", "taken_back"]


def test_the_end_of_what_i_reported_is_said_to_me(engine: Engine) -> None:
    report(engine, "case_completed", "subdistrict", {})
    assert told(engine, "tenant") == ["closed"]


def test_a_mention_reaches_only_those_who_may_see_the_case(engine: Engine) -> None:
    report(engine, "commented", "subdistrict", {"mentions": ["subdistrict.peer", "subdistrict.other", "no.such"]})
    assert told(engine, "subdistrict.peer") == ["mention"]
    assert told(engine, "subdistrict.other") == []


def test_an_act_that_is_rolled_back_tells_nobody(engine: Engine) -> None:
    with pytest.raises(RuntimeError), engine.database.writing() as session:
        notices.tell(session, ["bureau"], "x", SAID, engine.clock.now())
        raise RuntimeError
    assert told(engine, "bureau") == []


def test_a_leaver_is_told_nothing(engine: Engine) -> None:
    with engine.database.writing() as session:
        session.execute(update(Account).where(Account.username == "bureau").values(active=False))
        notices.tell(session, ["bureau", None, "system"], "x", SAID, engine.clock.now())
    assert told(engine, "bureau") == []


def test_reading_marks_ones_own_and_nobody_elses(engine: Engine) -> None:
    now = engine.clock.now()
    with engine.database.writing() as session:
        notices.tell(session, ["bureau", "bureau.peer"], "x", SAID, now)
        session.flush()
        of_peer = notices.of_person(session, "bureau.peer")[0].id
        assert notices.mark_read(session, "bureau", now, [of_peer]) == 0
        assert notices.mark_read(session, "bureau", now) == 1
        assert (notices.unread(session, "bureau"), notices.unread(session, "bureau.peer")) == (0, 1)


def test_notifications_are_paged_newest_first(engine: Engine) -> None:
    with engine.database.writing() as session:
        for _ in range(5):
            notices.tell(session, ["bureau"], "x", SAID, engine.clock.now())
            session.flush()
        first = notices.of_person(session, "bureau", limit=3)
        rest = notices.of_person(session, "bureau", before=first[-1].id, limit=3)
    assert [one.id for one in (*first, *rest)] == [5, 4, 3, 2, 1]


# -- the mail of the day -------------------------------------------------------------------------


def with_mail(engine: Engine, count: int = 1, locale: str = "en") -> None:
    with engine.database.writing() as session:
        session.execute(update(Account).where(Account.username == "bureau").values(mail="bureau@example.org", locale=locale))
        for _ in range(count):
            notices.tell(session, ["bureau", "bureau.peer"], "x", SAID, engine.clock.now())


def test_a_digest_goes_to_those_with_an_address_and_something_unread(engine: Engine) -> None:
    with_mail(engine, 2)
    with engine.database.reading() as session:
        digests = notices.due_digests(session, engine.clock.now())
    assert [(one.username, one.subject) for one in digests] == [("bureau", "Anju: 2 unread notifications")]
    assert digests[0].body.count("Something") == 2


def test_it_speaks_the_readers_language_and_waits_for_the_morning(engine: Engine) -> None:
    with_mail(engine, locale="zh")
    night = engine.clock.now().replace(hour=5)
    with engine.database.reading() as session:
        assert notices.due_digests(session, night) == []
        assert notices.due_digests(session, engine.clock.now())[0].subject == "安居：1 条未读消息"


def test_what_was_mailed_is_not_mailed_again_and_the_next_waits_a_day(engine: Engine, clock: TestClock) -> None:
    with_mail(engine)
    with engine.database.writing() as session:
        notices.mark_mailed(session, notices.due_digests(session, clock.now())[0], clock.now())
    with_mail(engine)
    with engine.database.reading() as session:
        assert notices.due_digests(session, clock.now() + timedelta(hours=2)) == []
        assert len(notices.due_digests(session, clock.now() + timedelta(days=1))) == 1


def test_what_is_read_is_never_mailed_and_forgotten_after_ninety_days(engine: Engine, clock: TestClock) -> None:
    with_mail(engine)
    with engine.database.writing() as session:
        notices.mark_read(session, "bureau", clock.now())
        assert notices.due_digests(session, clock.now()) == []
        assert notices.sweep(session, clock.now() + timedelta(days=91)) == 1
