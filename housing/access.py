"""The one place of rights: whether a thing exists for a person, and whether they may do an act to it."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from engine import duties
from engine.actor import Actor, Grant
from engine.tables import (
    OPEN_STATES,
    Attachment,
    Case,
    CaseScope,
    Comment,
    DecisionRecord,
    Definition,
    Incident,
    Subscription,
    Task,
    TaskBar,
)
from engine.words import Text
from housing import org, people, reach
from housing.grants import ROLES
from housing.hazards import Hazard
from housing.homes import Building, Dwelling, Project
from housing.listing import DynamicListEntry
from housing.org import OrgUnit
from housing.people import Account
from housing.reach import CITIZENS, READERS, sees_case

WRITERS = (READERS | CITIZENS) - {"auditor"}
STAFF = (READERS | {"admin", "designer", "publisher"})
OPERATIONS = frozenset({"cancel", "suspend", "resume", "modify", "migrate", "retry"})
AREAS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "accounts": (frozenset({"admin", "auditor"}), frozenset({"admin"})),
    "parameters": (STAFF, frozenset({"admin"})),
    "calendar": (STAFF, frozenset({"admin"})),
    "clock": (frozenset({"admin"}), frozenset({"admin"})),
    "operations": (frozenset({"admin", "auditor", "bureau_lead"}), frozenset({"admin", "bureau_lead"})),
    "audit": (frozenset({"admin", "auditor"}), frozenset()),
    "definitions": (STAFF | CITIZENS, frozenset({"publisher"})),
}
NOT_HERE = Text("您的角色不能在这里办理", "This is not among the things your role does")
READS_ONLY = Text("审计员只看不改", "An auditor reads and changes nothing")
NOT_YOUR_CASE = Text("没有找到，或者您无权查看", "Not found, or not yours to see")
WORKS_FOR_IT = Text("您为这家运营单位工作，不能复查它的整改", "You work for this operator, so you may not verify its work")


class Access:
    """`engine.ports.Rights`, with the filters of lists that agree with it."""

    visible_cases = staticmethod(reach.visible_cases)
    visible_projects = staticmethod(reach.visible_projects)
    visible_hazards = staticmethod(reach.visible_hazards)
    queue_scopes = staticmethod(reach.queue_scopes)

    def sees(self, session: Session, actor: Actor, thing: Any) -> bool:
        """Whether the thing exists at all for this person; by the same filter as the list it stands in."""
        for kind, test in SEES.items():
            if isinstance(thing, kind):
                return test(session, actor, thing)
        return False

    def refusal(self, session: Session, actor: Actor, act: str, thing: Any) -> Text | None:
        """None when `actor` may do `act` to `thing`, else the sentence that says why not.

        Ask this first: an operator of the machine room may stop a case that they cannot read."""
        if isinstance(thing, Case):
            return _refuses_case(session, actor, act, thing)
        if isinstance(thing, Task):
            return _refuses_task(session, actor, act, thing)
        if isinstance(thing, Definition) or act in ("deploy", "draft", "signal"):
            return _refuses_definition(actor, act, thing)
        if isinstance(thing, Incident):
            return _refuses_incident(session, actor, act, thing)
        if isinstance(thing, str):
            return _refuses_area(actor, act, thing)
        return _refuses_rest(self, session, actor, act, thing)

    def may(self, session: Session, actor: Actor, act: str, thing: Any) -> bool:
        """The same as a yes or no."""
        return self.refusal(session, actor, act, thing) is None


def _found(session: Session, column: ColumnElement[Any], value: Any, test: ColumnElement[bool]) -> bool:
    return bool(session.scalar(select(exists().where(column == value, test))))


def _sees_incident(session: Session, actor: Actor, incident: Incident) -> bool:
    if actor.has_role("admin"):
        return True
    if incident.case_id is None:
        return actor.has_role("auditor", "bureau_lead", "publisher", "designer")
    return sees_case(session, actor, incident.case_id)


def _sees_attachment(session: Session, actor: Actor, attachment: Attachment) -> bool:
    if attachment.case_id is None:
        return attachment.uploaded_by == actor.username
    return sees_case(session, actor, attachment.case_id)


def _sees_account(session: Session, actor: Actor, account: Account) -> bool:
    return account.username == actor.username or actor.has_role("admin", "auditor")


SEES: dict[type, Callable[[Session, Actor, Any], bool]] = {
    Case: lambda session, actor, case: sees_case(session, actor, case.id),
    Task: lambda session, actor, task: sees_case(session, actor, task.case_id),
    Comment: lambda session, actor, comment: sees_case(session, actor, comment.case_id),
    Subscription: lambda session, actor, waiting: sees_case(session, actor, waiting.case_id),
    DecisionRecord: lambda session, actor, record: sees_case(session, actor, record.case_id),
    Definition: lambda session, actor, definition: bool(actor.grants),
    Incident: _sees_incident,
    Attachment: _sees_attachment,
    Account: _sees_account,
    OrgUnit: lambda session, actor, unit: bool(actor.grants),
    Project: lambda session, actor, row: _found(session, Project.__table__.c.id, row.id, reach.visible_projects(actor)),
    Building: lambda session, actor, row: _found(session, Building.__table__.c.id, row.id, reach.visible_buildings(actor)),
    Dwelling: lambda session, actor, row: _found(session, Dwelling.__table__.c.id, row.id, reach.visible_dwellings(actor)),
    Hazard: lambda session, actor, row: _found(session, Hazard.__table__.c.number, row.number, reach.visible_hazards(actor)),
    DynamicListEntry: lambda session, actor, row: _found(
        session, DynamicListEntry.__table__.c.id, row.id, reach.visible_listing(actor)),
}


def _refuses_case(session: Session, actor: Actor, act: str, case: Case) -> Text | None:
    if act in OPERATIONS and actor.has_role("admin"):
        return None
    if not sees_case(session, actor, case.id):
        return NOT_YOUR_CASE
    if act == "read":
        return None
    if act in OPERATIONS:
        return None if actor.has_role("bureau_lead") else Text(
            "停办、暂停和恢复由区房管局负责人或系统管理员办理",
            "Only the housing bureau's lead or an administrator stops, suspends or resumes a case")
    return _refuses_writing(actor, case)


def _refuses_writing(actor: Actor, case: Case | None) -> Text | None:
    """Comments, files and messages: of those who work on cases, and of whoever started this one."""
    if actor.has_role(*WRITERS) or (case is not None and case.started_by == actor.username):
        return None
    return READS_ONLY if actor.has_role("auditor") else NOT_HERE


def _refuses_task(session: Session, actor: Actor, act: str, task: Task) -> Text | None:
    if not sees_case(session, actor, task.case_id):
        return NOT_YOUR_CASE
    if act == "read":
        return None
    if act in ("comment", "attach", "send"):
        return _refuses_writing(actor, session.get(Case, task.case_id))
    if act == "assign":
        return _refuses_assigning(session, actor, task)
    if act == "unclaim":
        return _refuses_release(session, actor, task)
    if task.assignee not in (None, actor.username) and act not in ("claim", "complete"):
        return _not_mine(session, task)
    return refuses_doing(session, actor, task)


def _not_mine(session: Session, task: Task) -> Text:
    holder = people.name_of(session, task.assignee)
    return Text(f"{holder.zh}已经认领了它", f"{holder.en} has claimed it")


def refuses_doing(session: Session, actor: Actor, task: Task) -> Text | None:
    """Why this person may not claim or complete it: another role's, or barred by what they did before.

    Whether somebody else has claimed it is the engine's to say: that is no lack of rights."""
    fitting = fitting_grants(session, actor, task)
    named = task.assignee == actor.username
    if not fitting and not named and task.candidate_roles:
        return _other_role(task)
    return _barred(session, actor, task, fitting, named)


def fitting_grants(session: Session, actor: Actor, task: Task) -> list[Grant]:
    """The grants by which a task is this person's."""
    places = org.ancestors(session, task.org_unit) or (org.ROOT,)
    return [
        grant for grant in actor.grants
        if grant.role in task.candidate_roles and grant.org_unit in places
        and (task.position is None or grant.position in (None, task.position))
    ]


def _other_role(task: Task) -> Text:
    called = [ROLES.get(role, Text(role, role)) for role in task.candidate_roles]
    return Text("这件事由" + "、".join(one.zh for one in called) + "办理",
                "This is for " + " or ".join(one.en for one in called))


def _barred(session: Session, actor: Actor, task: Task, fitting: list[Grant], named: bool) -> Text | None:
    """Separation of duties: one's own earlier act bars, and a stand-in is barred wherever the absent one is."""
    if not task.not_same_person_as:
        return None
    if _works_for_the_operator(session, actor, task):
        return WORKS_FOR_IT
    bars = set(session.scalars(select(TaskBar.username).where(TaskBar.task_id == task.id)))
    if fitting and not named and all(grant.delegated_from in bars for grant in fitting):
        return Text("您代理的人办过它之前的一步，您也不能代办这一步",
                    "You stand in for somebody who did an earlier step, so this one is for somebody else")
    return duties.refusal(session, actor, task)


def _works_for_the_operator(session: Session, actor: Actor, task: Task) -> bool:
    """Holds the operator's role at an operator of this case, while the task is not the operator's own."""
    employers = {grant.org_unit for grant in actor.grants if grant.role == "operator"}
    if not employers or "operator" in task.candidate_roles:
        return False
    return _found(session, CaseScope.__table__.c.case_id, task.case_id,
                  CaseScope.org_unit.in_(employers - {org.ROOT}))


def leads(session: Session, actor: Actor, task: Task) -> bool:
    """Whether the task lies with people whom this person leads."""
    places = org.ancestors(session, task.org_unit) or (org.ROOT,)
    for grant in actor.grants:
        if grant.org_unit not in places:
            continue
        if grant.role in ("subdistrict_lead", "bureau_lead"):
            return True
        if grant.role == "bureau" and "bureau" in task.candidate_roles:
            return True
    return False


def _refuses_assigning(session: Session, actor: Actor, task: Task) -> Text | None:
    if (task.assignee == actor.username and task.state in OPEN_STATES) or leads(session, actor, task):
        return None
    return Text("分派由负责人办理；您可以转交自己认领的任务",
                "Leads assign tasks; you may pass on one that you have claimed")


def _refuses_release(session: Session, actor: Actor, task: Task) -> Text | None:
    if task.assignee == actor.username or (task.assignee and leads(session, actor, task)):
        return None
    return Text("只有认领的人或负责人可以放回", "Only who claimed it, or a lead, puts it back")


def _refuses_definition(actor: Actor, act: str, thing: Any) -> Text | None:
    if act == "deploy":
        return None if actor.has_role("publisher") else Text("部署由流程发布员批准", "Deploying takes a process publisher")
    if act == "draft":
        return None if actor.has_role("designer", "publisher") else NOT_HERE
    if act == "signal":
        return None if actor.has_role("publisher", "admin") else NOT_HERE
    if act == "start":
        return _refuses_start(actor, thing)
    return None if actor.grants else NOT_YOUR_CASE


def _refuses_start(actor: Actor, definition: Definition) -> Text | None:
    if definition.starters:
        return None if actor.has_role(*definition.starters) else Text(
            "您的角色不能发起这项流程", "Your role does not start this process")
    if actor.roles <= {"auditor"}:
        return READS_ONLY if actor.roles else NOT_HERE
    return None


def _refuses_incident(session: Session, actor: Actor, act: str, incident: Incident) -> Text | None:
    if not _sees_incident(session, actor, incident):
        return NOT_YOUR_CASE
    if act == "read" or actor.has_role("admin", "bureau_lead"):
        return None
    return NOT_HERE


def _refuses_area(actor: Actor, act: str, area: str) -> Text | None:
    """Parts of the product that are no rows: accounts, parameters, calendar, clock, operations, audit."""
    readers, changers = AREAS.get(area, (frozenset(), frozenset()))
    if actor.has_role(*(readers if act == "read" else changers)):
        return None
    return READS_ONLY if actor.has_role("auditor") and act != "read" and area != "audit" else NOT_HERE


def _refuses_rest(access: Access, session: Session, actor: Actor, act: str, thing: Any) -> Text | None:
    if not access.sees(session, actor, thing):
        return NOT_YOUR_CASE
    if act == "read" or (isinstance(thing, Attachment) and thing.uploaded_by == actor.username):
        return None
    if isinstance(thing, Account) and actor.has_role("admin"):
        return None
    return READS_ONLY if actor.has_role("auditor") else NOT_HERE
