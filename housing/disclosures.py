"""Who looked at whose personal data, what for, and which fields: a row for every reveal."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from engine.base import Base, Instant, Json


class PiiAccess(Base):
    """One look at personal data; the subject is named by a reference, never by the data itself."""

    __tablename__ = "housing_pii_access_log"
    __table_args__ = (Index("ix_housing_pii_access_log_subject", "subject", "id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(120))
    subject: Mapped[str] = mapped_column(String(120))
    purpose: Mapped[str] = mapped_column(String(300))
    fields: Mapped[list[str]] = mapped_column(Json, default=list)
    at: Mapped[datetime] = mapped_column(Instant)


def note(session: Session, username: str, subject: str, purpose: str, fields: Sequence[str], now: datetime) -> None:
    """Write that `username` saw these fields of `subject`, in the transaction that shows them."""
    session.add(PiiAccess(username=username, subject=subject, purpose=purpose, fields=list(fields), at=now))


def of_subject(session: Session, subject: str, limit: int = 200) -> Sequence[PiiAccess]:
    """Who has looked at this subject's data, newest first."""
    wanted = select(PiiAccess).where(PiiAccess.subject == subject)
    return session.scalars(wanted.order_by(PiiAccess.id.desc()).limit(limit)).all()
