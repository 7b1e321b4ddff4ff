"""Decisions of a case and why: the outcome, what counted, what would have made it otherwise, rule and clause."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from engine import calendar, decision_records, decisions, definitions
from engine.compiled import Compiled
from engine.engine import Engine
from engine.errors import EngineError
from engine.tables import Case, DecisionRecord
from engine.words import Text
from webapp.pages.dates import moment

MOST_IN_TITLE = 2


@dataclass(frozen=True)
class Said:
    """A decision as the page tells it."""

    title: Text
    rest: Text | None
    why: list[Text]
    rule: Text
    opened: bool = False


def said(session: Session, engine: Engine, case: Case) -> list[Said]:
    """The last evaluation of each decision, newest need first; the first one stands open."""
    records = decision_records.latest_of_case(session, case.id)
    told = [_said(session, engine, case, record, first=place == 0) for place, record in enumerate(records)]
    return [one for one in told if one is not None]


def _said(session: Session, engine: Engine, case: Case, record: DecisionRecord, *, first: bool) -> Said | None:
    owner = definitions.compiled_of(engine, session, record.definition_id)
    model = owner.models.get(record.decision_id)
    if model is None:
        return None
    try:
        sentence, others = _explained(session, engine, owner, model, record)
    except (EngineError, ValueError, LookupError):
        sentence, others = None, []
    name = _label(model, record)
    outcome = sentence.outcome if sentence else Text(f"{name.zh}：{_plain(record.outputs).zh}", f"{name.en}: {_plain(record.outputs).en}")
    reasons = [_reasons(sentence.reasons)] if sentence and sentence.reasons else []
    title = outcome
    if isinstance(record.outputs, list) and len(record.outputs) > MOST_IN_TITLE:
        number = len(record.outputs)
        title, reasons = Text(f"{name.zh}：{number} 项", f"{name.en}: {number} entries"), [outcome, *reasons]
    return Said(title, None, [*reasons, *others], _rule(record, sentence.basis if sentence else [], case), first)


def _explained(session: Session, engine: Engine, owner: Compiled, model: Any, record: DecisionRecord) -> tuple[Any, list[Text]]:
    look_ups = {name: partial(function, session) for name, function in engine.functions.items()}
    functions = {**look_ups, **calendar.functions(session, record.at, [])}

    def pinned(other: str) -> Any:
        found = definitions.pinned_decision(engine, session, owner, other)
        return found.models[other] if found else None

    answer = decisions.evaluate(model, record.decision_id, record.inputs, now=record.at, functions=functions, pinned=pinned)
    nearest = decisions.why_not(model, answer, now=record.at, functions=functions, pinned=pinned)
    return decisions.why(model, answer), [one.text for one in nearest[:2]]


def _label(model: Any, record: DecisionRecord) -> Text:
    info = model.decisions.get(record.decision_id)
    label = getattr(info, "label", None) if info is not None else None
    if isinstance(label, Text):
        return label
    return Text(str(label or record.decision_name or record.decision_id), str(label or record.decision_id))


def _reasons(reasons: list[tuple[Text, Text]]) -> Text:
    zh = "；".join(f"{label.zh} {value.zh}" for label, value in reasons)
    en = "; ".join(f"{label.en} {value.en}" for label, value in reasons)
    return Text(f"因为：{zh}。", f"Because: {en}.")


def _rule(record: DecisionRecord, basis: list[Text], case: Case) -> Text:
    at = moment(record.at, record.at.date())
    rules = [str(rule.get("rule_id", "")) for rule in record.matched_rules or [] if isinstance(rule, Mapping)]
    zh = [f"{record.decision_id} v{record.definition_version}", *(f"{one.zh}" for one in basis)]
    en = [f"{record.decision_id} v{record.definition_version}", *(f"{one.en}" for one in basis)]
    if rules and not basis:
        zh.append("、".join(rules)), en.append(", ".join(rules))
    return Text(" · ".join([*zh, at.zh.removeprefix("今天 ")]), " · ".join([*en, at.en.removeprefix("today ")]))


def _plain(value: Any) -> Text:
    if isinstance(value, Mapping):
        pairs = [(str(name), _plain(inner)) for name, inner in value.items() if inner is not None]
        return Text("，".join(f"{name} {one.zh}" for name, one in pairs), ", ".join(f"{name} {one.en}" for name, one in pairs))
    if isinstance(value, list):
        return Text("、".join(_plain(one).zh for one in value) or "无", ", ".join(_plain(one).en for one in value) or "none")
    if isinstance(value, bool):
        return Text("是", "yes") if value else Text("否", "no")
    return Text("无", "none") if value is None else Text(str(value), str(value))
