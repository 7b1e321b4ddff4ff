"""Messages: routed by name and correlation key, delivered inside one case's turn, or starting a case."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import isodate
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import definitions, projection, submissions
from engine.actor import SYSTEM, Actor
from engine.bpmn.script import deliver_by_name
from engine.engine import Engine
from engine.errors import Conflict, EngineError, InvalidData, NotAllowed, NotFound, ProcessFailure, WrongState
from engine.execution import Execution
from engine.tables import Case, Message, Subscription, Task
from engine.turn import turn, writing
from engine.words import Text


@dataclass(frozen=True)
class Button:
    """A message that this person may send to the case by hand."""

    subscription_id: int
    name: str
    element_id: str
    label: Text
    form_key: str | None


def buttons(engine: Engine, session: Session, actor: Actor, case: Case) -> list[Button]:
    """The messages of a case that `actor` may send now, one button for each name."""
    found: dict[str, Button] = {}
    for row in session.scalars(select(Subscription).where(Subscription.case_id == case.id).order_by(Subscription.id)):
        if row.candidate_groups and row.name not in found and _may_send(engine, session, actor, case, row):
            label = Text(row.element_name, row.element_name_en)
            found[row.name] = Button(row.id, row.name, row.element_id, label, row.form_key)
    return list(found.values())


def _may_send(engine: Engine, session: Session, actor: Actor, case: Case, row: Subscription) -> bool:
    if not row.candidate_groups or engine.rights.refusal(session, actor, "send", case) is not None:
        return False
    return actor.has_role(*_groups(engine, session, actor, case, row))


def _groups(engine: Engine, session: Session, actor: Actor, case: Case, row: Subscription) -> list[str]:
    text = row.candidate_groups or ""
    if not text.strip().startswith("${"):
        return projection.roles_of(text)
    ready = definitions.compiled_of(engine, session, case.definition_id)
    run = Execution(session, ready, case, actor, engine.clock.now(), engine.functions, lambda _ref: None, dict(case.variables))
    return projection.roles_of(run.plain(row.element_id, text))


def send(
    engine: Engine, actor: Actor, name: str, correlation_key: str, variables: Mapping[str, Any],
    time_to_live: str | None = None,
) -> list[int]:  # fmt: skip
    """Send by hand or from outside: the ids of the cases reached; `NotFound` when nobody waits."""
    lives_for = _lives_for(time_to_live)
    with engine.database.reading() as session:
        waiting = _waiting(session, name, correlation_key)
        starts = definitions.started_by_message(session, name) if not waiting else None
        if waiting:
            _check_by_hand(engine, session, actor, waiting)
        elif starts is not None and (why := engine.rights.refusal(session, actor, "start", starts)) is not None:
            raise NotAllowed(why)
    case_ids = sorted({row.case_id for row in waiting})
    if len(case_ids) > 1:
        raise Conflict(Text(f"有几件案件在等这条消息：{case_ids}", f"Several cases wait for this message: {case_ids}"))
    if case_ids:
        _deliver(engine, actor, case_ids[0], name, correlation_key, variables)
        release(engine)
        return case_ids
    if starts is not None:
        from engine import cases

        return [cases.start(engine, actor, starts.key, variables).case.id]
    return _keep(engine, actor, name, correlation_key, variables, lives_for)


def _lives_for(text: str | None) -> timedelta | None:
    if text is None:
        return None
    try:
        duration = isodate.parse_duration(text)
    except (isodate.ISO8601Error, TypeError, ValueError) as error:
        raise InvalidData({"time_to_live": [Text("写成 ISO 8601 时长，如 PT1H", "Write an ISO 8601 duration, such as PT1H")]}) from error
    if not isinstance(duration, timedelta) or duration <= timedelta(0):
        raise InvalidData({"time_to_live": [Text("时长要大于零，按天或时分写", "The duration must be positive, in days or hours")]})
    return duration


def _keep(
    engine: Engine, actor: Actor, name: str, key: str, variables: Mapping[str, Any], lives_for: timedelta | None
) -> list[int]:
    if lives_for is None:
        raise NotFound(Text("没有案件在等这条消息", "No case waits for this message"))
    with writing(engine) as session:
        if not actor.has_role("admin", "publisher", "bureau", "subdistrict", "operator", "committee"):
            raise NotAllowed(Text("您不能发送这条消息", "You may not send this message"))
        now = engine.clock.now()
        session.add(Message(
            name=name, correlation_key=key, variables=submissions.free(variables), sent_by=actor.username, sent_at=now,
            expires_at=now + lives_for, state="waiting",
        ))  # fmt: skip
    return []


def _waiting(session: Session, name: str, key: str) -> list[Subscription]:
    query = select(Subscription).where(Subscription.name == name, Subscription.correlation_key == key)
    return list(session.scalars(query))


def _check_by_hand(engine: Engine, session: Session, actor: Actor, waiting: list[Subscription]) -> None:
    """By hand it takes a case one may see and a role of the event's groups."""
    cases = [session.get_one(Case, row.case_id) for row in waiting]
    if not any(engine.rights.sees(session, actor, case) for case in cases):
        raise NotFound
    pairs = zip(cases, waiting, strict=True)
    if not any(_may_send(engine, session, actor, case, row) for case, row in pairs):
        raise NotAllowed(Text("这条消息不由您发送", "This message is not yours to send"))


def _deliver(engine: Engine, actor: Actor, case_id: int, name: str, key: str, variables: Mapping[str, Any]) -> None:
    command = {"act": "message", "name": name, "key": key, "variables": dict(variables)}
    with turn(engine, actor, case_id, command) as at:
        if at.case.state == "suspended":
            raise WrongState(Text("案件已中止，恢复后才能办", "The case is suspended; resume it first"))
        rows = at.session.scalars(select(Subscription).where(
            Subscription.case_id == case_id, Subscription.name == name, Subscription.correlation_key == key
        )).all()  # fmt: skip
        if not rows:
            raise WrongState(Text("案件已经不等这条消息了", "The case does not wait for this message any more"))
        form = next((row for row in rows if row.form_key), None)
        payload = (
            submissions.take(at, None, form.element_id, form.form_key, variables) if form else submissions.free(variables)
        )
        at.note("message", rows[0].element_id, {"name": name, "variables": payload})
        deliver_by_name(at.workflow, name, key, payload)


def deliver_again(engine: Engine, actor: Actor, case_id: int | None, command: Mapping[str, Any]) -> None:
    """The message of an incident once more."""
    assert case_id is not None
    _deliver(engine, actor, case_id, command["name"], command["key"], command["variables"])
    release(engine)


def opened_by_act(engine: Engine, actor: Actor, task: Task) -> None:
    """The first act on a task counts as opening what it is about: sent to the message its element names."""
    with engine.database.reading() as session:
        case = session.get_one(Case, task.case_id)
        ready = definitions.compiled_of(engine, session, case.definition_id)
        name = ready.element(task.element_id).properties.get("claim_sends")
        waits = name and [row for row in _waiting(session, name, case.business_key or "") if row.case_id == case.id]
    if name and waits:
        _deliver(engine, actor, task.case_id, name, case.business_key or "", {})
        release(engine)


# -- messages between cases ----------------------------------------------------------------------


def release(engine: Engine) -> None:
    """Deliver what cases have sent to others, each in a turn of its own; a failing one leaves an incident."""
    while (message := _next(engine)) is not None:
        message_id, name, key, variables, case_id = message
        try:
            state = _reach(engine, name, key, variables, case_id)
        except ProcessFailure:
            state = "failed"
        except EngineError:
            state = "dropped"
        with writing(engine) as session:
            session.get_one(Message, message_id).state = state


def _next(engine: Engine) -> tuple[int, str, str, dict[str, Any], int | None] | None:
    with engine.database.reading() as session:
        query = select(Message).where(Message.state.in_(("pending", "thrown"))).order_by(Message.id).limit(1)
        row = session.scalars(query).one_or_none()
        return None if row is None else (row.id, row.name, row.correlation_key, row.variables, row.case_id)


def _reach(engine: Engine, name: str, key: str, variables: Mapping[str, Any], sender: int | None) -> str:
    with engine.database.reading() as session:
        targets = sorted({row.case_id for row in _waiting(session, name, key) if row.case_id != sender})
        starts = definitions.started_by_message(session, name) if not targets else None
        definition_id = starts.id if starts else None
    for case_id in targets:
        _deliver(engine, SYSTEM, case_id, name, key, variables)
    if definition_id is not None:
        from engine import cases

        cases.start_again(engine, SYSTEM, {"definition_id": definition_id, "variables": dict(variables)})
    return "delivered" if targets or definition_id is not None else "dropped"


def expire(engine: Engine, now: datetime) -> None:
    """Messages that waited long enough are dropped."""
    with writing(engine) as session:
        query = select(Message).where(Message.state == "waiting", Message.expires_at <= now)
        for row in session.scalars(query):
            row.state = "expired"

