"""Accounts: who may sign in, with which roles from when to when, and the administrator's acts on them."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine import history, tasks
from engine.errors import InvalidData, NotAllowed, NotFound
from engine.tables import History
from engine.turn import writing
from engine.words import Text
from housing import accounts, grants, org, people
from housing.accounts import Person
from webapp import one_time, reading
from webapp.words import t

pages = Blueprint("accounts", __name__, url_prefix="/accounts")
FIELDS = ("username", "display_zh", "display_en", "mail")
A_DATE = Text("日期写成 2026-11-25", "Write the date as 2026-11-25")


@pages.before_request
def only_readers() -> None:
    """For everybody else these pages do not exist; who only reads is refused each act."""
    check("read", "accounts")
    if request.method == "POST":
        check("change", "accounts")


def check(act: str, area: str) -> None:
    """Raise unless the area's `act` is this person's; what may not be read is not found."""
    why = reading.engine().rights.refusal(reading.session(), reading.actor(), act, area)
    if why is not None:
        raise NotFound if act == "read" else NotAllowed(why)


@pages.get("")
def index() -> str:
    """The list, with a search and the closed ones on demand."""
    words, closed = request.args.get("q", "").strip(), request.args.get("closed") == "1"
    session = reading.session()
    found = accounts.found(session, words, only_active=not closed)
    held = accounts.grants_on(session, [account.username for account in found], grants.day_of(reading.now()))
    return render_template("accounts/index.html", found=found, held=held, roles=grants.ROLES, names=_unit_names(), q=words,
                           closed=closed, locked_now=reading.now())


def _unit_names() -> dict[str, Text]:
    return {unit.code: unit.name for unit in accounts.units(reading.session())}


@pages.get("/new")
def new() -> str:
    """The page for a new account."""
    check("change", "accounts")
    return render_template("accounts/new.html", values={}, problems={})


@pages.post("")
def create() -> Response | tuple[str, int]:
    """Make the account; its page then shows the link by which its person chooses a password."""
    values = {name: request.form.get(name, "").strip() for name in FIELDS}
    engine = reading.engine()
    try:
        with writing(engine) as session:
            accounts.create(session, reading.actor(), Person(**values), engine.clock.now())
    except InvalidData as refusal:
        return render_template("accounts/new.html", values=values, problems=refusal.errors), 422
    reading.read_anew()
    return _show(values["username"], link=True), 201


@pages.get("/<username>")
def show(username: str) -> str:
    """One account: state, roles, acts, and its own record."""
    return _show(username)


def _show(username: str, *, link: bool = False, values: dict[str, str] | None = None,
          problems: dict[str, list[Text]] | None = None) -> str:
    session = reading.session()
    account = accounts.get(session, username)
    return render_template(
        "accounts/show.html", account=account, held=grants.of_person(session, username), roles=grants.ROLES,
        units=accounts.units(session), names=_unit_names(), today=grants.day_of(reading.now()),
        link=one_time.new_password_link(account) if link else None, values=values or {}, problems=problems or {},
        record=_record(username), locked=account.locked_until is not None and account.locked_until > reading.now(),
    )


def _record(username: str) -> list[tuple[History, Text]]:
    """What was done to this account, newest first, with the names of the doers."""
    session = reading.session()
    rows = [row for row in history.of_chain(session, accounts.CHAIN, limit=2_000) if row.data.get("account") == username]
    names = people.names(session, {row.actor for row in rows})
    return [(row, names[row.actor]) for row in rows[:50]]


@pages.post("/<username>/close")
def close(username: str) -> Response:
    """Close the account; what its person had in hand goes back to the groups."""
    _do(accounts.deactivate, username)
    returned = tasks.unclaim_all(reading.engine(), reading.actor(), username)
    flash(t(f"账户已停用，退回组内 {returned} 件待办", f"The account is closed; tasks given back to their groups: {returned}"))
    return _to(username)


@pages.post("/<username>/open")
def reopen(username: str) -> Response:
    """Open a closed account again."""
    _do(accounts.reactivate, username)
    flash(t("账户已恢复", "The account is open again"))
    return _to(username)


@pages.post("/<username>/unlock")
def unlock(username: str) -> Response:
    """Lift the pause after wrong tries."""
    _do(accounts.unlock, username)
    flash(t("已解除，现在可以登录", "Lifted; they can sign in now"))
    return _to(username)


@pages.post("/<username>/reset")
def reset(username: str) -> str:
    """End the old password, and with it the second factor where asked, and show the one-time link."""
    _do(accounts.reset, username, second_factor=request.form.get("second_factor") == "1")
    return _show(username, link=True)


def _do(act: Callable[..., Any], username: str, **more: Any) -> None:
    engine = reading.engine()
    with writing(engine) as session:
        act(session, reading.actor(), username, engine.clock.now(), **more)
    reading.read_anew()


def _to(username: str) -> Response:
    return redirect(url_for("accounts.show", username=username))


@pages.post("/<username>/grants")
def grant(username: str) -> Response | tuple[str, int]:
    """Give a role in an organisation from a day to a day."""
    values = {name: request.form.get(name, "").strip() for name in ("role", "org_unit", "position", "valid_from", "valid_to")}
    engine = reading.engine()
    try:
        first, last = _dates(values)
        with writing(engine) as session:
            accounts.grant(session, reading.actor(), username, values["role"], _code_of(values["org_unit"]), first, last,
                           engine.clock.now(), values["position"])
    except InvalidData as refusal:
        return _show(username, values=values, problems=refusal.errors), 422
    flash(t("角色已授予", "The role is granted"))
    return _to(username)


def _dates(values: dict[str, str]) -> tuple[date | None, date | None]:
    found: dict[str, date | None] = {}
    for name in ("valid_from", "valid_to"):
        try:
            found[name] = date.fromisoformat(values[name]) if values[name] else None
        except ValueError:
            raise InvalidData({name: [A_DATE]}) from None
    return found["valid_from"], found["valid_to"]


def _code_of(entered: str) -> str:
    """The organisation meant: its code, or its name in either language."""
    for unit in accounts.units(reading.session()):
        if entered in (unit.code, unit.name_zh, unit.name_en):
            return unit.code
    return entered or org.ROOT


@pages.post("/<username>/grants/<int:grant_id>/end")
def end_grant(username: str, grant_id: int) -> Response:
    """End a role at once."""
    engine = reading.engine()
    with writing(engine) as session:
        row = accounts.end_grant(session, reading.actor(), grant_id, engine.clock.now())
        if row.username != username:
            raise NotFound
    flash(t("角色已收回", "The role has ended"))
    return _to(username)
