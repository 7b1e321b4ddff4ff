"""Nothing typed is lost: what a form posted and could not be taken travels, signed, to a page that sends it again."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import current_app, request
from itsdangerous import BadData, URLSafeSerializer
from werkzeug.datastructures import MultiDict

from webapp import security, words

NOT_KEPT = frozenset({"csrf_token", "password", "new_password", "code", "kept"})
MOST = 1_000_000


@dataclass(frozen=True)
class Kept:
    """Where the form was sent to and what stood in it; files have to be chosen again."""

    path: str
    fields: tuple[tuple[str, str], ...]
    had_files: bool = False


def of_request() -> Kept | None:
    """What this refused post brought; None when it did not come from a page of ours or brought nothing."""
    if request.method != "POST" or not security.same_origin():
        return None
    fields = tuple(_fields(request.form))
    if not fields or sum(len(value) for _, value in fields) > MOST:
        return None
    return Kept(words.here(), fields, any(file.filename for file in request.files.values()))


def sealed(kept: Kept | None) -> str:
    """`kept` as one hidden field."""
    return _serializer().dumps([kept.path, kept.fields, kept.had_files]) if kept else ""


def opened(text: str | None) -> Kept | None:
    """What `sealed` made, if nobody has touched it."""
    try:
        path, fields, had_files = _serializer().loads(text or "")
    except (BadData, ValueError, TypeError):
        return None
    return Kept(path, tuple((name, value) for name, value in fields), had_files)


def _fields(form: MultiDict[str, str]) -> Iterable[tuple[str, str]]:
    return ((name, value) for name, value in form.items(multi=True) if name not in NOT_KEPT)


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="kept form")
