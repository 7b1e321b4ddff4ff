"""What a request brings, read strictly: JSON that is JSON, queries without unknown names, messages in both languages."""

import math
from collections.abc import Iterator
from typing import Any, NoReturn

from flask import Request, json
from marshmallow import RAISE, Schema, ValidationError
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnsupportedMediaType

from engine.errors import InvalidData
from engine.words import Text

JSON_LIMIT = 1_000_000
WORDS = {
    "Missing data for required field.": Text("此项必填。", "This is required."),
    "Unknown field.": Text("没有这一项。", "There is no such field."),
    "Field may not be null.": Text("此项不能为空。", "This may not be empty."),
    "Not a valid integer.": Text("请填写整数。", "This must be a whole number."),
    "Not a valid string.": Text("请填写文字。", "This must be text."),
    "Not a valid boolean.": Text("请填写是或否。", "This must be true or false."),
    "Not a valid mapping type.": Text("请给出一组名称和值。", "This must be an object of names and values."),
    "Not a valid list.": Text("请给出列表。", "This must be a list."),
    "Not a valid datetime.": Text("请填写带时区的时间，例如 2026-03-01T09:00:00+08:00。",
                                  "This must be a time with its offset, such as 2026-03-01T09:00:00+08:00."),
}


class Parser(FlaskParser):
    """webargs with our strictness: unknown names are refused everywhere, and every fault is an `InvalidData`."""

    DEFAULT_UNKNOWN_BY_LOCATION = {"json": RAISE, "query": RAISE, "files": RAISE, "form": RAISE}

    def load_json(self, req: Request, schema: Schema) -> Any:
        return read_json(req, required=any(field.required for field in schema.fields.values()))

    def load_query(self, req: Request, schema: Schema) -> Any:
        require_clean(req.args.to_dict(flat=False))
        return super().load_query(req, schema)

    def handle_error(
        self, error: ValidationError, req: Request, schema: Schema, *, error_status_code: int | None,
        error_headers: Any,
    ) -> NoReturn:
        messages = error.messages
        inner = next(iter(messages.values())) if isinstance(messages, dict) and len(messages) == 1 else messages
        raise InvalidData(dict(flatten(inner if isinstance(inner, (dict, list)) else messages))) from error


def read_json(req: Request, *, required: bool = True) -> dict[str, Any]:
    """The body as an object; an empty one reads as {} where nothing is required."""
    req.max_content_length = JSON_LIMIT
    if (req.content_length or 0) > JSON_LIMIT:
        raise RequestEntityTooLarge()
    body = req.get_data(cache=True)
    if not body and not required:
        return {}
    if not req.is_json:
        raise UnsupportedMediaType()
    try:
        data = json.loads(body, parse_constant=_no_constant, parse_float=_finite)
    except (ValueError, RecursionError) as fault:
        raise BadRequest() from fault
    if not isinstance(data, dict):
        raise InvalidData({"": [Text("请给出一个对象。", "The body must be an object.")]})
    require_clean(data)
    return data


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError(digits)
    return number


def require_clean(data: Any) -> None:
    """Refuse what no database keeps: NUL and halves of surrogate pairs."""
    faults = {path: [Text("含有无法保存的字符。", "It has characters that cannot be kept.")] for path in _unclean(data, "")}
    if faults:
        raise InvalidData(faults)


def _unclean(data: Any, path: str) -> Iterator[str]:
    if isinstance(data, str):
        if "\x00" in data or any("\ud800" <= letter <= "\udfff" for letter in data):
            yield path
    elif isinstance(data, dict):
        for name, value in data.items():
            yield from ((path or "") for _ in _unclean(name, path))
            yield from _unclean(value, join(path, name))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from _unclean(value, join(path, index))


def join(path: str, name: object) -> str:
    """`household` and 0 make `household.0`."""
    clean = str(name).encode("utf-8", "replace").decode().replace("\x00", "?")
    return f"{path}.{clean}" if path else clean


def flatten(messages: Any, path: str = "") -> Iterator[tuple[str, list[Text]]]:
    """marshmallow's nested messages by dotted path, each in both languages."""
    if isinstance(messages, dict):
        for name, inner in messages.items():
            yield from flatten(inner, path if name == "_schema" else join(path, name))
    else:
        yield path, [said if isinstance(said, Text) else words(str(said)) for said in _listed(messages)]


def _listed(messages: Any) -> list[Any]:
    return messages if isinstance(messages, list) else [messages]


def words(english: str) -> Text:
    """A message of marshmallow's in both languages."""
    return WORDS.get(english) or Text(f"此项不符合要求（{english}）", english)


class Body(Schema):
    """What a request may bring: nothing beside the named fields."""

    class Meta:
        unknown = RAISE


class Answer(Schema):
    """What an answer holds."""
