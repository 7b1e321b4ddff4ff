"""Operations: what failed and its retry, timers, the demonstration's clock, and the record of the administrators' acts."""

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from isodate import ISO8601Error, parse_duration
from werkzeug.wrappers import Response

from engine import case_file, clock_moves, figures, history, incidents, timers
from engine.errors import EngineError, InvalidData, NotFound
from engine.tables import Case, Incident, Timer
from engine.words import Text
from housing import people
from webapp import reading
from webapp.accounts import check
from webapp.words import moment, t

pages = Blueprint("operations", __name__, url_prefix="/operations")
CHAINS = {"accounts": Text("账户", "Accounts"), "parameters": Text("参数与日历", "Parameters and calendar"),
          "deployments": Text("部署", "Deployments"), "operations": Text("运行", "Operations")}
STEPS = {"PT1H": Text("1 小时", "1 hour"), "P1D": Text("1 天", "1 day"), "P3D": Text("3 天", "3 days"),
         "P7D": Text("1 周", "1 week"), "P30D": Text("30 天", "30 days")}
PAGE = 50


@pages.before_request
def only_readers() -> None:
    """Whoever operates; everybody else finds nothing here."""
    check("read", "operations")


@pages.get("")
def index() -> str:
    """Figures, open incidents, timers."""
    return _page()


def _page(problem: Text | None = None) -> str:
    session, now = reading.session(), reading.now()
    opened = incidents.open_incidents(session, "open", limit=PAGE)
    upcoming = timers.upcoming(session, limit=PAGE)
    return render_template(
        "operations/index.html", figures=figures.figures(session, now), opened=opened, upcoming=upcoming,
        cases=_cases(opened, upcoming), problem=problem, steps=STEPS, clock_moves=clock_may_move(),
    )


def _cases(opened: list[Incident], upcoming: list[Timer]) -> dict[int, Case]:
    """The cases they belong to: their numbers only, an administrator reads no case."""
    wanted = {row.case_id for row in (*opened, *upcoming) if row.case_id is not None}
    return case_file.cases_by_id(reading.session(), wanted)


def clock_may_move() -> bool:
    """Only the administrator of a demonstration moves the clock."""
    engine = reading.engine()
    return clock_moves.is_demo(engine) and engine.rights.refusal(reading.session(), reading.actor(), "change", "clock") is None


@pages.get("/incidents")
def solved() -> str:
    """Every incident, solved ones too, newest first."""
    before = request.args.get("before", type=int)
    rows = incidents.open_incidents(reading.session(), None, before=before, limit=PAGE + 1)
    return render_template("operations/incidents.html", rows=rows[:PAGE], more=len(rows) > PAGE, cases=_cases(rows, []),
                           names=people.names(reading.session(), {row.resolved_by for row in rows}))


@pages.post("/incidents/<int:incident_id>/retry")
def retry(incident_id: int) -> Response | tuple[str, int]:
    """Run the failed step again."""
    check("change", "operations")
    try:
        incidents.retry(reading.engine(), reading.actor(), incident_id)
    except (NotFound, InvalidData):
        raise
    except EngineError as still:
        reading.read_anew()
        return _page(still.text), 409
    flash(t("这一步已办成，案件继续", "The step went through; the case goes on"))
    return redirect(url_for("operations.index"))


@pages.post("/clock")
def clock() -> Response:
    """Move the demonstration's clock; every deadline on the way falls due in turn."""
    check("change", "clock")
    moved = clock_moves.advance(reading.engine(), reading.actor(), _duration(request.form.get("advance", "")))
    flash(t(f"演示时钟现在是 {moment(moved)}", f"The demonstration clock now says {moment(moved)}"))
    return redirect(url_for("operations.index"))


def _duration(text: str) -> timedelta:
    try:
        found = parse_duration(text, as_timedelta_if_possible=True)
    except (ISO8601Error, TypeError, ValueError, OverflowError):
        found = None
    if not isinstance(found, timedelta):
        raise InvalidData({"advance": [Text("写成 P3D 或 PT2H 的样子", "Write it like P3D or PT2H")]})
    return found


@pages.get("/journal")
def journal() -> str:
    """The acts of administrators, each with who, when and what, from their hash-chained record."""
    chain = request.args.get("chain", "accounts")
    if chain not in CHAINS:
        raise NotFound
    session = reading.session()
    rows = history.of_chain(session, chain, before=request.args.get("before", type=int), limit=PAGE + 1)
    return render_template(
        "operations/journal.html", rows=rows[:PAGE], more=len(rows) > PAGE, chain=chain, chains=CHAINS,
        names=people.names(session, {row.actor for row in rows}), events=EVENTS,
    )


EVENTS = {
    "first administrator": Text("建立第一位管理员", "made the first administrator"),
    "account created": Text("建立账户", "made an account"), "account closed": Text("停用账户", "closed an account"),
    "account opened again": Text("恢复账户", "opened an account again"), "account unlocked": Text("解除登录暂停", "lifted a pause of sign-in"),
    "password reset": Text("重设密码", "reset a password"), "password changed": Text("修改密码", "changed their password"),
    "second factor set up": Text("启用第二重验证", "set up a second factor"),
    "second factor removed": Text("关闭第二重验证", "turned a second factor off"),
    "sessions ended": Text("结束其他登录", "ended other sign-ins"), "role granted": Text("授予角色", "granted a role"),
    "role ended": Text("收回角色", "ended a role"), "parameter_changed": Text("修改参数", "changed a parameter"),
    "calendar_imported": Text("导入工作日历", "imported working days"), "clock_moved": Text("拨动演示时钟", "moved the demonstration clock"),
    "deployed": Text("部署流程", "deployed a process"),
}
