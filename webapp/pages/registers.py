"""Registers as values: hazards, projects, organisations and the dynamic list, with their figures."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from engine import calendar
from engine.actor import Actor
from engine.engine import Engine
from engine.words import Text
from housing import finding, grants, homes, org, people, register_lists
from housing.hazards import CATEGORIES, ENDED, LEVELS, STATUSES, Hazard
from housing.homes import DWELLING_STATES, PRODUCTS, SUPPLY, Building, Dwelling, Project
from housing.listing import REASONS, DynamicListEntry
from housing.org import OrgUnit
from webapp.pages import dates
from webapp.pages.deadline import Deadline, deadline
from webapp.pages.rows import short

Fact = tuple[Text, Text]


@dataclass(frozen=True)
class HazardRow:
    """One hazard of the register."""

    number: str
    title: Text
    place: Text
    category: Text
    level: str | None
    status: Text
    ended: bool
    deadline: Deadline | None
    when: Text
    case_id: int | None


@dataclass(frozen=True)
class ProjectRow:
    """One project of the register."""

    id: int
    name: Text
    address: Text
    subdistrict: Text
    operator: Text
    supply: Text
    supply_key: str
    open_hazards: int


@dataclass
class ProjectPage:
    """The page of one project."""

    project: Project
    facts: list[Fact]
    supply: Text
    buildings: list[Building]
    building: Building | None
    dwellings: list[tuple[Dwelling, Text, Text]]
    more_dwellings: bool
    hazards: list[HazardRow]
    listing: list[DynamicListEntry]
    safety: list[Fact] = field(default_factory=list)


@dataclass(frozen=True)
class HazardPage:
    """The page of one hazard."""

    row: HazardRow
    facts: list[Fact]
    description: str
    project: Project | None
    recurrence_of: str | None


def overview(session: Session, actor: Actor, now: datetime) -> list[tuple[str, str, Text, Text]]:
    """Address, icon, name and what stands in it."""
    opened = len(finding.hazards(session, actor, finding.HazardFilters(status="open"), now, None, 1000))
    late = len(finding.hazards(session, actor, finding.HazardFilters(status="late"), now, None, 1000))
    found = len(finding.projects(session, actor, limit=1000))
    listed = sum(row.exited_at is None for row in register_lists.rows(session, actor, "dynamic-list", limit=1000))
    return [
        ("/hazards", "warning", Text("隐患", "Hazards"), Text(f"{opened} 件未销号，其中 {late} 件逾期", f"{opened} open, {late} of them late")),
        ("/projects", "building", Text("项目", "Projects"), Text(f"{found} 个项目及其楼栋、房屋", f"{found} projects with their buildings and dwellings")),
        ("/organisations", "people", Text("单位", "Organisations"), Text("区、部门、街道、居委会、运营单位", "District, departments, sub-districts, committees, operators")),
        ("/dynamic-list", "eye", Text("动态管理名单", "Dynamic list"), Text(f"{listed} 个项目正在名单上", f"{listed} entries stand on it now")),
    ]


def hazard_rows(session: Session, found: Sequence[Hazard], now: datetime) -> list[HazardRow]:
    """Rows of hazards with their lateness."""
    names = {key: row.name for key, row in finding.projects_by_id(session, (one.project_id for one in found)).items()}
    days = calendar.read(session)
    return [_hazard_row(one, names.get(one.project_id, Text("", "")), days, now) for one in found]


def _hazard_row(one: Hazard, project: Text, days: calendar.Calendar, now: datetime) -> HazardRow:
    ended = one.status in ENDED
    due = deadline(days, one.due_at, None, now, done_at=one.closed_at if ended else None, started_at=one.served_at) if one.due_at else None
    words = short(one.description) or CATEGORIES.get(one.category, Text(one.category, one.category)).zh
    when = dates.moment(one.reported_at, now.date())
    return HazardRow(
        one.number, Text(words, words), Text(f"{project.zh} {one.part}", f"{project.en}, {one.part}"),
        CATEGORIES.get(one.category, Text(one.category, one.category)), one.level, STATUSES.get(one.status, Text(one.status, one.status)),
        ended, None if ended and one.closed_at is None else due, Text(f"{when.zh} 上报", f"reported {when.en}"), one.case_id,
    )


def hazard_page(session: Session, engine: Engine, actor: Actor, row: Hazard, now: datetime) -> HazardPage:
    """One hazard as the register keeps it."""
    shown = hazard_rows(session, [row], now)[0]
    at = Text("", "") if row.served_at is None else dates.moment(row.served_at, now.date())
    closed = Text("", "") if row.closed_at is None else dates.moment(row.closed_at, now.date())
    facts = [
        (Text("类别", "Category"), shown.category), (Text("部位", "Where"), Text(row.part, row.part)),
        (Text("上报", "Reported"), shown.when), (Text("送达", "Served"), at), (Text("期限", "Due"), _due(row, now)),
        (Text("轮次", "Round"), Text(str(row.round), str(row.round))),
        (Text("复查不合格", "Failed verifications"), Text(str(row.failed_verifications), str(row.failed_verifications))),
        (Text("主责部门", "Lead department"), org.name_of(session, row.lead_unit) if row.lead_unit else Text("", "")),
        (Text("督办到", "Ladder"), Text((row.escalation or "").upper(), (row.escalation or "").upper())),
        (Text("销号", "Closed"), closed), (Text("根本原因", "Root cause"), Text(row.root_cause or "", row.root_cause or "")),
    ]
    return HazardPage(shown, [(label, words) for label, words in facts if words.zh], row.description,
                      register_lists.one(session, actor, "projects", row.project_id), row.recurrence_of)


def _due(row: Hazard, now: datetime) -> Text:
    return dates.by(row.due_at, now.date()) if row.due_at else Text("", "")


def project_rows(session: Session, found: Sequence[Project]) -> list[ProjectRow]:
    """Rows of projects with their open hazards."""
    units = org.names(session, {code for one in found for code in (one.subdistrict, one.operator) if code})
    opened = finding.open_hazards(session, [one.id for one in found])
    empty = Text("", "")
    return [ProjectRow(one.id, one.name, Text(one.address, one.address_en), units.get(one.subdistrict, empty), units.get(one.operator or "", empty),
                       SUPPLY.get(one.supply_status, empty), one.supply_status, opened.get(one.id, 0)) for one in found]


def project_page(session: Session, actor: Actor, row: Project, now: datetime, building_id: int | None, most: int) -> ProjectPage:
    """One project with a building's dwellings."""
    buildings = homes.buildings_of(session, row.id)
    chosen = next((one for one in buildings if one.id == building_id), buildings[0] if buildings else None)
    found = register_lists.rows(session, actor, "dwellings", limit=most + 1, narrow={"building_id": chosen.id}) if chosen else []
    opened = finding.hazards(session, actor, finding.HazardFilters(status="open", project=row.id), now)
    listing = [one for one in register_lists.rows(session, actor, "dynamic-list", limit=50, narrow={"project_id": row.id}) if one.exited_at is None]
    return ProjectPage(
        row, _project_facts(session, row), SUPPLY.get(row.supply_status, Text("", "")), buildings, chosen,
        [(one, PRODUCTS.get(one.product, Text(one.product, one.product)), DWELLING_STATES.get(one.status, Text(one.status, one.status))) for one in found[:most]],
        len(found) > most, hazard_rows(session, opened, now), listing, _safety(opened, listing),
    )


def _project_facts(session: Session, row: Project) -> list[Fact]:
    pairs = [
        (Text("档案号", "File"), Text(row.file_no, row.file_no)), (Text("地址", "Address"), Text(row.address, row.address_en or row.address)),
        (Text("街道", "Sub-district"), org.name_of(session, row.subdistrict)),
        (Text("居委会", "Committee"), org.name_of(session, row.committee) if row.committee else Text("", "")),
        (Text("运营单位", "Operator"), org.name_of(session, row.operator) if row.operator else Text("", "")),
        (Text("形态", "Form"), homes.FORMS.get(row.form, Text(row.form, row.form))),
        (Text("阶段", "Stage"), homes.STAGES.get(row.stage, Text(row.stage, row.stage))),
        (Text("认定书", "Identification"), Text(row.identification_no, row.identification_no)),
    ]
    return [(label, words) for label, words in pairs if words.zh]


def _safety(opened: Sequence[Hazard], listing: Sequence[DynamicListEntry]) -> list[Fact]:
    by_level = [(key, sum(one.level == key for one in opened)) for key in LEVELS]
    shown = [(key, number) for key, number in by_level if number]
    words = Text("，".join(f"{key} {n} 件" for key, n in shown), ", ".join(f"{n} {key}" for key, n in shown))
    made = [(Text("未销号隐患", "Open hazards"), Text(f"{len(opened)} 件" + (f"（{words.zh}）" if words.zh else ""), f"{len(opened)}" + (f" ({words.en})" if words.en else "")))]
    for one in listing:
        since, reason = dates.day(one.entered_at.date()), REASONS.get(one.reason, Text(one.reason, one.reason))
        made.append((Text("动态管理", "Dynamic list"), Text(f"{since.zh}起：{reason.zh}", f"since {since.en}: {reason.en}")))
    return made


def organisation_rows(found: Sequence[OrgUnit]) -> list[tuple[OrgUnit, Text, int]]:
    """Units with their kind and depth in the tree."""
    return [(one, org.KINDS.get(one.kind, Text(one.kind, one.kind)), one.path.count("/")) for one in found]


@dataclass(frozen=True)
class OrganisationPage:
    """The page of one organisation."""

    unit: OrgUnit
    kind: Text
    above: list[OrgUnit]
    people: list[tuple[Text, Text]]
    projects: list[ProjectRow]


def organisation_page(session: Session, engine: Engine, actor: Actor, unit: OrgUnit, now: datetime) -> OrganisationPage:
    """One organisation: its place in the tree, the role holders whom colleagues may know, its visible projects."""
    above = [one for one in (org.get(session, code) for code in unit.ancestors[1:]) if one is not None]
    found = finding.projects(session, actor, org=unit.code)
    return OrganisationPage(unit, org.KINDS.get(unit.kind, Text(unit.kind, unit.kind)), above[::-1], _staff(session, actor, unit, now),
                            project_rows(session, found))


def _staff(session: Session, actor: Actor, unit: OrgUnit, now: datetime) -> list[tuple[Text, Text]]:
    """Names and roles, for those who work on cases."""
    if not actor.has_role(*finding.READERS):
        return []
    held: dict[str, list[str]] = {}
    for row in finding.holders_at(session, unit.code, grants.day_of(now)):
        held.setdefault(row.username, []).append(row.role)
    names = people.names(session, held)
    roles = {name: [grants.ROLES.get(role, Text(role, role)) for role in several] for name, several in held.items()}
    return [(names[name], Text("、".join(one.zh for one in several), ", ".join(one.en for one in several))) for name, several in sorted(roles.items())]


def listing_rows(session: Session, found: Sequence[Any]) -> list[tuple[DynamicListEntry, Text, Text]]:
    """Entries with their projects and reasons, those that still stand first."""
    names = {key: row.name for key, row in finding.projects_by_id(session, (one.project_id for one in found)).items()}
    ordered = sorted(found, key=lambda one: (one.exited_at is not None, -one.entered_at.timestamp()))
    return [(one, names.get(one.project_id, Text("", "")), REASONS.get(one.reason, Text(one.reason, one.reason))) for one in ordered]
