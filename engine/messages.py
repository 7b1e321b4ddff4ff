"""Messages: routed by name and correlation key, delivered inside one case's turn, or starting a case."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import isodate
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from engine import definitions, feel, incidents, projection, submissions
from engine.actor import SYSTEM, Actor
from engine.bpmn.script import deliver_by_name
from engine.engine import Engine
from engine.errors import (
    Busy,
    Conflict,
    EngineError,
    InvalidData,
    NotAllowed,
    NotFound,
    ProcessFailure,
    WrongState,
)
from engine.execution import Fault
from engine.tables import Case, Message, Subscription, Task
from engine.turn import check_not_suspended, execution_of, turn, writing
from engine.words import Text

MOST_AT_ONCE = 200


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
    if not feel.is_embedded(text):
        return projection.roles_of(text)
    run = execution_of(engine, session, actor, case, engine.clock.now())
    try:
        return projection.roles_of(run.plain(row.element_id, text))
    except Fault:
        # Nobody's, rather than a case page that cannot be opened.
        return []


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
            waiting = _within_sight(engine, session, actor, waiting)
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

        key = None if cases.numbers_itself(starts) else correlation_key or None
        return [cases.start(engine, actor, starts.key, variables, key).case.id]
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
            expires_at=now + lives_for, state="waiting", grants=actor.as_data,
        ))  # fmt: skip
    return []


def _waiting(session: Session, name: str, key: str) -> list[Subscription]:
    query = select(Subscription).where(Subscription.name == name, Subscription.correlation_key == key)
    return list(session.scalars(query))


def _within_sight(engine: Engine, session: Session, actor: Actor, waiting: list[Subscription]) -> list[Subscription]:
    """By hand it takes a case one may see and a role of the event's groups; other cases are not even named."""
    pairs = [(row, session.get_one(Case, row.case_id)) for row in waiting]
    pairs = [(row, case) for row, case in pairs if engine.rights.sees(session, actor, case)]
    if not pairs:
        raise NotFound
    if not any(_may_send(engine, session, actor, case, row) for row, case in pairs):
        raise NotAllowed(Text("这条消息不由您发送", "This message is not yours to send"))
    return [row for row, _ in pairs]


def _deliver(engine: Engine, actor: Actor, case_id: int, name: str, key: str, variables: Mapping[str, Any]) -> None:
    _deliver_by_command(engine, actor, case_id, {"act": "message", "name": name, "key": key, "variables": dict(variables)})


def _deliver_by_command(engine: Engine, actor: Actor, case_id: int, command: dict[str, Any]) -> None:
    with turn(engine, actor, case_id, command) as at:
        check_not_suspended(at.case)
        use_up(at.session, command.get("message"))
        name, key, variables = command["name"], command["key"], command["variables"]
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


def deliver_again(engine: Engine, actor: Actor, case_id: int | None, command: dict[str, Any]) -> None:
    """The message of an incident once more."""
    assert case_id is not None
    _deliver_by_command(engine, actor, case_id, command)
    release(engine)


def opened_by_act(engine: Engine, actor: Actor, task: Task) -> None:
    """The first act on a task counts as opening what it is about: sent to the message its element names."""
    with engine.database.reading() as session:
        case = session.get_one(Case, task.case_id)
        ready = definitions.compiled_of(engine, session, case.definition_id)
        name = ready.element(task.element_id).properties.get("claim_sends")
        waits = name and [row for row in _waiting(session, name, case.business_key or "") if row.case_id == case.id]
    if not name or not waits:
        return
    try:
        _deliver(engine, actor, task.case_id, name, case.business_key or "", {})
        release(engine)
    except EngineError:
        # The act itself is done; what its message met is an incident, or somebody was quicker.
        return


# -- messages between cases ----------------------------------------------------------------------


def release(engine: Engine) -> None:
    """Deliver what cases have sent to others, each once in a turn of its own; a failing one leaves an incident."""
    tried: set[int] = set()
    while fresh := [message_id for message_id in _pending(engine) if message_id not in tried]:
        for message_id in fresh:
            tried.add(message_id)
            _pass_on(engine, message_id)
        if len(tried) > MOST_AT_ONCE:
            return


def _pending(engine: Engine) -> list[int]:
    """Those that may go now; a suspended case gets its own when it is resumed."""
    query = (
        select(Message.id).outerjoin(Case, Case.id == Message.target_id)
        .where(Message.state == "pending", or_(Message.target_id.is_(None), Case.state != "suspended"))
        .order_by(Message.id).limit(MOST_AT_ONCE)
    )  # fmt: skip
    with engine.database.reading() as session:
        return list(session.scalars(query))


def _pass_on(engine: Engine, message_id: int) -> None:
    with engine.database.reading() as session:
        row = session.get_one(Message, message_id)
        session.expunge(row)
    try:
        _reach(engine, row)
    except Busy:
        return
    except ProcessFailure:
        _mark(engine, message_id, "failed")
    except EngineError as refused:
        if row.target_id is None and not isinstance(refused, WrongState):
            incidents.open_for(engine, None, SYSTEM, _start_of(engine, row), None, _told(refused))
            _mark(engine, message_id, "failed")
        else:
            _mark(engine, message_id, "dropped")


def _mark(engine: Engine, message_id: int, state: str) -> None:
    """Unless it was delivered meanwhile, or is for a case that was suspended meanwhile."""
    with writing(engine) as session:
        row = session.get_one(Message, message_id, with_for_update=True)
        target = session.get(Case, row.target_id) if row.target_id else None
        if row.state == "pending" and (target is None or target.state != "suspended"):
            row.state = state


def _reach(engine: Engine, row: Message) -> None:
    """To the one case that awaits it, or into a new one."""
    if row.target_id is not None:
        _deliver_by_command(engine, SYSTEM, row.target_id, {
            "act": "message", "message": row.id, "name": row.name, "key": row.correlation_key, "variables": row.variables,
        })  # fmt: skip
        return
    from engine import cases

    cases.start_by_command(engine, SYSTEM, _start_of(engine, row))


def _start_of(engine: Engine, row: Message) -> dict[str, Any]:
    from engine import cases

    with engine.database.reading() as session:
        definition = definitions.started_by_message(session, row.name)
        if definition is None:
            raise WrongState(Text("没有流程由这条消息启动", "No process is started by this message"))
        key = None if cases.numbers_itself(definition) else row.correlation_key or None
        return {
            "act": "start", "message": row.id, "definition_id": definition.id, "variables": dict(row.variables),
            "business_key": key,
        }  # fmt: skip


def use_up(session: Session, message_id: int | None) -> None:
    """Within the transaction that it changes: this message is delivered here and nowhere else."""
    if message_id is None:
        return
    row = session.get_one(Message, message_id, with_for_update=True, populate_existing=True)
    if row.state not in ("pending", "failed"):
        raise WrongState(Text("这条消息已经送达", "This message has been delivered already"))
    row.state = "delivered"


def _told(refused: EngineError) -> Text:
    """The refusal in words, each field with what is wrong with it."""
    if not isinstance(refused, InvalidData):
        return refused.text
    fields = [(path, texts[0]) for path, texts in refused.errors.items() if texts]
    zh = "；".join(f"{path}：{text.zh}" for path, text in fields)
    return Text(f"{refused.text.zh}：{zh}", "; ".join([refused.text.en, *(f"{path}: {text.en}" for path, text in fields)]))


def expire(engine: Engine, now: datetime) -> None:
    """Messages that waited long enough are dropped."""
    with writing(engine) as session:
        query = select(Message).where(Message.state == "waiting", Message.expires_at <= now)
        for row in session.scalars(query):
            row.state = "expired"

