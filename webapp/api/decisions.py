"""Decisions: asked directly, with the rules that gave the answer."""

from typing import Any

from marshmallow import Schema, fields

from engine import asking
from engine.words import Text
from webapp.api.arguments import Body
from webapp.api.resource import Resource
from webapp.api.signed_in import who
from webapp.reading import engine

resource = Resource("decisions", Text("决策表", "Decision tables"))


class Inputs(Body):
    """The variables that the decision reads."""

    variables = fields.Dict(keys=fields.String(), required=True)


class ShownRule(Schema):
    """A rule that matched, with the clause it stands for."""

    rule_id = fields.String(required=True)
    annotation = fields.String(required=True, allow_none=True)


class ShownAnswer(Schema):
    """The decision's value as DMN defines it, and why."""

    outputs = fields.Raw(required=True, allow_none=True)
    matched_rules = fields.List(fields.Nested(ShownRule), required=True)


@resource.route("/decisions/<key>/evaluate", methods=["POST"])
@resource.arguments(Inputs)
@resource.response(200, ShownAnswer)
def evaluate(body: dict[str, Any], key: str) -> Any:
    """Ask a decision; nothing is recorded."""
    return asking.ask(engine(), who(), key, body["variables"])
