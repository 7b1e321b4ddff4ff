"""Messages by hand: they reach the case that waits for them, or start one."""

from typing import Any

from marshmallow import Schema, fields, validate

from engine import messages
from engine.words import Text
from webapp.api.arguments import Body
from webapp.api.resource import Resource
from webapp.api.signed_in import who
from webapp.reading import engine

resource = Resource("messages", Text("给案件的消息", "Messages to cases"))


class Message(Body):
    """What is said, and to whom."""

    name = fields.String(required=True, validate=validate.Length(1, 120))
    correlation_key = fields.String(required=True, validate=validate.Length(1, 200))
    variables = fields.Dict(keys=fields.String(), load_default=dict)
    time_to_live = fields.String(load_default=None, allow_none=True, validate=validate.Length(1, 40),
                                 metadata={"description": "How long it may wait, such as PT1H"})


class Reached(Schema):
    """The cases that it reached; none yet where it may wait."""

    cases = fields.List(fields.Integer(), required=True)


@resource.route("/messages", methods=["POST"])
@resource.arguments(Message)
@resource.response(202, Reached)
def send(body: dict[str, Any]) -> dict[str, Any]:
    """Send a message; 404 when nobody waits for it, unless it has a time to live."""
    reached = messages.send(
        engine(), who(), body["name"], body["correlation_key"], body["variables"], body["time_to_live"])
    return {"cases": reached}
