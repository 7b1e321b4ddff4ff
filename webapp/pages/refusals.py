"""Refusals of the engine told with the names of people instead of their sign-in names."""

from sqlalchemy.orm import Session

from engine.clock import TZ
from engine.errors import AlreadyDone, EngineError, InvalidData, Stale
from engine.tables import Task
from engine.words import Text
from housing import people


def words_of(session: Session, error: EngineError, task: Task | None = None) -> Text:
    """The sentence for people."""
    if isinstance(error, AlreadyDone) and error.completed_by and error.completed_at:
        who, at = people.name_of(session, error.completed_by), error.completed_at.astimezone(TZ)
        return Text(f"{who.zh} {at:%H:%M} 已完成这一步", f"{who.en} finished this at {at:%H:%M}")
    if isinstance(error, Stale) and error.changed_by and error.changed_at:
        who, at = people.name_of(session, error.changed_by), error.changed_at.astimezone(TZ)
        return Text(f"打开页面后，{who.zh} 在 {at:%H:%M} 改动过它", f"{who.en} changed it at {at:%H:%M}, after you opened the page")
    if isinstance(error, InvalidData):
        texts = [text for several in error.errors.values() for text in several]
        return Text("；".join(text.zh for text in texts), "; ".join(text.en for text in texts))
    return _named(session, error.text, task.assignee if task is not None else None)


def _named(session: Session, text: Text, username: str | None) -> Text:
    if not username or not text.zh.startswith(username):
        return text
    who = people.name_of(session, username)
    return Text(text.zh.replace(username, who.zh, 1), text.en.replace(username, who.en, 1))
