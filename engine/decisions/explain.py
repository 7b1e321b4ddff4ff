"""Why a decision came out as it did, and what would have had to differ, in sentences of both languages."""

import copy
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from engine import feel
from engine.decisions import domain
from engine.decisions.evaluate import Functions, Pinned, evaluate
from engine.decisions.model import Answer, Column, Decision, DecisionFailure, Model, Output, Table, Words
from engine.words import Text, split

PATH = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")
MOST_TRIALS = 400
MOST_SHOWN = 4


@dataclass(frozen=True)
class Why:
    """A whole sentence, and its parts: the outcome, the inputs that counted as (label, value), the clauses."""

    sentence: Text
    outcome: Text
    reasons: list[tuple[Text, Text]]
    basis: list[Text]


@dataclass(frozen=True)
class Counterfactual:
    """One input changed and what would have come of it."""

    path: str
    value: Any
    outputs: Any
    text: Text


def why(model: Model, answer: Answer) -> Why:
    """The answer in words: only inputs that the matching rules looked at are named.

    For a stored evaluation, evaluate its inputs again with the model of its version.
    """
    decision = model.elements[answer.decision_id]
    outcome = _outcome(decision, answer.outputs)
    reasons: dict[Text, Text] = {}
    basis: dict[Text, None] = {}
    for decided, table, columns, rules in _tables(model, answer):
        for column in _looked_at(table, rules):
            if not _explained_by_its_own_table(model, decided, column):
                words = words_of(model, column)
                reasons[words.label] = words.of(columns.get(column.id))
        basis.update({split(rule.annotation): None for rule in table.rules if rule.id in rules and rule.annotation})
    return Why(_sentence(outcome, reasons, list(basis)), outcome, list(reasons.items()), list(basis))


def why_not(
    model: Model, answer: Answer, *, now: datetime, wanted: Any = None,
    functions: Functions | None = None, pinned: Pinned | None = None,
) -> list[Counterfactual]:
    """The nearest single changes that give another answer (or the `wanted` one), one for each answer."""
    decision = model.elements[answer.decision_id]
    found: list[Counterfactual] = []
    for path, column, value in _trials(model, answer):
        changed = _changed(answer.inputs, path, value)
        if changed is None:
            continue
        try:
            outputs = evaluate(model, answer.decision_id, changed, now=now, functions=functions, pinned=pinned).outputs
        except (DecisionFailure, feel.LimitExceeded):
            continue
        known = outputs == answer.outputs or any(c.outputs == outputs for c in found)
        if known or (wanted is not None and outputs != wanted):
            continue
        found.append(Counterfactual(path, value, outputs, _would_be(words_of(model, column), value, decision, outputs, answer.outputs)))
        if len(found) == MOST_SHOWN:
            break
    return found


def words_of(model: Model, column: Column) -> Words:
    """A column's label and values, or those of the input or decision that it shows unchanged."""
    name = column.expression.text
    for data in model.inputs.values():
        if name == data.name:
            return Words(data.words.label, {**data.words.values, **column.words.values})
    for decision in model.elements.values():
        if name == decision.variable:
            own = decision.logic.outputs[0].words.values if isinstance(decision.logic, Table) else {}
            return Words(decision.words.label, {**own, **column.words.values})
    return column.words


def _tables(model: Model, answer: Answer) -> Iterator[tuple[Decision, Table, Mapping[str, Any], set[str]]]:
    for evaluation in answer.evaluations:
        decision = model.elements.get(evaluation.decision_id)
        if decision is not None and isinstance(decision.logic, Table):
            yield decision, decision.logic, evaluation.columns, {rule["rule_id"] for rule in evaluation.matched_rules}


def _looked_at(table: Table, rules: set[str]) -> list[Column]:
    used = [rule for rule in table.rules if rule.id in rules]
    if not used:
        return list(table.columns)
    return [c for i, c in enumerate(table.columns) if any(rule.tests[i].text != "-" for rule in used)]


def _explained_by_its_own_table(model: Model, decision: Decision, column: Column) -> bool:
    required = (model.elements[id] for id in decision.required if id in model.elements)
    return any(d.variable == column.expression.text and isinstance(d.logic, Table) for d in required)


def _outcome(decision: Decision, outputs: Any) -> Text:
    return _is(decision.words.label, _told(decision, outputs))


def _told(decision: Decision, outputs: Any) -> Text:
    """A decision's value in words."""
    table = decision.logic if isinstance(decision.logic, Table) else None
    if table is None or table.aggregation:
        return decision.words.of(outputs)
    rows = outputs if isinstance(outputs, list) and table.collects else [outputs]
    if not rows:
        return Text("无", "none")
    if len(table.outputs) == 1:
        return _listed([table.outputs[0].words.of(row) for row in rows])
    return Text("；".join(_row(table.outputs, row, "zh") for row in rows), "; ".join(_row(table.outputs, row, "en") for row in rows))


def _row(outputs: tuple[Output, ...], row: Any, language: str) -> str:
    parts = [(o.words.label.in_(language), o.words.of(row[o.name]).in_(language)) for o in outputs if row and row[o.name] is not None]
    return ("，" if language == "zh" else ", ").join(f"{label} {value}" for label, value in parts)


def _listed(texts: list[Text]) -> Text:
    return Text("、".join(t.zh for t in texts), ", ".join(t.en for t in texts))


def _is(label: Text, value: Text) -> Text:
    return Text(f"{label.zh}：{value.zh}", f"{label.en}: {value.en}")


def _sentence(outcome: Text, reasons: Mapping[Text, Text], basis: list[Text]) -> Text:
    zh, en = outcome
    if reasons:
        zh += "。因为" + "，".join(f"“{label.zh}”是“{value.zh}”" for label, value in reasons.items())
        en += ". Because " + ", ".join(f"“{label.en}” is “{value.en}”" for label, value in reasons.items())
    if basis:
        zh += "。依据：" + "；".join(text.zh for text in basis)
        en += ". Basis: " + "; ".join(text.en for text in basis)
    return Text(zh + "。", en + ".")


def _trials(model: Model, answer: Answer) -> Iterator[tuple[str, Column, Any]]:
    """Inputs with other values worth trying: yes or no first, then the nearest numbers, then other words."""
    trials: dict[tuple[str, str], tuple[tuple[int, Decimal], str, Column, Any]] = {}
    for decision in model.chain(answer.decision_id):
        if not isinstance(decision.logic, Table):
            continue
        for i, column in enumerate(decision.logic.columns):
            path = column.expression.text
            if not PATH.fullmatch(path) or path.partition(".")[0] not in answer.inputs:
                continue
            present = _at(answer.inputs, path)
            for sample, _ in domain.samples_of(column, (rule.tests[i] for rule in decision.logic.rules)):
                if sample != domain.OTHER and not domain.same(sample, present):
                    trials.setdefault((path, str(sample)), (_distance(sample, present), path, column, feel.to_plain(sample)))
    ordered = sorted(trials.values(), key=lambda trial: trial[0])
    return ((path, column, value) for _, path, column, value in ordered[:MOST_TRIALS])


def _distance(sample: Any, present: Any) -> tuple[int, Decimal]:
    if isinstance(sample, bool):
        return 0, Decimal(0)
    if isinstance(sample, Decimal) and isinstance(present, int | float | Decimal):
        return 1, abs(sample - Decimal(str(present)))
    return 2, Decimal(0)


def _at(inputs: Mapping[str, Any], path: str) -> Any:
    value: Any = inputs
    for key in path.split("."):
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def _changed(inputs: Mapping[str, Any], path: str, value: Any) -> dict[str, Any] | None:
    *above, last = path.split(".")
    changed = copy.deepcopy(dict(inputs))
    place: Any = changed
    for key in above:
        place = place.get(key)
        if not isinstance(place, dict):
            return None
    place[last] = value
    return changed


def _would_be(words: Words, value: Any, decision: Decision, outputs: Any, present: Any) -> Text:
    shown, label = words.of(value), decision.words.label
    if isinstance(outputs, list) and isinstance(present, list):
        then = _more_or_less(decision, outputs, present)
    else:
        told = _told(decision, _differing(outputs, present))
        then = Text(f"会是 {told.zh}", f"would be {told.en}")
    return Text(f"如果“{words.label.zh}”是“{shown.zh}”，{label.zh}{then.zh}。",
                f"If “{words.label.en}” were “{shown.en}”, “{label.en}” {then.en}.")


def _differing(outputs: Any, present: Any) -> Any:
    """Of several outputs those that would differ; the others are blanked."""
    if not isinstance(outputs, dict) or not isinstance(present, dict):
        return outputs
    return {name: value if value != present.get(name) else None for name, value in outputs.items()}


def _more_or_less(decision: Decision, outputs: list[Any], present: list[Any]) -> Text:
    more, less = [o for o in outputs if o not in present], [p for p in present if p not in outputs]
    gained, lost = _told(decision, more), _told(decision, less)
    parts = [Text(f"会多出 {gained.zh}", f"would also give {gained.en}")] if more else []
    parts += [Text(f"不会有 {lost.zh}", f"would not give {lost.en}")] if less else []
    return Text("，".join(p.zh for p in parts), " and ".join(p.en for p in parts))
