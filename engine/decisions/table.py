"""A decision table at work: which rules match, and what the hit policy makes of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from engine import feel
from engine.decisions.model import Cell, Column, NoRule, Output, Rule, SeveralRules, Table
from engine.feel.values import equal
from engine.words import Text

QUIET = frozenset({"null-path"})
AGGREGATES = {"SUM": "sum(x)", "MIN": "min(x)", "MAX": "max(x)", "COUNT": "count(x)"}


class Evaluator(Protocol):
    """What a table needs of the evaluation it is part of."""

    decision_id: str

    def value(self, cell: Cell, quiet: frozenset[str] = frozenset()) -> Any:
        """The value of an expression in the decision's scope."""

    def test(self, cell: Cell, value: Any) -> bool:
        """Whether a value passes unary tests."""

    def typed(self, value: Any, type_ref: str | None, cell: Cell) -> Any:
        """The value as its type wants it; a warning and null when it is not."""

    def warn(self, cell: Cell, code: str, message: Text) -> None:
        """Note a doubt."""

    def total(self, text: str, values: list[Any], element_id: str) -> Any:
        """`text` over x, the values collected."""

    def plain_inputs(self) -> dict[str, Any]:
        """What the decision was asked with."""


@dataclass(frozen=True)
class Outcome:
    """A table's value, the rules behind it and its inputs by column id."""

    value: Any
    rules: list[Rule]
    columns: dict[str, Any]


def run(table: Table, evaluator: Evaluator) -> Outcome:
    """Evaluate; raises `NoRule` and `SeveralRules` rather than guess."""
    values = {column.id: _input(column, evaluator) for column in table.columns}
    hits = _hits(table, list(values.values()), evaluator)
    columns = {id: _plain(value) for id, value in values.items()}
    if not hits:
        return Outcome(_without_hit(table, evaluator, columns), [], columns)
    if table.policy == "UNIQUE" and len(hits) > 1:
        _several(table, hits, evaluator, Text("只应有一条规则命中", "only one rule may match"))
    results = [_result(table, rule, evaluator) for rule in hits]
    if table.policy == "ANY" and any(equal(result, results[0]) is not True for result in results[1:]):
        _several(table, hits, evaluator, Text("命中的规则结果应相同", "the matching rules must agree"))
    return _by_policy(table, hits, results, columns, evaluator)


def _input(column: Column, evaluator: Evaluator) -> Any:
    value = evaluator.typed(evaluator.value(column.expression, QUIET), column.type_ref, column.expression)
    if value is not None and column.allowed is not None and not evaluator.test(column.allowed, value):
        label, shown = column.words.label, column.words.of(_plain(value))
        raise NoRule(Text(
            f"“{label.zh}”的值“{shown.zh}”不在允许的值里：{column.allowed.text}",
            f"“{label.en}” is “{shown.en}”, which is none of the allowed values: {column.allowed.text}",
        ), evaluator.decision_id, evaluator.plain_inputs())
    return value


def _hits(table: Table, values: list[Any], evaluator: Evaluator) -> list[Rule]:
    hits: list[Rule] = []
    known: dict[tuple[int, str], bool] = {}
    for rule in table.rules:
        for at, cell in enumerate(rule.tests):
            if cell.text == "-":
                continue
            taken = known.get((at, cell.text))
            if taken is None:
                taken = known[at, cell.text] = evaluator.test(cell, values[at])
            if not taken:
                break
        else:
            hits.append(rule)
            if table.policy == "FIRST":
                break
    return hits


def _without_hit(table: Table, evaluator: Evaluator, columns: dict[str, Any]) -> Any:
    if table.has_default:
        value = _shaped(table, [_default(output, evaluator) for output in table.outputs])
        return [value] if table.collects and table.aggregation is None else value
    if table.collects:
        return {None: [], "COUNT": 0}.get(table.aggregation)
    shown = [(c.words, c.words.of(columns[c.id])) for c in table.columns]
    raise NoRule(Text(
        "没有规则命中：" + "，".join(f"{w.label.zh} = {v.zh}" for w, v in shown),
        "No rule matches: " + ", ".join(f"{w.label.en} = {v.en}" for w, v in shown),
    ), evaluator.decision_id, evaluator.plain_inputs())


def _default(output: Output, evaluator: Evaluator) -> Any:
    return evaluator.typed(evaluator.value(output.default), output.type_ref, output.default) if output.default else None


def _result(table: Table, rule: Rule, evaluator: Evaluator) -> Any:
    values = []
    for output, cell in zip(table.outputs, rule.results, strict=True):
        value = evaluator.typed(evaluator.value(cell), output.type_ref, cell)
        if value is not None and output.allowed is not None and not evaluator.test(output.allowed, value):
            evaluator.warn(cell, "table", Text("结果不在允许的值里", "the result is none of the allowed values"))
        values.append(value)
    return _shaped(table, values)


def _shaped(table: Table, values: list[Any]) -> Any:
    if len(table.outputs) == 1:
        return values[0]
    return {output.name: value for output, value in zip(table.outputs, values, strict=True)}


def _by_policy(
    table: Table, hits: list[Rule], results: list[Any], columns: dict[str, Any], evaluator: Evaluator,
) -> Outcome:
    if table.policy in ("PRIORITY", "OUTPUT ORDER"):
        rank = _ranking(table, evaluator)
        ordered = sorted(zip(results, hits, strict=True), key=lambda pair: rank(pair[0]))
        results, hits = [value for value, _ in ordered], [rule for _, rule in ordered]
    if table.aggregation is not None and table.collects:
        return Outcome(evaluator.total(AGGREGATES[table.aggregation], results, table.id), hits, columns)
    if table.collects:
        return Outcome(results, hits, columns)
    return Outcome(results[0], hits if table.policy in ("UNIQUE", "ANY") else hits[:1], columns)


def _ranking(table: Table, evaluator: Evaluator) -> Callable[[Any], tuple[int, ...]]:
    orders = [evaluator.value(output.order) if output.order else None for output in table.outputs]

    def place(value: Any, order: Any) -> int:
        if not order:
            return 0
        return next((i for i, other in enumerate(order) if equal(value, feel.from_plain(other)) is True), len(order))

    def rank(result: Any) -> tuple[int, ...]:
        values = [result] if len(table.outputs) == 1 else [result[output.name] for output in table.outputs]
        return tuple(place(value, order) for value, order in zip(values, orders, strict=True))

    return rank


def _several(table: Table, hits: list[Rule], evaluator: Evaluator, why: Text) -> None:
    numbers = [table.rules.index(rule) + 1 for rule in hits]
    raise SeveralRules(Text(
        f"第 {'、'.join(map(str, numbers))} 条规则同时命中，{why.zh}",
        f"Rules {', '.join(map(str, numbers))} match at once, and {why.en}",
    ), evaluator.decision_id, [rule.id for rule in hits], evaluator.plain_inputs())


def _plain(value: Any) -> Any:
    try:
        return feel.to_plain(value)
    except ValueError:
        return None
