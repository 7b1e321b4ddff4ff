"""A decision model as data: inputs, decisions, tables, boxed logic, types, and the words for all of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

from engine import feel
from engine.errors import EngineError, Problem
from engine.words import Text

COLLECTING = ("COLLECT", "RULE ORDER", "OUTPUT ORDER")
POLICIES = ("UNIQUE", "FIRST", "ANY", "PRIORITY", *COLLECTING)
AGGREGATIONS = ("SUM", "MIN", "MAX", "COUNT")
MAX_RULES = 2_000
MAX_COLUMNS = 100


@dataclass(frozen=True)
class Words:
    """A thing's label and those of its values, such as `L4` being “重大”."""

    label: Text
    values: Mapping[str, Text] = field(default_factory=dict)

    def of(self, value: Any) -> Text:
        """A value as people read it."""
        if isinstance(value, bool):
            return Text("是", "yes") if value else Text("否", "no")
        if value is None:
            return Text("没有填", "not given")
        if isinstance(value, list):
            parts = [self.of(item) for item in value]
            return Text("、".join(p.zh for p in parts), ", ".join(p.en for p in parts)) if parts else Text("无", "none")
        if isinstance(value, dict):
            pairs = [(key, self.of(item)) for key, item in value.items()]
            return Text("，".join(f"{k} {v.zh}" for k, v in pairs), ", ".join(f"{k} {v.en}" for k, v in pairs))
        return self.values.get(str(value)) or Text(str(value), str(value))


@dataclass(frozen=True)
class ItemType:
    """A declared type: what it rests on, its parts, its allowed values."""

    base: str
    collection: bool = False
    parts: Mapping[str, "ItemType"] = field(default_factory=dict)
    allowed: feel.Expression | None = None


@dataclass(frozen=True)
class InputData:
    """A value the model needs from outside."""

    id: str
    name: str
    type_ref: str | None
    words: Words
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cell:
    """A test, expression or value, with where it stands; `run` is None for “-” and for what does not parse."""

    text: str
    run: feel.Expression | None
    element_id: str | None


@dataclass(frozen=True)
class Column:
    """An input of a table."""

    id: str
    expression: Cell
    type_ref: str | None
    allowed: Cell | None
    words: Words


@dataclass(frozen=True)
class Output:
    """An output of a table; `order` lists its allowed values, the first being the most important."""

    id: str
    name: str
    type_ref: str | None
    allowed: Cell | None
    order: Cell | None
    default: Cell | None
    words: Words


@dataclass(frozen=True)
class Rule:
    """A row: its tests, its results and what it rests on."""

    id: str
    tests: tuple[Cell, ...]
    results: tuple[Cell, ...]
    annotation: str


@dataclass(frozen=True)
class Table:
    """A decision table."""

    id: str
    policy: str
    aggregation: str | None
    columns: tuple[Column, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]

    @property
    def has_default(self) -> bool:
        return any(output.default for output in self.outputs)

    @property
    def collects(self) -> bool:
        return self.policy in COLLECTING


@dataclass(frozen=True)
class Literal:
    """A single expression."""

    cell: Cell
    type_ref: str | None


@dataclass(frozen=True)
class Entry:
    """A line of a context; without a name it is the context's result."""

    name: str | None
    type_ref: str | None
    logic: "Logic"


@dataclass(frozen=True)
class Context:
    """Named lines, each seeing those above it."""

    entries: tuple[Entry, ...]


Logic: TypeAlias = Table | Literal | Context


@dataclass(frozen=True)
class Decision:
    """A decision and what it requires: ids of inputs and of other decisions."""

    id: str
    name: str
    variable: str
    type_ref: str | None
    words: Words
    inputs: tuple[str, ...]
    required: tuple[str, ...]
    logic: Logic | None


@dataclass(frozen=True)
class DecisionInfo:
    """What others ask about a decision: `inputs` by name, `outputs` by name (None for a single value)."""

    id: str
    name: str
    label: Text
    inputs: tuple[str, ...]
    outputs: tuple[str, ...] | None
    hit_policy: str | None


@dataclass(frozen=True)
class Model:
    """A DMN file, read; `problems` holds what could not be understood in it."""

    file: str
    name: str
    inputs: Mapping[str, InputData]
    elements: Mapping[str, Decision]
    types: Mapping[str, ItemType]
    problems: tuple[Problem, ...] = ()

    @property
    def decisions(self) -> dict[str, DecisionInfo]:
        """The decisions of the file by id."""
        return {id: self._info(decision) for id, decision in self.elements.items()}

    def _info(self, decision: Decision) -> DecisionInfo:
        table = decision.logic if isinstance(decision.logic, Table) else None
        names = tuple(output.name for output in table.outputs) if table else ()
        return DecisionInfo(
            decision.id, decision.name, decision.words.label, self.inputs_of(decision.id),
            names if len(names) > 1 else None, table.policy if table else None,
        )

    def inputs_of(self, decision_id: str) -> tuple[str, ...]:
        """Names of the input data that a decision rests on, directly or through others."""
        found: dict[str, None] = {}
        for decision in self.chain(decision_id):
            found.update(dict.fromkeys(self.inputs[i].name for i in decision.inputs if i in self.inputs))
        return tuple(found)

    def chain(self, decision_id: str) -> list[Decision]:
        """A decision and all that it rests on in this file, the first ones first."""
        done: dict[str, Decision] = {}
        ahead, entered = [(decision_id, False)], set[str]()
        while ahead:
            id, complete = ahead.pop()
            if complete:
                done[id] = self.elements[id]
            elif id in self.elements and id not in entered:
                entered.add(id)
                ahead.append((id, True))
                ahead += [(other, False) for other in reversed(self.elements[id].required)]
        return list(done.values())


class Warned(NamedTuple):
    """A doubt in an evaluation and where: decision, element, the text of the expression and the place in it."""

    decision_id: str
    element_id: str | None
    text: str
    code: str
    message: Text
    position: int


@dataclass(frozen=True)
class Evaluation:
    """One decision's part of an answer: `columns` are a table's inputs, as plain data by column id."""

    decision_id: str
    columns: Mapping[str, Any]
    outputs: Any
    matched_rules: list[dict[str, str]]


@dataclass(frozen=True)
class Answer:
    """What a decision gave and why, all plain data."""

    decision_id: str
    outputs: Any
    matched_rules: list[dict[str, str]]
    inputs: dict[str, Any]
    warnings: list[Warned]
    evaluations: list[Evaluation]


class DecisionFailure(EngineError):
    """A decision that gives no answer; `inputs` is what it was asked with."""

    def __init__(self, text: Text, decision_id: str, inputs: Mapping[str, Any] | None = None) -> None:
        super().__init__(text)
        self.decision_id, self.inputs = decision_id, dict(inputs or {})


class NoRule(DecisionFailure):
    """No rule matches and there is no default, or an input is none of the allowed values."""


class SeveralRules(DecisionFailure):
    """Several rules match where one only may, or rules that should agree do not."""

    def __init__(self, text: Text, decision_id: str, rule_ids: list[str], inputs: Mapping[str, Any] | None = None) -> None:
        super().__init__(text, decision_id, inputs)
        self.rule_ids = rule_ids
