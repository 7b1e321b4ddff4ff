"""Values as text: what `string()` gives and what pages show."""

import re
from decimal import Decimal
from typing import Any

from engine.feel.faults import LimitExceeded
from engine.feel.incoming import take
from engine.feel.values import ORDERED, Invocable, Range
from engine.words import Text

LONGEST_TEXT = 200_000
_PLAIN_KEY = re.compile(r"[\w ]+")


def number_text(value: Decimal) -> str:
    """Plain notation without exponent and trailing zeros."""
    if not value:
        return "0"
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def show(value: Any) -> str:
    """A value as FEEL text; a string stands as it is."""
    value = take(value)
    if type(value) is str:
        return value
    text = _written(value)
    if len(text) > LONGEST_TEXT:
        raise LimitExceeded(Text("文本太长", "The text is too long"))
    return text


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _written(value: Any) -> str:
    value = take(value)
    if value is None:
        return "null"
    which = type(value)
    if which is bool:
        return "true" if value else "false"
    if which is str:
        return _quoted(value)
    if which is Decimal:
        return number_text(value)
    if which is list:
        return f"[{', '.join(_written(item) for item in value)}]"
    if which is dict:
        return "{" + ", ".join(f"{_key(key)}: {_written(part)}" for key, part in value.items()) + "}"
    if which is Range:
        return _range(value)
    if which in ORDERED:
        return str(value)
    return f"function {value.name}" if isinstance(value, Invocable) and value.name else "function"


def _key(key: Any) -> str:
    text = str(key)
    return text if _PLAIN_KEY.fullmatch(text) else _quoted(text)


def _range(value: Range) -> str:
    if value.unary:
        return f"{value.unary} {_written(value.high if value.low is None else value.low)}"
    low = "" if value.low is None else _written(value.low)
    high = "" if value.high is None else _written(value.high)
    return f"{'[' if value.low_included else '('}{low}..{high}{']' if value.high_included else ')'}"
