"""Files that come in a multipart body, taken by their names."""

from typing import Any

from flask import request
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnsupportedMediaType

from engine.errors import InvalidData
from engine.words import Text

MOST_FILES = 200
MOST_BYTES = 22 * 1024 * 1024


def body(name: str, description: str, *, several: bool = False, **more: dict[str, Any]) -> dict[str, Any]:
    """The OpenAPI description of such a body."""
    file = {"type": "string", "contentMediaType": "application/octet-stream", "format": "binary"}
    described = {"type": "array", "items": file, "minItems": 1} if several else file
    properties = {name: {**described, "description": description}, **more}
    schema = {"type": "object", "properties": properties, "required": [name]}
    return {"required": True, "content": {"multipart/form-data": {"schema": schema}}}


def several(name: str) -> dict[str, bytes]:
    """All files of this part: contents by their names."""
    found: dict[str, bytes] = {}
    for file in _files(name):
        path = (file.filename or "").replace("\\", "/").lstrip("/")
        if not path or not path.isprintable() or ".." in path.split("/") or path in found:
            raise InvalidData({name: [Text("每个文件要有自己的名字。", "Every file needs a name of its own.")]})
        found[path] = file.stream.read()
    return found


def one(name: str) -> tuple[str, bytes]:
    """The single file of this part: its name and content."""
    file, *others = _files(name)
    if others:
        raise InvalidData({name: [Text("一次一个文件。", "One file at a time.")]})
    return file.filename or "file", file.stream.read()


def require_size() -> None:
    """Refuse a body that is too large before any of it is read."""
    request.max_content_length = MOST_BYTES
    if (request.content_length or 0) > MOST_BYTES:
        raise RequestEntityTooLarge


def _files(name: str) -> list[FileStorage]:
    require_size()
    if request.mimetype != "multipart/form-data":
        raise UnsupportedMediaType()
    if not request.mimetype_params.get("boundary"):
        raise BadRequest()
    files = request.files.getlist(name)
    if not files:
        raise InvalidData({name: [Text("请附上文件。", "Attach the file.")]})
    if len(files) > MOST_FILES:
        raise InvalidData({name: [Text(f"最多 {MOST_FILES} 个文件。", f"At most {MOST_FILES} files.")]})
    return files
