"""Links that work once: for the first administrator of an empty installation, and for choosing a new password.

Nothing is stored for them: the first ends when an administrator exists, the second when the account's secrets change.
"""

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from engine.actor import Actor
from engine.errors import InvalidData, NotFound
from engine.turn import writing
from housing import accounts, people
from housing.accounts import Person
from webapp import reading
from webapp.config import Config
from webapp.security import limiter, open_to_all
from webapp.words import t

pages = Blueprint("one_time", __name__)
VALID_SECONDS = 24 * 60 * 60


def first_administrator_link(config: Config) -> str:
    """What `anju serve` prints while nobody can sign in."""
    return f"{config.address}/first-administrator/{_serializer(config.secret_key, 'first').dumps('first')}"


def new_password_link(account: people.Account) -> str:
    """For the person of `account`, handed over by the administrator; good for a day and for one change."""
    token = _serializer(str(current_app.secret_key), "password").dumps([account.username, account.secret_version])
    return f"{current_app.config['ADDRESS']}{url_for('one_time.new_password', token=token)}"


def _serializer(secret: str, purpose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret, salt=f"one-time {purpose}")


def _opened(token: str, purpose: str) -> Any:
    try:
        return _serializer(str(current_app.secret_key), purpose).loads(token, max_age=VALID_SECONDS)
    except BadData:
        return None


@pages.get("/first-administrator/<token>")
@open_to_all
def first_administrator(token: str) -> str | tuple[str, int]:
    """The page on which the first administrator names themself."""
    if _opened(token, "first") is None or not accounts.is_empty(reading.session()):
        return render_template("one_time/ended.html"), 404
    return render_template("one_time/first.html", values={}, problems={})


@pages.post("/first-administrator/<token>")
@open_to_all
@limiter.limit("30 per minute")
def create_first_administrator(token: str) -> Response | tuple[str, int]:
    """Make the account, once."""
    if _opened(token, "first") is None or not accounts.is_empty(reading.session()):
        return render_template("one_time/ended.html"), 404
    values = {name: request.form.get(name, "").strip() for name in ("username", "display_zh", "display_en", "mail")}
    password = request.form.get("password", "")
    engine = reading.engine()
    try:
        if password != request.form.get("again", ""):
            raise InvalidData({"again": [accounts.DIFFERENT]})
        with writing(engine) as session:
            accounts.create_first(session, Person(**values), password, engine.clock.now())
    except InvalidData as refusal:
        return render_template("one_time/first.html", values=values, problems=refusal.errors), 422
    flash(t("管理员账户已建立，请登录", "The administrator's account is made; sign in"))
    return redirect(url_for("sign_in.form"))


@pages.get("/new-password/<token>")
@open_to_all
def new_password(token: str) -> str | tuple[str, int]:
    """The page on which a person chooses a password."""
    account = _account_of(token)
    if account is None:
        return render_template("one_time/ended.html"), 404
    return render_template("one_time/password.html", account=account, problems={})


@pages.post("/new-password/<token>")
@open_to_all
@limiter.limit("30 per minute")
def choose_password(token: str) -> Response | tuple[str, int]:
    """Keep the new password; the link ends with that."""
    account = _account_of(token)
    if account is None:
        return render_template("one_time/ended.html"), 404
    engine = reading.engine()
    try:
        if request.form.get("password", "") != request.form.get("again", ""):
            raise InvalidData({"again": [accounts.DIFFERENT]})
        with writing(engine) as session:
            own = accounts.get(session, account.username)
            if own.secret_version != account.secret_version:
                raise NotFound
            accounts.set_password(session, own, request.form.get("password", ""), engine.clock.now(), by=Actor(own.username))
    except InvalidData as refusal:
        return render_template("one_time/password.html", account=account, problems=refusal.errors), 422
    flash(t("新密码已保存，请登录", "The new password is kept; sign in"))
    return redirect(url_for("sign_in.form"))


def _account_of(token: str) -> people.Account | None:
    username, version = _opened(token, "password") or ("", 0)
    account = people.get(reading.session(), username)
    return account if account is not None and account.active and account.secret_version == version else None
