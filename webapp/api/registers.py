"""The registers: projects, buildings, dwellings, hazards, organisations, as much of each as I may see."""

from typing import Any

from marshmallow import Schema, fields, validate

from engine.errors import NotFound
from engine.words import Text
from housing import register_lists
from webapp.api.arguments import Answer
from webapp.api.paging import PageQuery, listed, page, read_cursor
from webapp.api.resource import Resource
from webapp.api.shown import At, maybe
from webapp.api.signed_in import who
from webapp.reading import engine

resource = Resource("registers", Text("项目、楼栋、住房、隐患、单位", "Projects, buildings, dwellings, hazards, organisations"))
WORD = validate.Length(max=120)


class RegisterQuery(PageQuery):
    """What every register may be narrowed by; each takes those that its rows have."""

    org = fields.String(load_default=None, validate=WORD)
    kind = fields.String(load_default=None, validate=WORD)
    status = fields.String(load_default=None, validate=WORD)
    level = fields.String(load_default=None, validate=WORD)
    project_id = fields.Integer(load_default=None, validate=validate.Range(1, 2**31 - 1))
    building_id = fields.Integer(load_default=None, validate=validate.Range(1, 2**31 - 1))


class ShownProject(Answer):
    """A housing project."""

    id = fields.Integer(required=True)
    name = fields.String(required=True, attribute="name_zh")
    name_en = fields.String(required=True)
    org_unit = fields.String(required=True, attribute="subdistrict")
    committee = maybe(fields.String)
    operator = maybe(fields.String)
    address = fields.String(required=True)
    address_en = fields.String(required=True)
    file_no = fields.String(required=True)
    form = fields.String(required=True)
    stage = fields.String(required=True)
    supply_status = fields.String(required=True)


class ShownBuilding(Answer):
    """A building of a project."""

    id = fields.Integer(required=True)
    project_id = fields.Integer(required=True)
    name = fields.String(required=True, attribute="name_zh")
    name_en = fields.String(required=True)
    floors = fields.Integer(required=True)
    year = maybe(fields.Integer)


class ShownDwelling(Answer):
    """A dwelling; rents are decimal strings in CNY, areas in m²."""

    id = fields.Integer(required=True)
    building_id = fields.Integer(required=True)
    number = fields.String(required=True)
    product = fields.String(required=True)
    layout = fields.String(required=True)
    area_m2 = maybe(fields.Float)
    rooms = fields.Integer(required=True)
    status = fields.String(required=True)
    rent_cny = maybe(fields.Decimal, as_string=True, places=2, metadata={"type": "string"})


class ShownHazard(Answer):
    """A hazard as it stands."""

    id = fields.String(required=True, attribute="number")
    case_id = maybe(fields.Integer)
    project_id = fields.Integer(required=True)
    part = fields.String(required=True)
    category = fields.String(required=True)
    description = fields.String(required=True)
    level = maybe(fields.String)
    round = fields.Integer(required=True)
    status = fields.String(required=True)
    due_at = maybe(At)
    reported_at = At(required=True)
    closed_at = maybe(At)


class ShownOrganisation(Answer):
    """An organisation and where it stands in the tree."""

    id = fields.String(required=True, attribute="code")
    name = fields.String(required=True, attribute="name_zh")
    name_en = fields.String(required=True)
    kind = fields.String(required=True)
    parent = maybe(fields.String)


REGISTERS: dict[str, type[Schema]] = {
    "projects": ShownProject, "buildings": ShownBuilding, "dwellings": ShownDwelling,
    "hazards": ShownHazard, "organisations": ShownOrganisation,
}


def _add(register: str, shown: type[Schema]) -> None:
    """The list and the single row of one register."""
    taken = register_lists.REGISTERS[register]
    by_number = shown._declared_fields["id"].__class__ is fields.Integer
    narrow = tuple(taken.by)
    left_out = [name for name in RegisterQuery._declared_fields if name not in (*narrow, "limit", "cursor")]

    @resource.route(f"/{register}", endpoint=register.replace("-", "_"))
    @resource.arguments(RegisterQuery(exclude=left_out), location="query")
    @resource.response(200, listed(shown, f"{shown.__name__}List"))
    @resource.doc(summary=f"The {register} that I may see")
    def rows(query: dict[str, Any]) -> dict[str, Any]:
        after = read_cursor(query["cursor"], int if by_number else str)
        wanted = {name: query[name] for name in narrow if query[name] is not None}
        with engine().database.reading() as session:
            found = register_lists.rows(
                session, who(), register, after=after[0] if after else None, limit=query["limit"] + 1, narrow=wanted)
            items, following = page(found, query["limit"], taken.key.key)
            return {"items": list(items), "next": following}

    @resource.route(f"/{register}/<{'row' if by_number else 'string'}:row_id>", endpoint=f"one_of_{register}")
    @resource.response(200, shown)
    @resource.doc(summary=f"One of the {register}")
    def one(row_id: Any) -> Any:
        with engine().database.reading() as session:
            found = register_lists.one(session, who(), register, row_id)
            if found is None:
                raise NotFound
            session.expunge(found)
            return found


for _register, _shown in REGISTERS.items():
    _add(_register, _shown)
