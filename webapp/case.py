"""Cases: the list, the page of one, its comments, the messages one may send, and holding or stopping it."""

from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine import cases, comments, definitions, drafts, messages
from engine.errors import EngineError, InvalidData, NotFound
from engine.tables import Case
from engine.words import Text
from housing import finding, notices, org, people
from housing.hazards import LEVELS
from webapp import reading, words
from webapp.pages import case_rows, case_view, entry, refusals
from webapp.task import picked, take_files
from webapp.words import say, t

pages = Blueprint("case", __name__)
STATES = (
    ("running", Text("办理中", "In progress")), ("completed", Text("已办结", "Closed")), ("cancelled", Text("已撤销", "Cancelled")),
    ("suspended", Text("已暂停", "Paused")), ("failed", Text("停在故障上", "Stopped by a fault")),
)


@pages.get("/cases")
def register() -> str:
    """The cases this person may see, newest first."""
    session, actor = reading.session(), reading.actor()
    filters = finding.CaseFilters(
        q=request.args.get("q", "").strip()[:200], process=request.args.get("process", ""), state=request.args.get("state", ""),
        level=request.args.get("level", ""), org=request.args.get("org", ""), mine=request.args.get("mine") == "1")
    before = request.args.get("before", "")
    found = finding.cases(session, actor, filters, int(before) if before.isdigit() else None, finding.PAGE + 1)
    shown = case_rows.rows(session, found[:finding.PAGE], reading.now())
    more = found[finding.PAGE - 1].id if len(found) > finding.PAGE else None
    processes = [(one.key, Text(one.name, one.name_en or one.name)) for one in definitions.all_latest(session)]
    return render_template("case/list.html", rows=shown, filters=filters, more=more, processes=processes, states=STATES,
                           levels=[(key, Text(f"{key} {name.zh}", f"{key} {name.en.lower()}")) for key, name in LEVELS.items()],
                           where=org.name_of(session, filters.org) if filters.org else None)


@pages.get("/cases/<int:case_id>")
def page(case_id: int) -> str:
    """What it is, how it stands, what happened and why."""
    made = _made(case_id)
    with reading.engine().database.writing() as session:
        notices.mark_read_of_case(session, reading.actor().username, case_id, reading.now())
    return render_template("case/page.html", page=made)


def _made(case_id: int) -> case_view.CasePage:
    made = case_view.page(reading.session(), reading.engine(), reading.actor(), case_id, reading.now(),
                          everything=request.args.get("all") == "1")
    made.comments = comments.of_case(reading.session(), case_id)
    return made


@pages.post("/cases/<int:case_id>/comments")
def comment(case_id: int) -> Response:
    """Say something on a case."""
    comments.add(reading.engine(), reading.actor(), case_id, request.form.get("text", ""))
    flash(t("留言已发", "Comment sent"), "ok")
    return redirect(url_for("case.page", case_id=case_id) + "#comments", 303)


@pages.app_context_processor
def _for_templates() -> dict[str, object]:
    return {"comment_by": lambda username: people.name_of(reading.session(), username)}


# -- messages ------------------------------------------------------------------------------------


def _button(case: Case, name: str) -> messages.Button:
    found = messages.buttons(reading.engine(), reading.session(), reading.actor(), case)
    button = next((one for one in found if one.name == name), None)
    if button is None:
        raise NotFound
    return button


@pages.get("/cases/<int:case_id>/messages/<name>")
def message_form(case_id: int, name: str) -> str:
    """The form of a message, such as asking for more time."""
    case = cases.seen(reading.engine(), reading.session(), reading.actor(), case_id)
    return _message_page(case, _button(case, name))


def _message_page(case: Case, button: messages.Button, typed: Any = None, errors: Any = None, refusal: Text | None = None) -> str:
    source = _source(case, button)
    draft = drafts.load(reading.session(), reading.actor(), _subject(case, button.name))
    values = typed if typed is not None else (draft.data if draft else None)
    made = entry.draw(source, values, _context(case), words.locale(), errors) if source is not None else None
    return render_template("case/message.html", case=case, button=button, entry=made, refusal=refusal,
                           saved_at=draft.saved_at if draft else None, title=case_rows.title(reading.session(), case))


def _source(case: Case, button: messages.Button) -> Any:
    return definitions.compiled_of(reading.engine(), reading.session(), case.definition_id).form(button.form_key)


def _context(case: Case) -> Any:
    ready = definitions.compiled_of(reading.engine(), reading.session(), case.definition_id)
    variables = {**dict.fromkeys(ready.known_names), **(case.variables or {})}
    return entry.context(reading.session(), reading.engine(), reading.actor(), variables, reading.now())


def _subject(case: Case, name: str) -> str:
    return f"message/{case.id}/{name}"[:160]


@pages.post("/cases/<int:case_id>/messages/<name>")
def send(case_id: int, name: str) -> Response | tuple[str, int]:
    """Send it."""
    case = cases.seen(reading.engine(), reading.session(), reading.actor(), case_id)
    button = _button(case, name)
    source = _source(case, button)
    data = entry.typed(source, request.form) if source is not None else {}
    try:
        messages.send(reading.engine(), reading.actor(), name, case.business_key or "", take_files(data))
    except InvalidData as refusal:
        reading.read_anew()
        return _message_page(case, button, data, refusal.errors), 422
    except EngineError as refusal:
        reading.read_anew()
        case = cases.seen(reading.engine(), reading.session(), reading.actor(), case_id)
        return _message_page(case, button, data, None, refusals.words_of(reading.session(), refusal)), 409
    _forget(case, name)
    flash(t(f"已发送“{button.label.zh}”", f"Sent: {button.label.en}"), "ok")
    return redirect(url_for("case.page", case_id=case_id), 303)


def _forget(case: Case, name: str) -> None:
    with reading.engine().database.writing() as session:
        drafts.drop(session, _subject(case, name), reading.actor().username)


@pages.post("/cases/<int:case_id>/messages/<name>/draft")
def message_draft(case_id: int, name: str) -> Response:
    """Autosave of a message's form."""
    case = cases.seen(reading.engine(), reading.session(), reading.actor(), case_id)
    source = _source(case, _button(case, name))
    data = entry.typed(source, request.form) if source is not None else {}
    at = words.clock_time(drafts.save(reading.engine(), reading.actor(), _subject(case, name), data))
    standing = entry.standing(source, data, _context(case)) if source is not None else {}
    return jsonify(words=t(f"草稿已存 {at}", f"Draft saved {at}"), standing=standing)


@pages.get("/cases/<int:case_id>/messages/<name>/options/<field>")
def message_options(case_id: int, name: str, field: str) -> Response:
    """What may be picked in a field of a message's form."""
    case = cases.seen(reading.engine(), reading.session(), reading.actor(), case_id)
    return picked(_source(case, _button(case, name)), field, _context(case))


# -- operations ----------------------------------------------------------------------------------


@pages.post("/cases/<int:case_id>/<any(cancel, suspend, resume):act>")
def operate(case_id: int, act: str) -> Response:
    """Stop a case for good, hold it, or let it go on."""
    engine, actor = reading.engine(), reading.actor()
    if act == "cancel":
        cases.cancel(engine, actor, case_id, request.form.get("reason", ""))
    elif act == "suspend":
        cases.suspend(engine, actor, case_id)
    else:
        cases.resume(engine, actor, case_id)
    done = {"cancel": Text("案件已停办", "The case was stopped"), "suspend": Text("案件已暂停", "The case is on hold"),
            "resume": Text("案件已恢复", "The case goes on")}
    flash(say(done[act]), "ok")
    return redirect(url_for("case.page", case_id=case_id), 303)
