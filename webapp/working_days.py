"""The working-day calendar: a year at a glance, provisional years marked, and the import of the State Council's notice."""

from calendar import Calendar as Weeks
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine import calendar, deadlines, history
from engine.calendar import RowProblem
from engine.errors import NotFound
from engine.tables import CalendarYear
from engine.turn import writing
from engine.words import Text
from webapp import reading
from webapp.accounts import check
from webapp.words import local, plural, t

pages = Blueprint("working_days", __name__, url_prefix="/working-days")
LARGEST = 200_000


@dataclass(frozen=True)
class Day:
    """A cell of the year: `kind` is work, rest, holiday or swap (a weekend day that is worked)."""

    on: date
    kind: str
    name: Text


@pages.before_request
def only_readers() -> None:
    """Staff read it, an administrator imports."""
    check("read", "calendar")
    if request.method == "POST":
        check("change", "calendar")


@pages.get("")
def index() -> Response:
    """This year."""
    return redirect(url_for("working_days.year", number=local(reading.now()).year))


@pages.get("/<int:number>")
def year(number: int) -> str:
    """Twelve months, with holidays and working weekends named."""
    return _year(number)


def _year(number: int, *, text: str = "", source: str = "", problems: list[RowProblem] | None = None) -> str:
    session = reading.session()
    days = calendar.read(session)
    if not 1990 < number < 2100 or (number not in days.years and text == ""):
        raise NotFound
    months = [(date(number, month, 1), _weeks(days, number, month)) for month in range(1, 13)]
    named = [day for _, weeks in months for week in weeks for day in week if day and day.kind in ("holiday", "swap")]
    return render_template(
        "working_days/year.html", number=number, months=months, named=named, years=sorted(days.years), known=number in days.years,
        provisional=days.years.get(number, True), row=session.get(CalendarYear, number), today=local(reading.now()).date(),
        text=text, source=source, problems=problems or [],
    )


def _weeks(days: calendar.Calendar, number: int, month: int) -> list[list[Day | None]]:
    weeks = Weeks().monthdatescalendar(number, month)
    return [[_day(days, on) if on.month == month else None for on in week] for week in weeks]


def _day(days: calendar.Calendar, on: date) -> Day:
    works = days.is_working(on) if on.year in days.years else on.weekday() < 5
    weekend = on.weekday() >= 5
    kind = ("swap" if weekend else "work") if works else ("holiday" if on in days.days else "rest")
    return Day(on, kind, days.name_of(on))


@pages.post("/import")
def take() -> Response | tuple[str, int]:
    """Take the lines, or say of each what is wrong with it and change nothing."""
    engine, text, source = reading.engine(), _text(), request.form.get("source", "").strip()
    number = request.form.get("year", type=int) or local(reading.now()).year
    if not source:
        problem = RowProblem(0, Text("写出依据的通知，如“国办发明电〔2026〕8号”", "Name the notice it rests on, with its number"))
        return _year(number, text=text or " ", problems=[problem]), 422
    with writing(engine) as session:
        problems = calendar.import_days(session, text, source)
        if not problems:
            history.note(session, "parameters", "calendar_imported", reading.actor().username,
                         {"source": source, "lines": len(text.splitlines())}, engine.clock.now())
    reading.read_anew()
    if problems:
        return _year(number, text=text or " ", source=source, problems=problems), 422
    moved = deadlines.replan(engine, reading.actor(), source)
    flash(t(f"日历已更新，重排了 {moved} 个期限", f"The calendar is changed; {plural(moved, 'deadline')} re-planned"))
    return redirect(url_for("working_days.year", number=_first_year(text) or number))


def _text() -> str:
    """What was pasted, or the file."""
    file = request.files.get("file")
    if file is not None and file.filename:
        return file.read(LARGEST).decode("utf-8-sig", "replace")
    return request.form.get("text", "")[:LARGEST]


def _first_year(text: str) -> int | None:
    return next((int(line[:4]) for line in text.splitlines() if line[:4].isdigit()), None)
