"""What a page tells of a case: its story, the hazard's facts, photographs in pairs, decisions with their why, clocks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from engine import attachments, case_file, definitions, history
from engine.actor import Actor
from engine.compiled import Compiled
from engine.engine import Engine
from engine.tables import Attachment, Case, SubmissionRow, Task
from engine.words import Text
from forms import Form
from forms.definition import Definition as FormDefinition
from housing import hazards, homes, people
from housing.hazards import CATEGORIES, SOURCES, Hazard
from webapp.pages import answers, dates
from webapp.pages.files import File, shown
from webapp.pages.sentences import Sentence, sentences

BEFORE = ("report", "start")
RISK = {"0": Text("无人受威胁", "nobody at risk"), "1-9": Text("1–9 人受威胁", "1 to 9 people at risk"),
        "10+": Text("10 人以上受威胁", "10 or more people at risk")}
Fact = tuple[Text, Text]


@dataclass(frozen=True)
class Photo:
    """A photograph with its caption."""

    label: Text
    note: Text
    words: Text
    address: str
    thumbnail: str


@dataclass(frozen=True)
class Pair:
    """Before and after, side by side; `waits` while an after is still to come."""

    before: Photo | None
    after: Photo | None
    waits: bool = True


@dataclass
class Dossier:
    """Everything that both the task page and the case page tell of one case."""

    case: Case
    compiled: Compiled
    hazard: Hazard | None
    project: homes.Project | None
    tasks: Sequence[Task]
    submissions: Sequence[SubmissionRow]
    sentences: list[Sentence]
    names: dict[str, Text]
    files: list[Attachment] = field(default_factory=list)

    @property
    def main_points(self) -> list[Sentence]:
        return [one for one in self.sentences if one.main]


def dossier(session: Session, engine: Engine, actor: Actor, case: Case) -> Dossier:
    """Read once for a page."""
    rows = history.of_case(session, case.id)
    tasks = case_file.tasks(session, case.id)
    who = {row.actor for row in rows} | {str((row.data or {}).get("assignee") or "") for row in rows if isinstance(row.data, dict)}
    who |= {name for task in tasks for name in (task.assignee, task.completed_by) if name}
    names = people.names(session, who)
    hazard = hazards.of_case(session, case.id)
    return Dossier(
        case, definitions.compiled_of(engine, session, case.definition_id), hazard,
        homes.project(session, hazard.project_id) if hazard else None, tasks, case_file.submissions(session, case.id),
        sentences(rows, names, actor.username), names, attachments.of_case(session, case.id),
    )


def form_of(compiled: Compiled, form_key: str | None) -> FormDefinition | None:
    """A form of this version, as its definition."""
    source = compiled.form(form_key)
    return Form.parse(source).definition if source is not None else None


# -- story and facts -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Paragraph:
    """What happened on one day, as running text."""

    day: Text
    text: Text
    late: bool


def story(told: Sequence[Sentence], now: datetime, most: int = 6) -> list[Paragraph]:
    """The main points as prose, a paragraph a day, oldest first; the middle is left out of a long story."""
    days: dict[Any, list[Sentence]] = {}
    for one in told:
        days.setdefault(one.at.astimezone(now.tzinfo).date(), []).append(one)
    kept = list(days.items())
    if len(kept) > most:
        kept = [kept[0], *kept[-(most - 1):]]
    return [Paragraph(dates.on_day(day, now.date()), _joined(moments), any(one.mood == "over" for one in moments)) for day, moments in kept]


def _joined(moments: Sequence[Sentence]) -> Text:
    texts = list(dict.fromkeys(one.text for one in moments))
    return Text("".join(text.zh for text in texts), " ".join(text.en for text in texts))


def facts(session: Session, engine: Engine, told: Dossier) -> list[Fact]:
    """The hazard as it was reported and planned; for another process, what its start form brought."""
    if told.hazard is None:
        return _start_facts(session, engine, told)
    hazard = told.hazard
    made: list[Fact] = [(Text("情况", "What"), Text(hazard.description, hazard.description))] if hazard.description else []
    made.append((Text("来源", "Source"), SOURCES.get(hazard.source, Text(hazard.source, hazard.source))))
    made.append((Text("类别", "Category"), _category(hazard)))
    made += _planned(session, engine, told)
    if hazard.recurrence_of:
        made.append((Text("以前", "Before"), Text(f"同一处曾有 {hazard.recurrence_of}", f"recurrence of {hazard.recurrence_of}")))
    return made


def _category(hazard: Hazard) -> Text:
    name, risk = CATEGORIES.get(hazard.category, Text(hazard.category, hazard.category)), RISK.get(hazard.people_at_risk, Text("", ""))
    zh, en = [name.zh, risk.zh], [name.en, risk.en]
    zh.append("影响逃生或结构" if hazard.affects_escape_or_structure else "不影响逃生和结构")
    en.append("affects escape or structure" if hazard.affects_escape_or_structure else "escape and structure not affected")
    if hazard.imminent:
        zh.append("紧迫"), en.append("imminent")
    return Text("；".join(part for part in zh if part), "; ".join(part for part in en if part))


def _planned(session: Session, engine: Engine, told: Dossier) -> list[Fact]:
    plan = next((row.data for row in reversed(told.submissions) if row.element_id == "plan"), None)
    if not plan:
        return []
    form = form_of(told.compiled, f"{told.case.process_key}/plan")
    lookup = engine.forms.lookup  # type: ignore[attr-defined]
    return answers.answers(form, plan, lookup, session)


def _start_facts(session: Session, engine: Engine, told: Dossier) -> list[Fact]:
    start = told.compiled.process.start if told.compiled.process else None
    data = (told.case.variables or {}).get("start") or {}
    lookup = engine.forms.lookup  # type: ignore[attr-defined]
    return answers.answers(form_of(told.compiled, start.form_key if start else None), data, lookup, session)


# -- photographs ---------------------------------------------------------------------------------


def pairs(session: Session, told: Dossier, now: datetime) -> list[Pair]:
    """Before left, after right, in the order in which they were taken; every photograph stands somewhere."""
    pictures = {file.id: file for file in told.files if file.width is not None}
    before, after = _sorted(session, told, pictures)
    befores = [_photo(file, Text(f"整改前 {n}", f"Before {n}"), told.names, now) for n, file in enumerate(before, 1)]
    afters = [_photo(file, Text(f"整改后 {n}", f"After {n}"), told.names, now) for n, file in enumerate(after, 1)]
    longest = max(len(befores), len(afters))
    open_still = told.case.ended_at is None
    return [Pair(_at(befores, n), _at(afters, n), open_still) for n in range(longest)]


def _sorted(session: Session, told: Dossier, pictures: Mapping[str, Attachment]) -> tuple[list[Attachment], list[Attachment]]:
    noted = {photo.attachment_id: photo.moment for photo in hazards.photos(session, told.hazard.number)} if told.hazard else {}
    before, after = [], []
    for file in pictures.values():
        moment = noted.get(file.id) or file.element_id or "report"
        start = told.compiled.process.start if told.compiled.process else None
        early = moment in BEFORE or (start is not None and moment == start.id)
        (before if early else after).append(file)
    return before, after


def _photo(file: Attachment, label: Text, names: Mapping[str, Text], now: datetime) -> Photo:
    at, who = dates.moment(file.uploaded_at, now.date()), names.get(file.uploaded_by, Text("", ""))
    note = Text("，".join(part for part in (at.zh, who.zh) if part), ", ".join(part for part in (at.en, who.en) if part))
    view: File = shown(file)
    return Photo(label, note, Text(f"{label.zh}：{file.name}", f"{label.en}: {file.name}"), view.address, view.thumbnail)


def _at(found: Sequence[Photo], n: int) -> Photo | None:
    return found[n] if n < len(found) else None


def documents(told: Dossier) -> list[File]:
    """The files that are no photographs."""
    return [shown(file) for file in told.files if file.width is None]
