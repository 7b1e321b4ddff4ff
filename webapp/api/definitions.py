"""Process definitions: what is deployed, its diagram and start form, deploying, and starting a case."""

from typing import Any

from flask import Response, request
from marshmallow import fields, validate
from sqlalchemy.orm import Session

from engine import cases, definitions
from engine.errors import NotAllowed
from engine.tables import Definition
from engine.words import Text
from webapp.api import forms_shown, uploads
from webapp.api.arguments import Body
from webapp.api.forms_shown import Saved, ShownForm, Typed
from webapp.api.paging import PageQuery, listed, page, read_cursor
from webapp.api.resource import Resource
from webapp.api.shown import ShownDefinition, ShownOutcome, definition_row, outcome_row
from webapp.api.signed_in import who
from webapp.reading import engine

resource = Resource("process-definitions", Text("已部署的流程、部署和发起", "What is deployed, deploying, and starting cases"))


class VersionQuery(Body):
    """Which version; the latest without."""

    version = fields.Integer(load_default=None, validate=validate.Range(1, 2**31 - 1))


class Start(Body):
    """What a case begins with: the data of the start form."""

    business_key = fields.String(load_default=None, allow_none=True, validate=validate.Length(1, 120))
    variables = fields.Dict(keys=fields.String(), load_default=dict)


@resource.route("/process-definitions")
@resource.arguments(PageQuery, location="query")
@resource.response(200, listed(ShownDefinition, "DefinitionList"))
def all_definitions(query: dict[str, Any]) -> dict[str, Any]:
    """The latest version of everything deployed."""
    after = read_cursor(query["cursor"], str)
    with engine().database.reading() as session:
        rows = sorted(definitions.all_latest(session), key=lambda row: row.key)
        rest = [row for row in rows if after is None or row.key > after[0]]
        items, following = page(rest[: query["limit"] + 1], query["limit"], "key")
        return {"items": [definition_row(row) for row in items], "next": following}


@resource.route("/process-definitions", methods=["POST"])
@resource.response(201, listed(ShownDefinition, "Deployed"))
@resource.doc(requestBody=uploads.body("files", "The .bpmn, .dmn and form .json files", several=True, author={
    "type": "string", "description": "Who drafted it, where it was drafted elsewhere"}))
def deploy() -> dict[str, Any]:
    """Deploy diagrams, decisions and forms in one go; for a publisher who did not draft them."""
    with engine().database.reading() as session:
        said = engine().rights.refusal(session, who(), "deploy", None)
    if said is not None:
        raise NotAllowed(said)
    files = uploads.several("files")
    made = definitions.deploy(engine(), files, who(), request.form.get("author") or None)
    return {"items": [definition_row(row) for row in made], "next": None}


@resource.route("/process-definitions/<key>")
@resource.arguments(VersionQuery, location="query")
@resource.response(200, ShownDefinition)
def one_definition(query: dict[str, Any], key: str) -> dict[str, Any]:
    """One process: its latest version, or the one asked for."""
    with engine().database.reading() as session:
        return definition_row(_version(session, key, query["version"]))


@resource.route("/process-definitions/<key>/bpmn")
@resource.arguments(VersionQuery, location="query")
@resource.response(200, {"type": "string"}, content_type="application/xml")
def diagram(query: dict[str, Any], key: str) -> Response:
    """The diagram as BPMN 2.0 XML."""
    with engine().database.reading() as session:
        xml = definitions.bpmn(session, _version(session, key, query["version"]))
    return Response(xml, content_type="application/xml; charset=utf-8")


@resource.route("/process-definitions/<key>/form")
@resource.response(200, ShownForm)
def start_form(key: str) -> dict[str, Any]:
    """The start form and what I had typed into it."""
    with engine().database.reading() as session:
        return forms_shown.start_form(session, who(), _startable(session, key))


@resource.route("/process-definitions/<key>/draft", methods=["POST"])
@resource.arguments(Typed)
@resource.response(200, Saved)
def save_start_draft(body: dict[str, Any], key: str) -> dict[str, Any]:
    """Keep what I have typed into the start form; nobody else sees it."""
    with engine().database.reading() as session:
        _startable(session, key)
    return forms_shown.save(who(), f"start/{key}", body["data"])


@resource.route("/process-definitions/<key>/start", methods=["POST"])
@resource.arguments(Start)
@resource.response(201, ShownOutcome)
def start(body: dict[str, Any], key: str) -> dict[str, Any]:
    """Start a case with the data of the start form."""
    outcome = cases.start(engine(), who(), key, body["variables"], body["business_key"])
    return outcome_row(who(), outcome)


def _version(session: Session, key: str, number: int | None) -> Definition:
    return definitions.latest(session, key) if number is None else definitions.version(session, key, number)


def _startable(session: Session, key: str) -> Definition:
    definition = definitions.latest(session, key)
    forms_shown.require_startable(session, who(), definition)
    return definition
