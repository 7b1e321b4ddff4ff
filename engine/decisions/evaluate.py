"""Evaluating a decision with all that it requires: once each, over typed inputs, with every doubt noted."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from engine import feel
from engine.decisions import table
from engine.decisions.model import (
    Answer,
    Cell,
    Context,
    Decision,
    DecisionFailure,
    Evaluation,
    InputData,
    Literal,
    Logic,
    Model,
    Table,
    Warned,
)
from engine.decisions.types import Mistyped, typed
from engine.errors import NotFound
from engine.words import Text

Functions = Mapping[str, Callable[..., Any]]
Pinned = Callable[[str], Model]
MAX_DEPTH = 40


def evaluate(
    model: Model, decision_id: str, variables: Mapping[str, Any], *, now: datetime,
    functions: Functions | None = None, pinned: Pinned | None = None,
) -> Answer:
    """The decision's answer; `pinned` finds the model of a decision that stands in another file.

    Raises `NoRule`, `SeveralRules`, `NotFound` and `feel.LimitExceeded`.
    """
    run = _Run(variables, now, functions or {}, pinned)
    value = run.decision(model, decision_id)
    last = run.evaluations[-1]
    return Answer(decision_id, _plain(value, decision_id), last.matched_rules, run.inputs, run.warnings, run.evaluations)


class _Run:
    """One evaluation: what it was given, and what came of each decision."""

    def __init__(self, variables: Mapping[str, Any], now: datetime, functions: Functions, pinned: Pinned | None) -> None:
        self.variables, self.now, self.pinned = variables, now, pinned
        self.runtime = feel.Runtime(now, functions)
        self.inputs: dict[str, Any] = {}
        self.warnings: list[Warned] = []
        self.evaluations: list[Evaluation] = []
        self.values: dict[str, Any] = {}
        self.entered: list[str] = []

    def decision(self, model: Model, decision_id: str) -> Any:
        """The value of a decision, worked out once."""
        if decision_id in self.values:
            return self.values[decision_id]
        if decision_id not in model.elements:
            model = self._elsewhere(decision_id)
        if decision_id in self.entered or len(self.entered) >= MAX_DEPTH:
            raise DecisionFailure(Text("决策互相引用，绕成了圈", "The decisions require each other in a circle"), decision_id)
        self.entered.append(decision_id)
        value = self._work_out(model, model.elements[decision_id])
        self.entered.pop()
        self.values[decision_id] = value
        return value

    def _elsewhere(self, decision_id: str) -> Model:
        model = self.pinned(decision_id) if self.pinned is not None else None
        if model is None or decision_id not in model.elements:
            raise NotFound(Text(f"没有决策“{decision_id}”", f"There is no decision “{decision_id}”"))
        return model

    def _work_out(self, model: Model, decision: Decision) -> Any:
        scope = dict(self.variables)
        place = _Place(self, model, decision.id, scope)
        for id in decision.inputs:
            if id in model.inputs:
                self._give(place, model.inputs[id])
        for id in decision.required:
            value, other = self.decision(model, id), self._named(model, id)
            scope[other.variable] = scope[other.name] = value
        if not decision.inputs and not decision.required:
            self._undeclared(decision)
        columns: dict[str, Any] = {}
        rules: list[dict[str, str]] = []
        if isinstance(decision.logic, Table):
            outcome = table.run(decision.logic, place)
            value, columns = outcome.value, outcome.columns
            rules = [{"rule_id": rule.id, "annotation": rule.annotation} for rule in outcome.rules]
        else:
            value = place.logic(decision.logic)
        value = place.typed(value, decision.type_ref, Cell(decision.name, None, decision.id))
        self.evaluations.append(Evaluation(decision.id, columns, _plain(value, decision.id), rules))
        return value

    def _named(self, model: Model, id: str) -> Decision:
        return (model if id in model.elements else self._elsewhere(id)).elements[id]

    def _give(self, place: "_Place", data: InputData) -> None:
        given = next((name for name in (data.name, *data.aliases) if name in self.variables), None)
        raw = self.variables[given] if given is not None else None
        value = place.typed(feel.from_plain(raw), data.type_ref, Cell(data.name, None, data.id))
        place.scope.update(dict.fromkeys((data.name, *data.aliases[:1]), value))
        self.inputs[data.name] = _kept(raw)

    def _undeclared(self, decision: Decision) -> None:
        """A table drawn without its inputs: what it reads is found in the variables, and kept as its inputs."""
        cells = [column.expression for column in decision.logic.columns] if isinstance(decision.logic, Table) else []
        cells += [decision.logic.cell] if isinstance(decision.logic, Literal) else []
        for cell in cells:
            for name in sorted(cell.run.free_names()) if cell.run else ():
                top = name.rstrip("?").partition(".")[0]
                self.inputs[top] = _kept(self.variables.get(top))


class _Place:
    """Where in the model an expression stands: its scope, and whose decision it is."""

    def __init__(self, run: _Run, model: Model, decision_id: str, scope: dict[str, Any]) -> None:
        self.run, self.model, self.decision_id, self.scope = run, model, decision_id, scope

    def value(self, cell: Cell, quiet: frozenset[str] = frozenset()) -> Any:
        return self._value(cell, self.scope, quiet)

    def total(self, text: str, values: list[Any], element_id: str) -> Any:
        return self._value(Cell(text, feel.compile(text), element_id), {"x": values})

    def _value(self, cell: Cell, scope: Mapping[str, Any], quiet: frozenset[str] = frozenset()) -> Any:
        if cell.run is None:
            raise DecisionFailure(Text(
                f"“{cell.text[:80]}”不能计算", f"“{cell.text[:80]}” cannot be evaluated"), self.decision_id)
        runtime = self.run.runtime
        before = len(runtime.warnings)
        value = cell.run.within(runtime, scope)
        for warning in runtime.warnings[before:]:
            if warning.code not in quiet:
                self.warn(cell, warning.code, warning.message, warning.position)
        return value

    def test(self, cell: Cell, value: Any) -> bool:
        if cell.run is None:
            return self.value(cell) is True
        runtime = self.run.runtime
        before = len(runtime.warnings)
        taken = cell.run.within(runtime, self.scope, value)
        if len(runtime.warnings) > before and value is not None:
            for warning in runtime.warnings[before:]:
                self.warn(cell, warning.code, warning.message, warning.position)
        return taken is True

    def typed(self, value: Any, type_ref: str | None, cell: Cell) -> Any:
        try:
            return typed(value, type_ref, self.model.types, self.run.now)
        except Mistyped:
            self.warn(cell, "type", Text(
                f"“{cell.text[:80]}”应是 {type_ref}，却是 {feel.values.kind(value)}",
                f"“{cell.text[:80]}” should be {type_ref} and is {feel.values.kind(value)}"))
            return None

    def warn(self, cell: Cell, code: str, message: Text, position: int = 0) -> None:
        self.run.warnings.append(Warned(self.decision_id, cell.element_id, cell.text, code, message, position))

    def plain_inputs(self) -> dict[str, Any]:
        return dict(self.run.inputs)

    def logic(self, logic: Logic | None) -> Any:
        """The value of boxed logic."""
        if isinstance(logic, Table):
            return table.run(logic, self).value
        if isinstance(logic, Context):
            return self._context(logic)
        if isinstance(logic, Literal):
            return self.typed(self.value(logic.cell), logic.type_ref, logic.cell)
        raise DecisionFailure(Text("这个决策没有内容", "This decision has no logic"), self.decision_id)

    def _context(self, context: Context) -> Any:
        lines: dict[str, Any] = {}
        inner = _Place(self.run, self.model, self.decision_id, dict(self.scope))
        for entry in context.entries:
            value = inner.typed(inner.logic(entry.logic), entry.type_ref, Cell(entry.name or "", None, self.decision_id))
            if entry.name is None:
                return value
            lines[entry.name] = inner.scope[entry.name] = value
        return lines


def _kept(raw: Any) -> Any:
    """An input as it is recorded: plain data, or nothing where it is none."""
    try:
        return feel.to_plain(feel.from_plain(raw))
    except (ValueError, TypeError):
        return None


def _plain(value: Any, decision_id: str) -> Any:
    try:
        return feel.to_plain(value)
    except ValueError:
        raise DecisionFailure(Text(
            "决策的结果不能保存：是函数或区间", "The decision's result cannot be kept: it is a function or a range"), decision_id) from None
