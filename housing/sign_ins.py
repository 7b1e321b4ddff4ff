"""Signing in: password, second factor and lock-out, the same for pages, API and shell.

A password takes a tenth of a second to check, so that happens before the write lock is taken, never within it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

import pyotp
from pwdlib import PasswordHash
from sqlalchemy import update
from sqlalchemy.orm import Session

from engine.database import Database
from engine.errors import EngineError
from engine.words import Text
from housing import parameters
from housing.grants import day_of
from housing.people import Account

LONGEST_LOCK = timedelta(hours=1)
STEP_SECONDS = 30
SHORTEST_PASSWORD = 8
LONGEST_PASSWORD = 1000
HASHES = PasswordHash.recommended()


class WrongSignIn(EngineError):
    """Name or password, or the code, is not right; the sentence does not say which of the first two."""


class LockedOut(EngineError):
    """Too many wrong tries; `until` says when the next one counts."""

    def __init__(self, until: datetime) -> None:
        super().__init__(Text(
            f"连续输错多次，登录已暂停，{until:%H:%M:%S} 后可再试；管理员可以提前解除",
            f"Too many wrong tries in a row: sign-in is paused until {until:%H:%M:%S}; an administrator can lift this earlier"))
        self.until = until


class CodeNeeded(EngineError):
    """The password is right; the second factor is still to come."""

    def __init__(self) -> None:
        super().__init__(Text("请再输入验证器上的 6 位数字", "Now enter the six digits that your authenticator shows"))


WRONG = Text("登录名或密码不对", "Name or password is not right")
WRONG_CODE = Text("验证码不对，或刚才已用过；请等下一个", "The code is not right or was just used; wait for the next one")


def hash_of(password: str) -> str:
    """The password as it is kept: Argon2 with its own salt."""
    return HASHES.hash(password)


def problem_with(password: str, username: str) -> Text | None:
    """Why a new password will not do, or None."""
    if len(password) < SHORTEST_PASSWORD:
        return Text(f"密码至少 {SHORTEST_PASSWORD} 个字符", f"A password has at least {SHORTEST_PASSWORD} characters")
    if len(password) > LONGEST_PASSWORD:
        return Text("密码太长", "The password is too long")
    if len(username) >= 4 and username.lower() in password.lower():
        return Text("密码里不要包含登录名", "A password does not contain the sign-in name")
    return None


def check(
    database: Database, username: str, password: str, now: datetime, *, code: str | None = None,
    wall: datetime | None = None,
) -> Account:
    """The account that may go in. Raises `WrongSignIn`, `LockedOut`, or `CodeNeeded` where a code is to follow.

    `wall` is the time by which authenticators count, where the demonstration has moved `now`.
    """
    found = _secrets(database, username)
    right = _matches(found, password)
    if found is None or not found.active:
        raise WrongSignIn(WRONG)
    if found.locked_until is not None and found.locked_until > now:
        raise LockedOut(found.locked_until)
    step = _step_of(found, code, wall or now) if right else None
    if right and found.totp_confirmed_at is not None and not code:
        raise CodeNeeded
    with database.writing() as session:
        account = session.get_one(Account, username, with_for_update=True)
        refusal = _note(session, account, found, right, step, now)
    if refusal is not None:
        raise refusal
    return account


def is_password_of(database: Database, username: str, password: str, now: datetime) -> bool:
    """Whether somebody already signed in knows the password; wrong tries count towards the lock-out."""
    found = _secrets(database, username)
    if found is None or (found.locked_until is not None and found.locked_until > now):
        return False
    if _matches(found, password):
        return True
    with database.writing() as session:
        _note(session, session.get_one(Account, username, with_for_update=True), found, False, None, now)
    return False


def check_code(database: Database, username: str, code: str, now: datetime, wall: datetime) -> Account:
    """The second half, the password having been right a moment ago; raises `WrongSignIn` or `LockedOut`."""
    found = _secrets(database, username)
    if found is None or not found.active:
        raise WrongSignIn(WRONG)
    with database.writing() as session:
        account = session.get_one(Account, username, with_for_update=True)
        refusal = _note(session, account, found, True, _step_of(found, code, wall), now)
    if refusal is not None:
        raise refusal
    return account


@dataclass(frozen=True)
class _Secrets:
    """What an account is checked against, as it was when the try began."""

    password_hash: str
    active: bool
    locked_until: datetime | None
    totp_secret: str | None
    totp_confirmed_at: datetime | None


def _secrets(database: Database, username: str) -> _Secrets | None:
    with database.reading() as session:
        account = session.get(Account, username)
        return None if account is None else _Secrets(
            account.password_hash, account.active, account.locked_until, account.totp_secret, account.totp_confirmed_at)


@cache
def _nobodys_hash() -> str:
    """What an unknown name is checked against, so that it takes as long; made at the first need, not at every start."""
    return HASHES.hash("nobody signs in with this")


def _matches(found: _Secrets | None, password: str) -> bool:
    """The same work whether the name exists or not."""
    kept = found.password_hash if found is not None and found.password_hash else _nobodys_hash()
    return HASHES.verify(password[:LONGEST_PASSWORD], kept) and kept is not _nobodys_hash()


def _step_of(found: _Secrets, code: str | None, wall: datetime) -> int | None:
    return step_of(found.totp_secret, code, wall) if found.totp_confirmed_at is not None else None


def step_of(secret: str | None, code: str | None, wall: datetime) -> int | None:
    """The half minute for which `code` is right, one before or after allowed; None when it is wrong."""
    digits = (code or "").replace(" ", "")
    if not secret or not digits.isascii() or not digits.isdigit():
        return None
    totp, present = pyotp.TOTP(secret), int(wall.timestamp()) // STEP_SECONDS
    steps = (present, present - 1, present + 1)
    return next((step for step in steps if pyotp.utils.strings_equal(totp.at(step * STEP_SECONDS), digits)), None)


def _note(
    session: Session, account: Account, found: _Secrets, right: bool, step: int | None, now: datetime,
) -> EngineError | None:
    """Count the try in the account; what to refuse it with, if anything."""
    if account.password_hash != found.password_hash:
        return WrongSignIn(WRONG)
    if account.locked_until is not None and account.locked_until > now:
        return LockedOut(account.locked_until)
    needs_code = account.totp_confirmed_at is not None
    if right and (not needs_code or (step is not None and step > account.totp_last_step)):
        account.failed_attempts, account.locked_until, account.signed_in_at = 0, None, now
        account.totp_last_step = step or account.totp_last_step
        return None
    account.failed_attempts += 1
    pause = _pause(session, account.failed_attempts, now)
    if pause is None:
        return WrongSignIn(WRONG_CODE if right else WRONG)
    account.locked_until = now + pause
    return LockedOut(account.locked_until)


def _pause(session: Session, failed: int, now: datetime) -> timedelta | None:
    """How long sign-in rests after so many wrong tries in a row: longer each time, up to an hour."""
    day = day_of(now)
    beyond = failed - int(parameters.get(session, "people.lock_after_attempts", day))
    first = timedelta(minutes=int(parameters.get(session, "people.lock_minutes", day)))
    return None if beyond < 0 else min(first * 2 ** min(beyond, 10), LONGEST_LOCK)


def propose_second_factor(database: Database, username: str) -> str:
    """A new secret for the authenticator, not in force until its first code has been entered."""
    secret = pyotp.random_base32()
    with database.writing() as session:
        session.execute(update(Account).where(Account.username == username, Account.totp_confirmed_at.is_(None))
                        .values(totp_secret=secret))
    return secret


def confirm_second_factor(session: Session, account: Account, code: str, now: datetime, wall: datetime) -> None:
    """From now on signing in asks for a code; raises `WrongSignIn` when this one does not fit."""
    step = step_of(account.totp_secret, code, wall)
    if step is None or step <= account.totp_last_step:
        raise WrongSignIn(WRONG_CODE)
    account.totp_confirmed_at, account.totp_last_step = now, step
    account.secret_version += 1


def address_of_secret(account: Account) -> str:
    """What the QR picture says to the authenticator."""
    return pyotp.TOTP(account.totp_secret or "").provisioning_uri(name=account.username, issuer_name="Anju")
