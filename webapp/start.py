"""Starting a process by its form: guided, made for a phone, saved while one types."""

from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine import cases, definitions, drafts
from engine.errors import Conflict, InvalidData, NotAllowed, NotFound, ProcessFailure
from engine.tables import Definition
from engine.words import Text
from webapp import reading, words
from webapp.pages import entry
from webapp.task import picked, take_files
from webapp.words import t

pages = Blueprint("start", __name__)
HAZARDS = "hazard_rectification"


def _definition(key: str) -> tuple[Definition, dict[str, Any] | None]:
    """The newest version and its start form, for whoever may start it."""
    definition = definitions.latest(reading.session(), key)
    refusal = reading.engine().rights.refusal(reading.session(), reading.actor(), "start", definition)
    if refusal is not None:
        raise NotAllowed(refusal)
    ready = definitions.compiled(reading.engine(), reading.session(), definition)
    start = ready.process.start if ready.process else None
    return definition, ready.form(start.form_key if start else None)


def _context() -> Any:
    return entry.context(reading.session(), reading.engine(), reading.actor(), {}, reading.now())


@pages.get("/processes/<key>/start")
def form(key: str) -> str:
    """The start form with one's draft."""
    definition, source = _definition(key)
    return _page(definition, source)


def _page(definition: Definition, source: dict[str, Any] | None, typed: Any = None, errors: Any = None, failure: Text | None = None) -> str:
    draft = drafts.load(reading.session(), reading.actor(), f"start/{definition.key}")
    values = typed if typed is not None else (draft.data if draft else _asked())
    made = entry.draw(source, values, _context(), words.locale(), errors) if source is not None else None
    return render_template("start/form.html", definition=definition, entry=made, failure=failure,
                           saved_at=draft.saved_at if draft else None)


def _asked() -> dict[str, Any]:
    """What a link to the form filled in beforehand, such as the project one comes from."""
    project = request.args.get("project_id", "")
    return {"project_id": project} if project.isdigit() else {}


@pages.post("/processes/<key>/start")
def send(key: str) -> Response | tuple[str, int]:
    """Start it."""
    _, source = _definition(key)
    data = entry.typed(source, request.form) if source is not None else {}
    act = request.form.get("_act", "")
    if act.startswith("remove:"):
        _, field, attachment_id = [*act.split(":", 2), "", ""][:3]
        drafts.save(reading.engine(), reading.actor(), f"start/{key}",
                    {**data, field: [one for one in data.get(field) or [] if one != attachment_id]})
        return redirect(url_for("start.form", key=key), 303)
    try:
        outcome = cases.start(reading.engine(), reading.actor(), key, take_files(data))
    except InvalidData as refusal:
        reading.read_anew()
        return _page(*_definition(key), data, refusal.errors), 422
    except (ProcessFailure, Conflict) as failure:
        reading.read_anew()
        drafts.save(reading.engine(), reading.actor(), f"start/{key}", data)
        return _page(*_definition(key), data, None, failure.text), 500 if isinstance(failure, ProcessFailure) else 409
    _forget(key)
    number = outcome.case.business_key or ""
    flash(t(f"已上报，编号 {number}", f"Reported; its number is {number}"), "ok")
    return redirect(url_for("case.page", case_id=outcome.case.id), 303)


def _forget(key: str) -> None:
    with reading.engine().database.writing() as session:
        drafts.drop(session, f"start/{key}", reading.actor().username)
    reading.read_anew()


@pages.post("/processes/<key>/start/draft")
def draft(key: str) -> Response:
    """Autosave."""
    _, source = _definition(key)
    data = entry.typed(source, request.form) if source is not None else {}
    at = words.clock_time(drafts.save(reading.engine(), reading.actor(), f"start/{key}", data))
    standing = entry.standing(source, data, _context()) if source is not None else {}
    return jsonify(words=t(f"草稿已存 {at}", f"Draft saved {at}"), standing=standing)


@pages.get("/processes/<key>/start/options/<field>")
def options(key: str, field: str) -> Response:
    """What may be picked, for the answers so far."""
    _, source = _definition(key)
    return picked(source, field, _context())


def startable() -> bool:
    """Whether this person may report a hazard, for the button on lists."""
    try:
        definition = definitions.latest(reading.session(), HAZARDS)
    except NotFound:
        return False
    return reading.engine().rights.refusal(reading.session(), reading.actor(), "start", definition) is None


@pages.app_context_processor
def _for_templates() -> dict[str, object]:
    return {"startable": startable}


pages.add_app_template_filter(entry.guided, "guided")
