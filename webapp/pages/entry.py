"""A form on a page: its fields with what was typed, what to pick from, the files it holds, and what is wrong with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from engine import attachments
from engine.actor import Actor
from engine.engine import Engine
from engine.words import Text
from forms import Form
from forms.definition import Definition, Field
from forms.expressions import Context
from forms.lookup import Option
from forms.pages import FieldView
from forms.post import Posted, from_post
from webapp.pages.files import File, shown

MOST_TO_PICK = 100
NARROWING = {"project": "project", "building": "building", "organisation": "org"}


@dataclass(frozen=True)
class Line:
    """One line of the error summary: a link to the field."""

    target: str
    label: str
    words: str


@dataclass
class Entry:
    """What the templates draw."""

    title: Text
    intro: Text | None
    fields: list[FieldView]
    options: dict[str, Sequence[Option]] = field(default_factory=dict)
    files: dict[str, list[File]] = field(default_factory=dict)
    errors: list[Line] = field(default_factory=list)


Errors = Mapping[str, Sequence[Text]]


def context(session: Session, engine: Engine, actor: Actor, variables: Mapping[str, Any], now: datetime) -> Context:
    """What a form is drawn and bound with."""
    made: Context = engine.forms.context(variables, session=session, actor=actor, now=now)  # type: ignore[attr-defined]
    return made


def draw(
    source: Mapping[str, Any], values: Mapping[str, Any] | None, within: Context, locale: str, errors: Errors | None = None,
) -> Entry:
    """The form for a draft, a refused post, or fresh."""
    form = Form.parse(source)
    told = {path: list(texts) for path, texts in (errors or {}).items()}
    fields = form.page(values, within, locale, told)
    return Entry(
        form.definition.title, form.definition.intro, fields, _options(form.definition, fields, within),
        _files(fields, within.session, within.actor), _lines(fields, told, locale),
    )


def typed(source: Mapping[str, Any], posted: Posted) -> dict[str, Any]:
    """What a post brought, as the form binds it."""
    return from_post(Form.parse(source).definition, posted)


def standing(source: Mapping[str, Any], values: Mapping[str, Any], within: Context) -> dict[str, Any]:
    """What the answers so far show, require and compute."""
    return Form.parse(source).standing(values, within)


def _options(definition: Definition, fields: Sequence[FieldView], within: Context) -> dict[str, Sequence[Option]]:
    values = {one.name: one.value for one in fields}
    return {one.name: options(definition, one.name, values, within) for one in fields if one.widget == "picker"}


def options(definition: Definition, name: str, values: Mapping[str, Any], within: Context, query: str = "") -> Sequence[Option]:
    """What may be picked in a field: what belongs to the answer above it, where it stands within one."""
    spec = definition.by_name[name]
    narrow = _narrowed(definition, spec, values)
    if narrow is None:
        return []
    found = list(within.lookup.options(spec.kind, within.session, within.actor, query, limit=MOST_TO_PICK, **narrow))
    chosen = values.get(name)
    if chosen and not any(str(one.value) == str(chosen) for one in found):
        found += within.lookup.options(spec.kind, within.session, within.actor, value=chosen, limit=1)
    return found


def _narrowed(definition: Definition, spec: Field, values: Mapping[str, Any]) -> dict[str, Any] | None:
    """By which answer the choice is narrowed; None while that answer is still missing."""
    if spec.within is None or spec.within not in definition.by_name:
        return {}
    above = NARROWING.get(definition.by_name[spec.within].kind)
    value = values.get(spec.within)
    if above is None:
        return {}
    return {above: value} if value not in (None, "") else None


def _files(fields: Sequence[FieldView], session: Session, actor: Actor) -> dict[str, list[File]]:
    wanted = {one.name: [str(i) for i in one.value] for one in fields if one.widget == "files" and isinstance(one.value, list)}
    known = {row.id: row for row in attachments.many(session, [i for ids in wanted.values() for i in ids])}
    mine = {key: row for key, row in known.items() if row.uploaded_by == actor.username}
    return {name: [shown(mine[i]) for i in ids if i in mine] for name, ids in wanted.items()}


def _lines(fields: Sequence[FieldView], errors: Mapping[str, Sequence[Text]], locale: str) -> list[Line]:
    """In the order of the page; what belongs to no field comes first."""
    by_path = {one.path: one for one in fields}
    made = []
    for path, texts in sorted(errors.items(), key=lambda pair: _place(pair[0], fields)):
        view = by_path.get(path.split(".")[0])
        target = view.element_id if view is not None else ""
        made += [Line(target, view.label if view is not None else "", text.in_(locale)) for text in texts]
    return made


def _place(path: str, fields: Sequence[FieldView]) -> int:
    return next((n for n, one in enumerate(fields, 1) if one.path == path.split(".")[0]), 0)


@dataclass(frozen=True)
class Section:
    """A stretch of a long form under a heading."""

    name: Text
    fields: list[FieldView]


SECTIONS = (
    (Text("在哪里", "Where is it?"), ("project_id", "building_id", "dwelling_id", "part")),
    (Text("是什么", "What is it?"), ("category", "description", "photos")),
    (Text("有多危险", "How dangerous is it?"), ("imminent", "people_at_risk", "affects_escape_or_structure", "can_fix_on_spot")),
)
REST = Text("补充", "More")


def guided(entry: Entry) -> list[Section]:
    """The fields in steps: where, what, how dangerous, the rest; a form of other fields is one step."""
    by_name = {one.name: one for one in entry.fields}
    made = [Section(name, [by_name[one] for one in names if one in by_name]) for name, names in SECTIONS]
    made = [one for one in made if one.fields]
    told = {one.name for section in made for one in section.fields}
    rest = [one for one in entry.fields if one.name not in told]
    return [*made, Section(REST if made else Text("填写", "Your entries"), rest)] if rest else made
