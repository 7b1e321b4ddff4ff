"""Expressions with the values on which two independent implementations agree."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from engine import feel

VECTORS = json.loads((Path(__file__).parent / "vectors.json").read_text(encoding="utf-8"))
NAMES = ("full name", "loan amount", "a-b")
NOW = datetime(2026, 7, 14, 9, 30, tzinfo=UTC)


KINDS = {
    "date and time": "datetime",
    "days and time duration": "duration",
    "years and months duration": "duration",
}


def written(value: Any) -> Any:
    """A value in the notation of the file."""
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, Decimal):
        return {"n": feel.show(value)}
    if isinstance(value, list):
        return [written(item) for item in value]
    if isinstance(value, dict):
        return {"c": {key: written(part) for key, part in value.items()}}
    if isinstance(value, feel.values.Range):
        ends = [written(value.low), written(value.high), value.low_included, value.high_included]
        return {"$": "range", "v": ends}
    kind = feel.values.kind(value)
    return {"$": kind} if kind == "function" else {"$": KINDS.get(kind, kind), "v": feel.show(value)}


def outcome(text: str) -> Any:
    try:
        return written(feel.from_plain(feel.compile(text, NAMES).evaluate(VECTORS["context"], now=NOW).value))
    except feel.SyntaxFault:
        return {"$": "error", "v": "SyntaxError"}


@pytest.mark.parametrize("vector", VECTORS["vectors"], ids=lambda v: v["expression"][:40])
def test_an_expression_gives_the_agreed_value(vector: dict[str, Any]) -> None:
    assert outcome(vector["expression"]) == vector["python"]
