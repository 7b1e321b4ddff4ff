"""Incidents: what failed, why, and again."""

from typing import Any

from marshmallow import Schema, fields

from engine import incidents
from engine.errors import NotFound
from engine.words import Text
from housing import case_lists
from webapp.api.paging import PageQuery, listed, page, read_cursor
from webapp.api.resource import Resource
from webapp.api.shown import At, maybe, plain
from webapp.api.signed_in import who
from webapp.reading import engine

resource = Resource("incidents", Text("办不下去的地方", "Where a case could not go on"))


class IncidentQuery(PageQuery):
    """Which incidents."""

    case_id = fields.Integer(load_default=None)
    state = fields.String(load_default="open")


class ShownIncident(Schema):
    """A stop, its cause in words, and whether it was overcome."""

    id = fields.Integer(required=True)
    case_id = maybe(fields.Integer)
    process_key = fields.String(required=True)
    element_id = maybe(fields.String)
    kind = fields.String(required=True)
    message = fields.String(required=True)
    message_en = fields.String(required=True)
    state = fields.String(required=True)
    attempts = fields.Integer(required=True)
    opened_at = At(required=True)
    resolved_at = maybe(At)
    resolved_by = maybe(fields.String)


@resource.route("/incidents")
@resource.arguments(IncidentQuery, location="query")
@resource.response(200, listed(ShownIncident, "IncidentList"))
def all_incidents(query: dict[str, Any]) -> dict[str, Any]:
    """The incidents that I may see, newest first."""
    before = read_cursor(query["cursor"], int)
    with engine().database.reading() as session:
        rows = case_lists.incidents(
            session, who(), case_id=query["case_id"], state=query["state"],
            before=before[0] if before else None, limit=query["limit"] + 1)
        items, following = page(rows, query["limit"], "id")
        return {"items": [plain(row, ShownIncident) for row in items], "next": following}


@resource.route("/incidents/<row:incident_id>/retry", methods=["POST"])
@resource.response(200, ShownIncident)
def retry(incident_id: int) -> dict[str, Any]:
    """Do again what failed."""
    with engine().database.reading() as session:
        if case_lists.incident(session, who(), incident_id) is None:
            raise NotFound
    return plain(incidents.retry(engine(), who(), incident_id), ShownIncident)
