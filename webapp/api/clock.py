"""The demonstration's clock: only with --demo, only for an administrator."""

from typing import Any

from flask import current_app
from marshmallow import Schema

from engine import clock_moves
from engine.errors import NotAllowed, NotFound
from engine.words import Text
from webapp.api.arguments import Body
from webapp.api.resource import Resource
from webapp.api.shown import At, Span
from webapp.api.signed_in import who
from webapp.reading import engine

resource = Resource("demo", Text("演示时钟", "The demonstration's clock"))


class Advance(Body):
    """By how much."""

    advance = Span(required=True)


class ShownClock(Schema):
    """What time the application has now."""

    now = At(required=True)


@resource.route("/demo/clock", methods=["POST"])
@resource.arguments(Advance)
@resource.response(200, ShownClock)
def advance(body: dict[str, Any]) -> dict[str, Any]:
    """Move the application's clock on, through every due instant in turn."""
    if not current_app.config["DEMO"]:
        raise NotFound()
    if not who().has_role("admin"):
        raise NotAllowed(Text("演示时钟由管理员拨动。", "An administrator moves the demonstration's clock."))
    return {"now": clock_moves.advance(engine(), who(), body["advance"])}
