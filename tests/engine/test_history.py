"""The history: in true order, chained, and no tampering goes unseen."""

import random
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from engine import cases, comments, history, tasks
from engine.database import Database
from engine.tables import Case, Chain, History
from tests.drawing import END, START, Desk, drawn, line, node, script, timer, user

DIAGRAM = drawn(START, user("look"), script("note", "n = 1"), user("check_it"), END,
                node("boundaryEvent", "late", timer("PT1H"), attachedToRef="look"), user("remind"), node("endEvent", "e2"),
                line("s", "look", "note", "check_it", "e"), line("late", "remind", "e2"))  # fmt: skip
CHANGES: dict[str, Any] = {
    "event": "left", "actor": "somebody.else", "element_id": "other", "element_name": "别的", "element_name_en": "Other",
    "element_type": "task", "data": {"changed": True}, "hash": "0" * 64, "prev": "1" * 64,
}  # fmt: skip


def broken(database: Database) -> list[str]:
    with database.reading() as session:
        return [one.chain for one in history.verify(session)]


def told(desk: Desk) -> int:
    """A case with some of everything in its history."""
    desk.deploy(DIAGRAM)
    case_id = desk.start()
    task = desk.task(case_id, "look")
    tasks.claim(desk.engine, desk.actor("subdistrict"), task.id)
    comments.add(desk.engine, desk.actor("subdistrict"), case_id, "seen")
    desk.do(case_id, "look", note="x")
    return case_id


def test_it_tells_what_happened_in_its_order(desk: Desk) -> None:
    case_id = told(desk)
    assert desk.history(case_id) == [
        ("case_started", None), ("entered", "s"), ("left", "s"), ("entered", "look"), ("claimed", "look"), ("commented", None),
        ("left", "look"), ("entered", "note"), ("left", "note"), ("entered", "check_it"),
    ]  # fmt: skip


def test_a_timer_tells_what_it_took_away_and_what_it_began(desk: Desk) -> None:
    desk.deploy(DIAGRAM)
    case_id = desk.start()
    desk.later(hours=1)
    assert desk.history(case_id)[4:6] == [("timer_fired", "late"), ("left", "late")]
    assert sorted(desk.history(case_id)[6:]) == [("cancelled", "look"), ("entered", "remind")]


def test_who_did_it_and_what_they_brought_stands_with_it(desk: Desk) -> None:
    case_id = told(desk)
    with desk.engine.database.reading() as session:
        row = next(r for r in history.of_case(session, case_id) if (r.event, r.element_id) == ("left", "look"))
    assert (row.actor, row.data, row.element_type) == ("subdistrict", {"submission": {"note": "x"}}, "userTask")


@pytest.mark.any_database
def test_the_chains_hold(desk: Desk) -> None:
    case_id = told(desk)
    cases.cancel(desk.engine, desk.actor("bureau.lead"), case_id, "entered twice")
    assert broken(desk.engine.database) == []


def _tampered(session: Any, row: History, chance: random.Random) -> None:
    here = update(History).where(History.chain == row.chain, History.seq == row.seq)
    kind = chance.choice([*CHANGES, "at", "case_id", "delete", "tail", "renumber"])
    if kind == "delete":
        session.execute(delete(History).where(History.chain == row.chain, History.seq == row.seq))
    elif kind == "tail":
        session.execute(delete(History).where(History.chain == row.chain, History.seq >= row.seq))
    elif kind == "renumber":
        session.execute(here.values(seq=10_000 + row.seq))
    elif kind == "at":
        session.execute(here.values(at=row.at + timedelta(microseconds=1)))
    elif kind == "case_id":
        session.execute(here.values(case_id=None if row.case_id else 1))
    else:
        session.execute(here.values({kind: CHANGES[kind] if getattr(row, kind) != CHANGES[kind] else "x"}))


def test_none_of_five_hundred_tamperings_goes_unseen(desk: Desk) -> None:
    told(desk)
    chance = random.Random(20261123)
    with desk.engine.database.reading() as session:
        rows = list(session.scalars(select(History)))
        session.expunge_all()
    for number in range(500):
        row = chance.choice(rows)
        with desk.engine.database.reading() as session:
            _tampered(session, row, chance)
            found = [one.chain for one in history.verify(session)]
            assert row.chain in found, (number, row.chain, row.seq)


def test_a_rewritten_chain_with_right_hashes_does_not_fit_its_published_end(desk: Desk) -> None:
    case_id = told(desk)
    with desk.engine.database.writing() as session:
        kept = history.of_case(session, case_id)
        values = [{c.key: getattr(r, c.key) for c in History.__table__.columns} for r in kept[:-1]]
        session.execute(delete(History).where(History.case_id == case_id))
        made, _, _ = history.rows(f"case/{case_id}", 0, "", kept[0].at, values, case_id)
        session.execute(history._INSERT, made)
    assert broken(desk.engine.database) == [f"case/{case_id}"]


def test_a_row_moved_into_another_case_is_seen(desk: Desk) -> None:
    first = told(desk)
    second = desk.start()
    with desk.engine.database.writing() as session:
        session.execute(update(History).where(History.chain == f"case/{first}", History.seq == 2).values(case_id=second))
    assert broken(desk.engine.database) == [f"case/{first}"]


def test_rows_of_a_chain_that_nobody_keeps_are_seen(desk: Desk) -> None:
    told(desk)
    with desk.engine.database.writing() as session:
        session.execute(delete(Chain).where(Chain.chain == "deployments"))
    assert broken(desk.engine.database) == ["deployments"]


def test_one_case_alone_is_checked(desk: Desk) -> None:
    case_id = told(desk)
    with desk.engine.database.writing() as session:
        assert history.verify_case(session, case_id) is None
        session.execute(update(Case).where(Case.id == case_id).values(history_seq=2))
    with desk.engine.database.reading() as session:
        found = history.verify_case(session, case_id)
        assert found is not None and found.reason == "cut off"


def test_it_is_read_page_by_page(desk: Desk) -> None:
    case_id = told(desk)
    with desk.engine.database.reading() as session:
        first = history.of_case(session, case_id, limit=4)
        rest = history.of_case(session, case_id, after=first[-1].seq)
    assert [row.seq for row in first + rest] == list(range(1, 11))
