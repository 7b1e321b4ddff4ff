"""A deployed process as values: its versions, decisions as tables, forms as lists of fields, its steps."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from engine import definitions
from engine.compiled import Compiled
from engine.decisions.model import Table
from engine.engine import Engine
from engine.tables import Definition
from engine.words import Text, split
from forms import Form
from housing import people
from housing.grants import ROLES
from webapp.pages.route import Live, name_of

POLICIES = {
    "UNIQUE": Text("恰好一行", "exactly one row"), "FIRST": Text("第一个符合的行", "the first row that fits"),
    "ANY": Text("任一符合的行", "any row that fits"), "PRIORITY": Text("最重要的一行", "the most important row"),
    "COLLECT": Text("所有符合的行", "every row that fits"), "RULE ORDER": Text("所有符合的行，按次序", "every row that fits, in order"),
    "OUTPUT ORDER": Text("所有符合的行，按重要性", "every row that fits, most important first"),
}
KINDS = {
    "text": Text("文字", "text"), "long_text": Text("长文字", "long text"), "number": Text("数", "number"), "integer": Text("整数", "whole number"),
    "money": Text("金额", "money"), "boolean": Text("是否", "yes or no"), "choice": Text("单选", "choice"),
    "multi_choice": Text("多选", "several choices"), "date": Text("日期", "date"), "date_time": Text("日期时间", "date and time"),
    "person": Text("人员", "person"), "organisation": Text("单位", "organisation"), "project": Text("项目", "project"),
    "building": Text("楼栋", "building"), "dwelling": Text("房屋", "dwelling"), "place": Text("位置", "place"),
    "attachments": Text("附件", "files"), "table": Text("表格", "table"), "read_only": Text("只读", "shown"), "computed": Text("计算", "computed"),
}


@dataclass(frozen=True)
class Grid:
    """A decision table to read."""

    id: str
    name: Text
    policy: Text
    inputs: list[Text]
    outputs: list[Text]
    rows: list[tuple[list[str], list[str], Text]]
    expression: str = ""


@dataclass(frozen=True)
class FormOutline:
    """A form's fields in a line each."""

    key: str
    title: Text
    fields: list[tuple[Text, Text, bool]]


@dataclass(frozen=True)
class StepRow:
    """A user task with who does it and on what basis."""

    id: str
    name: Text
    who: Text
    due: str
    basis: Text


@dataclass(frozen=True)
class VersionRow:
    """A version with who deployed it and when."""

    version: int
    deployed_at: Any
    by: Text
    author: Text


@dataclass
class ProcessPage:
    """The page of one version of a process."""

    definition: Definition
    name: Text
    documentation: Text
    newest: int
    versions: list[VersionRow]
    live: Live | None
    steps: list[StepRow] = field(default_factory=list)
    grids: list[Grid] = field(default_factory=list)
    forms: list[FormOutline] = field(default_factory=list)
    legal_basis: Text = Text("", "")
    may_start: bool = False


def page(session: Session, engine: Engine, definition: Definition) -> ProcessPage:
    """Everything that a version's page shows."""
    ready = definitions.compiled(engine, session, definition)
    every = definitions.versions(session, definition.key)
    names = people.names(session, {one.deployed_by for one in every} | {one.author for one in every})
    nobody = Text("", "")
    versions = [VersionRow(one.version, one.deployed_at, names.get(one.deployed_by, nobody), names.get(one.author, nobody)) for one in every]
    process = ready.process
    return ProcessPage(
        definition, Text(definition.name, definition.name_en or definition.name), split(process.documentation) if process else Text("", ""),
        every[0].version, versions, Live(f"/processes/{definition.key}/{definition.version}/diagram", {}) if process else None,
        _steps(ready), _grids(ready), [_outline(key, source) for key, source in ready.forms.items()],
        split(process.properties.get("legal_basis", "")) if process else Text("", ""),
    )


def _steps(ready: Compiled) -> list[StepRow]:
    if ready.process is None:
        return []
    return [StepRow(one.id, name_of(one), _who(one.camunda.get("candidateGroups", "")), one.camunda.get("dueDate", "").strip("${}"),
                    split(one.properties.get("legal_basis", ""))) for one in ready.process.of_type("userTask")]


def _who(text: str) -> Text:
    """Roles by name; an expression stays as it is written."""
    if text.startswith("${"):
        return Text(f"按规则：{text[2:-1]}", f"by rule: {text[2:-1]}")
    roles = [ROLES.get(one.strip(), Text(one.strip(), one.strip())) for one in text.split(",") if one.strip()]
    return Text("、".join(one.zh for one in roles), " or ".join(one.en for one in roles))


def _grids(ready: Compiled) -> list[Grid]:
    made: list[Grid] = []
    for model in {id(model): model for model in ready.models.values()}.values():
        for decision in model.elements.values():
            made.append(_grid(decision))
    return made


def _grid(decision: Any) -> Grid:
    table = decision.logic
    if not isinstance(table, Table):
        text = getattr(table, "text", None) or getattr(getattr(table, "cell", None), "text", "") or ""
        return Grid(decision.id, decision.words.label, Text("表达式", "an expression"), [], [], [], str(text))
    policy = POLICIES.get(table.policy.upper(), Text(table.policy, table.policy))
    rows = [([_cell(one) for one in rule.tests], [_cell(one) for one in rule.results], split(rule.annotation)) for rule in table.rules]
    return Grid(decision.id, decision.words.label, policy, [one.words.label for one in table.columns],
                [one.words.label for one in table.outputs], rows)


def _cell(cell: Any) -> str:
    text = getattr(cell, "text", cell)
    return str(text).strip() or "–"


def _outline(key: str, source: Any) -> FormOutline:
    definition = Form.parse(source).definition
    return FormOutline(key.rpartition("/")[2], definition.title, [
        (spec.label, KINDS.get(spec.kind, Text(spec.kind, spec.kind)), bool(spec.required)) for spec in definition.fields])


def overview(session: Session, engine: Engine, actor: Any) -> Sequence[tuple[Definition, bool]]:
    """Every process in its newest version, and whether this person may start it."""
    return [(one, engine.rights.refusal(session, actor, "start", one) is None) for one in definitions.all_latest(session)]
