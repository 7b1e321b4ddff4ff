"""How an error answers over HTTP: one table from error to status, and RFC 9457 problems made from it."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response, current_app, json, request
from sqlalchemy.exc import OperationalError, TimeoutError
from werkzeug.exceptions import HTTPException

from engine import errors
from engine.words import Text

log = logging.getLogger(__name__)
CONTENT_TYPE = "application/problem+json"
DOCS = "/api/v1/docs"


@dataclass(frozen=True)
class Kind:
    """One kind of problem: its status, its stable name and what it is called."""

    status: int
    name: str
    title: Text


class NotSignedIn(errors.EngineError):
    """No valid token came with the request."""


class TooOften(errors.EngineError):
    """Too many tries; `retry_after` seconds to wait."""

    def __init__(self, text: Text, retry_after: int) -> None:
        super().__init__(text)
        self.retry_after = retry_after


class KeyReused(errors.InvalidData):
    """An Idempotency-Key came again with other content."""


KINDS: Mapping[type[BaseException], Kind] = {
    NotSignedIn: Kind(401, "not-signed-in", Text("请先登录", "Please sign in")),
    TooOften: Kind(429, "too-often", Text("请求过于频繁", "Too many requests")),
    KeyReused: Kind(422, "key-reused", Text("同一个幂等键用于不同内容", "The key was used with other content")),
    errors.NotFound: Kind(404, "not-found", Text("没有找到", "Not found")),
    errors.NotAllowed: Kind(403, "not-allowed", Text("您不能这样做", "Not yours to do")),
    errors.AlreadyDone: Kind(409, "already-done", Text("已经办完", "Already finished")),
    errors.Stale: Kind(409, "stale", Text("页面打开后内容已变化", "Changed since it was opened")),
    errors.WrongState: Kind(409, "wrong-state", Text("现在不能这样做", "Not possible in this state")),
    errors.KeyTaken: Kind(409, "key-taken", Text("编号已被使用", "The number is taken")),
    errors.Conflict: Kind(409, "conflict", Text("有人先办了", "Somebody was first")),
    errors.InvalidData: Kind(422, "invalid-data", Text("有几处需要改正", "Some entries need to be put right")),
    errors.Refused: Kind(422, "refused", Text("部署未通过检查", "The deployment was refused")),
    errors.ProcessFailure: Kind(409, "process-stopped", Text("流程停在这里", "The process stopped here")),
    errors.Busy: Kind(503, "busy", Text("系统正忙", "Busy")),
    errors.EngineError: Kind(422, "refused-by-rule", Text("未能完成", "Not done")),
    OperationalError: Kind(503, "busy", Text("系统正忙", "Busy")),
    TimeoutError: Kind(503, "busy", Text("系统正忙", "Busy")),
    OSError: Kind(503, "busy", Text("系统正忙", "Busy")),
}
OF_STATUS: Mapping[int, Kind] = {
    400: Kind(400, "not-readable", Text("内容无法读取", "The content cannot be read")),
    401: KINDS[NotSignedIn],
    403: KINDS[errors.NotAllowed],
    404: KINDS[errors.NotFound],
    405: Kind(405, "no-such-method", Text("此地址不支持这种方法", "This address does not take that method")),
    409: KINDS[errors.Conflict],
    413: Kind(413, "too-large", Text("内容太大", "The content is too large")),
    415: Kind(415, "wrong-type", Text("内容类型不支持", "The content type is not supported")),
    422: KINDS[errors.InvalidData],
    429: KINDS[TooOften],
    503: KINDS[errors.Busy],
    500: Kind(500, "our-fault", Text("系统出错", "Something went wrong on our side")),
}
DETAILS: Mapping[int, Text] = {
    400: Text("请求不是合格的 JSON 或表单数据。", "The request is neither well-formed JSON nor form data."),
    404: Text("没有找到，或者您无权查看。", "Not found, or not yours to see."),
    405: Text("请查看接口说明，换一种方法再试。", "Look into the description of the interface for the methods that it takes."),
    413: Text("请缩小后再提交。", "Make it smaller and send it again."),
    415: Text("请以接口说明中的类型提交。", "Send it in a type that the description of the interface names."),
    500: Text("什么都没有改变，请稍后再试；我们已经记下。", "Nothing was changed. Try again later; we have a record of it."),
    503: Text("什么都没有改变，请稍候再试。", "Nothing was changed. Try again in a moment."),
}


def kind_of(error: BaseException) -> Kind:
    """The kind of problem that `error` is."""
    if isinstance(error, HTTPException):
        return OF_STATUS.get(error.code or 500) or Kind(error.code or 500, "http", Text(error.name, error.name))
    return next((KINDS[cls] for cls in type(error).__mro__ if cls in KINDS), OF_STATUS[500])


def status_of(error: BaseException) -> int:
    """The HTTP status with which `error` answers, on pages as over the API."""
    return kind_of(error).status


def language() -> str:
    """The caller's language for titles and details: Accept-Language, else the installation's."""
    default = str(current_app.config.get("LOCALE") or "zh")
    return request.accept_languages.best_match(["zh", "en"], default=default) or default


def answer(error: Exception) -> Response:
    """`error` as application/problem+json."""
    kind = kind_of(error)
    if kind.status >= 500:
        log.error("%s %s failed", request.method, request.url_rule, exc_info=error)
    response = current_app.response_class(
        json.dumps(_body(error, kind, language())), status=kind.status, content_type=CONTENT_TYPE
    )
    response.headers.update(_headers(error, kind))
    return response


def _body(error: Exception, kind: Kind, locale: str) -> dict[str, Any]:
    text = getattr(error, "text", None) or DETAILS.get(kind.status) or kind.title
    return {
        "type": f"{DOCS}#{kind.name}",
        "title": kind.title.in_(locale),
        "status": kind.status,
        "detail": text.in_(locale),
        **_more(error, locale),
    }


def _more(error: Exception, locale: str) -> dict[str, Any]:
    """The members that only some kinds carry."""
    if isinstance(error, errors.InvalidData):
        return {"errors": {path: [text.in_(locale) for text in texts] for path, texts in error.errors.items()}}
    if isinstance(error, errors.Refused):
        return {"problems": [problem_row(problem, locale) for problem in error.problems]}
    names = ("completed_by", "completed_at", "entered", "version", "changed_by", "changed_at",
             "incident_id", "element_id", "cases", "inputs")
    found = {name: getattr(error, name) for name in names if hasattr(error, name)}
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in found.items()}


def problem_row(problem: errors.Problem, locale: str) -> dict[str, Any]:
    """One reason why a deployment is refused, as the API and the command line show it."""
    return {
        "file": problem.file, "element_id": problem.element_id, "rule": problem.rule,
        "message": problem.message.in_(locale), "level": problem.level,
    }


def _headers(error: Exception, kind: Kind) -> dict[str, str]:
    headers = {"Cache-Control": "no-store"}
    if kind.status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="Anju"'
    if kind.status in (429, 503):
        headers["Retry-After"] = str(getattr(error, "retry_after", 2))
    if isinstance(error, HTTPException) and getattr(error, "valid_methods", None):
        headers["Allow"] = ", ".join(sorted(error.valid_methods))  # type: ignore[attr-defined]
    return headers
