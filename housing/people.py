"""The people who sign in: their accounts, how they are called, and what they may be at a given moment."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from engine.actor import Actor
from engine.base import Base, Instant
from engine.words import Text
from housing import grants


class Account(Base):
    """A sign-in name with its secrets; a person who left keeps the row, inactive, so that history stays readable."""

    __tablename__ = "housing_account"
    username: Mapped[str] = mapped_column(String(120), primary_key=True)
    display_zh: Mapped[str] = mapped_column(String(120))
    display_en: Mapped[str] = mapped_column(String(120))
    password_hash: Mapped[str] = mapped_column(String(200), default="")
    totp_secret: Mapped[str | None] = mapped_column(String(64))
    totp_confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    totp_last_step: Mapped[int] = mapped_column(default=0)
    failed_attempts: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None] = mapped_column(Instant)
    locale: Mapped[str | None] = mapped_column(String(5))
    active: Mapped[bool] = mapped_column(default=True)
    must_change_password: Mapped[bool] = mapped_column(default=False)
    mail: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(Instant)
    signed_in_at: Mapped[datetime | None] = mapped_column(Instant)
    secret_version: Mapped[int] = mapped_column(default=1)

    @property
    def display_name(self) -> Text:
        return Text(self.display_zh, self.display_en)


def get(session: Session, username: str) -> Account | None:
    """The account of this sign-in name, active or not."""
    return session.get(Account, username)


def actor_of(session: Session, username: str, now: datetime) -> Actor | None:
    """Who this is with every grant valid now, those of whom they stand in for included; None when inactive."""
    account = session.get(Account, username)
    if account is None or not account.active:
        return None
    return Actor(username, grants.held_by(session, username, now))


def names(session: Session, usernames: Iterable[str | None]) -> dict[str, Text]:
    """How to call each of these people; a name that is no account's reads as itself."""
    wanted = {name for name in usernames if name}
    rows = session.scalars(select(Account).where(Account.username.in_(wanted)))
    found = {account.username: account.display_name for account in rows}
    return {name: found.get(name, SYSTEM_NAMES.get(name, Text(name, name))) for name in wanted}


def name_of(session: Session, username: str | None) -> Text:
    """How to call one person."""
    return names(session, [username]).get(username or "", Text("", ""))


SYSTEM_NAMES = {"system": Text("系统", "The system"), "machine": Text("机房操作员", "The machine's operator")}
