"""Who stands in for whom, and from when to when; one sets it for oneself, an administrator for anybody."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from engine import history
from engine.actor import Actor
from engine.errors import InvalidData, NotAllowed, NotFound
from engine.words import Text
from housing import notices, people
from housing.grants import Substitution, day_of
from housing.people import Account

if TYPE_CHECKING:
    from engine.engine import Engine

LONGEST_DAYS = 366


def of_person(session: Session, username: str) -> Sequence[Substitution]:
    """All in which a person is the absent one or the substitute, newest first."""
    either = or_(Substitution.from_user == username, Substitution.to_user == username)
    return session.scalars(select(Substitution).where(either).order_by(Substitution.valid_from.desc(), Substitution.id)).all()


def arrange(engine: "Engine", actor: Actor, from_user: str, to_user: str, valid_from: date, valid_to: date,
            reason: str = "") -> Substitution:
    """For these days `to_user` also sees and does what is `from_user`'s by role; the one is told, the record kept."""
    now = engine.clock.now()
    with engine.database.writing() as session:
        _check_may(engine, session, actor, from_user)
        _check(session, from_user, to_user, valid_from, valid_to, day_of(now))
        row = Substitution(from_user=from_user, to_user=to_user, valid_from=valid_from, valid_to=valid_to,
                           reason=reason.strip()[:300], set_by=actor.username)
        session.add(row)
        session.flush()
        called = people.name_of(session, from_user)
        notices.tell(session, [to_user], "substitute", Text(
            f"{valid_from:%m月%d日}至{valid_to:%m月%d日}由您代理{called.zh}",
            f"From {valid_from:%d %b} to {valid_to:%d %b} you stand in for {called.en}"), now)
        _note(engine, session, actor, "substitute_arranged", row)
        return row


def end(engine: "Engine", actor: Actor, substitution_id: int) -> None:
    """It ends now; one that has begun keeps its days up to yesterday for the record."""
    today = day_of(engine.clock.now())
    with engine.database.writing() as session:
        row = session.get(Substitution, substitution_id)
        if row is None:
            raise NotFound
        _check_may(engine, session, actor, row.from_user)
        _note(engine, session, actor, "substitute_ended", row)
        if row.valid_from >= today:
            session.delete(row)
        elif row.valid_to >= today:
            row.valid_to = date.fromordinal(today.toordinal() - 1)


def _check_may(engine: "Engine", session: Session, actor: Actor, from_user: str) -> None:
    if from_user == actor.username:
        return
    refusal = engine.rights.refusal(session, actor, "change", "accounts")
    if refusal is not None:
        raise NotAllowed(Text("只能为自己安排代理人", "You can arrange a substitute for yourself"))


def _check(session: Session, from_user: str, to_user: str, valid_from: date, valid_to: date, today: date) -> None:
    errors: dict[str, list[Text]] = {}
    substitute = session.get(Account, to_user)
    if substitute is None or not substitute.active or to_user == from_user:
        errors["to_user"] = [Text("选一位在职的其他人", "Choose somebody else who is active")]
    if session.get(Account, from_user) is None:
        errors["from_user"] = [Text("没有这个人", "There is no such person")]
    if valid_to < valid_from or valid_to < today:
        errors["valid_to"] = [Text("结束日不早于开始日和今天", "It ends no earlier than it begins, and not in the past")]
    elif (valid_to - valid_from).days > LONGEST_DAYS:
        errors["valid_to"] = [Text("最长一年", "At most a year")]
    if errors:
        raise InvalidData(errors)


def _note(engine: "Engine", session: Session, actor: Actor, event: str, row: Substitution) -> None:
    data = {"from": row.from_user, "to": row.to_user, "valid_from": row.valid_from.isoformat(),
            "valid_to": row.valid_to.isoformat()}
    history.note(session, "accounts", event, actor.username, data, engine.clock.now())
