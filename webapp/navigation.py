"""Where one can go from the top bar, the account's menu and the foot: only to what exists and is theirs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, request
from flask_login import current_user

from engine.words import Text


@dataclass(frozen=True)
class Place:
    """A page that the bar or a menu leads to; `area` names the part of the product whose readers see it."""

    path: str
    icon: str
    name: Text
    area: str | None = None
    wide: bool = False

    @property
    def href(self) -> str:
        return self.path

    @property
    def here(self) -> bool:
        return request.path == self.path or request.path.startswith(self.path + "/")

    @property
    def count(self) -> int:
        counter = COUNTERS.get(self.path)
        return counter() if counter else 0


MAIN = (
    Place("/inbox", "inbox", Text("待办", "Inbox")),
    Place("/cases", "folder", Text("案件", "Cases")),
    Place("/registers", "list", Text("台账", "Registers")),
    Place("/processes", "process", Text("流程", "Processes")),
)
TOOLS = (
    Place("/search", "search", Text("搜索案件、项目、编号", "Search cases, projects, numbers")),
    Place("/notifications", "bell", Text("通知", "Notifications")),
)
OWN = (
    Place("/me", "person", Text("我的账户", "My account")),
    Place("/substitutes", "people", Text("代理与请假", "Substitutes and leave")),
)
HOUSE = (
    Place("/accounts", "key", Text("账户", "Accounts"), "accounts"),
    Place("/parameters", "settings", Text("参数", "Parameters"), "parameters"),
    Place("/working-days", "calendar", Text("日历", "Calendar"), "calendar"),
    Place("/operations", "gear", Text("运行", "Operations"), "operations"),
)
FOOT = (Place("/api/v1/docs", "", Text("接口说明", "API")),)
COUNTERS: dict[str, Callable[[], int]] = {}


def count_at(path: str, counter: Callable[[], int]) -> None:
    """Show a number beside a place, such as the tasks of mine beside the inbox."""
    COUNTERS[path] = counter


def init_app(app: Flask) -> None:
    """Hand the lists to the templates."""
    app.jinja_env.globals.update(places=places, tools=tools, own_menu=own_menu, foot_links=foot_links)


def places() -> list[Place]:
    """The main places of the top bar; for who only administers, those of administration."""
    roles = current_user.actor.roles
    return _there(HOUSE if roles and roles <= {"admin"} else MAIN)


def tools() -> list[Place]:
    """The signs at the right of the top bar."""
    return _there(TOOLS)


def own_menu() -> list[Place | None]:
    """The account's menu; None is a line between its two parts."""
    own, house = _there(OWN), [place for place in _there(HOUSE) if place not in places()]
    return [*own, None, *house] if own and house else [*own, *house]


def foot_links() -> list[Place]:
    """What stands at the foot of every page."""
    return _there(FOOT)


def _there(wanted: tuple[Place, ...]) -> list[Place]:
    return [place for place in wanted if _exists(place.path) and (place.area is None or current_user.may("read", place.area))]


def _exists(path: str) -> bool:
    known: Any = current_app.extensions.get("anju_paths")
    if known is None:
        known = {rule.rule for rule in current_app.url_map.iter_rules() if "GET" in (rule.methods or ())}
        current_app.extensions["anju_paths"] = known
    return path in known or f"{path}/" in known
