"""My account: language, password, second factor, and the end of all my other sessions."""

import segno
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from markupsafe import Markup
from werkzeug.wrappers import Response

from engine.errors import EngineError, InvalidData
from engine.turn import writing
from engine.words import Text
from housing import accounts, people, sign_ins
from webapp import reading
from webapp.security import limiter
from webapp.sign_in import begin_again, wall
from webapp.words import COOKIE, LOCALES, t

pages = Blueprint("own_account", __name__)
WRONG_PASSWORD = Text("现在的密码不对", "The present password is not right")


@pages.get("/me")
def show() -> str:
    """Who I am, what I may be, and my settings."""
    return _page({})


def _page(problems: dict[str, list[Text]]) -> str:
    session = reading.session()
    account = accounts.get(session, current_user.username)
    names = {unit.code: unit.name for unit in accounts.units(session)}
    lent = {grant.delegated_from for grant in reading.actor().grants}
    return render_template("own_account/show.html", account=account, grants=reading.actor().grants, names=names,
                           people=people.names(session, lent), problems=problems, roles=accounts.ROLES)


@pages.post("/me/language")
def language() -> Response:
    """The language in which I am addressed on every device, and in mail."""
    chosen = request.form.get("locale", "")
    with writing(reading.engine()) as session:
        accounts.get(session, current_user.username).locale = chosen if chosen in LOCALES else None
    answer = redirect(url_for("own_account.show"))
    answer.delete_cookie(COOKIE)
    return answer


@pages.post("/me/password")
@limiter.limit("30 per minute", deduct_when=lambda response: response.status_code == 422)
def password() -> Response | tuple[str, int]:
    """A new password; my other sessions end."""
    engine, new = reading.engine(), request.form.get("new_password", "")
    try:
        _check_password(request.form.get("password", ""))
        if new != request.form.get("again", ""):
            raise InvalidData({"again": [accounts.DIFFERENT]})
        with writing(engine) as session:
            account = accounts.get(session, current_user.username)
            accounts.set_password(session, account, new, engine.clock.now(), by=reading.actor())
    except InvalidData as refusal:
        errors = {("new_password" if name == "password" and new else name): texts for name, texts in refusal.errors.items()}
        if refusal.errors.get("password") == [WRONG_PASSWORD]:
            errors = refusal.errors
        return _page(errors), 422
    begin_again(account)
    flash(t("新密码已保存，其他设备上的登录已结束", "The new password is kept; sign-ins on other devices have ended"))
    return redirect(url_for("own_account.show"))


def _check_password(given: str) -> None:
    """What guards my secrets asks for the password once more."""
    engine = reading.engine()
    account = accounts.get(reading.session(), current_user.username)
    if not sign_ins.is_password_of(engine.database, account.username, given, reading.now()):
        raise InvalidData({"password": [WRONG_PASSWORD]})


@pages.post("/me/sessions")
def end_sessions() -> Response:
    """End every other session and every token of mine."""
    engine = reading.engine()
    with writing(engine) as session:
        account = accounts.get(session, current_user.username)
        accounts.end_sessions(session, account, reading.actor(), engine.clock.now())
    begin_again(account)
    flash(t("其他设备上的登录已结束", "Sign-ins on other devices have ended"))
    return redirect(url_for("own_account.show"))


@pages.get("/me/second-factor")
def second_factor() -> str | Response:
    """How to set up an authenticator: the picture, and a first code to prove it."""
    if current_user.has_second_factor:
        return redirect(url_for("own_account.show"))
    return _set_up(None)


@pages.post("/me/second-factor/new")
def new_secret() -> Response:
    """A secret for the authenticator, kept until its first code is entered."""
    if not current_user.has_second_factor:
        sign_ins.propose_second_factor(reading.engine().database, current_user.username)
    return redirect(url_for("own_account.second_factor"))


def _set_up(problem: Text | None) -> str:
    account = accounts.get(reading.session(), current_user.username)
    picture = None
    if account.totp_secret:
        code = segno.make(sign_ins.address_of_secret(account), error="m")
        picture = Markup(code.svg_inline(scale=1, border=2, omitsize=True, svgclass=None, lineclass=None))
    return render_template("own_account/second_factor.html", account=account, picture=picture, problem=problem)


@pages.post("/me/second-factor")
@limiter.limit("30 per minute", deduct_when=lambda response: response.status_code == 422)
def confirm() -> Response | tuple[str, int]:
    """From now on signing in asks for a code."""
    engine = reading.engine()
    try:
        with writing(engine) as session:
            account = accounts.get(session, current_user.username)
            sign_ins.confirm_second_factor(session, account, request.form.get("code", ""), engine.clock.now(), wall())
            accounts.note_second_factor(session, account, reading.actor(), engine.clock.now())
    except EngineError as refusal:
        return _set_up(refusal.text), 422
    begin_again(account)
    flash(t("第二重验证已启用", "The second factor is on"))
    return redirect(url_for("own_account.show"))


@pages.post("/me/second-factor/remove")
@limiter.limit("30 per minute", deduct_when=lambda response: response.status_code == 422)
def remove() -> Response | tuple[str, int]:
    """Turn the second factor off; asks for the password."""
    engine = reading.engine()
    try:
        _check_password(request.form.get("password", ""))
    except InvalidData:
        return _page({"second_factor": [WRONG_PASSWORD]}), 422
    with writing(engine) as session:
        account = accounts.get(session, current_user.username)
        accounts.drop_second_factor(session, account, reading.actor(), engine.clock.now())
    begin_again(account)
    flash(t("第二重验证已关闭", "The second factor is off"))
    return redirect(url_for("own_account.show"))
