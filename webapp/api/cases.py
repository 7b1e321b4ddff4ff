"""Cases: found, read, what happened in them, and the operations on them."""

from typing import Any

from marshmallow import Schema, fields, validate
from sqlalchemy.orm import Session

from engine import cases, history, standing
from engine.tables import Case
from engine.words import Text
from housing import case_lists
from webapp.api.arguments import Body
from webapp.api.paging import PageQuery, listed, page, read_cursor, write_cursor
from webapp.api.resource import Resource
from webapp.api.shown import CASE_STATES, At, ShownCase, case_row, maybe, plain
from webapp.api.signed_in import who
from webapp.reading import engine

resource = Resource("cases", Text("案件、经过和操作", "Cases, what happened in them, and operations"))


class CaseQuery(PageQuery):
    """Which cases."""

    state = fields.String(load_default=None, validate=validate.OneOf(CASE_STATES))
    process_key = fields.String(load_default=None, validate=validate.Length(max=120))
    business_key = fields.String(load_default=None, validate=validate.Length(max=120))
    org = fields.String(load_default=None, validate=validate.Length(max=120))


class ShownHistory(Schema):
    """One thing that happened; `hash` covers it and the one before."""

    seq = fields.Integer(required=True)
    at = At(required=True)
    element_id = maybe(fields.String)
    element_name = maybe(fields.String)
    element_name_en = maybe(fields.String)
    element_type = maybe(fields.String)
    event = fields.String(required=True)
    actor = fields.String(required=True)
    data = fields.Dict(required=True)
    hash = fields.String(required=True)


class ShownStanding(Schema):
    """An element that is active now."""

    id = fields.String(required=True)
    element_id = fields.String(required=True)
    element_name = maybe(fields.String)
    element_name_en = maybe(fields.String)
    element_type = maybe(fields.String)
    state = fields.String(required=True)
    since = maybe(At)


class Reason(Body):
    """Why, for the record, and the version of the case that the decision was made on."""

    reason = fields.String(required=True, validate=validate.Length(1, 2000))
    version = fields.Integer(load_default=None, allow_none=True)


class ExpectedCase(Body):
    """The version of the case that the decision was made on."""

    version = fields.Integer(load_default=None, allow_none=True)


@resource.route("/cases")
@resource.arguments(CaseQuery, location="query")
@resource.response(200, listed(ShownCase, "CaseList"))
def all_cases(query: dict[str, Any]) -> dict[str, Any]:
    """The cases that I may see, newest first."""
    before = read_cursor(query.pop("cursor"), int)
    limit = query.pop("limit")
    with engine().database.reading() as session:
        rows = case_lists.newest(session, who(), before=before[0] if before else None, limit=limit + 1, **query)
        items, following = page(rows, limit, "id")
        return {"items": [case_row(row) for row in items], "next": following}


@resource.route("/cases/<row:case_id>")
@resource.response(200, ShownCase)
def one_case(case_id: int) -> dict[str, Any]:
    """One case with its variables."""
    with engine().database.reading() as session:
        return case_row(visible(session, case_id))


@resource.route("/cases/<row:case_id>/history")
@resource.arguments(PageQuery, location="query")
@resource.response(200, listed(ShownHistory, "HistoryList"))
def happened(query: dict[str, Any], case_id: int) -> dict[str, Any]:
    """Every element entered and left and every act, in order."""
    after = read_cursor(query["cursor"], int)
    with engine().database.reading() as session:
        visible(session, case_id)
        rows = history.of_case(session, case_id, after[0] if after else 0, query["limit"] + 1)
        items, following = page(rows, query["limit"], "seq")
        return {"items": [plain(row, ShownHistory) for row in items], "next": following}


@resource.route("/cases/<row:case_id>/activity-instances")
@resource.arguments(PageQuery, location="query")
@resource.response(200, listed(ShownStanding, "StandingList"))
def where_it_stands(query: dict[str, Any], case_id: int) -> dict[str, Any]:
    """The elements that are active now."""
    start = read_cursor(query["cursor"], int)
    first, limit = (start[0] if start else 0), query["limit"]
    with engine().database.reading() as session:
        rows = standing.activity_instances(engine(), session, visible(session, case_id))
    following = write_cursor(first + limit) if len(rows) > first + limit else None
    return {"items": rows[first : first + limit], "next": following}


@resource.route("/cases/<row:case_id>/cancel", methods=["POST"])
@resource.arguments(Reason)
@resource.response(200, ShownCase)
def cancel(body: dict[str, Any], case_id: int) -> dict[str, Any]:
    """End a case before its end, with the reason."""
    return _after(cases.cancel(engine(), who(), case_id, body["reason"], body["version"]))


@resource.route("/cases/<row:case_id>/suspend", methods=["POST"])
@resource.arguments(ExpectedCase)
@resource.response(200, ShownCase)
def suspend(body: dict[str, Any], case_id: int) -> dict[str, Any]:
    """Let a case rest: no task, timer or message moves it."""
    return _after(cases.suspend(engine(), who(), case_id, body["version"]))


@resource.route("/cases/<row:case_id>/resume", methods=["POST"])
@resource.arguments(ExpectedCase)
@resource.response(200, ShownCase)
def resume(body: dict[str, Any], case_id: int) -> dict[str, Any]:
    """Let a suspended case go on."""
    return _after(cases.resume(engine(), who(), case_id, body["version"]))


def visible(session: Session, case_id: int) -> Case:
    """The case, where the asking person may see it."""
    return cases.seen(engine(), session, who(), case_id)


def _after(case: Case) -> dict[str, Any]:
    """The case after an operation; its contents only for those who may read them."""
    with engine().database.reading() as session:
        seen = engine().rights.sees(session, who(), case)
    return case_row(case) if seen else {**case_row(case), "title": "", "title_en": "", "variables": {}}
