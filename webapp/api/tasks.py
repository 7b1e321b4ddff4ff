"""Tasks: the inbox, and everything one does with a task."""

from typing import Any

from marshmallow import Schema, fields, validate
from sqlalchemy.orm import Session

from engine import comments, inbox, tasks
from engine.errors import NotFound
from engine.tables import Task
from webapp.api import forms_shown, uploads
from webapp.api.attachments import ShownAttachment, attachment_row, take
from webapp.api.forms_shown import Saved, ShownForm, Typed
from webapp.api.paging import PageQuery, listed, page, read_cursor
from webapp.api.resource import Resource
from webapp.api.shown import TASK_STATES, At, ShownOutcome, ShownTask, outcome_row, task_row
from webapp.api.signed_in import who
from webapp.reading import engine

resource = Resource("tasks", "The inbox and its tasks")
VIEWS, SORTS = ("mine", "queue", "all"), ("urgent", "due", "created", "changed", "case")
PLACE = validate.Length(max=120)


class Words(fields.String):
    """A list of words with commas between them."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> Any:
        text = super()._deserialize(value, attr, data, **options)
        return tuple(word for word in text.split(",") if word)


class TaskQuery(Schema):
    """Which tasks."""

    view = fields.String(load_default="all", validate=validate.OneOf(VIEWS))
    state = Words(load_default=("open", "claimed"), validate=validate.ContainsOnly(TASK_STATES),
                  metadata={"description": "States with commas between them; default open,claimed"})
    case_id = fields.Integer(load_default=None, validate=validate.Range(1, 2**31 - 1))
    element_id = fields.String(load_default=None, validate=PLACE)
    process_key = fields.String(load_default=None, validate=PLACE)
    org = fields.String(load_default=None, validate=PLACE)
    overdue = fields.Boolean(load_default=None)
    due_before = fields.AwareDateTime(load_default=None, format="iso")
    q = fields.String(load_default=None, validate=validate.Length(max=200))


class TaskListQuery(TaskQuery, PageQuery):
    """Which tasks, in which order, from where on."""

    sort = fields.String(load_default="due", validate=validate.OneOf(SORTS))


class Expected(Schema):
    """The version that the act was decided on; refused as stale when the task has changed since."""

    version = fields.Integer(load_default=None, allow_none=True)


class Assignment(Expected):
    """To whom."""

    assignee = fields.String(required=True, validate=validate.Length(1, 120))


class Postponement(Schema):
    """Until when it rests in the inbox; null brings it back."""

    until = fields.AwareDateTime(required=True, allow_none=True, format="iso")


class Completion(Expected):
    """What the form brought."""

    data = fields.Dict(keys=fields.String(), required=True)


class Remark(Schema):
    """A comment; @names in it are told."""

    text = fields.String(required=True, validate=validate.Length(1, 4000))


class ShownComment(Schema):
    """A comment as it stands on the case."""

    id = fields.Integer(required=True)
    author = fields.String(required=True)
    at = At(required=True)
    text = fields.String(required=True)
    mentions = fields.List(fields.String(), required=True)


class ShownCounts(Schema):
    """How many in each view."""

    mine = fields.Integer(required=True)
    queue = fields.Integer(required=True)
    all = fields.Integer(required=True)
    overdue = fields.Integer(required=True)
