"""Words on pages: which language, how dates and spans of time are written, and `t("中文", "English")` for templates."""

import hashlib
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from flask import (
    Blueprint,
    Flask,
    current_app,
    g,
    has_request_context,
    make_response,
    redirect,
    request,
    url_for,
)
from flask_login import current_user
from markupsafe import Markup, escape
from werkzeug.wrappers import Response

from engine.lateness import length
from engine.words import Text, split
from webapp import reading
from webapp.security import open_to_all

pages = Blueprint("words", __name__)
LOCALES = ("zh", "en")
COOKIE = "anju_language"
WEEKDAYS = (Text("周一", "Mon"), Text("周二", "Tue"), Text("周三", "Wed"), Text("周四", "Thu"),
            Text("周五", "Fri"), Text("周六", "Sat"), Text("周日", "Sun"))
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
NONE = Text("—", "—")


def locale() -> str:
    """The language of this page: chosen on this device, else the account's, else the browser's, else the house's."""
    if not has_request_context():
        return "zh"
    if "locale" not in g:
        g.locale = _chosen()
    return str(g.locale)


def _chosen() -> str:
    house = str(current_app.config["LOCALE"])
    asked = (request.cookies.get(COOKIE), getattr(current_user, "locale", None),
             request.accept_languages.best_match(LOCALES))
    return next((name for name in asked if name in LOCALES), house)


def t(zh: str, en: str) -> str:
    """A sentence in the language of this page."""
    return en if locale() == "en" else zh


def say(text: Text | str | None) -> str:
    """A `Text` in the language of this page; a plain string as it is."""
    if text is None:
        return ""
    return text if isinstance(text, str) else text.in_(locale())


@pages.get("/language/<name>")
@open_to_all
def choose(name: str) -> Response:
    """Keep the language on this device and go back to the page one came from."""
    answer = make_response(redirect(local_path(request.args.get("to")) or "/"))
    if name in LOCALES:
        answer.set_cookie(COOKIE, name, max_age=31_536_000, samesite="Lax", httponly=True, secure=request.is_secure)
    return answer


def side(text: str | None) -> str:
    """The half of "中文 | English" that is in the language of this page; a plain text as it is."""
    return split(text or "").in_(locale())


def local_path(path: str | None) -> str | None:
    """`path` if it leads to a page of ours, else None: never a way out to another site."""
    if not path or not path.startswith("/") or path.startswith(("//", "/\\")) or any(ord(c) < 32 for c in path):
        return None
    return path


def here() -> str:
    """This page's own path with its filters."""
    return request.full_path.rstrip("?") if request.query_string else request.path


def local(at: datetime) -> datetime:
    """`at` by the wall clocks of the installation."""
    return at.astimezone(ZoneInfo(current_app.config["TIMEZONE"]))


def day(value: date | datetime | None, *, weekday: bool = False, year: bool | None = None) -> str:
    """11月25日 / 25 Nov; with the year where it is not this one."""
    if value is None:
        return say(NONE)
    on = local(value).date() if isinstance(value, datetime) else value
    with_year = on.year != local(reading.now()).year if year is None else year
    name = WEEKDAYS[on.weekday()]
    if locale() == "en":
        return f"{name.en + ' ' if weekday else ''}{on.day} {MONTHS[on.month - 1]}{f' {on.year}' if with_year else ''}"
    return f"{f'{on.year}年' if with_year else ''}{on.month}月{on.day}日{' ' + name.zh if weekday else ''}"


def moment(at: datetime | None, *, weekday: bool = False, year: bool | None = None) -> str:
    """11月25日 10:32 / 25 Nov, 10:32."""
    if at is None:
        return say(NONE)
    return f"{day(at, weekday=weekday, year=year)}{', ' if locale() == 'en' else ' '}{clock_time(at)}"


def clock_time(at: datetime | None) -> str:
    """10:32."""
    return local(at).strftime("%H:%M") if at else ""


def until(at: datetime | None, *, weekday: bool = True) -> str:
    """The end of a deadline: midnight is 24:00 of the day before. 11月25日 周三 24:00 前 / Wed 25 Nov, 24:00."""
    if at is None:
        return say(NONE)
    here_at = local(at)
    midnight = (here_at.hour, here_at.minute, here_at.second) == (0, 0, 0)
    on = here_at.date() - timedelta(days=1) if midnight else here_at.date()
    clock = "24:00" if midnight else here_at.strftime("%H:%M")
    if locale() == "en":
        return f"{day(on, weekday=weekday)}, {clock}"
    return f"{day(on, weekday=weekday)} {clock} 前"


def short_until(at: datetime | None) -> str:
    """The same for narrow places: 今天 11:10, 24:00, 11月25日 24:00 / today 11:10, 25 Nov, 24:00."""
    if at is None:
        return ""
    end = until(at, weekday=False).removesuffix(" 前")
    today = day(local(reading.now()).date())
    return t("今天", "today") + end.removeprefix(today).replace(",", "") if end.startswith(today) else end


def ago(at: datetime | None) -> str:
    """刚刚, 5 分钟前, 今天 10:32, 昨天 10:32, then the date / just now, 5 min ago, today 10:32, yesterday 10:32."""
    if at is None:
        return ""
    present = local(reading.now())
    passed = present - local(at)
    if timedelta(0) <= passed < timedelta(minutes=1):
        return t("刚刚", "just now")
    if timedelta(0) <= passed < timedelta(hours=1):
        span = length(passed)
        return t(f"{span.zh}前", f"{span.en} ago")
    days = (present.date() - local(at).date()).days
    names = {0: Text("今天", "today"), 1: Text("昨天", "yesterday")}
    return f"{say(names[days])} {clock_time(at)}" if days in names else moment(at)


def instant(at: datetime, shown: str | None = None) -> Markup:
    """`<time>` with the machine's reading beside the people's."""
    return Markup('<time datetime="{}">{}</time>').format(local(at).isoformat(timespec="seconds"), shown or moment(at))


def count(number: int, most: int = 99) -> str:
    """A badge's number, capped."""
    return str(number) if number <= most else f"{most}+"


def plural(number: int, one: str, many: str | None = None) -> str:
    """English needs it: 1 day, 2 days."""
    return f"{number} {one if number == 1 else many or one + 's'}"



def asset(name: str) -> str:
    """The address of a file under static/, marked with its content so that browsers may keep it."""
    return url_for("static", filename=name, v=_digest(str(Path(current_app.static_folder or "") / name)))


@cache
def _digest(path: str) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:10]


def in_html(lines: str) -> Markup:
    """Plain text with its line breaks kept."""
    return Markup("<br>").join(escape(line) for line in lines.splitlines())


def init_app(app: Flask) -> None:
    """Make the words known to every template."""
    app.jinja_env.globals.update(
        t=t, say=say, locale=locale, day=day, moment=moment, clock_time=clock_time, until=until,
        short_until=short_until, ago=ago, instant=instant, plural=plural, count=count, asset=asset, here=here,
    )
    app.jinja_env.filters.update(say=say, side=side, day=day, moment=moment, until=until, ago=ago, lines=in_html)
    app.context_processor(_languages)


def _languages() -> dict[str, Any]:
    return {"html_lang": "en" if locale() == "en" else "zh-CN"}
