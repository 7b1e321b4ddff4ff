"""A form as things to draw, free of HTML: the web's templates turn each `FieldView` into controls."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from marshmallow import Schema, ValidationError

from engine import feel
from engine.words import Text
from forms.definition import DATES, LISTS, NUMBERS, PICKERS, Choice, Definition, Field
from forms.expressions import Context, evaluate, fill, literal_or_value, scope_of
from forms.kinds import LIMITS, Picked
from forms.lookup import Option, narrowing
from forms.standing import Errors, Standing, own_value, read, stand

WIDGETS = {
    "text": "line", "long_text": "lines", "number": "number", "integer": "number", "money": "money", "date": "date",
    "date_time": "date_time", "attachments": "files", "table": "table", "read_only": "shown", "computed": "shown",
    "multi_choice": "checkboxes", **dict.fromkeys(PICKERS, "picker"),
}
FEW = 5
PHOTOS = "image/jpeg,image/png,image/webp,image/heic"
YES_NO = (Choice("true", Text("是", "Yes")), Choice("false", Text("否", "No")))


@dataclass(frozen=True)
class ChoiceView:
    """One answer to draw; `disabled` where it is not open in this case."""

    value: str
    label: str
    hint: str | None
    checked: bool
    disabled: bool


@dataclass(frozen=True)
class FieldView:
    """One field to draw. `path` is its control's name, `widget` its shape, `display` its value in words; `watched`
    fields are worth asking the server about when they change; a table has `columns` (empty views) and `rows`."""

    name: str
    path: str
    kind: str
    widget: str
    label: str
    hint: str | None
    required: bool
    visible: bool
    read_only: bool
    watched: bool
    value: Any
    display: str
    errors: tuple[str, ...]
    choices: tuple[ChoiceView, ...] = ()
    unit: str | None = None
    min: Any = None
    max: Any = None
    max_length: int | None = None
    pattern: str | None = None
    photos: bool = False
    accept: str | None = None
    within: str | None = None
    columns: tuple["FieldView", ...] = ()
    rows: tuple[tuple["FieldView", ...], ...] = ()

    @property
    def element_id(self) -> str:
        """An HTML id made from the path."""
        return "field-" + self.path.replace(".", "-")


@dataclass(frozen=True)
class _Drawing:
    """What every field's view needs."""

    context: Context
    locale: str
    errors: Errors
    watched: frozenset[str]


def initial(definition: Definition, context: Context) -> dict[str, Any]:
    """Declared initial, default, computed and displayed values; what has none is left out."""
    scope = scope_of({spec.name: None for spec in definition.fields}, context)
    for spec in definition.fields:
        scope[spec.name] = own_value(spec, scope, context)
    return {spec.name: scope[spec.name] for spec in definition.fields if scope[spec.name] is not None}


def views(
    definition: Definition, schema: Schema, values: Mapping[str, Any], context: Context, locale: str,
    errors: Errors, watched: frozenset[str],
) -> list[FieldView]:
    """Every field, hidden ones too (`visible` false), so that a page may show them as somebody types; one with an
    error is always shown, so that it can be put right."""
    state, entered = _entered(definition, schema, values, context)
    drawing = _Drawing(context, locale, errors, watched)
    return [_view(spec, state, entered.get(spec.name), drawing) for spec in definition.fields]


def options(
    definition: Definition, path: str, values: Mapping[str, Any], context: Context, query: str, limit: int
) -> Sequence[Option]:
    """What a picker offers; nothing for a path that is none."""
    head, *below = path.split(".")
    spec = definition.by_name.get(head)
    if spec is not None and below:
        spec = next((column for column in spec.columns if column.name == below[-1]), None)
    if spec is None or spec.kind not in PICKERS:
        return ()
    around = narrowing(spec, scope_of(values, context))
    return context.lookup.options(spec.kind, context.session, context.actor, query=query[:100], limit=limit, **around)


def standing(definition: Definition, schema: Schema, values: Mapping[str, Any], context: Context) -> dict[str, dict[str, Any]]:
    """What a page asks while somebody types."""
    state, _ = _entered(definition, schema, values, context)
    return {
        "visible": state.visible,
        "required": state.required,
        "computed": {s.name: state.values[s.name] for s in definition.fields if s.kind in ("computed", "read_only")},
    }


def _entered(definition: Definition, schema: Schema, values: Mapping[str, Any], context: Context) -> tuple[Standing, dict[str, Any]]:
    """How the form stands, and what to show in its controls: what was typed, else the initial values."""
    try:
        entered = {**initial(definition, context), **{k: v for k, v in values.items() if k in definition.by_name}}
        clean, _ = read(schema, entered)
        return stand(definition, clean, context), entered
    except (feel.LimitExceeded, RecursionError):
        return stand(definition, {}, context), dict(values)


def _view(spec: Field, state: Standing, entered: Any, drawing: _Drawing) -> FieldView:
    value = _typed(spec, entered if spec.answered_here else state.shown.get(spec.name))
    view = _control(spec, spec.name, value, state.scope, drawing)
    view = replace(view, required=state.required[spec.name], visible=state.visible[spec.name] or bool(view.errors), watched=spec.name in drawing.watched)
    return replace(view, **_table(spec, value, state, drawing)) if spec.kind == "table" else view


def _control(spec: Field, path: str, value: Any, scope: Mapping[str, Any], drawing: _Drawing) -> FieldView:
    locale, context = drawing.locale, drawing.context
    hint = fill(spec.hint, scope, context)
    least, most = _bounds(spec, scope, context)
    return FieldView(
        name=spec.name, path=path, kind=spec.kind, widget=_widget(spec), label=spec.label.in_(locale),
        hint=hint.in_(locale) if hint else None, required=spec.required is True, visible=True,
        read_only=not spec.answered_here, watched=False, value=value, display=_display(spec, value, drawing),
        errors=tuple(text.in_(locale) for text in drawing.errors.get(path, ())),
        choices=tuple(_choices(spec, value, scope, drawing)), unit=spec.unit.in_(locale) if spec.unit else None,
        min=least, max=most, max_length=(spec.max or LIMITS[spec.kind]) if spec.kind in ("text", "long_text") else None,
        pattern=spec.pattern, photos=spec.photos, accept=PHOTOS if spec.photos else None, within=spec.within,
    )


def _typed(spec: Field, value: Any) -> Any:
    """What a control of that kind can show of a draft, whatever the draft holds."""
    if not spec.answered_here or spec.kind == "table":
        return value
    if spec.kind in LISTS:
        return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
    if spec.kind == "boolean" and value in ("true", "on", "false"):
        return value != "false"
    if not isinstance(value, str | int | float):
        return None
    return value if spec.kind in NUMBERS | PICKERS | {"boolean"} else str(value)


def _widget(spec: Field) -> str:
    if not spec.answered_here and spec.kind not in ("attachments", "table"):
        return "shown"
    if spec.kind == "boolean":
        return "checkbox" if spec.checkbox else "radios"
    if spec.kind == "choice":
        return "radios" if len(spec.choices) <= FEW else "select"
    return WIDGETS[spec.kind]


def _bounds(spec: Field, scope: Mapping[str, Any], context: Context) -> tuple[Any, Any]:
    if spec.kind in ("text", "long_text"):
        return spec.min, None
    if spec.kind == "money":
        return (0 if spec.min is None else spec.min), spec.max
    if spec.kind in DATES:
        length = 10 if spec.kind == "date" else 16
        found = (literal_or_value(bound, scope, context) for bound in (spec.min, spec.max))
        least, most = (bound[:length] if isinstance(bound, str) else None for bound in found)
        return least, most
    return spec.min, spec.max


def _choices(spec: Field, value: Any, scope: Mapping[str, Any], drawing: _Drawing) -> Iterator[ChoiceView]:
    answers = YES_NO if spec.kind == "boolean" else spec.choices
    taken = value if isinstance(value, list) else [str(value).lower() if isinstance(value, bool) else value]
    for choice in answers:
        hint = fill(choice.hint, scope, drawing.context)
        closed = choice.requires is not None and evaluate(choice.requires, scope, drawing.context) is not True
        yield ChoiceView(
            choice.value, choice.label.in_(drawing.locale), hint.in_(drawing.locale) if hint else None, choice.value in taken, closed
        )


def _display(spec: Field, value: Any, drawing: _Drawing) -> str:
    """The value in words, for reading; a table and files are drawn from `rows` and `value`."""
    if value is None or spec.kind in ("table", "attachments"):
        return ""
    if isinstance(value, bool):
        return YES_NO[0 if value else 1].label.in_(drawing.locale)
    if spec.choices:
        labels = {choice.value: choice.label.in_(drawing.locale) for choice in spec.choices}
        return Text("、", ", ").in_(drawing.locale).join(labels.get(str(one), str(one)) for one in (value if isinstance(value, list) else [value]))
    if spec.kind in PICKERS:
        return _name_of(spec, value, drawing)
    if spec.kind in NUMBERS | {"computed", "read_only"} and spec.unit:
        return f"{value} {spec.unit.in_(drawing.locale)}"
    return str(value)


def _name_of(spec: Field, value: Any, drawing: _Drawing) -> str:
    """What people call the thing picked; nothing for what is no id, so that only ids reach the district."""
    try:
        identity = Picked(spec).deserialize(value)
    except ValidationError:
        return ""
    found = drawing.context.lookup.label(spec.kind, identity, drawing.context.session)
    return found.in_(drawing.locale) if found else ""


def _table(spec: Field, value: Any, state: Standing, drawing: _Drawing) -> dict[str, Any]:
    """Its rows, and one blank line to type into where there is room; errors stand in their cells."""
    rows = [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []
    settled = state.values.get(spec.name) or []
    blanks = max((spec.min or 0) - len(rows), 1 if len(rows) < (spec.max or LIMITS["table"]) else 0)
    drawn = [
        tuple(
            _control(column, f"{spec.name}.{index}.{column.name}", _cell(column, row, settled, index), {**state.scope, **row}, drawing)
            for column in spec.columns
        )
        for index, row in enumerate([*rows, *([{}] * blanks)])
    ]
    heads = tuple(_control(column, f"{spec.name}.{column.name}", None, state.scope, drawing) for column in spec.columns)
    return {"rows": tuple(drawn), "columns": heads}


def _cell(column: Field, row: Mapping[str, Any], settled: list[Any], index: int) -> Any:
    if column.value is not None:
        return settled[index].get(column.name) if index < len(settled) else None
    return _typed(column, row.get(column.name, column.initial if row == {} else None))
