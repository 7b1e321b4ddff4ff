"""Cases and incidents as lists, by the same filter that decides whether one of them may be read."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.tables import Case, CaseScope, Incident
from housing import reach


def newest(
    session: Session, actor: Actor, *, state: str | None = None, process_key: str | None = None,
    business_key: str | None = None, org: str | None = None, before: int | None = None, limit: int = 50,
) -> Sequence[Case]:
    """The cases this person may see, newest first, from below `before` on."""
    query = select(Case).where(reach.visible_cases(actor)).order_by(Case.id.desc()).limit(limit)
    for column, wanted in ((Case.state, state), (Case.process_key, process_key), (Case.business_key, business_key)):
        if wanted is not None:
            query = query.where(column == wanted)
    if org is not None:
        query = query.where(Case.id.in_(select(CaseScope.case_id).where(CaseScope.org_unit == org)))
    return session.scalars(query if before is None else query.where(Case.id < before)).all()


def incidents(
    session: Session, actor: Actor, *, case_id: int | None = None, state: str | None = None,
    before: int | None = None, limit: int = 50,
) -> Sequence[Incident]:
    """The incidents this person may see, newest first."""
    query = select(Incident).where(_visible_incidents(actor)).order_by(Incident.id.desc()).limit(limit)
    for column, wanted in ((Incident.case_id, case_id), (Incident.state, state)):
        if wanted is not None:
            query = query.where(column == wanted)
    return session.scalars(query if before is None else query.where(Incident.id < before)).all()


def incident(session: Session, actor: Actor, incident_id: int) -> Incident | None:
    """One incident, where this person may see it."""
    return session.scalars(select(Incident).where(_visible_incidents(actor), Incident.id == incident_id)).one_or_none()


def _visible_incidents(actor: Actor) -> ColumnElement[Any]:
    """Which incidents: all for an administrator, else those of visible cases and, for some, those of no case."""
    if actor.has_role("admin"):
        return true()
    of_cases = Incident.case_id.in_(select(Case.id).where(reach.visible_cases(actor)))
    if actor.has_role("auditor", "bureau_lead", "publisher", "designer"):
        return of_cases | Incident.case_id.is_(None)
    return of_cases
