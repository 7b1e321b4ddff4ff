"""One box for everything: by number, project or person, and never beyond what the seeker may see."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.tables import Case
from engine.words import Text
from housing import grants, org, reach
from housing.grants import RoleGrant
from housing.hazards import LEVELS, STATUSES, Hazard
from housing.homes import Project
from housing.org import OrgUnit
from housing.people import Account
from housing.pickers import matching
from housing.reach import CITIZENS, READERS

EACH = 10
SHORTEST = 1


@dataclass(frozen=True)
class Found:
    """One result: of which kind, its key, its name, and a line that tells it from others."""

    kind: str
    key: str
    title: Text
    hint: Text
    case_id: int | None = None


def search(session: Session, actor: Actor, text: str, each: int = EACH) -> Sequence[Found]:
    """Cases and hazards first, then projects, organisations and people."""
    words = text.strip()
    if len(words) < SHORTEST or len(words) > 100:
        return []
    found = [*_hazards(session, actor, words, each)]
    known = {one.case_id for one in found}
    found += [one for one in _cases(session, actor, words, each) if one.case_id not in known]
    return [*found, *_projects(session, actor, words, each), *_organisations(session, actor, words, each), *_people(session, actor, words, each)]


def _hazards(session: Session, actor: Actor, words: str, each: int) -> list[Found]:
    wanted = select(Hazard, Project).join(Project, Project.id == Hazard.project_id).where(
        reach.visible_hazards(actor), or_(matching(words, Hazard.number, Hazard.part), Hazard.number.endswith(words, autoescape=True)))
    rows = session.execute(wanted.order_by(Hazard.reported_at.desc(), Hazard.number.desc()).limit(each))
    return [_hazard(hazard, project) for hazard, project in rows]


def _hazard(hazard: Hazard, project: Project) -> Found:
    level, status = LEVELS.get(hazard.level or "", Text("", "")), STATUSES.get(hazard.status, Text("", ""))
    hint = Text(" · ".join(filter(None, (project.name_zh, level.zh, status.zh))),
                " · ".join(filter(None, (project.name_en, level.en, status.en))))
    return Found("hazard", hazard.number, Text(f"{hazard.number} {hazard.part}", f"{hazard.number} {hazard.part}"), hint, hazard.case_id)


def _cases(session: Session, actor: Actor, words: str, each: int) -> list[Found]:
    wanted = select(Case).where(reach.visible_cases(actor), matching(words, Case.business_key, Case.title, Case.title_en))
    rows = session.scalars(wanted.order_by(Case.id.desc()).limit(each))
    return [Found("case", str(row.id), Text(row.title or row.process_key, row.title_en or row.title or row.process_key),
                  Text(row.business_key or "", row.business_key or ""), row.id) for row in rows]


def _projects(session: Session, actor: Actor, words: str, each: int) -> list[Found]:
    wanted = select(Project).where(reach.visible_projects(actor), matching(
        words, Project.name_zh, Project.name_en, Project.file_no, Project.address, Project.address_en))
    rows = session.scalars(wanted.order_by(Project.id).limit(each))
    return [Found("project", str(row.id), row.name, Text(row.address, row.address_en)) for row in rows]


def _organisations(session: Session, actor: Actor, words: str, each: int) -> list[Found]:
    if not actor.has_role(*READERS, "admin", "designer", "publisher"):
        return []
    rows = session.scalars(select(OrgUnit).where(matching(words, OrgUnit.name_zh, OrgUnit.name_en)).order_by(OrgUnit.path).limit(each))
    return [Found("organisation", row.code, row.name, org.KINDS.get(row.kind, Text("", ""))) for row in rows]


def _people(session: Session, actor: Actor, words: str, each: int) -> list[Found]:
    """Colleagues by name, with their role; applicants and tenants are never found this way."""
    if not actor.has_role(*READERS, "admin"):
        return []
    wanted = select(Account, RoleGrant).join(RoleGrant, RoleGrant.username == Account.username).where(
        Account.active, RoleGrant.role.not_in(CITIZENS), matching(words, Account.display_zh, Account.display_en, Account.username))
    people: dict[str, Found] = {}
    for account, grant in session.execute(wanted.order_by(Account.username, RoleGrant.id).limit(each * 3)):
        role = grants.ROLES.get(grant.role, Text(grant.role, grant.role))
        people.setdefault(account.username, Found("person", account.username, account.display_name, role))
    return list(people.values())[:each]
