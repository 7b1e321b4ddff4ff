"""GET /me: who the token stands for."""

from typing import Any

from marshmallow import Schema, fields

from engine.words import Text
from webapp.api.resource import Resource
from webapp.api.signed_in import who

resource = Resource("me", Text("我是谁", "Who I am"))


class ShownGrant(Schema):
    """A role, where it holds, and in whose stead."""

    role = fields.String(required=True)
    org_unit = fields.String(required=True)
    position = fields.String(required=True, allow_none=True)
    delegated_from = fields.String(required=True, allow_none=True)


class ShownPerson(Schema):
    """The signed-in person."""

    username = fields.String(required=True)
    roles = fields.List(fields.Nested(ShownGrant), required=True)


@resource.route("/me")
@resource.response(200, ShownPerson)
def me() -> dict[str, Any]:
    """Who I am, with my roles."""
    return {"username": who().username, "roles": list(who().grants)}
