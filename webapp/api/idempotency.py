"""Idempotency-Key: a POST that is sent again with the same key and content happens once and is answered the same."""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, current_app, json, make_response, request

from engine import idempotency
from engine.errors import InvalidData
from engine.words import Text
from webapp.api import problems, uploads
from webapp.api.arguments import read_json
from webapp.api.signed_in import who
from webapp.reading import engine

HEADER = "Idempotency-Key"
LONGEST = 200
KEPT_STATUSES = (409, 422)
View = Callable[..., Any]


def once(view: View) -> View:
    """`view`, done once per user, method, path and key; without the header it is untouched."""

    @wraps(view)
    def wrapper(**arguments: Any) -> Any:
        key = request.headers.get(HEADER)
        if key is None:
            return view(**arguments)
        return _under(_scope(key), _digest(), lambda: make_response(view(**arguments)))

    return wrapper


def _under(scope: str, digest: str, act: Callable[[], Response]) -> Response:
    kept = idempotency.reserve(engine().database, scope, digest)
    if isinstance(kept, idempotency.Answer):
        return _again(kept, digest)
    with kept:
        try:
            response = act()
        except Exception as error:
            response = problems.answer(error)
        if response.is_json and (response.status_code < 300 or response.status_code in KEPT_STATUSES):
            kept.keep(response.status_code, response.get_json())
    return response


def _again(kept: idempotency.Answer, digest: str) -> Response:
    if kept.digest != digest:
        said = Text("这个幂等键已经用于不同的内容，请换一个。", "This key came before with other content; use a new one.")
        raise problems.KeyReused({HEADER: [said]})
    response = current_app.response_class(
        json.dumps(kept.body), status=kept.status,
        content_type="application/json" if kept.status < 300 else problems.CONTENT_TYPE,
    )
    response.headers["Idempotent-Replayed"] = "true"
    return response


def _scope(key: str) -> str:
    if not key or len(key) > LONGEST or not key.isprintable():
        said = Text(f"请使用 1 至 {LONGEST} 个可见字符。", f"Use 1 to {LONGEST} printable characters.")
        raise InvalidData({HEADER: [said]})
    text = "\n".join((who().username, request.method, request.path, key))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _digest() -> str:
    """Over the parsed content, so that spacing and the order of names do not matter."""
    if request.mimetype == "multipart/form-data":
        uploads.require_size()
        content: Any = [
            sorted((str(name), value) for name, value in request.form.items(multi=True)),
            sorted((str(name), str(file.filename), _hash(file)) for name, file in request.files.items(multi=True)),
        ]
    else:
        content = read_json(request, required=False)
    return hashlib.sha256(json.dumps(_plain(content), sort_keys=True).encode()).hexdigest()


def _hash(file: Any) -> str:
    digest = hashlib.file_digest(file.stream, "sha256").hexdigest()
    file.stream.seek(0)
    return digest


def _plain(content: Any) -> Any:
    """1.0 and 1 are the same number to a client."""
    if isinstance(content, float) and content.is_integer():
        return int(content)
    if isinstance(content, dict):
        return {name: _plain(value) for name, value in content.items()}
    if isinstance(content, (list, tuple)):
        return [_plain(value) for value in content]
    return content
