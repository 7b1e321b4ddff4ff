"""The inbox: views, filters, counts, the preview; claiming, assigning and postponing several at once with a verdict for each."""

from collections.abc import Callable
from datetime import date, datetime, time

from flask import Blueprint, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from engine import inbox, tasks
from engine.clock import TZ
from engine.errors import EngineError, InvalidData
from engine.tables import Task
from engine.words import Text
from webapp import navigation, reading, words
from webapp.pages import boxes, refusals, task_view

pages = Blueprint("inbox", __name__)
MOST_AT_ONCE = 200
VERDICT = "verdict"
CHOOSE_SOMETHING = Text("先选中至少一件", "Select at least one task first")
DONE_WORDS = {
    "claim": Text("已认领 {n} 件", "{n} claimed"), "assign": Text("已分派 {n} 件", "{n} assigned"),
    "postpone": Text("已推迟 {n} 件", "{n} put off"), "undo": Text("已撤销 {n} 件", "{n} undone"),
}
UNDO = {"claim": "release", "assign": "release", "postpone": "recall"}


@pages.get("/inbox")
def page() -> str:
    """A view of tasks, grouped by when they are due."""
    filters = boxes.Filters.of(request.args)
    box = boxes.box(reading.session(), reading.engine(), reading.actor(), filters, reading.now())
    box.verdict = boxes.Verdict.of(session.pop(VERDICT, None))
    if box.groups and request.args.get("preview") != "none":
        box.preview = task_view.peek(reading.session(), reading.engine(), reading.actor(), box.first_task, reading.now(), words.here())
    return render_template("inbox/page.html", box=box)


@pages.get("/inbox/preview/<int:task_id>")
def preview(task_id: int) -> str:
    """What one needs to decide whether to open a task."""
    peek = task_view.peek(reading.session(), reading.engine(), reading.actor(), task_id, reading.now(), "/inbox")
    return render_template("inbox/preview.html", peek=peek)


@pages.get("/inbox/next")
def next_task() -> Response:
    """The next task by rule: the most urgent that is mine or that I could claim."""
    task_id = boxes.next_task(reading.session(), reading.engine(), reading.actor(), reading.now(), _whole(request.args.get("after")))
    return redirect(url_for("task.page", task_id=task_id) if task_id else url_for("inbox.page"))


@pages.post("/inbox/bulk")
def bulk() -> Response:
    """The same act on several tasks; each goes its own way, and each refusal is told."""
    act = request.form.get("act", "claim")
    chosen = [_chosen(text) for text in request.form.getlist("task")[:MOST_AT_ONCE]]
    if act not in UNDO:
        raise InvalidData({"act": [Text("没有这个操作", "There is no such act")]})
    perform = _act(act)
    if not chosen or perform is None:
        session[VERDICT] = {"title": CHOOSE_SOMETHING if not chosen else _what_is_missing(act), "refused": [], "undo": []}
        return _back()
    _perform(act, perform, chosen)
    return _back()


@pages.post("/inbox/undo")
def undo() -> Response:
    """Take back what was just done: released, put back on the list, or unassigned."""
    done, refused = 0, []
    for text in request.form.getlist("undo")[:MOST_AT_ONCE]:
        act, _, number = text.partition(":")
        task_id = _whole(number)
        if task_id is None or act not in UNDO.values():
            continue
        try:
            _take_back(act, task_id)
            done += 1
        except EngineError as error:
            refused.append(_refusal(task_id, error))
    session[VERDICT] = {"title": _counted("undo", done, len(refused)), "refused": refused, "undo": []}
    return _back()


def _take_back(act: str, task_id: int) -> None:
    if act == "recall":
        tasks.postpone(reading.engine(), reading.actor(), task_id, None)
    else:
        tasks.unclaim(reading.engine(), reading.actor(), task_id)


Perform = Callable[[int, int | None], Task]


def _act(act: str) -> Perform | None:
    engine, actor = reading.engine(), reading.actor()
    if act == "claim":
        return lambda task_id, version: tasks.claim(engine, actor, task_id, version)
    if act == "assign":
        assignee = request.form.get("assignee", "")
        return (lambda task_id, version: tasks.assign(engine, actor, task_id, assignee, version)) if assignee else None
    until = day_of(request.form.get("until"))
    return (lambda task_id, _version: tasks.postpone(engine, actor, task_id, until)) if until else None


def _what_is_missing(act: str) -> Text:
    return Text("选择分派给谁", "Choose whom to assign to") if act == "assign" else Text("选择推迟到哪天", "Choose the day to look again")


def _perform(act: str, perform: Perform, chosen: list[tuple[int, int | None]]) -> None:
    done, refused = [], []
    for task_id, version in chosen:
        try:
            perform(task_id, version)
            done.append(f"{UNDO[act]}:{task_id}")
        except EngineError as error:
            refused.append(_refusal(task_id, error))
    session[VERDICT] = {"title": _counted(act, len(done), len(refused)), "refused": refused, "undo": done}


def _refusal(task_id: int, error: EngineError) -> tuple[str, Text]:
    """The task's number, where one may know it, and why not."""
    reading.read_anew()
    reader = reading.session()
    task = reader.get(Task, task_id)
    if task is None or not reading.engine().rights.sees(reader, reading.actor(), task):
        return "", refusals.words_of(reader, error)
    return boxes.number_of(reader, task), refusals.words_of(reader, error, task)


def _counted(act: str, done: int, refused: int) -> Text:
    words = DONE_WORDS[act]
    zh, en = words.zh.replace("{n}", str(done)), words.en.replace("{n}", str(done))
    return Text(f"{zh}，{refused} 件没有", f"{en}, {refused} not") if refused else Text(zh, en)


def _back() -> Response:
    reading.read_anew()
    return redirect(words.local_path(request.form.get("back")) or url_for("inbox.page"), 303)


def _chosen(text: str) -> tuple[int, int | None]:
    number, _, version = text.partition(":")
    return _whole(number) or 0, _whole(version)


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None


def day_of(text: str | None) -> datetime | None:
    """The morning of a day that was typed; None for none."""
    try:
        return datetime.combine(date.fromisoformat(text or ""), time(8), TZ)
    except ValueError:
        return None


def mine() -> int:
    """How many tasks are mine, for the bar."""
    return inbox.count(reading.session(), reading.engine(), reading.actor(), "mine")


navigation.count_at("/inbox", mine)
