"""Where a case stands: the open elements, and the path that was taken."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import definitions
from engine.actor import SYSTEM
from engine.bpmn.tokens import standing_tokens
from engine.clock import TZ
from engine.engine import Engine
from engine.tables import Case, History
from engine.turn import Turn


@dataclass(frozen=True)
class Standing:
    """One place where the process stands."""

    id: str
    element_id: str
    element_name: str
    element_name_en: str
    element_type: str
    state: str
    since: datetime


def activity_instances(engine: Engine, session: Session, case: Case) -> list[Standing]:
    """Every open element of a case, sub-processes too; none once it has ended."""
    if case.ended_at is not None:
        return []
    seen = Turn(engine, session, SYSTEM, case, engine.clock.now(), None)
    seen.keep_alive()
    ready = definitions.compiled_of(engine, session, case.definition_id)
    entered = _entered(session, case.id)
    return [
        Standing(
            token_id, element_id, ready.element(element_id).name, ready.element(element_id).name_en,
            ready.element(element_id).type, state, entered.get(element_id) or datetime.fromtimestamp(since, TZ),
        )
        for token_id, element_id, state, since in standing_tokens(seen.workflow)
    ]  # fmt: skip


def _entered(session: Session, case_id: int) -> dict[str, datetime]:
    query = select(History.element_id, History.at).where(History.case_id == case_id, History.event == "entered")
    return {element: at for element, at in session.execute(query.order_by(History.seq)) if element}


def taken(session: Session, case_id: int) -> dict[str, int]:
    """How often each element was left."""
    counted: dict[str, int] = {}
    query = select(History.element_id).where(History.case_id == case_id, History.event == "left")
    for element in session.scalars(query):
        if element:
            counted[element] = counted.get(element, 0) + 1
    return counted
