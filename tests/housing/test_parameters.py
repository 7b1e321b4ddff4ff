"""Policy parameters: each value with its days and its source."""

from collections.abc import Callable
from datetime import date

import pytest

from engine import history
from engine.actor import Actor
from engine.clock import TestClock
from engine.engine import Engine
from engine.errors import InvalidData, NotAllowed, NotFound
from housing import parameters

Find = Callable[[str], Actor]
KEY = "hazard.duplicate_days"
MONDAY, LATER = date(2026, 11, 23), date(2026, 12, 1)


def value(engine: Engine, on: date) -> object:
    with engine.database.reading() as session:
        return parameters.get(session, KEY, on)


def change(engine: Engine, by: Actor, new: object, valid_from: date = LATER, source: str = "静房管〔2026〕5号", key: str = KEY) -> None:
    parameters.change(engine, by, key, new, valid_from=valid_from, source=source)


def test_a_new_value_holds_from_its_day_and_the_old_one_before(engine: Engine, actor: Find) -> None:
    change(engine, actor("admin"), "45")
    assert (value(engine, MONDAY), value(engine, date(2026, 11, 30)), value(engine, LATER)) == (30, 30, 45)


def test_changing_the_same_day_twice_keeps_the_last(engine: Engine, actor: Find) -> None:
    change(engine, actor("admin"), 45)
    change(engine, actor("admin"), 60)
    assert value(engine, LATER) == 60


def test_a_value_between_two_others_ends_where_the_next_begins(engine: Engine, actor: Find) -> None:
    change(engine, actor("admin"), 60, date(2027, 1, 1))
    change(engine, actor("admin"), 45)
    assert (value(engine, date(2026, 12, 31)), value(engine, date(2027, 1, 1))) == (45, 60)


def test_the_change_is_on_record_with_its_source(engine: Engine, actor: Find) -> None:
    change(engine, actor("admin"), 45)
    with engine.database.reading() as session:
        row = history.of_chain(session, "parameters")[0]
        kept = parameters.in_force(session, KEY, LATER)
    assert (row.actor, row.data["value"]) == ("admin", 45)
    assert kept is not None and kept.confirmed and kept.source == "静房管〔2026〕5号"


@pytest.mark.parametrize(("new", "valid_from", "source", "field"), [
    ("many", LATER, "s", "value"), (0, LATER, "s", "value"), (2.5, LATER, "s", "value"), (10**9, LATER, "s", "value"),
    (45, date(2026, 11, 22), "s", "valid_from"), (45, LATER, " ", "source"), ("nan", LATER, "s", "value"), ("inf", LATER, "s", "value")])
def test_a_value_out_of_bounds_a_past_day_or_no_source_is_refused(
    engine: Engine, actor: Find, new: object, valid_from: date, source: str, field: str
) -> None:
    with pytest.raises(InvalidData) as refused:
        change(engine, actor("admin"), new, valid_from, source)
    assert list(refused.value.errors) == [field]


def test_only_an_administrator_changes_one_and_an_unknown_one_is_not_found(engine: Engine, actor: Find) -> None:
    with pytest.raises(NotAllowed):
        change(engine, actor("bureau.lead"), 45)
    with pytest.raises(NotFound):
        change(engine, actor("admin"), 45, key="no.such")
    assert value(engine, LATER) == 30


def test_every_default_is_in_force_with_source_and_marked_unconfirmed(engine: Engine, clock: TestClock) -> None:
    with engine.database.reading() as session:
        rows = parameters.all_in_force(session, clock.now().date())
    assert len(rows) == len(parameters.KINDS)
    assert all(row is not None and row.source and row.source_date and not row.confirmed for _, row in rows)
