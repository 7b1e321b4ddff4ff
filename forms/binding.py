"""Binding: what was sent becomes what is kept, or messages by field; nothing that the form does not ask for gets in."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from marshmallow import Schema

from engine import feel
from engine.errors import InvalidData
from engine.ports import Submission
from engine.words import Text
from forms import wording
from forms.definition import DATES, LISTS, PICKERS, Definition, Field
from forms.expressions import Context, evaluate, fill, literal_or_value, own_names
from forms.kinds import instant
from forms.lookup import narrowing
from forms.standing import Errors, Standing, read, stand

Digest = Callable[[str], str]
TOO_MUCH = Text("内容太多，算不过来，减少一些再试", "There is too much in this form to work through; enter less")


def bind(definition: Definition, schema: Schema, submitted: Any, context: Context, digest: Digest | None = None) -> Submission:
    """The submission of a form; raises `InvalidData` with every message at once, and nothing else."""
    try:
        clean, errors = read(schema, submitted)
        state = stand(definition, clean, context)
        sent = submitted if isinstance(submitted, Mapping) else {}
        for spec in definition.fields:
            if not _rests_on_a_mistake(spec, errors):
                _judge(spec, sent.get(spec.name), clean.get(spec.name), state, errors, context)
        _apply_rules(definition, state, errors, context)
    except (feel.LimitExceeded, RecursionError):
        raise InvalidData({"": [TOO_MUCH]}) from None
    if errors:
        raise InvalidData(errors)
    return _split(definition, state.values, digest)


def _judge(spec: Field, sent: Any, clean: Any, state: Standing, errors: Errors, context: Context) -> None:
    if not state.open(spec):
        _drop(errors, spec.name)
        if not (is_empty(sent) or _same(sent, clean, state.shown.get(spec.name))):
            text = wording.shown_only if state.visible[spec.name] else wording.hidden
            errors[spec.name] = [text(spec.label)]
        return
    value = state.values[spec.name]
    if is_empty(value, yes_no=False):
        if state.required[spec.name] and not _named(errors, spec.name):
            errors[spec.name] = [_ask(spec)]
    elif not _named(errors, spec.name):
        _check_value(spec, value, spec.name, state.scope, errors, context)


def _rests_on_a_mistake(spec: Field, errors: Errors) -> bool:
    """Whether it would be shown or needed only because another field is wrong: that one is said, not this."""
    wrong = frozenset(path.split(".", 1)[0] for path in errors) - {spec.name}
    texts = [text for text in (spec.visible, spec.required) if isinstance(text, str)]
    return bool(wrong) and any(own_names(text, wrong) for text in texts)


def _check_value(spec: Field, value: Any, path: str, scope: Mapping[str, Any], errors: Errors, context: Context) -> None:
    """What only the case, the clock or the district can tell about a value."""
    if spec.kind == "table":
        for index, row in enumerate(value):
            _check_row(spec, row, f"{path}.{index}", {**scope, **row}, errors, context)
        return
    message = next(_objections(spec, value, scope, context), None)
    if message is not None:
        errors.setdefault(path, []).append(message)


def _check_row(spec: Field, row: Mapping[str, Any], path: str, scope: Mapping[str, Any], errors: Errors, context: Context) -> None:
    for column in (one for one in spec.columns if one.answered_here):
        value = row.get(column.name)
        if not is_empty(value, yes_no=False):
            _check_value(column, value, f"{path}.{column.name}", scope, errors, context)
        elif column.required is True or (
            isinstance(column.required, str) and evaluate(column.required, scope, context) is True
        ):
            errors[f"{path}.{column.name}"] = [_ask(column)]


def _objections(spec: Field, value: Any, scope: Mapping[str, Any], context: Context) -> Iterator[Text]:
    for choice in spec.choices:
        taken = choice.value in value if isinstance(value, list) else choice.value == value
        if taken and choice.requires is not None and evaluate(choice.requires, scope, context) is not True:
            yield wording.choice_closed(spec.label, choice.label)
    if spec.kind in DATES:
        yield from _out_of_time(spec, value, scope, context)
    if spec.kind in PICKERS and not _found(spec, value, scope, context):
        yield wording.not_found(spec.label)
    if spec.kind == "attachments" and not all(
        context.lookup.exists("attachment", one, context.session, context.actor) for one in value
    ):
        yield wording.file_gone(spec.label)


def _out_of_time(spec: Field, value: str, scope: Mapping[str, Any], context: Context) -> Iterator[Text]:
    least, most = (_moment(spec, literal_or_value(bound, scope, context)) for bound in (spec.min, spec.max))
    if least is not None and value < least:
        yield wording.not_before(spec.label, least[:16].replace("T", " "))
    if most is not None and value > most:
        yield wording.not_after(spec.label, most[:16].replace("T", " "))


def _moment(spec: Field, bound: Any) -> str | None:
    """A bound in the spelling of the values, so that text compares as time does."""
    if not isinstance(bound, str):
        return None
    try:
        return bound[:10] if spec.kind == "date" else instant(bound)
    except (ValueError, OverflowError):
        return None


def _found(spec: Field, value: Any, scope: Mapping[str, Any], context: Context) -> bool:
    if not context.lookup.exists(spec.kind, value, context.session, context.actor):
        return False
    around = narrowing(spec, scope)
    if not around:
        return True
    options = context.lookup.options(spec.kind, context.session, context.actor, query="", value=value, limit=1, **around)
    return any(str(option.value) == str(value) for option in options)


def _apply_rules(definition: Definition, state: Standing, errors: Errors, context: Context) -> None:
    for rule in definition.rules:
        if not _named(errors, rule.path) and evaluate(rule.when, state.scope, context) is True:
            errors[rule.path] = [fill(rule.message, state.scope, context) or rule.message]


def _split(definition: Definition, values: Mapping[str, Any], digest: Digest | None) -> Submission:
    kept: dict[str, Any] = {}
    personal: dict[str, Any] = {}
    for spec in definition.fields:
        value = values[spec.name]
        if spec.personal:
            personal[spec.name] = value
            value = None if value is None else {"personal": digest(_canonical(value)) if digest else None}
        if spec.kind != "read_only":
            kept[spec.name] = value
    return Submission(kept, personal, definition.handler, tuple(_attachments(definition.fields, values)))


def _canonical(value: Any) -> str:
    """One spelling for one value, so that the same entry has the same mark."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _attachments(specs: tuple[Field, ...], values: Mapping[str, Any]) -> Iterator[str]:
    for spec in specs:
        value = values.get(spec.name) or ()
        if spec.kind == "attachments":
            yield from value
        elif spec.kind == "table":
            for row in value:
                yield from _attachments(spec.columns, row)


def is_empty(value: Any, *, yes_no: bool = True) -> bool:
    """Nothing entered; an unticked box counts as nothing where `yes_no`."""
    if isinstance(value, str):
        return not value.strip() or (yes_no and value == "false")
    return value is None or value == [] or value == {} or (yes_no and value is False)


def _same(sent: Any, clean: Any, shown: Any) -> bool:
    """Whether a control came back as the page had it, be it as data or as a page spells it."""
    return sent == shown or (clean is not None and clean == shown) or _spelled(sent) == _spelled(shown)


def _spelled(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) and abs(value) > 10**30:
        return ""
    return str(value).strip().replace("\r\n", "\n") if isinstance(value, str | int | float) else repr(value)


def _named(errors: Errors, name: str) -> bool:
    return any(path == name or path.startswith(f"{name}.") for path in errors)


def _drop(errors: Errors, name: str) -> None:
    for path in [p for p in errors if p == name or p.startswith(f"{name}.")]:
        del errors[path]


def _ask(spec: Field) -> Text:
    chosen = spec.kind in PICKERS or spec.kind in ("choice", "boolean") or (spec.kind in LISTS and spec.kind != "table")
    return (wording.choose if chosen else wording.missing)(spec.label, spec.ask)
