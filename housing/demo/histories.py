"""Cases as the real process has run them, with a clock that moves from act to act and fires timers on its way."""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from engine import calendar, cases, messages, tasks, timers
from engine.actor import Actor
from engine.calendar import Calendar
from engine.clock import TestClock
from engine.errors import EngineError
from engine.tables import OPEN_STATES, Task, TaskBar
from housing import people
from housing.demo import pictures
from housing.demo.scripts import ACTS, AGAIN, SIDES, Act, Kind, Story, stories
from housing.directory import TreeDirectory
from housing.grants import RoleGrant
from housing.homes import Building, Project
from housing.notices import Notification

if TYPE_CHECKING:
    from engine.engine import Engine

KEY = "hazard_rectification"
OPENS, CLOSES = timedelta(hours=9), timedelta(hours=17)
FASTER = {"L1": 1.0, "L2": 1.0, "L3": 0.5, "L4": 0.25}
READ_AFTER = timedelta(days=2)
REPORTERS = ("committee", "committee", "subdistrict", "operator", "committee")


@dataclass
class Running:
    """A story under way: which act comes next."""

    story: Story
    project: Project
    case_id: int = 0
    number: str = ""
    done: int = 0
    at: datetime | None = None


@dataclass
class Stage:
    """Everything that acting needs: an engine over a clock of its own, people, the calendar."""

    engine: "Engine"
    clock: TestClock
    days: Calendar
    actors: dict[str, Actor] = field(default_factory=dict)
    reported: dict[int, list[dict[str, Any]]] = field(default_factory=dict)

    def actor(self, session: Session, username: str) -> Actor:
        """A person as an actor, read once."""
        if username not in self.actors:
            found = people.actor_of(session, username, self.clock.now())
            self.actors[username] = found or Actor(username)
        return self.actors[username]


def histories(engine: "Engine") -> None:
    """Run all stories side by side, in the order of time, up to the present."""
    now = engine.clock.now()
    clock = TestClock(now)
    with engine.database.reading() as session:
        days = calendar.read(session)
        projects = list(session.scalars(select(Project).order_by(Project.id)))
        session.expunge_all()
    stage = Stage(replace(engine, clock=clock, directory=TreeDirectory(clock)), clock, days)
    ticks = count()
    order: list[tuple[datetime, int, Running]] = []
    for place, story in enumerate(stories()):
        running = Running(story, projects[place % len(projects)])
        heapq.heappush(order, (earlier(days, now, story.hours_ago), next(ticks), running))
    while order:
        at, _, running = heapq.heappop(order)
        _reach(stage, at)
        if (following := _play(stage, running, at)) is not None and following < now:
            heapq.heappush(order, (following, next(ticks), running))
    _reach(stage, now)
    _read_old(engine, now)


def _reach(stage: Stage, at: datetime) -> None:
    """Move to `at`, through every timer on the way at its own instant."""
    while True:
        with stage.engine.database.reading() as session:
            due = timers.next_due(session)
        if due is None or due > at:
            break
        stage.clock.set(max(due, stage.clock.now()))
        timers.sweep(stage.engine)
    stage.clock.set(at)


def _play(stage: Stage, running: Running, at: datetime) -> datetime | None:
    """Do the next act; answers when the one after it comes."""
    if not running.case_id:
        _report(stage, running)
    else:
        letter = running.story.acts[running.done]
        running.done += 1
        _act(stage, running, ACTS[letter])
    if running.done >= len(running.story.acts):
        return None
    following = ACTS[running.story.acts[running.done]]
    return later(stage.days, at, following.hours * FASTER[running.story.level])


def _report(stage: Stage, running: Running) -> None:
    place = len(running.story.acts) + running.project.id
    with stage.engine.database.reading() as session:
        reporter = _somebody(session, stage, REPORTERS[place % len(REPORTERS)], running.project)
        building = _building(session, running.project, place)
    brought = _again(stage, running) or _reported(stage, running.story.kind, running.project, building)
    photos = pictures.brought(stage.engine, reporter, brought["category"], after=False)
    outcome = cases.start(stage.engine, reporter, KEY, {**brought, "photos": photos})
    running.case_id, running.number = outcome.case.id, outcome.case.business_key or ""


def _again(stage: Stage, running: Running) -> dict[str, Any] | None:
    """For a duplicate: what was reported last on the same project."""
    if running.story.acts != AGAIN:
        return None
    running.done = 1
    before = stage.reported.get(running.project.id)
    return before[-1] if before else None


def _reported(stage: Stage, kind: Kind, project: Project, building: Building) -> dict[str, Any]:
    """What the form brings; the same part of a project is never meant twice."""
    before = stage.reported.setdefault(project.id, [])
    parts = [f"{building.name_zh}{kind.part}{side}" for side in SIDES]
    taken = {one["part"] for one in before}
    brought = {
        "project_id": project.id, "building_id": building.id, "part": next(part for part in parts if part not in taken),
        "category": kind.category, "description": kind.description, "people_at_risk": kind.people_at_risk,
        "imminent": kind.imminent, "affects_escape_or_structure": kind.affects, "can_fix_on_spot": False,
    }
    before.append(brought)
    return brought


def _building(session: Session, project: Project, place: int) -> Building:
    rows = session.scalars(select(Building).where(Building.project_id == project.id).order_by(Building.id)).all()
    return rows[place % len(rows)]


def _somebody(session: Session, stage: Stage, role: str, project: Project) -> Actor:
    """Who holds this role where the project stands."""
    places = {"committee": project.committee, "subdistrict": project.subdistrict, "operator": project.operator}
    wanted = select(RoleGrant.username).where(RoleGrant.role == role, RoleGrant.org_unit == places[role])
    return stage.actor(session, session.scalars(wanted.order_by(RoleGrant.id)).first() or "bureau")


def _act(stage: Stage, running: Running, act: Act) -> None:
    """Answer a task or send a message; what the case is not ready for is left out."""
    if act.message:
        _send(stage, running, act)
        return
    if act.target in ("suspend", "cancel"):
        _operate(stage, running, act)
        return
    with stage.engine.database.reading() as session:
        task = next(_waiting(session, running.case_id, act.target), None)
        doer = _doer(session, stage, task) if task else None
        session.expunge_all()
    if task is None or doer is None:
        return
    if act.claims:
        tasks.claim(stage.engine, doer, task.id)
        return
    data = _data(running, act, stage.clock.now())
    if act.target == "confirm_completion":
        data["photos"] = pictures.brought(stage.engine, doer, running.story.kind.category, after=True)
    tasks.complete(stage.engine, doer, task.id, data)


def _operate(stage: Stage, running: Running, act: Act) -> None:
    """The Bureau's lead holds a case or ends it."""
    with stage.engine.database.reading() as session:
        lead = stage.actor(session, "bureau.lead")
    if act.target == "suspend":
        cases.suspend(stage.engine, lead, running.case_id)
    else:
        cases.cancel(stage.engine, lead, running.case_id, act.data["reason"])


def _waiting(session: Session, case_id: int, target: str) -> Iterator[Task]:
    """The open tasks that an act answers, the oldest first; no target means whichever is not claimed."""
    wanted = select(Task).where(Task.case_id == case_id, Task.state.in_(OPEN_STATES)).order_by(Task.id)
    for task in session.scalars(wanted):
        if task.element_id.startswith(target) if target.endswith("_") else target in ("", task.element_id):
            yield task


def _doer(session: Session, stage: Stage, task: Task) -> Actor | None:
    """The first who may: those with a sign-in before others, and never somebody barred."""
    if task.assignee:
        return stage.actor(session, task.assignee)
    roles = frozenset(task.candidate_roles)
    able = stage.engine.directory.holders(session, roles, task.org_unit or "", task.position)
    barred = set(session.scalars(select(TaskBar.username).where(TaskBar.task_id == task.id)))
    names = sorted(able - barred, key=lambda name: (name.count("."), name))
    return stage.actor(session, names[task.case_id % len(names)] if len(names) > 1 else names[0]) if names else None


def _data(running: Running, act: Act, now: datetime) -> dict[str, Any]:
    """What the form brings; a grade that differs from the proposal says why, a plan ends within a week."""
    data = dict(act.data)
    if act.target == "grade" and data["is_hazard"]:
        data |= {"level": running.story.level, "override_reason": "按现场核实情况认定"}
    if act.target == "plan":
        data["finish_on"] = (now + timedelta(days=1)).date().isoformat()
    if act.target == "verify_department":
        data["on_site"] = True
    return data


def _send(stage: Stage, running: Running, act: Act) -> None:
    role = "subdistrict" if act.target == "hazard.withdrawn" else "operator"
    with stage.engine.database.reading() as session:
        sender = _somebody(session, stage, role, running.project)
    try:
        messages.send(stage.engine, sender, act.target, running.number, act.data)
    except EngineError:
        return


def _read_old(engine: "Engine", now: datetime) -> None:
    """Whoever works here has read what is older than two days."""
    with engine.database.writing() as session:
        old = update(Notification).where(Notification.at < now - READ_AFTER, Notification.read_at.is_(None))
        session.execute(old.values(read_at=now - READ_AFTER))


def later(days: Calendar, at: datetime, hours: float) -> datetime:
    """So many working hours on from `at`."""
    left = timedelta(hours=hours)
    while True:
        midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
        begin, end = max(at, midnight + OPENS), midnight + CLOSES
        if days.is_working(at.date()) and begin < end:
            if begin + left <= end:
                return begin + left
            left -= end - begin
        at = midnight + timedelta(days=1)


def earlier(days: Calendar, at: datetime, hours: float) -> datetime:
    """So many working hours before `at`."""
    left = timedelta(hours=hours)
    while True:
        midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
        begin, end = midnight + OPENS, min(at, midnight + CLOSES)
        if days.is_working(at.date()) and begin < end:
            if end - left >= begin:
                return end - left
            left -= end - begin
        at = midnight - timedelta(microseconds=1)
