"""The inbox as values: its rail of views with counts, filters, rows by when they are due, the load of the group."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from engine import definitions, inbox
from engine.actor import Actor
from engine.clock import TZ
from engine.engine import Engine
from engine.inbox import TaskFilters
from engine.tables import Case, Task
from engine.words import Text
from housing import finding, org, people, substitutes, views
from housing.grants import day_of
from housing.hazards import LEVELS
from webapp.pages import rows

PAGE = 60
VIEWS: Mapping[str, tuple[Text, str]] = {
    "group": (Text("我的和我的组", "Mine and my groups"), "inbox"),
    "mine": (Text("只看我的", "Only mine"), "person"),
    "all": (Text("我能看的全部", "All I may see"), "eye"),
    "late": (Text("逾期", "Late"), "flag"),
    "today": (Text("今天到期", "Due today"), "half"),
    "waiting": (Text("等待他人", "Waiting"), "pause"),
    "done": (Text("本周办结", "Done this week"), "tick"),
}
RAIL = (("group", "mine", "all"), ("late", "today", "waiting", "done"))
SORTS = (
    ("urgent", Text("先看最急的", "Most urgent first")), ("changed", Text("最近变动", "Last changed")),
    ("created", Text("最早收到", "Longest waiting")), ("case", Text("按编号", "By number")),
)
EMPTY = {
    "late": Text("没有逾期的任务", "Nothing is late"), "today": Text("今天没有到期的任务", "Nothing is due today"),
    "waiting": Text("没有在等待的任务", "Nothing is waiting"), "done": Text("这周还没有办结的", "Nothing finished this week yet"),
}
NOTHING_LEFT = Text("现在没有待办", "Nothing to do right now")
WIDEST = 60


@dataclass(frozen=True)
class Filters:
    """What the address says."""

    view: str = "group"
    q: str = ""
    process: str = ""
    level: str = ""
    org: str = ""
    sort: str = "urgent"
    cursor: str = ""

    @staticmethod
    def of(args: Mapping[str, str]) -> "Filters":
        """From a query; what is not known reads as the usual."""
        view = args.get("view", "group")
        sort = args.get("sort", "urgent")
        return Filters(
            view if view in VIEWS else "group", args.get("q", "").strip()[:200], args.get("process", "")[:120],
            args.get("level", "") if args.get("level") in LEVELS else "", args.get("org", "")[:120],
            sort if sort in dict(SORTS) else "urgent", args.get("cursor", "")[:400],
        )

    @property
    def href(self) -> str:
        """The view as a link."""
        usual = Filters()
        pairs = [(name, value) for name, value in self.kept().items() if value != getattr(usual, name)]
        return "/inbox" + (f"?{urlencode(pairs)}" if pairs else "")

    def kept(self) -> dict[str, str]:
        """What a saved view keeps: everything but the page one is on."""
        return {name: getattr(self, name) for name in ("view", "q", "process", "level", "org", "sort") if getattr(self, name)}


@dataclass(frozen=True)
class Entry:
    """A line of the rail."""

    name: Any
    href: str
    icon: str = ""
    count: int | None = None
    current: bool = False
    hot: bool = False
    shared_by: str = ""


@dataclass(frozen=True)
class Burden:
    """How much a colleague holds; `width` of sixty for the bar."""

    name: Text
    count: int
    width: float
    away_until: date | None


@dataclass(frozen=True)
class Verdict:
    """What a bulk act did."""

    title: Text
    refused: list[tuple[str, Text]]
    undo: list[str]

    @staticmethod
    def of(kept: Mapping[str, Any] | None) -> "Verdict | None":
        """From the session, where it waited for the next page."""
        if not kept:
            return None
        return Verdict(Text(*kept["title"]), [(number, Text(*why)) for number, why in kept["refused"]], list(kept["undo"]))


@dataclass
class Box:
    """The whole page."""

    filters: Filters
    rail: list[list[Entry]]
    saved: list[Entry]
    groups: list[rows.Group]
    processes: list[tuple[str, Text]]
    places: list[tuple[str, Text]]
    load: list[Burden]
    colleagues: list[tuple[str, Text]]
    tags: list[Entry]
    tomorrow: str
    first_task: int = 0
    next_href: str = ""
    more_href: str = ""
    verdict: Verdict | None = None
    preview: Any = None
    levels: list[tuple[str, Text]] = field(default_factory=lambda: [
        (key, Text(f"{key} {name.zh}", f"{key} {name.en.lower()}")) for key, name in LEVELS.items()])
    sorts: Sequence[tuple[str, Text]] = SORTS

    @property
    def view(self) -> str:
        return self.filters.view

    @property
    def filtered(self) -> bool:
        return bool(self.tags)

    @property
    def may_see_more(self) -> bool:
        return self.view in ("group", "mine")

    @property
    def save_href(self) -> str:
        return "/views/new?" + urlencode(self.filters.kept())

    @property
    def empty_words(self) -> Text:
        return EMPTY.get(self.view, NOTHING_LEFT)


def task_filters(filters: Filters, actor: Actor, now: datetime) -> tuple[str, TaskFilters]:
    """A view of the page as the engine's view and filters."""
    narrowed = TaskFilters(
        process_key=filters.process or None, level=filters.level or None, org=filters.org or None, q=filters.q or None)
    tonight = datetime.combine(now.date() + timedelta(days=1), time(0), TZ)
    if filters.view == "late":
        return "group", replace(narrowed, overdue=True)
    if filters.view == "today":
        return "group", replace(narrowed, overdue=False, due_before=tonight + timedelta(microseconds=1))
    if filters.view == "waiting":
        return "group", replace(narrowed, waiting=True)
    if filters.view == "done":
        monday = datetime.combine(now.date() - timedelta(days=now.weekday()), time(0), TZ)
        return "mine", replace(narrowed, states=("completed",), completed_by=actor.username, completed_after=monday)
    return filters.view, narrowed


def box(session: Session, engine: Engine, actor: Actor, filters: Filters, now: datetime) -> Box:
    """Everything that the inbox shows."""
    view, narrowed = task_filters(filters, actor, now)
    page = inbox.page(session, engine, actor, view, narrowed, filters.sort, filters.cursor or None, PAGE)
    found = rows.rows(session, page.items, actor, now)
    if filters.sort == "urgent":
        found = rows.most_urgent(found)
    groups = rows.grouped(found) if filters.sort == "urgent" else ([rows.Group(dict(SORTS)[filters.sort], found)] if found else [])
    team = colleagues(session, engine, actor)
    return Box(
        filters=filters, rail=rail(session, engine, actor, filters, now), saved=saved(session, engine, actor, filters, now),
        groups=groups, processes=_processes(session), places=_places(session, actor), load=load(session, team, now),
        colleagues=[(name, called) for name, called in team.items() if name != actor.username],
        tags=tags(session, filters), tomorrow=(now.date() + timedelta(days=1)).isoformat(),
        first_task=groups[0].rows[0].id if groups else 0, next_href="/inbox/next" if groups else "",
        more_href=f"{_with(filters, page.next)}" if page.next else "",
    )


def _with(filters: Filters, cursor: str) -> str:
    return "/inbox?" + urlencode({**filters.kept(), "cursor": cursor})


def rail(session: Session, engine: Engine, actor: Actor, filters: Filters, now: datetime) -> list[list[Entry]]:
    """The standing views, each with its count."""
    return [[_entry(session, engine, actor, key, filters, now) for key in group] for group in RAIL]


def _entry(session: Session, engine: Engine, actor: Actor, key: str, filters: Filters, now: datetime) -> Entry:
    name, icon = VIEWS[key]
    view, narrowed = task_filters(Filters(view=key), actor, now)
    number = inbox.count(session, engine, actor, view, narrowed)
    return Entry(name, Filters(view=key).href, icon, number, filters.view == key and not _narrowed(filters), key == "late" and number > 0)


def _narrowed(filters: Filters) -> bool:
    return bool(filters.q or filters.process or filters.level or filters.org)


def saved(session: Session, engine: Engine, actor: Actor, filters: Filters, now: datetime) -> list[Entry]:
    """Saved and shared views, each counted with the reader's own rights."""
    made = []
    for row in views.visible(session, actor):
        kept = Filters.of({name: str(value) for name, value in row.filters.items()})
        view, narrowed = task_filters(kept, actor, now)
        number = inbox.count(session, engine, actor, view, narrowed)
        made.append(Entry(row.name, kept.href, count=number, current=kept.kept() == filters.kept() and _narrowed(kept),
                          shared_by=row.owner if row.owner != actor.username else ""))
    return made


def colleagues(session: Session, engine: Engine, actor: Actor) -> dict[str, Text]:
    """Who holds one's own roles in one's own organisations, oneself included; a lead sees those whom they lead."""
    names: set[str] = set()
    for grant in actor.grants:
        if grant.delegated_from is None and grant.role not in ("applicant", "tenant"):
            roles = frozenset({grant.role, grant.role.removesuffix("_lead")})
            names |= engine.directory.holders(session, roles, grant.org_unit, None)
    called = people.names(session, names)
    return {name: called[name] for name in sorted(names)}


def load(session: Session, team: Mapping[str, Text], now: datetime) -> list[Burden]:
    """How much each of the group holds; alone there is nothing to compare."""
    if len(team) < 2:
        return []
    held = finding.tasks_held(session, team)
    most = max(max(held.values()), 1)
    return [Burden(team[name], number, round(WIDEST * number / most, 1), away_until(session, name, now))
            for name, number in sorted(held.items(), key=lambda pair: -pair[1])][:8]


def away_until(session: Session, username: str, now: datetime) -> date | None:
    """Until when somebody stands in for this person."""
    today = day_of(now)
    days = [row.valid_to for row in substitutes.of_person(session, username)
            if row.from_user == username and row.valid_from <= today <= row.valid_to]
    return max(days, default=None)


def _processes(session: Session) -> list[tuple[str, Text]]:
    return [(one.key, Text(one.name, one.name_en or one.name)) for one in definitions.all_latest(session)]


def _places(session: Session, actor: Actor) -> list[tuple[str, Text]]:
    """The sub-districts, for those who see more than one of them."""
    if not any(grant.org_unit == org.ROOT for grant in actor.grants):
        return []
    units = [unit for kind in org.SUBDISTRICTS for unit in finding.organisations(session, actor, kind=kind)]
    return [(unit.code, unit.name) for unit in units]


def tags(session: Session, filters: Filters) -> list[Entry]:
    """What narrows the list, each to be taken off."""
    named = {
        "q": Text(f"“{filters.q}”", f"“{filters.q}”"), "process": _process_name(session, filters.process),
        "level": Text(f"{filters.level} {LEVELS[filters.level].zh}", f"{filters.level} {LEVELS[filters.level].en.lower()}") if filters.level else rows.NOTHING,
        "org": org.name_of(session, filters.org),
    }
    return [Entry(words, replace(filters, **{name: ""}).href) for name, words in named.items() if getattr(filters, name)]


def _process_name(session: Session, key: str) -> Text:
    found = {one.key: Text(one.name, one.name_en or one.name) for one in definitions.all_latest(session)} if key else {}
    return found.get(key, Text(key, key))


def next_task(session: Session, engine: Engine, actor: Actor, now: datetime, after: int | None = None) -> int | None:
    """The most urgent task that is mine or that I could claim, passing over the one just left."""
    page = inbox.page(session, engine, actor, "group", TaskFilters(waiting=False), "urgent", None, PAGE)
    found = rows.most_urgent(rows.rows(session, [item for item in page.items if item.task.id != after], actor, now))
    return found[0].id if found else None


def number_of(session: Session, task: Task) -> str:
    """The number of a task's case."""
    case = session.get(Case, task.case_id)
    return (case.business_key if case else None) or ""
