"""Signing in and out, the second factor's page, and who sits behind a session: checked anew at every request."""

from datetime import datetime
from typing import Any

from flask import Blueprint, Flask, current_app, redirect, render_template, request, session, url_for
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from werkzeug.wrappers import Response

from engine.actor import Actor
from engine.errors import EngineError
from engine.words import Text
from housing import org, parameters, people, sign_ins
from housing.grants import day_of
from webapp import errors, kept, reading, words
from webapp.security import limiter, open_to_all

pages = Blueprint("sign_in", __name__)
logins = LoginManager()
CODE_WITHIN_SECONDS = 300


class SignedIn(UserMixin):
    """The person of a session, with the grants that hold at this moment."""

    def __init__(self, account: people.Account, actor: Actor) -> None:
        self.username, self.name, self.locale = account.username, account.display_name, account.locale
        self.stamp, self.actor = account.secret_version, actor
        self.has_second_factor = account.totp_confirmed_at is not None

    def get_id(self) -> str:
        return f"{self.stamp}:{self.username}"

    @property
    def place(self) -> Text:
        """Where they mostly work, for the top bar."""
        own = [grant for grant in self.actor.grants if grant.delegated_from is None]
        return org.name_of(reading.session(), own[0].org_unit) if own else Text("", "")

    def may(self, act: str, area: str) -> bool:
        """Whether a part of the product is theirs: accounts, parameters, calendar, clock, operations."""
        return reading.engine().rights.refusal(reading.session(), self.actor, act, area) is None


def init_app(app: Flask) -> None:
    """Sessions, and the door that stands before every page but the open ones."""
    logins.init_app(app)
    logins.session_protection = None
    app.before_request(_door)


@logins.user_loader
def _person(identity: str) -> SignedIn | None:
    """Who this is now; nobody once the account was closed or its secrets have changed."""
    stamp, _, username = identity.partition(":")
    reader = reading.session()
    account = people.get(reader, username)
    if account is None or stamp != str(account.secret_version) or _is_over():
        return None
    actor = people.actor_of(reader, username, reading.now())
    return SignedIn(account, actor) if actor is not None else None


def _is_over() -> bool:
    """Whether this sign-in has lasted as long as one may."""
    hours = parameters.get(reading.session(), "people.session_hours", day_of(reading.now()))
    began = session.get("began")
    return began is not None and wall().timestamp() - began > float(hours) * 3600


def _door() -> Response | None:
    if request.endpoint in (None, "static") or request.path.startswith("/api/"):
        return None
    if getattr(current_app.view_functions[request.endpoint], "open_to_all", False) or current_user.is_authenticated:
        return None
    return errors.ask_to_sign_in()


@pages.get("/sign-in")
@open_to_all
def form() -> str | Response:
    """The page that asks for name and password."""
    if current_user.is_authenticated:
        return redirect(words.local_path(request.args.get("next")) or "/")
    return _form(next=words.local_path(request.args.get("next")) or "")


@pages.post("/sign-in")
@open_to_all
@limiter.limit("30 per minute", deduct_when=lambda response: response.status_code == 422)
def enter() -> Response | tuple[str, int]:
    """Check name and password; where a second factor is set up, ask for it next."""
    username = request.form.get("username", "").strip()
    try:
        account = sign_ins.check(reading.engine().database, username, request.form.get("password", ""), reading.now(),
                                 wall=wall())
    except sign_ins.CodeNeeded:
        return _ask_for_code(username)
    except EngineError as refusal:
        return _form(username=username, problem=refusal.text, next=_next(), kept=kept.opened(request.form.get("kept"))), 422
    return _begin(account)


def _ask_for_code(username: str) -> Response:
    """The password was right: that is remembered for five minutes, signed, and nothing else is open yet."""
    account = people.get(reading.session(), username)
    assert account is not None
    session["half"] = [username, account.secret_version, wall().timestamp()]
    session["after"] = [_next(), request.form.get("kept", "")]
    return redirect(url_for("sign_in.code_form"))


def _form(**shown: Any) -> str:
    return render_template("sign_in/form.html", **errors.sign_in_page(**shown))


def _next() -> str:
    return words.local_path(request.form.get("next")) or ""


def _take_over(account: people.Account) -> None:
    """A new session for this person; nothing of the one before remains."""
    session.clear()
    session.permanent = True
    session["began"] = wall().timestamp()
    reading.read_anew()
    person = _person(f"{account.secret_version}:{account.username}")
    if person is not None:
        login_user(person)


def _begin(account: people.Account, after: tuple[str, str] | None = None) -> Response | tuple[str, int]:
    """Signed in: to the page that was wanted, or to the form whose post came too late."""
    goal, sealed = after or (_next(), request.form.get("kept", ""))
    _take_over(account)
    brought = kept.opened(sealed)
    if brought is not None:
        return render_template("errors/again.html", kept=brought, back="/", signed_in_again=True), 200
    return redirect(goal or "/")


@pages.get("/sign-in/code")
@open_to_all
def code_form() -> str | Response:
    """The page that asks for the authenticator's digits."""
    return render_template("sign_in/code.html", problem=None) if _half() else redirect(url_for("sign_in.form"))


@pages.post("/sign-in/code")
@open_to_all
@limiter.limit("30 per minute", deduct_when=lambda response: response.status_code == 422)
def enter_code() -> Response | tuple[str, int] | str:
    """The second factor: right, new and in time."""
    username = _half()
    if username is None:
        return redirect(url_for("sign_in.form"))
    try:
        account = sign_ins.check_code(reading.engine().database, username, request.form.get("code", ""), reading.now(), wall())
    except EngineError as refusal:
        return render_template("sign_in/code.html", problem=refusal.text), 422
    goal, sealed = session.get("after", ["", ""])
    return _begin(account, (words.local_path(goal) or "", sealed))


def _half() -> str | None:
    """Whose password was right a moment ago."""
    username, stamp, at = session.get("half", ["", 0, 0.0])
    account = people.get(reading.session(), username) if wall().timestamp() - at < CODE_WITHIN_SECONDS else None
    return username if account is not None and account.active and account.secret_version == stamp else None


@pages.post("/sign-out")
@open_to_all
def leave() -> Response:
    """End this session."""
    logout_user()
    session.clear()
    return redirect("/")


def wall() -> datetime:
    """The time on people's own clocks, by which authenticators count; the demonstration does not move it."""
    return reading.now() - reading.engine().clock.offset


def begin_again(account: people.Account) -> None:
    """Keep this session after one's own secrets have changed, which ends all others."""
    _take_over(account)
