"""The task page: evidence beside the form; claim, release, assign, postpone, comment, save, complete."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, jsonify, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine import comments, definitions, drafts, tasks
from engine.errors import AlreadyDone, Conflict, InvalidData, NotAllowed, ProcessFailure, Stale
from engine.tables import Case, Task
from engine.words import Text
from webapp import reading, words
from webapp.attachments import store_posted
from webapp.inbox import day_of
from webapp.pages import boxes, entry, refusals, task_view
from webapp.words import say, t

pages = Blueprint("task", __name__)
FILES = "_files."
CHOOSE_PERSON = Text("选择交给谁", "Choose whom to hand it to")
CHOOSE_DAY = Text("选择推迟到哪天", "Choose the day to look again")


@pages.get("/tasks/<int:task_id>")
def page(task_id: int) -> str:
    """What one must know, and the form."""
    made = task_view.page(reading.session(), reading.engine(), reading.actor(), task_id, reading.now(), words.locale())
    return _shown(made)


def _shown(made: task_view.TaskPage, **more: Any) -> str:
    made.comments = comments.of_case(reading.session(), made.case.id)
    return render_template("task/page.html", page=made, **more)


@pages.post("/tasks/<int:task_id>")
def send(task_id: int) -> Response | tuple[str, int] | str:
    """What the form's buttons ask for: complete, complete and go on, save, or remove a file."""
    source, data = _posted(task_id)
    act = request.form.get("_act", "complete")
    if act.startswith("remove:"):
        _save(task_id, _without(data, act))
        return redirect(url_for("task.page", task_id=task_id) + "#form", 303)
    try:
        data = _with_files(source, data)
        if act == "save":
            return _saved_page(task_id, data)
        return _complete(task_id, data, go_on=act == "complete_next")
    except InvalidData as refusal:
        return _again(task_id, data, refusal.errors), 422


def _complete(task_id: int, data: dict[str, Any], *, go_on: bool) -> Response | tuple[str, int]:
    try:
        outcome = tasks.complete(reading.engine(), reading.actor(), task_id, data, _version())
    except AlreadyDone as late:
        return _too_late(task_id, data, late), 409
    except (Stale, Conflict) as refusal:
        return _conflict(task_id, data, refusal), 409
    except NotAllowed as refusal:
        return _conflict(task_id, data, refusal), 403
    except ProcessFailure as failure:
        _save(task_id, data)
        return _again(task_id, data, {}, failure=failure.text), 500
    reading.read_anew()
    flash(_done_words(task_id, outcome.case), "ok")
    following = boxes.next_task(reading.session(), reading.engine(), reading.actor(), reading.now(), task_id) if go_on else None
    if go_on:
        return redirect(url_for("task.page", task_id=following) if following else url_for("inbox.page"), 303)
    return redirect(url_for("case.page", case_id=outcome.case.id), 303)


def _done_words(task_id: int, case: Case) -> str:
    task = reading.session().get_one(Task, task_id)
    number = case.business_key or case.title
    return t(f"已完成“{task.name}”，{number}", f"Done: {task.name_en or task.name}, {number}")


def _posted(task_id: int) -> tuple[Mapping[str, Any] | None, dict[str, Any]]:
    """The task's form definition, and what was typed, as the form binds it."""
    task = tasks.get(reading.session(), reading.engine(), reading.actor(), task_id)
    case = reading.session().get_one(Case, task.case_id)
    source = definitions.compiled_of(reading.engine(), reading.session(), case.definition_id).form(task.form_key)
    return source, entry.typed(source, request.form) if source is not None else {}


def _version() -> int | None:
    text = request.form.get("_version", "")
    return int(text) if text.isdigit() else None


def _with_files(source: Mapping[str, Any] | None, data: dict[str, Any]) -> dict[str, Any]:
    """Files that came with a plain post are kept first; the form then names them like the others."""
    return take_files(data) if source is not None else data


def take_files(data: dict[str, Any]) -> dict[str, Any]:
    """`data` with the ids of the files that this request brought; what could not be kept is said at its field."""
    errors: dict[str, list[Text]] = {}
    for name in request.files:
        if not name.startswith(FILES):
            continue
        field = name.removeprefix(FILES)
        for file in request.files.getlist(name):
            if not file.filename:
                continue
            try:
                data[field] = [*(data.get(field) or []), store_posted(file).id]
            except InvalidData as refusal:
                errors.setdefault(field, []).extend(text for texts in refusal.errors.values() for text in texts)
    if errors:
        raise InvalidData(errors)
    return data


def _without(data: dict[str, Any], act: str) -> dict[str, Any]:
    _, field, attachment_id = [*act.split(":", 2), "", ""][:3]
    return {**data, field: [one for one in data.get(field) or [] if one != attachment_id]}


def _save(task_id: int, data: dict[str, Any]) -> Any:
    return drafts.save(reading.engine(), reading.actor(), f"task/{task_id}", data)


def _saved_page(task_id: int, data: dict[str, Any]) -> Response:
    _save(task_id, data)
    flash(t("草稿已存", "Draft saved"), "ok")
    return redirect(url_for("task.page", task_id=task_id), 303)


@pages.post("/tasks/<int:task_id>/draft")
def draft(task_id: int) -> Response:
    """Autosave: when it was saved, and how the form now stands."""
    source, data = _posted(task_id)
    task = tasks.get(reading.session(), reading.engine(), reading.actor(), task_id)
    case = reading.session().get_one(Case, task.case_id)
    at = _save(task_id, data)
    standing: dict[str, Any] = {}
    if source is not None:
        told = task_view.dossier.dossier(reading.session(), reading.engine(), reading.actor(), case)
        within = entry.context(reading.session(), reading.engine(), reading.actor(), task_view.scope(told), reading.now())
        standing = entry.standing(source, data, within)
    clock = words.clock_time(at)
    return jsonify(words=t(f"草稿已存 {clock}", f"Draft saved {clock}"), standing=standing)


def _again(task_id: int, data: dict[str, Any], errors: entry.Errors, failure: Text | None = None) -> str:
    """The page once more with what was typed and what is wrong with it."""
    reading.read_anew()
    made = task_view.page(reading.session(), reading.engine(), reading.actor(), task_id, reading.now(), words.locale(),
                          typed=data, errors=errors)
    return _shown(made, failure=failure)


def _too_late(task_id: int, data: dict[str, Any], late: AlreadyDone) -> str:
    """Who finished it, when, what was entered; and mine, which is not lost."""
    reading.read_anew()
    made = task_view.page(reading.session(), reading.engine(), reading.actor(), task_id, reading.now(), words.locale())
    told = task_view.dossier.dossier(reading.session(), reading.engine(), reading.actor(), made.case)
    form = task_view.dossier.form_of(told.compiled, made.task.form_key)
    theirs = late.entered if isinstance(late.entered, Mapping) else {}
    mine = task_view.compared(form, data, theirs, reading.engine(), reading.session())
    title = refusals.words_of(reading.session(), late, made.task)
    return _shown(made, late_title=title, mine=mine)


def _conflict(task_id: int, data: dict[str, Any], refusal: Stale | Conflict | NotAllowed) -> str:
    """It changed meanwhile: the page as it is now, with what was typed."""
    reading.read_anew()
    made = task_view.page(reading.session(), reading.engine(), reading.actor(), task_id, reading.now(), words.locale(), typed=data)
    title = refusals.words_of(reading.session(), refusal, made.task)
    return _shown(made, changed=title, mine=_mine(made, data))


def _mine(made: task_view.TaskPage, data: dict[str, Any]) -> list[Any]:
    if made.entry is not None:
        return []
    told = task_view.dossier.dossier(reading.session(), reading.engine(), reading.actor(), made.case)
    form = task_view.dossier.form_of(told.compiled, made.task.form_key)
    return task_view.compared(form, data, {}, reading.engine(), reading.session())


# -- acts ----------------------------------------------------------------------------------------


@pages.post("/tasks/<int:task_id>/claim")
def claim(task_id: int) -> Response:
    """Take it."""
    tasks.claim(reading.engine(), reading.actor(), task_id, _version())
    return _went(t("已认领", "Claimed"), task_id)


@pages.post("/tasks/<int:task_id>/release")
def release(task_id: int) -> Response:
    """Give it back to the group."""
    tasks.unclaim(reading.engine(), reading.actor(), task_id, _version())
    return _went(t("已退回组内", "Released to the group"), task_id)


@pages.post("/tasks/<int:task_id>/assign")
def assign(task_id: int) -> Response:
    """Hand it to a colleague."""
    assignee = request.form.get("assignee", "")
    if not assignee:
        raise InvalidData({"assignee": [CHOOSE_PERSON]})
    tasks.assign(reading.engine(), reading.actor(), task_id, assignee, _version())
    return _went(t("已转交", "Handed over"), task_id)


@pages.post("/tasks/<int:task_id>/postpone")
def postpone(task_id: int) -> Response:
    """Look again on a day."""
    until = day_of(request.form.get("until"))
    if until is None:
        raise InvalidData({"until": [CHOOSE_DAY]})
    tasks.postpone(reading.engine(), reading.actor(), task_id, until)
    return _went(t("已推迟", "Put off"), task_id)


@pages.post("/tasks/<int:task_id>/comments")
def comment(task_id: int) -> Response:
    """Say something on the case, from its task."""
    task = tasks.get(reading.session(), reading.engine(), reading.actor(), task_id)
    comments.add(reading.engine(), reading.actor(), task.case_id, request.form.get("text", ""), task_id)
    return _went(t("留言已发", "Comment sent"), task_id)


@pages.get("/tasks/<int:task_id>/options/<field>")
def options(task_id: int, field: str) -> Response:
    """What may be picked in a field, for the answers so far."""
    task = tasks.get(reading.session(), reading.engine(), reading.actor(), task_id)
    case = reading.session().get_one(Case, task.case_id)
    source = definitions.compiled_of(reading.engine(), reading.session(), case.definition_id).form(task.form_key)
    within = entry.context(reading.session(), reading.engine(), reading.actor(), case.variables or {}, reading.now())
    return picked(source, field, within)


def picked(source: Mapping[str, Any] | None, field: str, within: Any) -> Response:
    """The options of one picker as JSON."""
    if source is None or field not in entry.Form.parse(source).definition.by_name:
        return make_response(jsonify(options=[]), 404)
    values = {name: value for name, value in request.args.items() if name != "q"}
    found = entry.options(entry.Form.parse(source).definition, field, values, within, request.args.get("q", "")[:80])
    return jsonify(options=[{"value": str(one.value), "label": say(one.label) + (f" · {say(one.hint)}" if one.hint else "")} for one in found])


def _went(message: str, task_id: int) -> Response:
    flash(message, "ok")
    return redirect(words.local_path(request.form.get("back")) or url_for("task.page", task_id=task_id), 303)
