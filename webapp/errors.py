"""Every failure as a sentence: what happened, where your work is, what you can do now. Status from the one table."""

import logging
from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, g, make_response, redirect, render_template, request, url_for
from flask_limiter.errors import RateLimitExceeded
from flask_login import AnonymousUserMixin, current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError, SQLAlchemyError, TimeoutError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from engine.errors import EngineError, InvalidData
from engine.words import Text
from webapp import kept, reading, security, words
from webapp.api import problems
from webapp.api.problems import status_of

log = logging.getLogger(__name__)
OURS = (500, 503)


@dataclass(frozen=True)
class Sentence:
    """A title that says what happened, and a text that says where one's work is and what to do."""

    title: Text
    text: Text
    icon: str = "alert"
    kind: str = "bad"


NOTHING_CHANGED = Text("没有完成，任何记录都没有改动", "It did not complete; nothing was changed")
SENTENCES = {
    400: Sentence(Text("这一页不能这样提交", "This page cannot be sent like this"),
                  Text("请回到原来的页面，刷新后再提交一次。", "Go back to the page, reload it and send it once more.")),
    403: Sentence(Text("这一步不由您办理", "This step is not yours"),
                  Text("您可以看，但不能这样做。", "You may look, but not do this."), "lock", "warn"),
    404: Sentence(Text("这里没有您能看的内容", "There is nothing here that you may see"),
                  Text("编号可能写错了，或者它不在您的范围内。", "The number may be wrong, or it lies outside your area."), "search", ""),
    405: Sentence(Text("这一页不能这样打开", "This page does not open like this"),
                  Text("请从菜单或清单进入。", "Come in by the menu or a list."), "info", "info"),
    409: Sentence(Text("有人先办了", "Somebody was first"),
                  Text("页面打开后内容有了变化。", "It changed after you opened the page."), "people", "info"),
    413: Sentence(Text("内容太大，没有收下", "Too large to be taken"),
                  Text("请缩小照片或分几次上传；已写的文字还在原来的页面上。",
                       "Make the photographs smaller or send them in parts; the text is still on the page you came from."), "alert", "warn"),
    422: Sentence(Text("有几处需要改正", "Some entries need to be put right"), Text("", "")),
    429: Sentence(Text("试得太频繁了", "Too many tries"),
                  Text("请等一分钟再试。", "Wait a minute, then try again."), "clock", "warn"),
    500: Sentence(NOTHING_CHANGED, Text("问题已记下，值班人员会查看。您填写的内容在下面，可以再试一次。",
                                        "It has been recorded and the person on duty will look. What you entered is below; you can try again.")),
    503: Sentence(Text("系统正忙，任何记录都没有改动", "Busy at the moment; nothing was changed"),
                  Text("请过几秒再试。您填写的内容在下面。", "Try again in a few seconds. What you entered is below."), "clock", "warn"),
}
EXPIRED = Sentence(Text("您离开了一段时间，请重新登录", "You were away for a while; sign in again"),
                   Text("您填写的内容还在，登录后接着办。", "What you entered is kept; after signing in you go on where you were."),
                   "lock", "")


def init_app(app: Flask) -> None:
    """Turn errors into pages, except under /api/, whose own handlers answer in JSON."""
    app.register_error_handler(EngineError, page_of)
    app.register_error_handler(OperationalError, page_of)
    app.register_error_handler(TimeoutError, page_of)
    app.register_error_handler(OSError, page_of)
    app.register_error_handler(CSRFError, _forged)
    app.register_error_handler(RateLimitExceeded, page_of)
    app.register_error_handler(HTTPException, page_of)
    app.register_error_handler(Exception, page_of)


def page_of(error: Exception) -> AnyResponse:
    """The page, or for htmx the note, that says what happened."""
    if isinstance(error, HTTPException) and error.response is not None:
        return error.response
    if request.path.startswith("/api/"):
        return problems.answer(error)
    status = status_of(error)
    if status >= 500:
        log.error("%s %s failed", request.method, request.url_rule, exc_info=error)
        reading.db.session.rollback()
    page = _page(SENTENCES.get(status) or SENTENCES[500], status, error)
    if status in (429, 503):
        page.headers["Retry-After"] = "60" if status == 429 else "2"
    return page


def _page(sentence: Sentence, status: int, error: Exception | None = None) -> Response:
    brought = kept.of_request()
    template = "errors/note.html" if request.headers.get("HX-Request") else "errors/page.html"
    shown = {"sentence": sentence, "status": status, "text": getattr(error, "text", None), "fields": _fields(error),
             "kept": brought, "again": brought is not None and status in OURS, "error": error, "back": back()}
    try:
        return make_response(render_template(template, **shown), status)
    except (SQLAlchemyError, OSError):
        g._login_user = AnonymousUserMixin()  # the bar asks the database who this is, and that is what is away
        return make_response(render_template(template, **shown), status)


def _fields(error: Exception | None) -> list[tuple[str, Text]]:
    if not isinstance(error, InvalidData):
        return []
    return [(path, text) for path, texts in error.errors.items() for text in texts]


def back() -> str:
    """The page of ours from which this request came, else the first page."""
    came_from = request.referrer or ""
    root = request.host_url.rstrip("/")
    return (words.local_path(came_from.removeprefix(root)) if came_from.startswith(root) else None) or "/"


def _forged(error: CSRFError) -> AnyResponse:
    """A post without its mark: after a session's end it is kept; from elsewhere it is refused."""
    if not security.same_origin():
        return _page(SENTENCES[400], 400, None)
    if not current_user.is_authenticated:
        return ask_to_sign_in()
    return make_response(render_template("errors/again.html", kept=kept.of_request(), back=back()), 400)


def ask_to_sign_in() -> AnyResponse:
    """To the sign-in page and back here afterwards, with what was typed."""
    if request.headers.get("HX-Request"):
        return make_response(render_template("errors/note.html", sentence=EXPIRED, status=401, fields=[], sign_in=True), 401)
    if request.method == "GET":
        return redirect(url_for("sign_in.form", next=words.here() if words.here() != "/" else None))
    return make_response(render_template("sign_in/form.html", **sign_in_page(kept=kept.of_request(), expired=True)), 401)


def sign_in_page(**more: Any) -> dict[str, Any]:
    """What the sign-in page shows."""
    values: dict[str, Any] = {"next": "", "kept": None, "username": "", "problem": None, "expired": False, "reset": False}
    return {**values, **more, "sealed": kept.sealed(more.get("kept"))}
