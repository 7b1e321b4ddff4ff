"""POST /tokens: a name and password for a Bearer token."""

from typing import Any

from flask import request
from marshmallow import Schema, fields, validate

from webapp.api import problems
from webapp.api.resource import Resource

resource = Resource("tokens", "Signing in", open_to_all=True)


class Credentials(Schema):
    """Who asks, and the proof."""

    username = fields.String(required=True, validate=validate.Length(1, 120))
    password = fields.String(required=True, validate=validate.Length(1, 1000))
    code = fields.String(load_default=None, validate=validate.Length(max=20),
                         metadata={"description": "The six digits, where a second factor is set up"})
