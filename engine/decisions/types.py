"""Declared types: texts of JSON become dates where a type says so, and what does not fit is not let through."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine import feel
from engine.decisions.model import ItemType

FROM_TEXT = {
    "date": "date(x)", "time": "time(x)", "date and time": "date and time(x)", "dateTime": "date and time(x)",
    "days and time duration": "duration(x)", "dayTimeDuration": "duration(x)",
    "years and months duration": "duration(x)", "yearMonthDuration": "duration(x)",
}  # fmt: skip
KINDS = {
    "dateTime": "date and time", "dayTimeDuration": "days and time duration", "yearMonthDuration": "years and months duration",
}  # fmt: skip
PLAIN = frozenset({"string", "number", "boolean", "context", "list", *FROM_TEXT})
MAX_DEPTH = 20


class Mistyped(Exception):
    """The value is not of its declared type."""


def is_known(type_ref: str | None, types: Mapping[str, ItemType]) -> bool:
    """Whether the name of a type means something."""
    return type_ref is None or type_ref in ("Any", "any") or type_ref in PLAIN or type_ref in types


def typed(value: Any, type_ref: str | None, types: Mapping[str, ItemType], now: datetime) -> Any:
    """`value` as its type wants it; raises `Mistyped`."""
    return _typed(value, ItemType(type_ref or "Any"), types, now, 0)


def _typed(value: Any, type: ItemType, types: Mapping[str, ItemType], now: datetime, depth: int) -> Any:
    if value is None or depth > MAX_DEPTH:
        return None
    value = feel.from_plain(value)
    if type.collection:
        return [_single(item, type, types, now, depth) for item in (value if isinstance(value, list) else [value])]
    if isinstance(value, list) and len(value) == 1 and type.base not in ("Any", "any", "list") and not _is_list(type, types):
        value = value[0]
    return _single(value, type, types, now, depth)


def _single(value: Any, type: ItemType, types: Mapping[str, ItemType], now: datetime, depth: int) -> Any:
    if type.base in types:
        value = _typed(value, types[type.base], types, now, depth + 1)
    elif type.parts:
        if not isinstance(value, dict):
            raise Mistyped
        value = {**value, **{k: _typed(value.get(k), part, types, now, depth + 1) for k, part in type.parts.items()}}
    else:
        value = _plain(value, type.base, now)
    if type.allowed is not None and type.allowed.evaluate({}, now=now, input_value=value).value is not True:
        raise Mistyped
    return value


def _plain(value: Any, name: str, now: datetime) -> Any:
    if value is None or name not in PLAIN:
        return value
    if (isinstance(value, str) and name in FROM_TEXT) or (name in ("date and time", "dateTime") and feel.values.kind(value) == "date"):
        value = feel.compile(FROM_TEXT[name]).evaluate({"x": value}, now=now).value
    if feel.values.kind(value) != KINDS.get(name, name):
        raise Mistyped
    return value


def _is_list(type: ItemType, types: Mapping[str, ItemType]) -> bool:
    for _ in range(MAX_DEPTH):
        if type.collection:
            return True
        if type.base not in types:
            return False
        type = types[type.base]
    return False
