"""A task's page and its preview as values: evidence, form, deadline, who may do it, what a late-comer is told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from engine import calendar, case_file, cases, drafts, inbox, messages, tasks
from engine.actor import Actor
from engine.clock import TZ
from engine.engine import Engine
from engine.inbox import TaskFilters
from engine.tables import Case, Task
from engine.words import Text
from forms.definition import Definition as FormDefinition
from housing import people
from webapp.pages import answers, boxes, dates, dossier, rows
from webapp.pages.deadline import Deadline
from webapp.pages.dossier import Dossier, Fact, Pair, Paragraph
from webapp.pages.entry import Entry, Errors, context, draw
from webapp.pages.route import Route, route
from webapp.pages.sentences import Sentence

LATEST = 5


@dataclass(frozen=True)
class Told:
    """A sentence of the short timeline, with its day or hour."""

    at: datetime
    when: Text
    text: Text
    icon: str
    mood: str


@dataclass(frozen=True)
class Peek:
    """What one needs to decide whether to open a task."""

    id: int
    version: int
    case_id: int
    number: str
    name: Text
    title: Text
    place: Text
    severity: str | None
    deadline: Deadline
    allowed: list[str]
    pairs: list[Pair]
    sentences: list[Told]
    back: str


@dataclass(frozen=True)
class Finished:
    """What the late-comer sees: who finished it, when, and what was entered."""

    by: Text
    at: datetime
    when: Text
    entered: list[Fact]
    cancelled: bool = False


@dataclass
class TaskPage:
    """The page of one task."""

    task: Task
    case: Case
    name: Text
    title: Text
    place: Text
    round: int
    deadline: Deadline
    allowed: list[str]
    refusal: Text | None
    holder: Text
    entry: Entry | None
    story: list[Paragraph]
    facts: list[Fact]
    pairs: list[Pair]
    documents: list[Any]
    route: Route | None
    comments: list[Any] = field(default_factory=list)
    colleagues: list[tuple[str, Text]] = field(default_factory=list)
    saved_at: datetime | None = None
    finished: Finished | None = None
    next_id: int | None = None
    previous_id: int | None = None
    position: tuple[int, int] | None = None
    buttons: list[messages.Button] = field(default_factory=list)


def peek(session: Session, engine: Engine, actor: Actor, task_id: int, now: datetime, back: str) -> Peek:
    """The preview of a task that this person may see."""
    task = tasks.get(session, engine, actor, task_id)
    case = cases.seen(engine, session, actor, task.case_id)
    told = dossier.dossier(session, engine, actor, case)
    known = rows.places(session, [case.id])
    return Peek(
        task.id, task.version, case.id, case.business_key or "", name_of(task), known.title(case), known.place(case),
        case.severity, rows.deadline_of(calendar.read(session), task, case, now),
        inbox.allowed_actions(session, engine, actor, task), dossier.pairs(session, told, now),
        [_told(one, now) for one in told.main_points[-LATEST:]], back,
    )


def name_of(task: Task) -> Text:
    """A task's name in both languages."""
    return Text(task.name, task.name_en or task.name)


def _told(one: Sentence, now: datetime) -> Told:
    local = one.at.astimezone(TZ)
    when = Text(one.clock, one.clock) if local.date() == now.date() else dates.day(local.date(), now.date())
    return Told(one.at, when, one.text, one.icon, one.mood)


def page(
    session: Session, engine: Engine, actor: Actor, task_id: int, now: datetime, locale: str, *,
    typed: Mapping[str, Any] | None = None, errors: Errors | None = None,
) -> TaskPage:
    """The page of a task that this person may see; `typed` is what a refused post brought."""
    task = tasks.get(session, engine, actor, task_id)
    case = cases.seen(engine, session, actor, task.case_id)
    told = dossier.dossier(session, engine, actor, case)
    known = rows.places(session, [case.id])
    allowed = inbox.allowed_actions(session, engine, actor, task)
    draft = drafts.load(session, actor, f"task/{task.id}")
    made = TaskPage(
        task, case, name_of(task), known.title(case), known.place(case), _round(case),
        rows.deadline_of(calendar.read(session), task, case, now), allowed, refusal(session, engine, actor, task),
        rows.holder(task, actor, told.names), _entry(session, engine, actor, told, task, now, locale, allowed, typed, errors, draft),
        dossier.story(told.main_points, now), dossier.facts(session, engine, told), dossier.pairs(session, told, now),
        dossier.documents(told), route(told.compiled.process, told.tasks, task.element_id) if told.compiled.process else None,
        saved_at=draft.saved_at if draft else None, finished=finished(session, engine, told, task, now),
    )
    _neighbours(session, engine, actor, made, now)
    made.buttons = messages.buttons(engine, session, actor, case)
    if "assign" in allowed:
        made.colleagues = _able(session, engine, actor, task)
    return made


def refusal(session: Session, engine: Engine, actor: Actor, task: Task) -> Text | None:
    """Why this person may only look."""
    if task.state not in ("open", "claimed"):
        return None
    return engine.rights.refusal(session, actor, "complete", task)


def _round(case: Case) -> int:
    number = (case.variables or {}).get("round_no")
    return int(number) if isinstance(number, int) and number > 0 else 1


def _entry(
    session: Session, engine: Engine, actor: Actor, told: Dossier, task: Task, now: datetime, locale: str,
    allowed: Sequence[str], typed: Mapping[str, Any] | None, errors: Errors | None, draft: Any,
) -> Entry | None:
    """The form, for whoever may send it; the draft unless a refused post brought something newer."""
    source = told.compiled.form(task.form_key)
    if source is None or "complete" not in allowed:
        return None
    values = typed if typed is not None else (draft.data if draft else None)
    return draw(source, values, context(session, engine, actor, scope(told), now), locale, errors)


def scope(told: Dossier) -> dict[str, Any]:
    """The names that a form of this case may ask for."""
    return {**dict.fromkeys(told.compiled.known_names), **(told.case.variables or {})}


def finished(session: Session, engine: Engine, told: Dossier, task: Task, now: datetime) -> Finished | None:
    """What is told of a task that can no longer be done."""
    if task.state in ("open", "claimed"):
        return None
    at = task.completed_at or task.changed_at
    who = told.names.get(task.completed_by or task.changed_by or "", people.name_of(session, task.completed_by or task.changed_by))
    kept = case_file.submission_of(session, task.id)
    form: FormDefinition | None = dossier.form_of(told.compiled, task.form_key)
    entered = answers.answers(form, kept.data, engine.forms.lookup, session) if kept else []  # type: ignore[attr-defined]
    return Finished(who, at, dates.moment(at, now.date()), entered, task.state == "cancelled")


def compared(
    form: FormDefinition | None, mine: Mapping[str, Any], theirs: Mapping[str, Any], engine: Engine, session: Session,
) -> list[Fact]:
    """Mine beside the other's, field by field, where they differ."""
    lookup = engine.forms.lookup  # type: ignore[attr-defined]
    told = dict(answers.answers(form, theirs, lookup, session))
    lines = []
    for label, words in answers.answers(form, mine, lookup, session):
        other = told.get(label)
        if other is None or other == words:
            lines.append((label, words))
        else:
            lines.append((label, Text(f"您：{words.zh}；对方：{other.zh}", f"you: {words.en}; the other: {other.en}")))
    return lines


def _neighbours(session: Session, engine: Engine, actor: Actor, made: TaskPage, now: datetime) -> None:
    """The tasks before and after in one's own list, in the order of the inbox."""
    listed = inbox.page(session, engine, actor, "group", TaskFilters(), "urgent", None, boxes.PAGE)
    order = [row.id for row in rows.most_urgent(rows.rows(session, listed.items, actor, now))]
    if made.task.id not in order:
        made.next_id = order[0] if order else None
        return
    at = order.index(made.task.id)
    made.position = (at + 1, len(order))
    made.previous_id = order[at - 1] if at else None
    made.next_id = order[at + 1] if at + 1 < len(order) else None


def _able(session: Session, engine: Engine, actor: Actor, task: Task) -> list[tuple[str, Text]]:
    """Who could do it, to hand it to."""
    names = engine.directory.holders(session, frozenset(task.candidate_roles), task.org_unit or "", task.position)
    called = people.names(session, names)
    return [(name, called[name]) for name in sorted(names) if name != task.assignee]
