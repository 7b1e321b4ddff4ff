"""Photographs and documents over HTTP: brought one by one, shown to those who see their case, never run by a browser."""

from urllib.parse import quote

from flask import Blueprint, Response, make_response, render_template, request
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from engine import attachments
from engine.actor import Actor
from engine.engine import Engine
from engine.errors import InvalidData, NotAllowed, NotFound
from engine.tables import Attachment
from engine.words import Text
from webapp import reading
from webapp.pages.files import shown
from webapp.photographs import EMPTY, JPEG, MOST_BYTES, prepare
from webapp.security import limiter
from webapp.words import say

pages = Blueprint("attachments", __name__)
A_YEAR = "private, max-age=31536000, immutable"
NOT_A_VISITOR = Text("登录后才能上传文件", "Sign in to send files")


def store(engine: Engine, actor: Actor, name: str, content: bytes) -> Attachment:
    """Keep a file; it is its uploader's alone until a form or a comment takes it."""
    if not actor.grants:
        raise NotAllowed(NOT_A_VISITOR)
    made = prepare(name, content)
    return attachments.add(
        engine, actor, made.name, made.media_type, made.content, original_sha256=made.original_sha256,
        width=made.width, height=made.height, thumbnail=made.thumbnail,
    )


def store_posted(file: FileStorage) -> Attachment:
    """A file of a form post; read no further than the most that is taken."""
    return store(reading.engine(), reading.actor(), file.filename or "file", file.stream.read(MOST_BYTES + 1))


@pages.post("/attachments")
@limiter.limit("120 per minute")
def bring() -> Response:
    """Keep one file and answer with its line for the form's list; a refusal is a sentence."""
    file = request.files.get("file")
    try:
        if file is None or not file.filename:
            raise InvalidData({"file": [EMPTY]})
        kept = store_posted(file)
    except InvalidData as refusal:
        words = " ".join(say(text) for texts in refusal.errors.values() for text in texts)
        return make_response(words, 422, {"Content-Type": "text/plain; charset=utf-8"})
    return make_response(render_template("task/kept_file.html", file=shown(kept), name="NAME"), 201)


@pages.get("/attachments/<attachment_id>")
def whole(attachment_id: str) -> Response:
    """The file itself: our own JPEGs are shown, everything else is handed over for saving."""
    session = reading.session()
    found = visible(session, attachment_id)
    return _guarded(attachments.content(session, found.id).content, found, found.media_type)


@pages.get("/attachments/<attachment_id>/thumbnail")
def small(attachment_id: str) -> Response:
    """A photograph's small copy."""
    session = reading.session()
    found = visible(session, attachment_id)
    thumbnail = attachments.content(session, found.id).thumbnail
    if thumbnail is None:
        raise NotFound
    return _guarded(thumbnail, found, JPEG)


def visible(session: Session, attachment_id: str) -> Attachment:
    """The file, for those who see its case, or its uploader."""
    return attachments.readable(reading.engine(), session, reading.actor(), attachment_id)


def _guarded(content: bytes, attachment: Attachment, media_type: str) -> Response:
    """Its kind is what we found it to be, and no browser runs it."""
    answer = make_response(content)
    way = "inline" if media_type == JPEG and attachment.width else "attachment"
    answer.headers["Content-Type"] = media_type
    answer.headers["Content-Disposition"] = f"{way}; filename*=UTF-8''{quote(attachment.name)}"
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = A_YEAR
    answer.set_etag(attachment.sha256)
    return answer
