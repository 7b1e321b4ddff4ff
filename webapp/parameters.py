"""Policy parameters: each value with its source, days and history; a change asks why and re-plans open deadlines."""

from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine import deadlines
from engine.errors import InvalidData, NotFound
from engine.words import Text
from housing import parameters, people
from housing.grants import day_of
from webapp import reading
from webapp.accounts import A_DATE, check
from webapp.words import plural, t

pages = Blueprint("parameters", __name__, url_prefix="/parameters")
UNITS = {"CD": Text("天", "days"), "WD": Text("个工作日", "working days"), "h": Text("小时", "h"), "min": Text("分钟", "min"),
         "points": Text("分", "points"), "share": Text("比例（0 到 1）", "share, from 0 to 1")}
GROUPS = {"hazard": Text("隐患", "Hazards"), "people": Text("登录与账户", "Signing in")}
FIELDS = ("value", "valid_from", "source", "source_date", "legal_basis", "reason")


@pages.before_request
def only_readers() -> None:
    """Staff read them, an administrator changes them."""
    check("read", "parameters")
    if request.method == "POST":
        check("change", "parameters")


@pages.get("")
def index() -> str:
    """Every parameter with its value today, by subject."""
    found: dict[str, list[Any]] = {}
    for kind, row in parameters.all_in_force(reading.session(), day_of(reading.now())):
        found.setdefault(kind.key.partition(".")[0], []).append((kind, row))
    return render_template("parameters/index.html", found=found, groups=GROUPS, units=UNITS)


@pages.get("/<key>")
def show(key: str) -> str:
    """One parameter: value, where it comes from, all it has been, and the form for a new one."""
    return _show(key, {}, {})


def _show(key: str, values: dict[str, str], problems: dict[str, list[Text]]) -> str:
    kind = parameters.BY_KEY.get(key)
    if kind is None:
        raise NotFound
    session, today = reading.session(), day_of(reading.now())
    past = parameters.past(session, key)
    return render_template(
        "parameters/show.html", kind=kind, row=parameters.in_force(session, key, today), past=past, today=today, units=UNITS,
        values=values, problems=problems, names=people.names(session, {row.set_by for row in past}),
    )


@pages.post("/<key>")
def change(key: str) -> Response | tuple[str, int]:
    """A new value from a day on; open deadlines follow, and their history says so."""
    values = {name: request.form.get(name, "").strip() for name in FIELDS}
    engine = reading.engine()
    try:
        given = _read(values)
        parameters.change(engine, reading.actor(), key, values["value"], confirmed=request.form.get("confirmed") == "1", **given)
    except InvalidData as refusal:
        return _show(key, values, refusal.errors), 422
    moved = deadlines.replan(engine, reading.actor(), f"{key}: {values['reason']}")
    flash(t(f"参数已更新，重排了 {moved} 个期限", f"The parameter is changed; {plural(moved, 'deadline')} re-planned"))
    return redirect(url_for("parameters.show", key=key))


def _read(values: dict[str, str]) -> dict[str, Any]:
    problems: dict[str, list[Text]] = {}
    days: dict[str, date | None] = {}
    for name in ("valid_from", "source_date"):
        try:
            days[name] = date.fromisoformat(values[name]) if values[name] else None
        except ValueError:
            problems[name] = [A_DATE]
    if not values["reason"]:
        problems["reason"] = [Text("写出为什么改，期限的历史里会引用它", "Say why; the history of the deadlines will quote it")]
    if problems:
        raise InvalidData(problems)
    return {"valid_from": days["valid_from"] or day_of(reading.now()), "source_date": days["source_date"],
            "source": values["source"], "legal_basis": values["legal_basis"] or None, "reason": values["reason"]}
