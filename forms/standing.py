"""How a form stands for given entries: what is shown, needed and computed. Page and binding both ask here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from marshmallow import Schema, ValidationError

from engine.words import Text
from forms.definition import Definition, Field
from forms.expressions import Context, evaluate, literal_or_value, scope_of

Errors = dict[str, list[Text]]


@dataclass
class Standing:
    """`values` are clean, with null where nothing is; `shown` is what the server itself puts into a field."""

    values: dict[str, Any]
    scope: dict[str, Any]
    visible: dict[str, bool] = field(default_factory=dict)
    required: dict[str, bool] = field(default_factory=dict)
    shown: dict[str, Any] = field(default_factory=dict)

    def open(self, spec: Field) -> bool:
        """Whether the person at the form may answer this field now."""
        return spec.answered_here and self.visible[spec.name]


def read(schema: Schema, submitted: Any) -> tuple[dict[str, Any], Errors]:
    """The values that can be read, and the messages for those that cannot, by path."""
    try:
        return dict(schema.load(submitted)), {}
    except ValidationError as fault:
        errors: Errors = {}
        _flatten(fault.messages, "", errors)
        return dict(fault.valid_data) if isinstance(fault.valid_data, dict) else {}, errors


def _flatten(messages: Any, path: str, into: Errors) -> None:
    if isinstance(messages, Text):
        into.setdefault(path, []).append(messages)
    elif isinstance(messages, Mapping):
        for key, inner in messages.items():
            _flatten(inner, path if key == "_schema" else _below(path, key), into)
    else:
        for inner in messages:
            _flatten(inner, path, into)


def _below(path: str, key: object) -> str:
    name = str(key)[:80].encode("utf-8", "replace").decode()
    return f"{path}.{name}" if path else name


def stand(definition: Definition, clean: Mapping[str, Any], context: Context) -> Standing:
    """Visibility, defaults and computed values, field by field from the top; then what is required."""
    values = {spec.name: clean.get(spec.name) for spec in definition.fields}
    state = Standing(values, scope_of(values, context))
    for spec in definition.fields:
        _settle(spec, state, context)
    for spec in definition.fields:
        state.required[spec.name] = state.open(spec) and _is_required(spec, state.scope, context)
    return state


def _settle(spec: Field, state: Standing, context: Context) -> None:
    visible = spec.visible is None or evaluate(spec.visible, state.scope, context) is True
    state.visible[spec.name] = visible
    if spec.kind == "table":
        _settle_rows(spec, state, context)
    value = state.values[spec.name]
    if not spec.answered_here:
        value = state.shown[spec.name] = own_value(spec, state.scope, context)
    elif not visible:
        state.shown[spec.name] = own_value(spec, state.scope, context)
    elif value is None:
        value = literal_or_value(spec.default, state.scope, context)
    state.values[spec.name] = state.scope[spec.name] = value if visible else None


def _settle_rows(spec: Field, state: Standing, context: Context) -> None:
    for row in state.values[spec.name] or ():
        for column in spec.columns:
            if column.value is not None:
                row[column.name] = evaluate(column.value, state.scope | row, context)
            elif row.get(column.name) is None:
                row[column.name] = literal_or_value(column.default, state.scope | row, context)


def own_value(spec: Field, scope: Mapping[str, Any], context: Context) -> Any:
    """What the form itself puts into a field: its computed, initial or default value."""
    if spec.value is not None:
        return evaluate(spec.value, scope, context)
    initial = literal_or_value(spec.initial, scope, context)
    return literal_or_value(spec.default, scope, context) if initial is None else initial


def _is_required(spec: Field, scope: Mapping[str, Any], context: Context) -> bool:
    if isinstance(spec.required, bool):
        return spec.required
    return evaluate(spec.required, scope, context) is True
