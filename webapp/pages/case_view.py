"""A case's page as values: clocks, diagram, timeline, decisions, people, documents, linked cases, what may be sent."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from engine import calendar, case_file, cases, history, inbox, incidents, messages, standing
from engine.actor import Actor
from engine.engine import Engine
from engine.errors import EngineError
from engine.tables import Case, Incident, Task
from engine.words import Text
from housing import org, people
from webapp.pages import dates, dossier, reasons, rows
from webapp.pages.deadline import Deadline, deadline
from webapp.pages.dossier import Dossier, Fact, Pair, Paragraph
from webapp.pages.reasons import Said
from webapp.pages.route import Live, Route, Steps, as_text, live, route
from webapp.pages.sentences import Day, by_day

MOST_CLOCKS = 5
LINKS = {
    "duplicate": Text("重复上报", "reported again"), "recurrence": Text("同一处复发", "recurred here"),
    "started": Text("由此发起", "started from here"), "look_back": Text("回头看", "look-back"),
}


@dataclass(frozen=True)
class Clock:
    """A bar: how much of the time was used, and what ran over; of a hundred."""

    name: Text
    deadline: Deadline
    used: float
    over: float
    hint: Text


@dataclass(frozen=True)
class Linked:
    """A case that belongs to this one."""

    id: int
    title: Text
    number: str
    kind: Text
    state: str


@dataclass
class CasePage:
    """The page of one case."""

    case: Case
    title: Text
    place: Text
    project_id: int | None
    project: Text
    round: int
    doing: Text | None
    mine: Task | None
    clocks: list[Clock]
    route: Route | None
    live: Live | None
    steps: Steps
    days: list[Day]
    count_all: int
    count_main: int
    decisions: list[Said]
    people: list[Fact]
    documents: list[Any]
    pairs: list[Pair]
    story: list[Paragraph]
    links: list[Linked]
    buttons: list[messages.Button]
    open_tasks: list[rows.Row]
    unbroken: bool
    incidents: list[Incident] = field(default_factory=list)
    comments: list[Any] = field(default_factory=list)
    operations: list[str] = field(default_factory=list)
    may_comment: bool = False
    everything: bool = False


def page(session: Session, engine: Engine, actor: Actor, case_id: int, now: datetime, *, everything: bool = False) -> CasePage:
    """The page of a case that this person may see."""
    case = cases.seen(engine, session, actor, case_id)
    told = dossier.dossier(session, engine, actor, case)
    known = rows.places(session, [case.id])
    points = told.sentences if everything else told.main_points
    open_tasks = [task for task in told.tasks if task.state in ("open", "claimed")]
    process = told.compiled.process
    return CasePage(
        case=case, title=known.title(case), place=known.place(case), project_id=told.hazard.project_id if told.hazard else None,
        project=told.project.name if told.project else rows.NOTHING, round=_round(case), doing=_doing(open_tasks),
        mine=_mine(session, engine, actor, open_tasks), clocks=clocks(session, told, now),
        route=route(process, told.tasks) if process else None, live=_live(session, engine, told),
        steps=as_text(process, told.tasks) if process else Steps(), days=by_day(points, now.date()),
        count_all=len(told.sentences), count_main=len(told.main_points), decisions=reasons.said(session, engine, case),
        people=_people(session, engine, actor, told), documents=dossier.documents(told), pairs=dossier.pairs(session, told, now),
        story=dossier.story(told.main_points, now), links=_links(session, engine, actor, case),
        buttons=messages.buttons(engine, session, actor, case), open_tasks=_open_rows(session, case, open_tasks, actor, now),
        unbroken=history.verify_case(session, case.id) is None, everything=everything,
        incidents=[one for one in incidents.of_case(session, case.id) if one.state == "open"],
        operations=_operations(session, engine, actor, case),
        may_comment=engine.rights.refusal(session, actor, "comment", case) is None,
    )


def _round(case: Case) -> int:
    number = (case.variables or {}).get("round_no")
    return int(number) if isinstance(number, int) and number > 0 else 1


def _doing(open_tasks: Sequence[Task]) -> Text | None:
    """What is being done, in a word: the open task of the main line."""
    main = [task for task in open_tasks if not task.element_id.startswith("escalation_")] or list(open_tasks)
    if not main:
        return None
    return Text(f"待{main[-1].name}" if len(main[-1].name) <= 8 else main[-1].name, main[-1].name_en or main[-1].name)


def _mine(session: Session, engine: Engine, actor: Actor, open_tasks: Sequence[Task]) -> Task | None:
    """The task of this case that this person can do now, one's own before the group's."""
    able = [task for task in open_tasks if "complete" in inbox.allowed_actions(session, engine, actor, task)]
    return next(iter(sorted(able, key=lambda task: (task.assignee != actor.username, task.id))), None)


def _open_rows(session: Session, case: Case, open_tasks: Sequence[Task], actor: Actor, now: datetime) -> list[rows.Row]:
    return rows.rows(session, [inbox.TaskRow(task, case) for task in open_tasks], actor, now)


# -- clocks --------------------------------------------------------------------------------------


def clocks(session: Session, told: Dossier, now: datetime) -> list[Clock]:
    """One bar for each duty with a deadline, the latest round of each; the ladder's own tasks are left out."""
    latest: dict[str, Task] = {}
    for task in told.tasks:
        if task.due_at is not None and task.state != "cancelled" and not task.element_id.startswith("escalation_"):
            latest.pop(task.element_id, None)
            latest[task.element_id] = task
    days = calendar.read(session)
    return [_clock(days, task, told.case, now) for task in list(latest.values())[-MOST_CLOCKS:]]


def _clock(days: calendar.Calendar, task: Task, case: Case, now: datetime) -> Clock:
    due = deadline(days, task.due_at, task.due_basis, now, paused=rows.pause_of(task, case), done_at=task.completed_at,
                   started_at=task.created_at)
    assert task.due_at is not None
    whole = max((task.due_at - task.created_at).total_seconds(), 1)
    spent = max(((task.completed_at or now) - task.created_at).total_seconds(), 0)
    share = spent / whole
    used, over = (100 / share, 100 - 100 / share) if share > 1 else (max(100 * share, 1.5), 0)
    end = dates.end(task.due_at, now.date())
    hint = Text(f"期限 {end.zh}", f"due {end.en}")
    if task.completed_at is not None:
        done = dates.moment(task.completed_at, now.date())
        hint = Text(f"{hint.zh}，{done.zh} 办完", f"{hint.en}, done {done.en}")
    return Clock(Text(task.name, task.name_en or task.name), due, round(used, 1), round(over, 1), hint)


# -- diagram -------------------------------------------------------------------------------------


def _live(session: Session, engine: Engine, told: Dossier) -> Live | None:
    if told.compiled.process is None:
        return None
    case = told.case
    try:
        here = [one.element_id for one in standing.activity_instances(engine, session, case)]
    except EngineError:
        here = []
    elements = told.compiled.process.elements
    waiting = [one for one in here if one in elements and elements[one].type not in ("subProcess", "eventBasedGateway")]
    stuck = [one.element_id for one in incidents.of_case(session, case.id) if one.state == "open" and one.element_id]
    address = f"/processes/{case.process_key}/{case.process_version}/diagram"
    words = Text("停在这里", "It stands here").zh
    return live(address, told.tasks, waiting, standing.taken(session, case.id), words, stuck=stuck)


# -- people and links ----------------------------------------------------------------------------


def _people(session: Session, engine: Engine, actor: Actor, told: Dossier) -> list[Fact]:
    made: list[Fact] = []
    open_tasks = [task for task in told.tasks if task.state in ("open", "claimed")]
    if open_tasks:
        made.append((Text("现在在", "Now with"), _holders(session, engine, actor, told, open_tasks)))
    if told.project is not None:
        made += [(label, org.name_of(session, unit)) for label, unit in (
            (Text("运营单位", "Operator"), told.project.operator), (Text("居委会", "Committee"), told.project.committee),
            (Text("街道", "Sub-district"), told.project.subdistrict)) if unit]
    reporter = people.name_of(session, told.case.started_by)
    made.append((Text("上报人", "Reporter"), Text("您", "you") if told.case.started_by == actor.username else reporter))
    return made


def _holders(session: Session, engine: Engine, actor: Actor, told: Dossier, open_tasks: Sequence[Task]) -> Text:
    parts: list[Text] = []
    for task in open_tasks:
        unit = org.name_of(session, task.org_unit)
        who = Text("您", "you") if task.assignee == actor.username else told.names.get(task.assignee or "", unit)
        part = Text(f"{who.zh}（{task.name}）", f"{who.en} ({task.name_en or task.name})")
        if part not in parts:
            parts.append(part)
    return Text("；".join(part.zh for part in parts), "; ".join(part.en for part in parts))


def _links(session: Session, engine: Engine, actor: Actor, case: Case) -> list[Linked]:
    """Linked cases, as far as this person may see them."""
    seen = [(other, kind) for other, kind in case_file.links(session, case.id) if engine.rights.sees(session, actor, other)]
    return [Linked(other.id, Text(other.title, other.title_en or other.title), other.business_key or "",
                   LINKS.get(kind, Text(kind, kind)), other.state) for other, kind in seen]


def _operations(session: Session, engine: Engine, actor: Actor, case: Case) -> list[str]:
    """What may be done to the case itself."""
    possible = {"running": ("suspend", "cancel"), "failed": ("cancel",), "suspended": ("resume", "cancel")}.get(case.state, ())
    return [act for act in possible if engine.rights.refusal(session, actor, act, case) is None]
