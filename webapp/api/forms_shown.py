"""Forms for clients: JSON Schema with my draft or the initial values; and drafts kept."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from flask import current_app
from marshmallow import fields
from sqlalchemy.orm import Session

from engine import cases, definitions, drafts
from engine.actor import Actor
from engine.errors import NotAllowed, NotFound
from engine.tables import Definition, Task
from forms import Form
from forms.json_schema import DIALECT
from webapp.api.arguments import Answer, Body
from webapp.api.problems import language
from webapp.api.shown import At
from webapp.reading import engine


class Typed(Body):
    """What has been typed so far, right or not."""

    data = fields.Dict(keys=fields.String(), required=True)


class Saved(Answer):
    """When the draft was kept."""

    saved_at = At(required=True)


class ShownForm(Answer):
    """JSON Schema 2020-12 without outside references, and the values to begin with."""

    schema = fields.Dict(required=True)
    values = fields.Dict(required=True)


def task_form(session: Session, actor: Actor, task: Task) -> dict[str, Any]:
    """The form of a task, for `ShownForm`."""
    case = cases.get(session, task.case_id)
    if case is None:
        raise NotFound
    source = definitions.compiled_of(engine(), session, case.definition_id).form(task.form_key)
    return _shown(session, actor, source, dict(case.variables or {}), f"task/{task.id}")


def start_form(session: Session, actor: Actor, definition: Definition) -> dict[str, Any]:
    """The start form of a process, for `ShownForm`."""
    compiled = definitions.compiled(engine(), session, definition)
    start = compiled.process.start if compiled.process else None
    return _shown(session, actor, compiled.form(start.form_key if start else None), {}, f"start/{definition.key}")


def require_startable(session: Session, actor: Actor, definition: Definition) -> None:
    """Refuse who may not start this process."""
    said = engine().rights.refusal(session, actor, "start", definition)
    if said is not None:
        raise NotAllowed(said)


def save(actor: Actor, subject: str, data: dict[str, Any]) -> dict[str, Any]:
    """Keep a draft, for `Saved`."""
    return {"saved_at": drafts.save(engine(), actor, subject, data)}


def _shown(
    session: Session, actor: Actor, source: Mapping[str, Any] | None, variables: dict[str, Any], subject: str
) -> dict[str, Any]:
    kept = drafts.load(session, actor, subject)
    draft = kept.data if kept is not None else None
    if source is None:
        return {"schema": {"$schema": DIALECT, "type": "object"}, "values": draft or {}}
    form, now = Form.parse(source), engine().clock.now()
    context = current_app.extensions["anju"].forms.context(variables, session=session, actor=actor, now=now)
    values = draft if draft else form.initial(context)
    return {"schema": _plain(form.json_schema(language(), context)), "values": _plain(values)}


def _plain(value: Any) -> Any:
    """As JSON says it: money and numbers exact, days and instants in ISO 8601."""
    if isinstance(value, Mapping):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
