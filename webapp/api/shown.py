"""How cases, tasks and definitions look to a client: their schemas, and the rows that fill them."""

from datetime import timedelta
from typing import Any

import isodate
from marshmallow import Schema, ValidationError, fields, validate
from sqlalchemy.orm import Session

from engine import cases, inbox
from engine.actor import Actor
from engine.tables import Case, Definition, Task
from engine.words import Text
from webapp.reading import engine

CASE_STATES = ("running", "completed", "cancelled", "suspended", "failed")
TASK_STATES = ("open", "claimed", "completed", "cancelled")


class At(fields.DateTime):
    """An instant, RFC 3339 with its offset."""

    def __init__(self, **options: Any) -> None:
        super().__init__(format="iso", **options)


def maybe(kind: type[fields.Field], **options: Any) -> fields.Field:
    """A field that is always there and may be null."""
    return kind(required=True, allow_none=True, **options)


class ShownCase(Schema):
    """A case as it stands."""

    id = fields.Integer(required=True)
    process_key = fields.String(required=True)
    process_version = fields.Integer(required=True)
    business_key = maybe(fields.String)
    title = fields.String(required=True)
    title_en = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(CASE_STATES))
    org_unit = maybe(fields.String)
    started_by = fields.String(required=True)
    started_at = At(required=True)
    ended_at = maybe(At)
    variables = fields.Dict(required=True, keys=fields.String())
    version = fields.Integer(required=True)


class ShownTask(Schema):
    """A task, and what the asking person may do with it."""

    id = fields.Integer(required=True)
    case_id = fields.Integer(required=True)
    process_key = fields.String(required=True)
    element_id = fields.String(required=True)
    name = fields.String(required=True)
    name_en = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(TASK_STATES))
    assignee = maybe(fields.String)
    candidate_roles = fields.List(fields.String(), required=True)
    org_unit = maybe(fields.String)
    priority = fields.Integer(required=True)
    created_at = At(required=True)
    due_at = maybe(At)
    follow_up_at = maybe(At)
    overdue = fields.Boolean(required=True)
    due_basis = maybe(fields.Dict)
    severity = maybe(fields.String)
    form_key = maybe(fields.String)
    business_key = maybe(fields.String)
    case_title = fields.String(required=True)
    completed_by = maybe(fields.String)
    completed_at = maybe(At)
    allowed_actions = fields.List(fields.String(), required=True)
    version = fields.Integer(required=True)


class ShownOutcome(Schema):
    """What an act led to: the case, and the open tasks in it that the asking person may see."""

    case = fields.Nested(ShownCase, required=True)
    open_tasks = fields.List(fields.Nested(ShownTask), required=True)


class ShownDefinition(Schema):
    """One version of a process or of a set of decisions."""

    key = fields.String(required=True)
    version = fields.Integer(required=True)
    name = fields.String(required=True)
    name_en = fields.String(required=True)
    deployed_at = At(required=True)
    deployed_by = fields.String(required=True)


def plain(row: object, schema: type[Schema]) -> dict[str, Any]:
    """The attributes of `row` that `schema` names."""
    return {name: getattr(row, name) for name in schema._declared_fields if hasattr(row, name)}


def case_row(case: Case) -> dict[str, Any]:
    """A case for `ShownCase`."""
    return plain(case, ShownCase)


def definition_row(definition: Definition) -> dict[str, Any]:
    """A definition for `ShownDefinition`."""
    return plain(definition, ShownDefinition)


def task_row(session: Session, actor: Actor, task: Task, case: Case | None = None) -> dict[str, Any]:
    """A task for `ShownTask`."""
    case = case or cases.get(session, task.case_id)
    open_still = task.state in ("open", "claimed")
    return {
        **plain(task, ShownTask),
        "overdue": bool(open_still and task.due_at and task.due_at <= engine().clock.now()),
        "severity": case.severity if case else None,
        "business_key": case.business_key if case else None,
        "case_title": case.title if case else "",
        "allowed_actions": inbox.allowed_actions(session, engine(), actor, task) if open_still else [],
    }


def outcome_row(actor: Actor, outcome: Any) -> dict[str, Any]:
    """An `Outcome` for `ShownOutcome`."""
    with engine().database.reading() as session:
        seen = [task for task in outcome.open_tasks if engine().rights.sees(session, actor, task)]
        tasks = [task_row(session, actor, task, outcome.case) for task in seen]
    return {"case": case_row(outcome.case), "open_tasks": tasks}


class Span(fields.Field):
    """A span of time in ISO 8601, such as P3D or PT90M; never negative, at most ten years."""

    LONGEST = timedelta(days=3660)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> timedelta:
        span = read_span(value) if isinstance(value, str) and len(value) <= 40 else None
        if span is None or not timedelta(0) <= span <= self.LONGEST:
            raise ValidationError(Text("请填写 ISO 8601 时段，例如 P3D。", "This must be a span in ISO 8601, such as P3D."))
        return span


def read_span(text: str) -> timedelta | None:
    """The span written in `text`, or None; a month counts 30 days, a year 365, as on a demonstration's clock."""
    try:
        span = isodate.parse_duration(text)
    except (ValueError, TypeError, OverflowError, ArithmeticError):
        return None
    if isinstance(span, isodate.Duration):
        days = int(span.years) * 365 + int(span.months) * 30
        return span.tdelta + timedelta(days=days) if days < 10_000 else None
    return span
