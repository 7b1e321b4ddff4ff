"""Attachments: a file is brought first, then named by a form or put on a task."""

from typing import Any
from urllib.parse import quote

from flask import Response
from marshmallow import Schema, fields

from engine import attachments
from engine.errors import NotFound
from engine.tables import Attachment
from engine.words import Text
from webapp.api import uploads
from webapp.api.resource import Resource
from webapp.api.shown import plain
from webapp.api.signed_in import who
from webapp.attachments import store
from webapp.reading import engine

resource = Resource("attachments", Text("照片和文件", "Photographs and documents"))


class ShownAttachment(Schema):
    """A file as it was kept: photographs are made anew without their hidden data."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    media_type = fields.String(required=True)
    size = fields.Integer(required=True)
    sha256 = fields.String(required=True)


def attachment_row(attachment: Attachment) -> dict[str, Any]:
    """An attachment for `ShownAttachment`."""
    return plain(attachment, ShownAttachment)


def take() -> Attachment:
    """Keep the file that this request brings."""
    name, content = uploads.one("file")
    return store(engine(), who(), name, content)


@resource.route("/attachments", methods=["POST"])
@resource.response(201, ShownAttachment)
@resource.doc(requestBody=uploads.body("file", "A photograph or a document, up to 20 MB"))
def bring() -> dict[str, Any]:
    """Bring a file; only you see it until a form takes it, and it is gone after 24 hours otherwise."""
    return attachment_row(take())


@resource.route("/attachments/<attachment_id>")
@resource.response(200, ShownAttachment)
def one_attachment(attachment_id: str) -> dict[str, Any]:
    """What is known of a file."""
    return attachment_row(_visible(attachment_id))


@resource.route("/attachments/<attachment_id>/content")
@resource.response(200, {"type": "string", "format": "binary"}, content_type="application/octet-stream")
def content(attachment_id: str) -> Response:
    """The file itself."""
    attachment = _visible(attachment_id)
    with engine().database.reading() as session:
        found = attachments.content(session, attachment_id).content
    response = Response(found, content_type=attachment.media_type)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(attachment.name)}"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _visible(attachment_id: str) -> Attachment:
    with engine().database.reading() as session:
        attachment = attachments.get(session, attachment_id)
        if attachment is None or not engine().rights.sees(session, who(), attachment):
            raise NotFound()
        session.expunge(attachment)
    return attachment
