"""Lists: `{"items": […], "next": cursor or null}`, with a cursor that only we read."""

import base64
import json
from collections.abc import Sequence
from typing import Any

from marshmallow import Schema, fields, validate

from engine.errors import InvalidData
from engine.words import Text
from webapp.api.arguments import Body

LIMIT, MOST = 50, 200


class PageQuery(Body):
    """`limit` and `cursor`, which every list takes."""

    limit = fields.Integer(
        load_default=LIMIT,
        validate=validate.Range(1, MOST, error="{input}: 1–200"),
        metadata={"description": f"How many at most, up to {MOST}"},
    )
    cursor = fields.String(
        load_default=None, validate=validate.Length(max=500),
        metadata={"description": "`next` of the page before"},
    )


def listed(items: type[Schema], name: str) -> type[Schema]:
    """The schema of a list of `items`."""
    return Schema.from_dict(
        {
            "items": fields.List(fields.Nested(items), required=True),
            "next": fields.String(allow_none=True, required=True, metadata={"description": "null on the last page"}),
        },
        name=name,
    )


def write_cursor(*values: Any) -> str:
    """A cursor holding `values`."""
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def read_cursor(cursor: str | None, *kinds: type) -> tuple[Any, ...] | None:
    """What `write_cursor` put in; None without a cursor, `InvalidData` for one we did not write."""
    if cursor is None:
        return None
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, RecursionError):
        values = None
    if not isinstance(values, list) or [type(value) for value in values] != list(kinds):
        raise bad_cursor()
    if any(isinstance(value, int) and abs(value) > 2**31 - 1 for value in values):
        raise bad_cursor()
    return tuple(values)


def bad_cursor() -> InvalidData:
    """The refusal of a cursor that is none of ours."""
    return InvalidData({"cursor": [Text("请使用上一页给出的 next。", "Use the `next` of the page before.")]})


def page(rows: Sequence[Any], limit: int, key: str) -> tuple[Sequence[Any], str | None]:
    """Of `limit + 1` rows fetched by ascending or descending `key`: those of this page, and the next cursor."""
    if len(rows) <= limit:
        return rows, None
    return rows[:limit], write_cursor(getattr(rows[limit - 1], key))
