"""The demonstration clock: moved from one due instant to the next, so that a month of escalation takes a second."""

from datetime import datetime, timedelta

from engine import history, timers
from engine.actor import Actor
from engine.engine import Engine
from engine.errors import Busy, InvalidData, NotAllowed
from engine.tables import Setting
from engine.turn import BUSY, CLOCK_KEY, writing
from engine.words import Text

PATIENCE = 50
MOST = timedelta(days=1000)


def advance(engine: Engine, actor: Actor, by: timedelta) -> datetime:
    """Move on by `by`, firing every timer on the way at its own instant; the new time."""
    if not is_demo(engine) or not actor.has_role("admin"):
        raise NotAllowed(Text("只有演示环境的管理员能拨动时钟", "Only the administrator of a demonstration may move the clock"))
    if by <= timedelta(0) or by > MOST:
        raise InvalidData({"advance": [Text("写一个大于零、不超过 1000 天的时长", "Give a duration above zero and up to 1,000 days")]})
    with writing(engine) as session:
        start = engine.clock.now()
        history.note(session, "operations", "clock_moved", actor.username, {"by": str(by)}, start)
    target = start + by
    in_vain = 0
    while (instant := _next(engine, target)) is not None:
        _move(engine, max(instant, engine.clock.now()))
        in_vain = 0 if timers.sweep(engine) else in_vain + 1
        if in_vain > PATIENCE:
            raise Busy(BUSY)
    _move(engine, max(target, engine.clock.now()))
    return engine.clock.now()


def is_demo(engine: Engine) -> bool:
    """Whether this database is marked as a demonstration."""
    with engine.database.reading() as session:
        mark = session.get(Setting, "demo")
        return mark is not None and bool(mark.value)


def _next(engine: Engine, target: datetime) -> datetime | None:
    with engine.database.reading() as session:
        instant = timers.next_due(session)
    return instant if instant is not None and instant <= target else None


def _move(engine: Engine, to: datetime) -> None:
    offset = engine.clock.offset + (to - engine.clock.now())
    with engine.database.writing() as session:
        session.merge(Setting(key=CLOCK_KEY, value=int(offset / timedelta(microseconds=1))))
    engine.clock.offset = offset
