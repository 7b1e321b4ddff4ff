"""What an administrator does to accounts, each act with its refusals and its line in the record."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from engine import history
from engine.actor import Actor
from engine.errors import InvalidData, NotAllowed, NotFound, WrongState
from engine.words import Text
from housing import org, sign_ins, tokens
from housing.grants import ROLES, RoleGrant, day_of, valid
from housing.people import Account

CHAIN = "accounts"
DIFFERENT = Text("两次输入的密码不一样", "The two passwords differ")
NAME = re.compile(r"[a-z][a-z0-9]*([._-][a-z0-9]+)*\Z")
LONGEST_NAME = 60
MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+\Z")


@dataclass(frozen=True)
class Person:
    """What is entered for a new account."""

    username: str
    display_zh: str
    display_en: str
    mail: str = ""


def found(session: Session, words: str = "", only_active: bool = True, limit: int = 200) -> list[Account]:
    """Accounts by name, for the administrator's list."""
    query = select(Account).order_by(Account.username).limit(limit)
    if only_active:
        query = query.where(Account.active)
    if words:
        query = query.where(or_(*(column.icontains(words, autoescape=True) for column in (
            Account.username, Account.display_zh, Account.display_en))))
    return list(session.scalars(query))


def grants_on(session: Session, usernames: list[str], day: date) -> dict[str, list[RoleGrant]]:
    """The grants in force of each of these people."""
    rows = session.scalars(select(RoleGrant).where(RoleGrant.username.in_(usernames), valid(RoleGrant, day))
                           .order_by(RoleGrant.id))
    held: dict[str, list[RoleGrant]] = {}
    for row in rows:
        held.setdefault(row.username, []).append(row)
    return held


def get(session: Session, username: str) -> Account:
    """The account, or `NotFound`."""
    account = session.get(Account, username)
    if account is None:
        raise NotFound
    return account


def units(session: Session) -> list[org.OrgUnit]:
    """Every organisation in the order of the tree, to choose from."""
    return list(session.scalars(select(org.OrgUnit).order_by(org.OrgUnit.path)))


def is_empty(session: Session) -> bool:
    """Whether nobody could sign in yet."""
    return not session.scalar(select(func.count()).select_from(Account))


def create_first(session: Session, person: Person, password: str, now: datetime) -> Account:
    """The first administrator of an empty installation."""
    if not is_empty(session):
        raise WrongState(Text("已经有管理员了，这个链接不再有效", "There is an administrator already; this link has ended"))
    account = create(session, Actor(person.username), person, now)
    set_password(session, account, password, now, by=Actor(person.username))
    if session.get(org.OrgUnit, org.ROOT) is None:
        org.add(session, org.ROOT, "district", Text("静安区", "Jing'an District"), None)
    session.add(RoleGrant(username=person.username, role="admin", org_unit=org.ROOT, valid_from=day_of(now),
                          granted_by=person.username))
    _note(session, "first administrator", Actor(person.username), account.username, now)
    return account


def create(session: Session, by: Actor, person: Person, now: datetime) -> Account:
    """A new account without a password: its person chooses one by a one-time link."""
    errors = _problems(session, person)
    if errors:
        raise InvalidData(errors)
    zh, en = person.display_zh.strip(), person.display_en.strip()
    account = Account(username=person.username, display_zh=zh or en, display_en=en or zh,
                      mail=person.mail.strip() or None, created_at=now, must_change_password=False)
    session.add(account)
    session.flush()
    _note(session, "account created", by, account.username, now)
    return account


def _problems(session: Session, person: Person) -> dict[str, list[Text]]:
    errors: dict[str, list[Text]] = {}
    if not NAME.match(person.username) or len(person.username) > LONGEST_NAME:
        errors["username"] = [Text("登录名用小写字母开头，可含数字、点、横线，如 subdistrict.peer",
                                   "A sign-in name begins with a small letter; digits, dots and hyphens may follow, "
                                   "such as subdistrict.peer")]
    elif session.get(Account, person.username) is not None:
        errors["username"] = [Text("这个登录名已有人用，请换一个", "This sign-in name is taken; choose another")]
    if not (person.display_zh.strip() or person.display_en.strip()):
        errors["display_zh"] = [Text("写出怎么称呼，如“街道办理员乙”", "Say what to call them, such as Sub-district officer B")]
    if len(person.display_zh) > 120 or len(person.display_en) > 120:
        errors["display_zh"] = [Text("称呼最多 120 字", "At most 120 characters")]
    if person.mail.strip() and not MAIL.match(person.mail.strip()):
        errors["mail"] = [Text("邮箱写成 name@example.org 的样子", "Write an e-mail address like name@example.org")]
    return errors


def deactivate(session: Session, by: Actor, username: str, now: datetime) -> Account:
    """Nobody signs in by this name any more; what its person did stays readable."""
    account = get(session, username)
    if username == by.username:
        raise NotAllowed(Text("不能停用自己的账号；请另一位管理员来做", "You cannot close your own account; ask another administrator"))
    if not account.active:
        raise WrongState(Text("这个账号已经停用", "This account is closed already"))
    _keep_an_administrator(session, username, now)
    account.active = False
    _end_sessions(session, account)
    _note(session, "account closed", by, username, now)
    return account


def reactivate(session: Session, by: Actor, username: str, now: datetime) -> Account:
    """The account opens again, with the grants that are still in force."""
    account = get(session, username)
    if account.active:
        raise WrongState(Text("这个账号在用", "This account is open already"))
    account.active = True
    _note(session, "account opened again", by, username, now)
    return account


def unlock(session: Session, by: Actor, username: str, now: datetime) -> Account:
    """Lift the pause after wrong tries."""
    account = get(session, username)
    account.locked_until, account.failed_attempts = None, 0
    _note(session, "account unlocked", by, username, now)
    return account


def reset(session: Session, by: Actor, username: str, now: datetime, *, second_factor: bool = False) -> Account:
    """The old password ends at once; whoever holds the one-time link chooses a new one."""
    account = get(session, username)
    if not account.active:
        raise WrongState(Text("账号已停用，先恢复再重设密码", "The account is closed; open it again first"))
    account.password_hash = ""
    account.locked_until, account.failed_attempts = None, 0
    if second_factor:
        account.totp_secret, account.totp_confirmed_at = None, None
    _end_sessions(session, account)
    _note(session, "password reset", by, username, now, second_factor=second_factor)
    return account


def set_password(session: Session, account: Account, password: str, now: datetime, *, by: Actor) -> None:
    """A new password, chosen by its person; every other session of theirs ends."""
    problem = sign_ins.problem_with(password, account.username)
    if problem is not None:
        raise InvalidData({"password": [problem]})
    account.password_hash = sign_ins.hash_of(password)
    account.must_change_password = False
    _end_sessions(session, account)
    _note(session, "password changed", by, account.username, now)


def end_sessions(session: Session, account: Account, by: Actor, now: datetime) -> None:
    """Every session and token of this person ends."""
    _end_sessions(session, account)
    _note(session, "sessions ended", by, account.username, now)


def note_second_factor(session: Session, account: Account, by: Actor, now: datetime) -> None:
    """The record's line for a second factor that has been confirmed."""
    _note(session, "second factor set up", by, account.username, now)


def drop_second_factor(session: Session, account: Account, by: Actor, now: datetime) -> None:
    """Signing in asks for no code any more."""
    account.totp_secret, account.totp_confirmed_at = None, None
    account.secret_version += 1
    _note(session, "second factor removed", by, account.username, now)


def grant(
    session: Session, by: Actor, username: str, role: str, org_unit: str, valid_from: date | None,
    valid_to: date | None, now: datetime, position: str | None = None,
) -> RoleGrant:
    """A role in an organisation from a day to a day, both included."""
    get(session, username)
    first = valid_from or day_of(now)
    errors: dict[str, list[Text]] = {}
    if role not in ROLES:
        errors["role"] = [Text("请选一个角色", "Choose a role")]
    if org.get(session, org_unit) is None:
        errors["org_unit"] = [Text("没有这个单位，请从列表中选", "There is no such organisation; choose one of the list")]
    if valid_to is not None and valid_to < first:
        errors["valid_to"] = [Text("结束日期不能早于开始日期", "The last day is not before the first")]
    if errors:
        raise InvalidData(errors)
    row = RoleGrant(username=username, role=role, org_unit=org_unit, position=position or None, valid_from=first,
                    valid_to=valid_to, granted_by=by.username)
    session.add(row)
    session.flush()
    _note(session, "role granted", by, username, now, role=role, org_unit=org_unit, position=position or None,
          valid_from=first.isoformat(), valid_to=valid_to.isoformat() if valid_to else None)
    return row


def end_grant(session: Session, by: Actor, grant_id: int, now: datetime) -> RoleGrant:
    """The role ends at once; a grant that has begun keeps its row, its last day being yesterday."""
    row = session.get(RoleGrant, grant_id)
    if row is None:
        raise NotFound
    yesterday = day_of(now) - timedelta(days=1)
    if row.valid_to is not None and row.valid_to <= yesterday:
        raise WrongState(Text("这个角色已经结束", "This role has ended already"))
    if row.role == "admin":
        if row.username == by.username:
            raise NotAllowed(Text("不能收回自己的管理员角色；请另一位管理员来做",
                                  "You cannot end your own administrator role; ask another administrator"))
        _keep_an_administrator(session, row.username, now)
    if row.valid_from > yesterday:
        session.delete(row)
    else:
        row.valid_to = yesterday
    _note(session, "role ended", by, row.username, now, role=row.role, org_unit=row.org_unit)
    return row


def _keep_an_administrator(session: Session, leaving: str, now: datetime) -> None:
    others = session.scalar(
        select(func.count()).select_from(RoleGrant).join(Account, Account.username == RoleGrant.username)
        .where(RoleGrant.role == "admin", RoleGrant.username != leaving, Account.active, valid(RoleGrant, day_of(now))))
    if not others:
        raise NotAllowed(Text("至少要留下一位管理员", "One administrator has to remain"))


def _end_sessions(session: Session, account: Account) -> None:
    account.secret_version += 1
    tokens.revoke_all(session, account.username)


def _note(session: Session, event: str, by: Actor, username: str, now: datetime, **data: object) -> None:
    history.note(session, CHAIN, event, by.username, {"account": username, **data}, now)
