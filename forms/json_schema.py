"""A form as JSON Schema 2020-12, self-contained, its titles in one language."""

from collections.abc import Callable
from typing import Any

from engine.words import Text
from forms.definition import NUMBERED, PICKERS, Definition, Field
from forms.expressions import Context, fill, literal_or_value
from forms.kinds import LIMITS
from forms.pages import initial
from forms.standing import stand

DIALECT = "https://json-schema.org/draft/2020-12/schema"
MONEY = r"^[0-9]{1,13}(\.[0-9]{1,2})?$"
Shape = dict[str, Any]


def build(definition: Definition, locale: str, context: Context) -> Shape:
    """The schema as it holds for this case now."""
    state = stand(definition, {}, context)
    scope = {**state.scope, **initial(definition, context)}
    schema: Shape = {
        "$schema": DIALECT,
        "title": definition.title.in_(locale),
        "type": "object",
        "properties": {spec.name: _property(spec, locale, scope, context) for spec in definition.fields},
        "required": [spec.name for spec in definition.fields if _always_required(spec)],
        "additionalProperties": False,
    }
    if definition.intro is not None:
        schema["description"] = definition.intro.in_(locale)
    return schema


def _always_required(spec: Field) -> bool:
    return spec.required is True and spec.visible is None and spec.answered_here and spec.default is None


def _property(spec: Field, locale: str, scope: Shape, context: Context) -> Shape:
    shape: Shape = {"title": spec.label.in_(locale), **_shape(spec, locale, scope, context)}
    hint = fill(spec.hint, scope, context)
    if hint is not None:
        shape["description"] = hint.in_(locale)
    if not spec.answered_here:
        shape["readOnly"] = True
    default = literal_or_value(spec.default, scope, context)
    if default is not None:
        shape["default"] = default
    if spec.unit is not None:
        shape["x-unit"] = spec.unit.in_(locale)
    for key in ("visible", "required"):
        if isinstance(getattr(spec, key), str):
            shape[f"x-{key}"] = getattr(spec, key)
    return shape | ({"x-personal": True} if spec.personal else {})


def _shape(spec: Field, locale: str, scope: Shape, context: Context) -> Shape:
    if spec.kind in PICKERS:
        return {"type": "integer" if spec.kind in NUMBERED else ["string", "integer"], "x-kind": spec.kind}
    return _BY_KIND[spec.kind](spec, locale, scope, context)


def _text(spec: Field, locale: str, scope: Shape, context: Context) -> Shape:
    shape: Shape = {"type": "string", "maxLength": spec.max or LIMITS[spec.kind]}
    least = spec.min or (1 if spec.required is True else None)
    return shape | ({"minLength": least} if least else {}) | ({"pattern": f"^(?:{spec.pattern})$"} if spec.pattern else {})


def _number(spec: Field, locale: str, scope: Shape, context: Context) -> Shape:
    bounds = {"minimum": spec.min, "maximum": spec.max}
    return {"type": spec.kind} | {key: value for key, value in bounds.items() if value is not None}


def _money(spec: Field, locale: str, scope: Shape, context: Context) -> Shape:
    return {"type": "string", "pattern": MONEY, "x-unit": Text("元", "CNY").in_(locale)}


def _choice(spec: Field, locale: str, scope: Shape, context: Context) -> Shape:
    options: list[Shape] = []
    for choice in spec.choices:
        hint = fill(choice.hint, scope, context)
        options.append({"const": choice.value, "title": choice.label.in_(locale)} | ({"description": hint.in_(locale)} if hint else {}))
    return {"type": "string", "oneOf": options}


def _list(items: Shape, spec: Field) -> Shape:
    shape = {"type": "array", "items": items, "maxItems": spec.max or LIMITS[spec.kind]}
    least = (spec.min or 1) if spec.required is True else 0
    return shape | ({"minItems": least} if least else {})


def _several(spec: Field, locale: str, scope: Shape, context: Context) -> Shape:
    return _list(_choice(spec, locale, scope, context), spec) | {"uniqueItems": True}


def _files(spec: Field, locale: str, scope: Shape, context: Context) -> Shape:
    return _list({"type": "string"}, spec) | {"uniqueItems": True, "x-photos": spec.photos}


def _table(spec: Field, locale: str, scope: Shape, context: Context) -> Shape:
    row: Shape = {
        "type": "object",
        "properties": {column.name: _property(column, locale, scope, context) for column in spec.columns},
        "required": [column.name for column in spec.columns if _always_required(column)],
        "additionalProperties": False,
    }
    return _list(row, spec)


def _typed(**shape: Any) -> Callable[[Field, str, Shape, Context], Shape]:
    return lambda spec, locale, scope, context: dict(shape)


_BY_KIND: dict[str, Callable[[Field, str, Shape, Context], Shape]] = {
    "text": _text, "long_text": _text, "number": _number, "integer": _number, "money": _money,
    "boolean": _typed(type="boolean"), "choice": _choice, "multi_choice": _several,
    "date": _typed(type="string", format="date"), "date_time": _typed(type="string", format="date-time"),
    "attachments": _files, "table": _table, "read_only": _typed(), "computed": _typed(),
}
