"""Tasks: the inbox, and everything one does with a task."""

from typing import Any

from marshmallow import Schema, fields, validate
from sqlalchemy.orm import Session

from engine import attachments, comments, inbox, tasks
from engine.errors import NotAllowed
from engine.tables import Task
from engine.words import Text
from webapp.api import forms_shown, uploads
from webapp.api.arguments import Body
from webapp.api.attachments import ShownAttachment, attachment_row, take
from webapp.api.forms_shown import Saved, ShownForm, Typed
from webapp.api.paging import PageQuery, listed, page, read_cursor
from webapp.api.resource import Resource
from webapp.api.shown import TASK_STATES, At, ShownOutcome, ShownTask, outcome_row, task_row
from webapp.api.signed_in import who
from webapp.reading import engine

resource = Resource("tasks", Text("待办和任务", "The inbox and its tasks"))
VIEWS = ("mine", "queue", "all")
PLACE = validate.Length(max=120)


class Words(fields.String):
    """A list of words with commas between them."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> Any:
        text = super()._deserialize(value, attr, data, **options)
        return tuple(word for word in text.split(",") if word)


class TaskQuery(Body):
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

    sort = fields.String(load_default="due", validate=validate.OneOf(inbox.SORTS))


class Expected(Body):
    """The version that the act was decided on; refused as stale when the task has changed since."""

    version = fields.Integer(load_default=None, allow_none=True)


class Assignment(Expected):
    """To whom."""

    assignee = fields.String(required=True, validate=validate.Length(1, 120))


class Postponement(Body):
    """Until when it rests in the inbox; null brings it back."""

    until = fields.AwareDateTime(required=True, allow_none=True, format="iso")


class Completion(Expected):
    """What the form brought."""

    data = fields.Dict(keys=fields.String(), required=True)


class Remark(Body):
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


@resource.route("/tasks")
@resource.arguments(TaskListQuery, location="query")
@resource.response(200, listed(ShownTask, "TaskList"))
def all_tasks(query: dict[str, Any]) -> dict[str, Any]:
    """My tasks, those that I could claim, or all that I may see."""
    with engine().database.reading() as session:
        found = inbox.page(
            session, engine(), who(), query["view"], _filters(query), query["sort"], query["cursor"], query["limit"])
        return {"items": [task_row(session, who(), row.task, row.case) for row in found.items], "next": found.next}


@resource.route("/tasks/counts")
@resource.arguments(TaskQuery(exclude=["view"]), location="query")
@resource.response(200, ShownCounts)
def counted(query: dict[str, Any]) -> dict[str, Any]:
    """The same views, counted."""
    with engine().database.reading() as session:
        return inbox.counts(session, engine(), who(), _filters(query))


@resource.route("/tasks/<row:task_id>")
@resource.response(200, ShownTask)
def one_task(task_id: int) -> dict[str, Any]:
    """One task, finished ones too."""
    with engine().database.reading() as session:
        return task_row(session, who(), visible(session, task_id))


@resource.route("/tasks/<row:task_id>/form")
@resource.response(200, ShownForm)
def form(task_id: int) -> dict[str, Any]:
    """The task's form as JSON Schema, and my draft or the initial values."""
    with engine().database.reading() as session:
        return forms_shown.task_form(session, who(), visible(session, task_id))


@resource.route("/tasks/<row:task_id>/claim", methods=["POST"])
@resource.arguments(Expected)
@resource.response(200, ShownTask)
def claim(body: dict[str, Any], task_id: int) -> dict[str, Any]:
    """Take a task on."""
    return _after(tasks.claim(engine(), who(), task_id, body["version"]), task_id)


@resource.route("/tasks/<row:task_id>/unclaim", methods=["POST"])
@resource.arguments(Expected)
@resource.response(200, ShownTask)
def unclaim(body: dict[str, Any], task_id: int) -> dict[str, Any]:
    """Put a task back for the others."""
    return _after(tasks.unclaim(engine(), who(), task_id, body["version"]), task_id)


@resource.route("/tasks/<row:task_id>/assign", methods=["POST"])
@resource.arguments(Assignment)
@resource.response(200, ShownTask)
def assign(body: dict[str, Any], task_id: int) -> dict[str, Any]:
    """Give a task to somebody who may do it."""
    return _after(tasks.assign(engine(), who(), task_id, body["assignee"], body["version"]), task_id)


@resource.route("/tasks/<row:task_id>/postpone", methods=["POST"])
@resource.arguments(Postponement)
@resource.response(200, ShownTask)
def postpone(body: dict[str, Any], task_id: int) -> dict[str, Any]:
    """Let a task rest until a day; its deadline stays."""
    return _after(tasks.postpone(engine(), who(), task_id, body["until"]), task_id)


@resource.route("/tasks/<row:task_id>/draft", methods=["POST"])
@resource.arguments(Typed)
@resource.response(200, Saved)
def save_draft(body: dict[str, Any], task_id: int) -> dict[str, Any]:
    """Keep what I have typed; nobody else sees it."""
    with engine().database.reading() as session:
        _may_add(session, visible(session, task_id))
    return forms_shown.save(who(), f"task/{task_id}", body["data"])


@resource.route("/tasks/<row:task_id>/complete", methods=["POST"])
@resource.arguments(Completion)
@resource.response(200, ShownOutcome)
def complete(body: dict[str, Any], task_id: int) -> dict[str, Any]:
    """Finish a task with what its form asks. It happens once."""
    return outcome_row(who(), tasks.complete(engine(), who(), task_id, body["data"], body["version"]))


@resource.route("/tasks/<row:task_id>/comments", methods=["POST"])
@resource.arguments(Remark)
@resource.response(201, ShownComment)
def comment(body: dict[str, Any], task_id: int) -> Any:
    """Say something on the case."""
    with engine().database.reading() as session:
        case_id = visible(session, task_id).case_id
    return comments.add(engine(), who(), case_id, body["text"], task_id)


@resource.route("/tasks/<row:task_id>/comments")
@resource.arguments(PageQuery, location="query")
@resource.response(200, listed(ShownComment, "CommentList"))
def said(query: dict[str, Any], task_id: int) -> dict[str, Any]:
    """What was said on the case, oldest first."""
    after = read_cursor(query["cursor"], int)
    with engine().database.reading() as session:
        rows = comments.of_case(session, visible(session, task_id).case_id)
        rest = [row for row in rows if after is None or row.id > after[0]]
        items, following = page(rest[: query["limit"] + 1], query["limit"], "id")
        return {"items": items, "next": following}


@resource.route("/tasks/<row:task_id>/attachments", methods=["POST"])
@resource.response(201, ShownAttachment)
@resource.doc(requestBody=uploads.body("file", "A photograph or a document, up to 20 MB"))
def attach(task_id: int) -> dict[str, Any]:
    """Bring a file and put it on the task's case."""
    with engine().database.reading() as session:
        task = visible(session, task_id)
        _may_add(session, task)
        case_id, element_id = task.case_id, task.element_id
    return attachment_row(attachments.attach(engine(), who(), case_id, take().id, element_id))


def visible(session: Session, task_id: int) -> Task:
    """The task, where the asking person may see it."""
    return tasks.get(session, engine(), who(), task_id)


def _may_add(session: Session, task: Task) -> None:
    """Files and drafts are of those who work on cases, before anything of theirs is read."""
    said = engine().rights.refusal(session, who(), "attach", task)
    if said is not None:
        raise NotAllowed(said)


def _filters(query: dict[str, Any]) -> inbox.TaskFilters:
    names = ("case_id", "element_id", "process_key", "org", "overdue", "due_before", "q")
    return inbox.TaskFilters(states=query["state"], **{name: query[name] for name in names})


def _after(_done: object, task_id: int) -> dict[str, Any]:
    with engine().database.reading() as session:
        return task_row(session, who(), visible(session, task_id))
