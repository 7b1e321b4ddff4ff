"""Comments on a case, with the people they mention."""

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import history, submissions
from engine.actor import Actor
from engine.cases import seen
from engine.engine import Engine, Happened
from engine.errors import InvalidData, NotAllowed, NotFound
from engine.tables import Comment, Task
from engine.turn import locked_case, writing
from engine.words import Text

LONGEST = 4_000
MENTION = re.compile(r"@([a-z][a-z0-9_.]{1,60})")


def add(engine: Engine, actor: Actor, case_id: int, text: str, task_id: int | None = None) -> Comment:
    """Say something on a case one may see; `@name` tells that person."""
    if not text.strip():
        raise InvalidData({"text": [Text("写点什么再发", "Write something first")]})
    submissions.check_storable(text)
    if len(text) > LONGEST:
        raise InvalidData({"text": [Text(f"最多 {LONGEST} 字", f"{LONGEST} characters at most")]})
    with writing(engine) as session:
        seen(engine, session, actor, case_id)
        case = locked_case(session, case_id)
        if (why := engine.rights.refusal(session, actor, "comment", case)) is not None:
            raise NotAllowed(why)
        task = session.get(Task, task_id) if task_id else None
        if task_id is not None and (task is None or task.case_id != case_id):
            raise NotFound
        now = engine.clock.now()
        mentions = sorted({name.rstrip(".") for name in MENTION.findall(text)})
        comment = Comment(case_id=case_id, task_id=task_id, author=actor.username, at=now, text=text, mentions=mentions)
        session.add(comment)
        session.flush()
        entry = {"event": "commented", "actor": actor.username, "data": {"comment": comment.id}}
        history.append_to_case(session, case, now, [entry])
        engine.tell(session, Happened("commented", now, actor.username, case, task, {"mentions": mentions, "comment": comment.id}))
        return comment


def of_case(session: Session, case_id: int) -> list[Comment]:
    """The comments of a case, oldest first."""
    return list(session.scalars(select(Comment).where(Comment.case_id == case_id).order_by(Comment.id)))
