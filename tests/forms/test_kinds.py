"""Each kind of field takes what fits, at its very edge, and says in both languages how to put the rest right."""

import math
from typing import Any

import pytest

from tests.forms.conftest import errors, field, form, kept

GOOD: list[tuple[dict[str, Any], Any, Any]] = [
    (field("text"), "  楼道 ", "楼道"), (field("text"), "字" * 200, "字" * 200), (field("text", max=3), "abc", "abc"),
    (field("text", pattern="[A-Z]{2}-[0-9]+"), "JA-7", "JA-7"), (field("long_text"), "一\r\n二", "一\n二"),
    (field("long_text", min=2), "ab", "ab"), (field("text"), "👨‍👩‍👧", "👨‍👩‍👧"),
    (field("number"), 1.5, 1.5), (field("number"), "１２.5", 12.5), (field("number", min=0, max=10), 10, 10), (field("number"), 3.0, 3),
    (field("number"), 10**15, 10**15), (field("integer"), "1,200", 1200), (field("integer", min=-1), -1, -1), (field("integer"), 5.0, 5),
    (field("money"), "8600", "8600.00"), (field("money"), "¥8,600.5", "8600.50"), (field("money"), 0, "0.00"), (field("money"), 0.1, "0.10"),
    (field("boolean"), True, True), (field("boolean"), "false", False), (field("boolean"), "on", True),
    (field("choice"), "b", "b"), (field("multi_choice"), ["c", "a"], ["c", "a"]), (field("multi_choice"), [], []),
    (field("date"), "2024-02-29", "2024-02-29"), (field("date", min="2026-11-23"), "2026-11-23", "2026-11-23"),
    (field("date", max="${string(today())}"), "2026-11-23", "2026-11-23"),
    (field("date_time"), "2026-11-23T10:30", "2026-11-23T10:30:00+08:00"),
    (field("date_time"), "2026-11-23T02:30:00Z", "2026-11-23T10:30:00+08:00"),
    (field("date_time", max="${string(now())}"), "2026-11-23T10:32", "2026-11-23T10:32:00+08:00"),
    (field("person"), "fire", "fire"), (field("organisation"), "fire_rescue", "fire_rescue"), (field("place"), "corridor-2", "corridor-2"),
    (field("project"), "12", 12), (field("building"), 3, 3), (field("dwelling"), 301, 301),
    (field("attachments"), ["photo-1", "photo-2"], ["photo-1", "photo-2"]), (field("attachments", min=2), [], []),
    (field("table", columns=[field("integer", "n")]), [{"n": 1}, {}], [{"n": 1}, {"n": None}]),
    (field("table", columns=[field("integer", "n"), field("computed", "twice", value="n * 2")]), [{"n": 4}], [{"n": 4, "twice": 8}]),
    (field("computed", value="2 * 3"), None, 6),
]


@pytest.mark.parametrize(("spec", "sent", "value"), GOOD, ids=lambda x: str(x)[:40])
def test_what_fits_is_kept(spec: dict[str, Any], sent: Any, value: Any) -> None:
    assert kept(form(spec), {} if sent is None else {"it": sent})["it"] == value


BAD: list[tuple[dict[str, Any], Any, str]] = [
    (field("text"), 5, "as text"), (field("text"), "a\nb", "one line"), (field("text"), "字" * 201, "to 200 characters"), (field("text"), "a\x00b", "cannot be shown"),
    (field("text"), "a\ud800", "cannot be shown"), (field("text"), "a\x1bb", "cannot be shown"), (field("text", pattern="[A-Z]+"), "ab", "form asked for"),
    (field("long_text", min=3), "ab", "at least 3"), (field("long_text"), "x" * 4001, "to 4000 characters"),
    (field("number"), "many", "as a number"), (field("number"), math.nan, "as a number"), (field("number"), math.inf, "as a number"),
    (field("number"), "NaN", "as a number"), (field("number"), True, "as a number"), (field("number"), 10**400, "as a number"),
    (field("number", max=10), 10.01, "10 or less"), (field("number", min=0), -1, "0 or more"), (field("number"), 10**15 + 1, "as a number"),
    (field("integer"), 1.5, "whole number"), (field("integer"), "1.5", "whole number"), (field("integer"), [], "whole number"),
    (field("money"), "1.234", "in yuan"), (field("money"), -1, "in yuan"), (field("money"), "much", "in yuan"), (field("money"), 0.001, "in yuan"),
    (field("boolean"), "maybe", "yes or no"), (field("boolean"), 1, "yes or no"), (field("boolean"), [], "yes or no"),
    (field("choice"), "d", "Level a, Level b, Level c"), (field("choice"), ["a"], "Level a"), (field("choice"), 0, "Level a"),
    (field("multi_choice"), "a", "as a list"), (field("multi_choice"), ["a", "a"], "twice"), (field("multi_choice"), ["a", "z"], "Level a"),
    (field("multi_choice", max=1), ["a", "b"], "at most 1"), (field("multi_choice", min=2), ["a"], "until there are 2"), (field("multi_choice"), [{}], "as a list"),
    (field("date"), "2026-02-29", "as a date"), (field("date"), "23/11/2026", "as a date"), (field("date"), 20261123, "as a date"), (field("date"), "20261123", "as a date"),
    (field("date", min="2026-11-23"), "2026-11-22", "2026-11-23 or later"), (field("date", max="${string(today())}"), "2026-11-24", "2026-11-23 or earlier"),
    (field("date_time"), "2026-11-23", "date and time"), (field("date_time"), "0001-01-01T00:00+14:00", "date and time"),
    (field("date_time", max="${string(now())}"), "2026-11-23T10:33", "2026-11-23 10:32 or earlier"),
    (field("person"), "nobody", "was not found"), (field("organisation"), "a\x00", "was not found"), (field("project"), 99, "was not found"),
    (field("project"), True, "was not found"), (field("project"), 2**70, "was not found"), (field("dwelling"), {}, "was not found"),
    (field("attachments"), ["gone"], "upload it again"), (field("attachments"), [7], "upload it again"), (field("attachments"), ["photo-1"] * 2, "twice"),
    (field("attachments", max=1), ["photo-1", "photo-2"], "at most 1"), (field("attachments", min=2), ["photo-1"], "until there are 2"),
    (field("table", columns=[field("text", "n")]), {"n": 1}, "list of rows"), (field("table", columns=[field("text", "n")]), [3], "list of rows"),
    (field("table", max=1, columns=[field("text", "n")]), [{}, {}], "at most 1"),
]


@pytest.mark.parametrize(("spec", "sent", "words"), BAD, ids=lambda x: str(x)[:40])
def test_what_does_not_fit_is_refused_with_the_way_to_put_it_right(spec: dict[str, Any], sent: Any, words: str) -> None:
    (message,) = errors(form(spec), {"it": sent})["it"]
    assert words in message.en and message.zh and not message.zh.isascii()
    assert spec["kind"] == "table" or ("此项" in message.zh and "This" in message.en)


def test_a_cell_is_named_by_its_row_and_column() -> None:
    household = field("table", "household", columns=[field("text", "name", required=True), field("integer", "age")])
    found = errors(form(household), {"household": [{"name": "A", "age": 3}, {"age": "old"}, {"name": "C", "pet": 1}, {}]})
    assert set(found) == {"household.1.age", "household.2.pet"}
    assert set(errors(form(household), {"household": [{"name": "A"}, {}]})) == {"household.1.name"}
