"""Process pages: what is deployed, each version's diagram, steps, decisions as tables, forms."""

from flask import Blueprint, Response, abort, make_response, render_template, request

from engine import definitions
from engine.errors import NotFound
from engine.tables import Definition
from webapp import reading
from webapp.pages import processes

pages = Blueprint("process", __name__)


@pages.get("/processes")
def overview() -> str:
    """All processes in their newest version."""
    _signed_in_with_a_role()
    rows = processes.overview(reading.session(), reading.engine(), reading.actor())
    return render_template("process/list.html", rows=rows)


@pages.get("/processes/<key>")
def page(key: str) -> str:
    """One version, the newest unless another is asked for."""
    _signed_in_with_a_role()
    version = request.args.get("version", "")
    definition = _version(key, int(version)) if version.isdigit() else definitions.latest(reading.session(), key)
    made = processes.page(reading.session(), reading.engine(), definition)
    made.may_start = reading.engine().rights.refusal(reading.session(), reading.actor(), "start", definition) is None
    return render_template("process/page.html", page=made)


@pages.get("/processes/<key>/<int:version>/diagram")
def diagram(key: str, version: int) -> Response:
    """The diagram's text, for the viewer."""
    _signed_in_with_a_role()
    text = definitions.bpmn(reading.session(), _version(key, version))
    if not text:
        abort(404)
    answer = make_response(text)
    answer.headers["Content-Type"] = "application/xml; charset=utf-8"
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer.headers["Cache-Control"] = "private, max-age=86400"
    return answer


def _version(key: str, number: int) -> Definition:
    if number > 2**31 - 1:
        raise NotFound
    return definitions.version(reading.session(), key, number)


def _signed_in_with_a_role() -> None:
    """Definitions are shown to everybody who holds any role."""
    if not reading.actor().grants:
        raise NotFound
