"""Files: their uploader's alone until a form takes them into a case, gone after a day otherwise."""

import hashlib
import uuid
from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from engine import history
from engine.actor import Actor
from engine.cases import seen
from engine.engine import Engine
from engine.errors import InvalidData, NotAllowed, NotFound
from engine.tables import Attachment, AttachmentContent
from engine.turn import locked_case, writing
from engine.words import Text

KEPT_FOR = timedelta(hours=24)
QUOTA_BYTES = 200 * 1024 * 1024


def add(
    engine: Engine, actor: Actor, name: str, media_type: str, content: bytes, *, original_sha256: str = "",
    width: int | None = None, height: int | None = None, thumbnail: bytes | None = None,
) -> Attachment:  # fmt: skip
    """Keep a file for its uploader; refused above their quota of loose files."""
    digest = hashlib.sha256(content).hexdigest()
    with writing(engine) as session:
        now = engine.clock.now()
        loose = session.scalar(select(func.sum(Attachment.size)).where(
            Attachment.uploaded_by == actor.username, Attachment.case_id.is_(None)
        )) or 0  # fmt: skip
        if loose + len(content) > QUOTA_BYTES:
            raise InvalidData({"file": [Text("上传了太多还没有用上的文件", "Too many files are uploaded and not used yet")]})
        made = Attachment(
            id=str(uuid.uuid4()), name=name[:200], media_type=media_type, size=len(content), sha256=digest,
            original_sha256=original_sha256 or digest, width=width, height=height, uploaded_by=actor.username, uploaded_at=now,
        )  # fmt: skip
        session.add(made)
        session.flush()
        session.add(AttachmentContent(attachment_id=made.id, content=content, thumbnail=thumbnail))
        return made


def get(session: Session, attachment_id: str) -> Attachment | None:
    """The file's particulars, without a question of rights."""
    return session.get(Attachment, attachment_id)


def readable(engine: Engine, session: Session, actor: Actor, attachment_id: str) -> Attachment:
    """A file that this person may read: their own, or one of a case they may see."""
    found = session.get(Attachment, attachment_id)
    if found is None:
        raise NotFound
    if found.case_id is None:
        if found.uploaded_by != actor.username:
            raise NotFound
        return found
    seen(engine, session, actor, found.case_id)
    return found


def content(session: Session, attachment_id: str) -> AttachmentContent:
    """The bytes and the thumbnail."""
    return session.get_one(AttachmentContent, attachment_id)


def many(session: Session, ids: Iterable[str]) -> list[Attachment]:
    """Several at once, those that exist."""
    return list(session.scalars(select(Attachment).where(Attachment.id.in_(list(ids)))))


def of_case(session: Session, case_id: int) -> list[Attachment]:
    """The files of a case, oldest first."""
    return list(session.scalars(select(Attachment).where(Attachment.case_id == case_id).order_by(Attachment.uploaded_at)))


def attach(engine: Engine, actor: Actor, case_id: int, attachment_id: str, element_id: str | None = None) -> Attachment:
    """Put one's own loose file into a case."""
    with writing(engine) as session:
        seen(engine, session, actor, case_id)
        case = locked_case(session, case_id)
        if (why := engine.rights.refusal(session, actor, "attach", case)) is not None:
            raise NotAllowed(why)
        found = readable(engine, session, actor, attachment_id)
        found.case_id, found.element_id = case_id, element_id
        entry = {"event": "attached", "actor": actor.username, "element_id": element_id, "data": {"name": found.name, "sha256": found.sha256}}
        history.append_to_case(session, case, engine.clock.now(), [entry])
        return found


def sweep(engine: Engine) -> int:
    """Drop loose files after a day; how many."""
    with writing(engine) as session:
        before = engine.clock.now() - KEPT_FOR
        old = list(session.scalars(select(Attachment.id).where(Attachment.case_id.is_(None), Attachment.uploaded_at < before)))
        session.execute(delete(AttachmentContent).where(AttachmentContent.attachment_id.in_(old)))
        session.execute(delete(Attachment).where(Attachment.id.in_(old)))
        return len(old)
