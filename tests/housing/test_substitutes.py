"""Arranging who stands in for whom."""

from collections.abc import Callable
from datetime import date

import pytest

from engine import history
from engine.actor import Actor
from engine.clock import TestClock
from engine.engine import Engine
from engine.errors import InvalidData, NotAllowed, NotFound
from housing import notices, substitutes

Find = Callable[[str], Actor]
MONDAY, FRIDAY = date(2026, 11, 23), date(2026, 11, 27)


def test_one_arranges_a_substitute_for_oneself_who_is_told_and_may_act(engine: Engine, actor: Find) -> None:
    substitutes.arrange(engine, actor("subdistrict"), "subdistrict", "subdistrict.other", MONDAY, FRIDAY, "休假")
    assert "daning_road" in actor("subdistrict.other").org_units
    with engine.database.reading() as session:
        assert notices.unread(session, "subdistrict.other") == 1
        assert [row.event for row in history.of_chain(session, "accounts")][:1] == ["substitute_arranged"]


def test_for_somebody_else_it_takes_an_administrator(engine: Engine, actor: Find) -> None:
    with pytest.raises(NotAllowed):
        substitutes.arrange(engine, actor("subdistrict.lead"), "subdistrict", "subdistrict.peer", MONDAY, FRIDAY)
    substitutes.arrange(engine, actor("admin"), "subdistrict", "subdistrict.peer", MONDAY, FRIDAY)


@pytest.mark.parametrize(("to_user", "first", "last", "field"), [
    ("operator", MONDAY, FRIDAY, "to_user"), ("no.such", MONDAY, FRIDAY, "to_user"), ("police", FRIDAY, MONDAY, "valid_to"),
    ("police", date(2026, 1, 1), date(2026, 2, 1), "valid_to"), ("police", MONDAY, date(2029, 1, 1), "valid_to")])
def test_oneself_a_stranger_or_impossible_days_are_refused(
    engine: Engine, actor: Find, to_user: str, first: date, last: date, field: str
) -> None:
    with pytest.raises(InvalidData) as refused:
        substitutes.arrange(engine, actor("operator"), "operator", to_user, first, last)
    assert list(refused.value.errors) == [field]


def test_ending_it_takes_effect_at_once_and_keeps_the_days_that_were(engine: Engine, actor: Find, clock: TestClock) -> None:
    row = substitutes.arrange(engine, actor("operator"), "operator", "police", MONDAY, FRIDAY)
    clock.advance(days=2)
    with pytest.raises(NotAllowed):
        substitutes.end(engine, actor("police"), row.id)
    substitutes.end(engine, actor("operator"), row.id)
    assert "operator_01" not in actor("police").org_units
    with engine.database.reading() as session:
        assert substitutes.of_person(session, "operator")[0].valid_to == date(2026, 11, 24)


def test_one_that_has_not_begun_is_gone_and_an_unknown_one_not_found(engine: Engine, actor: Find) -> None:
    row = substitutes.arrange(engine, actor("operator"), "operator", "police", FRIDAY, FRIDAY)
    substitutes.end(engine, actor("operator"), row.id)
    with engine.database.reading() as session:
        assert substitutes.of_person(session, "operator") == []
    with pytest.raises(NotFound):
        substitutes.end(engine, actor("operator"), row.id)
