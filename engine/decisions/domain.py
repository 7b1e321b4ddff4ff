"""What values a table's column can tell apart: a representative of each, found from its cells and declared values."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from engine import feel
from engine.clock import TZ
from engine.decisions.model import Cell, Column, Table
from engine.feel.values import compare, equal, kind

LITERAL = re.compile(
    r'(?:date and time|date|time|duration)\s*\(\s*"[^"]*"\s*\)|@"[^"]*"|"(?:[^"\\]|\\.)*"|(?<!\w)(?<!\d\.)-?\d+(?:\.\d+)?(?!\w)|\b(?:true|false)\b')
CLOCK = re.compile(r"\b(now|today)\s*\(")
COMPARES = re.compile(r"[<>]|\.\.")
SOME_DAY = datetime(2026, 1, 1, tzinfo=TZ)
MOST_TESTS = 300_000
OTHER = "（其他）"


@dataclass(frozen=True)
class Sample:
    """A value that stands for all like it; `inside` when it lies within what the column declares or tests."""

    value: Any
    inside: bool
    mask: int


@dataclass(frozen=True)
class Axis:
    """One input with its samples; columns over the same expression are one axis."""

    columns: tuple[Column, ...]
    samples: tuple[Sample, ...]

    @property
    def column(self) -> Column:
        return self.columns[0]


class Undecidable(Exception):
    """The column's cells depend on more than its own value, or are too many."""


def axes(table: Table) -> list[Axis]:
    """The axes of a table; raises `Undecidable`."""
    groups: dict[str, list[int]] = {}
    for index, column in enumerate(table.columns):
        groups.setdefault(column.expression.text, []).append(index)
    return [_axis(table, indexes) for indexes in groups.values()]


def samples_of(column: Column, cells: Iterable[Cell]) -> list[tuple[Any, bool]]:
    """Values worth trying in a column, each with whether it lies inside what is declared or tested."""
    texts = list(dict.fromkeys(cell.text for cell in cells if cell.text != "-"))
    declared = _evaluated([f"[{column.allowed.text}]"]) if column.allowed else []
    listed = [item for values in declared for item in values] if declared and isinstance(declared[0], list) else []
    plain = [value for value in listed if kind(value) not in ("range", "null")]
    if plain and len(plain) == len(listed):
        return [(value, True) for value in plain]
    constants = _distinct(_evaluated(
        literal for text in [*texts, *([column.allowed.text] if column.allowed else [])] for literal in LITERAL.findall(text)))
    found = _spread(column, constants, any(COMPARES.search(text) for text in texts))
    if column.allowed is None or column.allowed.run is None:
        return found
    allowed = column.allowed.run
    return [(value, True) for value, _ in found if allowed.evaluate({}, now=SOME_DAY, input_value=value).value is True]


def _axis(table: Table, indexes: Sequence[int]) -> Axis:
    columns = tuple(table.columns[i] for i in indexes)
    cells = [rule.tests[i] for rule in table.rules for i in indexes]
    for cell in cells:
        if cell.run is not None and (cell.run.free_names() or cell.run.called_functions() or CLOCK.search(cell.text)):
            raise Undecidable
    values = samples_of(columns[0], cells)
    if len(values) * len({cell.text for cell in cells}) > MOST_TESTS:
        raise Undecidable
    return Axis(columns, tuple(Sample(v, inside, _mask(table, indexes, v)) for v, inside in values))


def _mask(table: Table, indexes: Sequence[int], value: Any) -> int:
    """The rules, as bits, whose cells of these columns let `value` through."""
    known: dict[str, bool] = {"-": True}
    mask = 0
    for bit, rule in enumerate(table.rules):
        for i in indexes:
            cell = rule.tests[i]
            if cell.text not in known:
                result = cell.run.evaluate({}, now=SOME_DAY, input_value=value) if cell.run else None
                known[cell.text] = result is not None and result.value is True
            if not known[cell.text]:
                break
        else:
            mask |= 1 << bit
    return mask


def _spread(column: Column, constants: list[Any], compares: bool) -> list[tuple[Any, bool]]:
    type_ref = column.type_ref or (kind(constants[0]) if constants else "Any")
    if type_ref == "boolean":
        return [(True, True), (False, True)]
    same = [value for value in constants if kind(value) == type_ref]
    if type_ref == "number":
        return _numbers(sorted(same), compares) or [(Decimal(0), False)]
    if type_ref == "date":
        return _dates(same) or _evaluated_as('date("2026-01-01")')
    if type_ref == "string":
        return [*((value, True) for value in same), (OTHER, False)]
    return [(value, True) for value in constants] or [(OTHER, False)]


def _numbers(constants: list[Decimal], compares: bool) -> list[tuple[Any, bool]]:
    if not constants:
        return []
    found: list[tuple[Any, bool]] = [(constants[0] - 1, False)]
    for here, after in zip(constants, [*constants[1:], None], strict=True):
        found.append((here, True))
        if after is None:
            found.append((here + 1, False))
        elif compares or after - here != 1:
            neighbours = after - here == 1 and here == here.to_integral_value()
            between = here + 1 if after - here > 1 and here == here.to_integral_value() else (here + after) / 2
            found.append((between, not neighbours))
    return found


def _dates(constants: list[Any]) -> list[tuple[Any, bool]]:
    moved = _evaluated((f'x + duration("{step}")' for step in ("-P1D", "P1D")), constants)
    inner = [value for value in moved if any(compare(value, c) == 1 for c in constants) and any(compare(value, c) == -1 for c in constants)]
    return [*((value, True) for value in constants), *((value, any(value is i for i in inner)) for value in moved)]


def _evaluated_as(text: str) -> list[tuple[Any, bool]]:
    return [(value, False) for value in _evaluated([text])]


def _evaluated(texts: Iterable[str], over: list[Any] | None = None) -> list[Any]:
    """Values of constant expressions; what is none is left out."""
    found = []
    for text in texts:
        for x in over if over is not None else [None]:
            try:
                value = feel.compile(text).evaluate({"x": x}, now=SOME_DAY).value
            except (feel.SyntaxFault, feel.LimitExceeded):
                continue
            found.append(value)
    return found


def _distinct(values: list[Any]) -> list[Any]:
    found: dict[tuple[str, str], Any] = {}
    for value in values:
        if value is not None:
            found.setdefault((kind(value), str(value)), value)
    return list(found.values())


def same(a: Any, b: Any) -> bool:
    """Whether two values are equal as the language sees it."""
    return equal(feel.from_plain(a), feel.from_plain(b)) is True
