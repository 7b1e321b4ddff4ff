"""What people are told inside the product: rows made in the turn of the act itself, and the daily mail drawn from them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, Index, String, func, select, update
from sqlalchemy import Text as LongText
from sqlalchemy.orm import Mapped, Session, mapped_column

from engine.base import Base, Instant
from engine.engine import Happened
from engine.tables import Case, Task
from engine.words import Text
from housing import people, reach
from housing.hazards import Hazard
from housing.people import Account

DIGEST_EVERY = timedelta(hours=20)
DIGEST_HOUR = 8
DIGEST_LINES = 40
SILENT = frozenset({"system", "machine"})


class Notification(Base):
    """One thing a person should know, in both languages; `mailed_at` once it went out by mail."""

    __tablename__ = "housing_notification"
    __table_args__ = (
        Index("ix_housing_notification_person", "username", "read_at", "id"),
        Index("ix_housing_notification_mail", "mailed_at", "username"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(ForeignKey("housing_account.username"))
    kind: Mapped[str] = mapped_column(String(40))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("engine_case.id"))
    task_id: Mapped[int | None] = mapped_column(ForeignKey("engine_task.id"))
    zh: Mapped[str] = mapped_column(LongText)
    en: Mapped[str] = mapped_column(LongText)
    at: Mapped[datetime] = mapped_column(Instant)
    read_at: Mapped[datetime | None] = mapped_column(Instant)
    mailed_at: Mapped[datetime | None] = mapped_column(Instant)

    @property
    def text(self) -> Text:
        return Text(self.zh, self.en)


@dataclass(frozen=True)
class Digest:
    """One mail: to whom, in which language, what it says, which notifications it carries."""

    username: str
    mail: str
    subject: str
    body: str
    notification_ids: tuple[int, ...]


def tell(session: Session, usernames: Iterable[str | None], kind: str, text: Text, at: datetime, *,
         case_id: int | None = None, task_id: int | None = None) -> None:
    """Tell each of these people once; names that are no active account are left out."""
    wanted = {name for name in usernames if name and name not in SILENT}
    if not wanted:
        return
    known = session.scalars(select(Account.username).where(Account.username.in_(wanted), Account.active))
    session.add_all(Notification(username=name, kind=kind, case_id=case_id, task_id=task_id, zh=text.zh, en=text.en, at=at)
                    for name in sorted(known))


# -- what the engine reports ---------------------------------------------------------------------


def listener(session: Session, happened: Happened) -> None:
    """Subscribe this to `engine.listeners`: it runs inside the turn, so a rolled back act tells nobody."""
    react = REACTIONS.get(happened.kind)
    if react is not None and happened.case is not None:
        react(session, happened)


def _task_and_case(happened: Happened) -> tuple[Text, Text]:
    task, case = happened.task, happened.case
    key = f" {case.business_key}" if case.business_key else ""
    return Text(task.name.replace("\n", ""), task.name_en.replace("\n", " ") or task.name), Text(
        f"{case.title or case.process_key}{key}", f"{case.title_en or case.title or case.process_key}{key}")


def _assigned(session: Session, happened: Happened) -> None:
    """Somebody else gave me a task, or took one from me."""
    to = happened.data.get("assignee")
    if to and to != happened.actor:
        task, case = _task_and_case(happened)
        by = people.name_of(session, happened.actor)
        text = Text(f"{by.zh}把“{task.zh}”分派给您：{case.zh}", f'{by.en} assigned "{task.en}" to you: {case.en}')
        tell(session, [to], "assigned", text, happened.at, case_id=happened.case.id, task_id=happened.task.id)
    _taken_back(session, happened)


def _opened(session: Session, happened: Happened) -> None:
    """A task was made for one person, or a step of the ladder for whoever runs the project."""
    task, case = _task_and_case(happened)
    where = {"case_id": happened.case.id, "task_id": happened.task.id}
    if happened.task.assignee and happened.task.assignee != happened.actor:
        text = Text(f"“{task.zh}”等您办理：{case.zh}", f'"{task.en}" is waiting for you: {case.en}')
        tell(session, [happened.task.assignee], "assigned", text, happened.at, **where)
    if happened.task.element_id.startswith("escalation_"):
        text = Text(f"已升级到“{task.zh}”：{case.zh}", f'Moved up to "{task.en}": {case.en}')
        tell(session, _concerned(session, happened.case), "escalation", text, happened.at, **where)


def _concerned(session: Session, case: Case) -> set[str | None]:
    """Who did something in a case or holds a task of it."""
    rows = session.execute(select(Task.assignee, Task.completed_by).where(Task.case_id == case.id))
    return {name for pair in rows for name in pair}


def _taken_back(session: Session, happened: Happened) -> None:
    """A task that was mine was taken back or given to another."""
    holder = happened.data.get("from")
    if not holder or holder in (happened.actor, happened.data.get("assignee")):
        return
    task, case = _task_and_case(happened)
    by = people.name_of(session, happened.actor)
    text = Text(f"{by.zh}从您这里收回了“{task.zh}”：{case.zh}", f'{by.en} took back "{task.en}" from you: {case.en}')
    tell(session, [holder], "taken_back", text, happened.at, case_id=happened.case.id, task_id=happened.task.id)


def _cancelled_task(session: Session, happened: Happened) -> None:
    """A task I had claimed is no longer needed."""
    if happened.task.assignee in (None, happened.actor):
        return
    task, case = _task_and_case(happened)
    text = Text(f"“{task.zh}”不需要再办：{case.zh}", f'"{task.en}" is no longer needed: {case.en}')
    tell(session, [happened.task.assignee], "not_needed", text, happened.at, case_id=happened.case.id, task_id=happened.task.id)


def _ended(session: Session, happened: Happened) -> None:
    """What I reported has come to its end; those whose report was merged into it are told too, on their own case."""
    case, number = happened.case, happened.case.business_key or ""
    verb = Text("已撤销", "was cancelled") if happened.kind == "case_cancelled" else Text("已办结", "has been completed")
    title = Text(f"{case.title or case.process_key} {number}".strip(), f"{case.title_en or case.title or case.process_key} {number}".strip())
    text = Text(f"您上报的{title.zh}{verb.zh}", f"What you reported, {title.en}, {verb.en}")
    tell(session, {case.started_by} - {happened.actor}, "closed", text, happened.at, case_id=case.id)
    merged = select(Hazard.reported_by, Hazard.case_id).where(Hazard.duplicate_of == number, Hazard.reported_by != case.started_by)
    for reporter, own_case in session.execute(merged) if number else ():
        tell(session, [reporter], "closed", text, happened.at, case_id=own_case)


def _commented(session: Session, happened: Happened) -> None:
    """Somebody mentioned me; whoever may not see the case hears nothing of it."""
    mentioned = set(happened.data.get("mentions") or ()) - {happened.actor}
    by, number = people.name_of(session, happened.actor), happened.case.business_key or happened.case.title
    text = Text(f"{by.zh}在 {number} 的留言里提到您", f"{by.en} mentioned you in a comment on {number}")
    seeing = [name for name in mentioned if _sees(session, name, happened)]
    tell(session, seeing, "mention", text, happened.at, case_id=happened.case.id,
         task_id=happened.task.id if happened.task is not None else None)


def _sees(session: Session, username: str, happened: Happened) -> bool:
    actor = people.actor_of(session, username, happened.at)
    return actor is not None and reach.sees_case(session, actor, happened.case.id)


REACTIONS = {
    "assigned": _assigned, "task_opened": _opened, "released": _taken_back, "task_cancelled": _cancelled_task,
    "case_completed": _ended, "case_cancelled": _ended, "commented": _commented,
}


# -- reading them --------------------------------------------------------------------------------


def unread(session: Session, username: str) -> int:
    """How many one has not read."""
    mine = select(func.count()).where(Notification.username == username, Notification.read_at.is_(None))
    return session.scalar(mine) or 0


def of_person(session: Session, username: str, *, before: int | None = None, limit: int = 50,
              only_unread: bool = False) -> Sequence[Notification]:
    """One's notifications, newest first, from below the id `before` on."""
    wanted = select(Notification).where(Notification.username == username).order_by(Notification.id.desc()).limit(limit)
    if only_unread:
        wanted = wanted.where(Notification.read_at.is_(None))
    return session.scalars(wanted if before is None else wanted.where(Notification.id < before)).all()


def mark_read(session: Session, username: str, now: datetime, ids: Iterable[int] | None = None) -> int:
    """Mark some of one's own, or all, as read; answers how many were not before."""
    change = update(Notification).where(Notification.username == username, Notification.read_at.is_(None)).values(read_at=now)
    if ids is not None:
        change = change.where(Notification.id.in_(list(ids)))
    return len(session.scalars(change.returning(Notification.id)).all())


def mark_read_of_case(session: Session, username: str, case_id: int, now: datetime) -> int:
    """Opening a case reads what was said of it."""
    wanted = select(Notification.id).where(Notification.username == username, Notification.case_id == case_id)
    return mark_read(session, username, now, session.scalars(wanted).all())


# -- the daily mail ------------------------------------------------------------------------------


def due_digests(session: Session, now: datetime) -> list[Digest]:
    """From eight in the morning on: one mail for each person with an address and something unread, once a day."""
    if now.hour < DIGEST_HOUR:
        return []
    waiting = (
        select(Notification, Account).join(Account, Account.username == Notification.username)
        .where(Notification.mailed_at.is_(None), Notification.read_at.is_(None), Account.active, Account.mail.is_not(None))
        .order_by(Notification.username, Notification.id)
    )
    found: dict[str, tuple[Account, list[Notification]]] = {}
    for notification, account in session.execute(waiting):
        found.setdefault(account.username, (account, []))[1].append(notification)
    recent = set(session.scalars(select(Notification.username).where(Notification.mailed_at > now - DIGEST_EVERY)))
    return [_digest(account, rows) for name, (account, rows) in found.items() if name not in recent]


def _digest(account: Account, rows: list[Notification]) -> Digest:
    locale = account.locale or "zh"
    count, shown = len(rows), rows[:DIGEST_LINES]
    subject = Text(f"安居：{count} 条未读消息", f"Anju: {count} unread notification{'s' if count > 1 else ''}")
    lines = [f"- {row.at:%m-%d %H:%M} {row.text.in_(locale)}" for row in shown]
    if count > len(shown):
        rest = count - len(shown)
        lines.append(Text(f"还有 {rest} 条，请登录查看", f"{rest} more: sign in to read them").in_(locale))
    return Digest(account.username, account.mail or "", subject.in_(locale), "\n".join(lines), tuple(row.id for row in rows))


def mark_mailed(session: Session, digest: Digest, now: datetime) -> None:
    """The mail went out."""
    session.execute(update(Notification).where(Notification.id.in_(digest.notification_ids)).values(mailed_at=now))


def mark_unmailed(session: Session, digest: Digest) -> None:
    """The mail did not go out after all: it is due again."""
    session.execute(update(Notification).where(Notification.id.in_(digest.notification_ids)).values(mailed_at=None))


def sweep(session: Session, now: datetime, keep: timedelta = timedelta(days=90)) -> int:
    """Forget what was read long ago."""
    old = select(Notification).where(Notification.read_at < now - keep)
    rows = session.scalars(old).all()
    for row in rows:
        session.delete(row)
    return len(rows)
