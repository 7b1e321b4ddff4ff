"""Tokens of the API: what stands in the database is a digest, so a stolen copy of it signs nobody in."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import Index, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from engine.base import Base, Instant

VALID_FOR = timedelta(hours=12)
PREFIX = "anju_"


class ApiToken(Base):
    """A token somebody took for the API, known only by its digest."""

    __tablename__ = "housing_api_token"
    __table_args__ = (Index("ix_housing_api_token_username", "username"),)
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    username: Mapped[str] = mapped_column(String(120))
    issued_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant, index=True)


def digest_of(token: str) -> str:
    """What is kept of `token`: it has 256 random bits, so a plain hash cannot be guessed back."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def issue(session: Session, username: str, now: datetime, valid_for: timedelta = VALID_FOR) -> tuple[str, datetime]:
    """A new token for `username` and when it ends; expired ones of the same person are dropped."""
    session.execute(delete(ApiToken).where(ApiToken.username == username, ApiToken.expires_at <= now))
    token = PREFIX + secrets.token_urlsafe(32)
    session.add(ApiToken(digest=digest_of(token), username=username, issued_at=now, expires_at=now + valid_for))
    session.flush()
    return token, now + valid_for


def username_of(session: Session, token: str, now: datetime) -> str | None:
    """Whose valid token this is, or None."""
    return session.scalar(
        select(ApiToken.username).where(ApiToken.digest == digest_of(token), ApiToken.expires_at > now)
    )


def revoke(session: Session, token: str) -> None:
    """End one token."""
    session.execute(delete(ApiToken).where(ApiToken.digest == digest_of(token)))


def revoke_all(session: Session, username: str) -> None:
    """End every token of a person, such as after a change of password or when the account is closed."""
    session.execute(delete(ApiToken).where(ApiToken.username == username))
