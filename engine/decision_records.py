"""Decisions as they were taken in a case, for the pages that say why."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.tables import DecisionRecord


def of_case(session: Session, case_id: int) -> list[DecisionRecord]:
    """Every evaluation in a case, oldest first."""
    return list(session.scalars(select(DecisionRecord).where(DecisionRecord.case_id == case_id).order_by(DecisionRecord.id)))


def latest_of_case(session: Session, case_id: int) -> list[DecisionRecord]:
    """The last evaluation of each decision, in the order in which they first came."""
    newest: dict[str, DecisionRecord] = {}
    for record in of_case(session, case_id):
        newest[record.decision_id] = record
    return list(newest.values())
