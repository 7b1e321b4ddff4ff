"""What each person may see and do; beside each act its refusals."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from engine.actor import Actor, Grant
from engine.engine import Engine
from engine.tables import Attachment, Case, Definition, Incident, TaskBar
from housing import org, reach
from housing.access import Access
from housing.grants import ROLES
from housing.hazards import Hazard
from housing.homes import Dwelling, Project
from housing.reach import READERS
from tests.housing.conftest import a_case, a_task, as_role

Find = Callable[[str], Actor]
ACCESS = Access()
DANING = ("daning_road", "daning_road.committee_1", "operator_01")
PLACES = ("jingan", "daning_road", "daning_road.committee_1", "jiangning_road", "operator_01", "operator_02", "fire_rescue")
grants = st.builds(Grant, st.sampled_from(sorted(ROLES)), st.sampled_from(PLACES))
actors = st.builds(Actor, st.sampled_from(["someone", "starter"]), st.lists(grants, max_size=3).map(tuple))


# -- seeing --------------------------------------------------------------------------------------


@pytest.mark.parametrize("username", ["subdistrict", "committee", "operator", "bureau", "bureau.lead", "auditor"])
def test_those_a_case_has_to_do_with_see_it(engine: Engine, actor: Find, username: str) -> None:
    with engine.database.writing() as session:
        assert ACCESS.sees(session, actor(username), a_case(session, *DANING))


@pytest.mark.parametrize("username", [
    "subdistrict.other", "operator.other", "fire", "admin", "designer", "publisher", "applicant", "tenant"])
def test_nobody_else_sees_it(engine: Engine, actor: Find, username: str) -> None:
    with engine.database.writing() as session:
        case = a_case(session, *DANING)
        assert not ACCESS.sees(session, actor(username), case)
        assert ACCESS.refusal(session, actor(username), "read", case) is not None


def test_whoever_reported_it_sees_it(engine: Engine, actor: Find) -> None:
    with engine.database.writing() as session:
        case = a_case(session, *DANING, started_by="tenant")
        assert ACCESS.sees(session, actor("tenant"), case)
        assert not ACCESS.sees(session, actor("applicant"), case)


def test_a_task_that_waits_for_ones_role_shows_its_case_until_it_is_done(engine: Engine, actor: Find) -> None:
    with engine.database.writing() as session:
        case = a_case(session, "jingan")
        task = a_task(session, case, "publisher", "jingan")
        assert ACCESS.sees(session, actor("publisher"), task)
        assert not ACCESS.sees(session, actor("designer"), task)
        task.state = "completed"
        session.flush()
        assert not ACCESS.sees(session, actor("publisher"), case)


@pytest.mark.parametrize(("username", "expected"), [
    ("subdistrict", {1, 15, 29, 43}), ("operator", {1, 15, 43}), ("operator.other", {2, 16, 44}), ("admin", set()),
    ("tenant", {1, 15, 43}), ("designer", set())])
def test_projects_go_by_sub_district_committee_and_operator(engine: Engine, actor: Find, username: str, expected: set[int]) -> None:
    with engine.database.reading() as session:
        assert set(session.scalars(select(Project.id).where(reach.visible_projects(actor(username))))) == expected


def test_dwellings_of_another_operator_do_not_exist(engine: Engine, actor: Find) -> None:
    with engine.database.reading() as session:
        dwelling = session.scalars(select(Dwelling).where(Dwelling.building_id == 11)).first()
        assert ACCESS.sees(session, actor("operator"), dwelling)
        assert not ACCESS.sees(session, actor("operator.other"), dwelling)


def test_a_file_is_its_uploaders_until_a_case_takes_it(engine: Engine, actor: Find) -> None:
    with engine.database.writing() as session:
        case = a_case(session, *DANING)
        file = Attachment(id="f", name="a.jpg", media_type="image/jpeg", size=1, sha256="", uploaded_by="operator", uploaded_at=case.started_at)
        session.add(file)
        assert ACCESS.sees(session, actor("operator"), file)
        assert not ACCESS.sees(session, actor("subdistrict"), file)
        file.case_id = case.id
        session.flush()
        assert ACCESS.sees(session, actor("subdistrict"), file)
        assert not ACCESS.sees(session, actor("operator.other"), file)


# -- the filters agree with the single question ----------------------------------------------------


def _reads(actor: Actor, places: set[str], started_by: str, waiting: tuple[str, str]) -> bool:
    """The rule in plain words, apart from the SQL."""
    readers = [grant for grant in actor.grants if grant.role in READERS]
    if any(grant.role == "auditor" or grant.org_unit == org.ROOT for grant in readers):
        return True
    in_queue = any((grant.role, grant.org_unit) == waiting for grant in actor.grants if grant.role not in READERS)
    return actor.username == started_by or in_queue or any(grant.org_unit in places for grant in readers)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(actor=actors, place=st.sampled_from(PLACES), role=st.sampled_from(["tenant", "publisher", "subdistrict"]))
def test_list_and_single_case_agree_with_the_rule(engine: Engine, actor: Actor, place: str, role: str) -> None:
    with engine.database.writing() as session:
        case = a_case(session, place, started_by="starter")
        a_task(session, case, role, "daning_road")
        places = set(org.ancestors(session, place))
        expected = _reads(actor, places, "starter", (role, "daning_road")) or _reads(actor, places, "starter", (role, "jingan"))
        listed = session.scalars(select(Case.id).where(reach.visible_cases(actor))).all()
        assert (case.id in listed) == ACCESS.sees(session, actor, case) == expected
        session.rollback()


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(actor=actors)
def test_every_register_lists_exactly_what_may_be_read(engine: Engine, actor: Actor) -> None:
    with engine.database.reading() as session:
        for table, key, visible in ((Project, Project.id, reach.visible_projects), (Hazard, Hazard.number, reach.visible_hazards)):
            listed = set(session.scalars(select(key).where(visible(actor))))
            rows = session.scalars(select(table)).all()
            assert listed == {getattr(row, key.key) for row in rows if ACCESS.may(session, actor, "read", row)}


@pytest.mark.any_database
def test_the_filters_run_on_both_databases(engine: Engine, actor: Find) -> None:
    with engine.database.writing() as session:
        case = a_case(session, *DANING)
        for username in ("operator", "tenant", "admin", "bureau", "fire"):
            seen = session.scalars(select(Case.id).where(reach.visible_cases(actor(username)))).all()
            assert (case.id in seen) == ACCESS.sees(session, actor(username), case)
            session.scalars(select(Hazard).where(reach.visible_hazards(actor(username)))).all()


# -- tasks ---------------------------------------------------------------------------------------


def test_the_role_at_the_unit_may_claim_and_complete(engine: Engine, actor: Find) -> None:
    with engine.database.writing() as session:
        task = a_task(session, a_case(session, *DANING), "subdistrict", "daning_road")
        for act in ("claim", "complete", "postpone", "comment", "attach"):
            assert ACCESS.refusal(session, actor("subdistrict"), act, task) is None, act


@pytest.mark.parametrize("username", ["operator", "committee", "bureau", "auditor", "subdistrict.lead", "subdistrict.other"])
def test_another_role_or_place_may_not(engine: Engine, actor: Find, username: str) -> None:
    with engine.database.writing() as session:
        task = a_task(session, a_case(session, *DANING), "subdistrict", "daning_road")
        for act in ("claim", "complete", "postpone"):
            assert ACCESS.refusal(session, actor(username), act, task) is not None, act


def test_who_did_the_earlier_step_may_not_nor_who_only_stands_in_for_them(engine: Engine, actor: Find) -> None:
    with engine.database.writing() as session:
        task = a_task(session, a_case(session, *DANING), "subdistrict", "daning_road", not_same_person_as=["confirm"])
        done = a_task(session, session.get_one(Case, task.case_id), "operator", "operator_01")
        done.element_id, done.state, done.completed_by, done.completed_at = "confirm", "completed", "subdistrict", done.created_at
        session.add(TaskBar(task_id=task.id, username="subdistrict", element_id="confirm"))
        session.flush()
        substitute = as_role("subdistrict", "daning_road", "other", delegated_from="subdistrict")
        assert ACCESS.refusal(session, actor("subdistrict"), "claim", task) is not None
        assert ACCESS.refusal(session, substitute, "complete", task) is not None
        assert ACCESS.refusal(session, actor("subdistrict.peer"), "claim", task) is None


def test_who_works_for_the_operator_may_not_verify_its_work(engine: Engine, actor: Find) -> None:
    both = Actor("both", (Grant("subdistrict", "daning_road"), Grant("operator", "operator_01")))
    elsewhere = Actor("both", (Grant("subdistrict", "daning_road"), Grant("operator", "operator_02")))
    with engine.database.writing() as session:
        task = a_task(session, a_case(session, *DANING), "subdistrict", "daning_road", not_same_person_as=["confirm"])
        assert ACCESS.refusal(session, both, "claim", task) is not None
        assert ACCESS.refusal(session, elsewhere, "claim", task) is None


@pytest.mark.parametrize(("username", "allowed"), [
    ("subdistrict.lead", True), ("bureau.lead", True), ("subdistrict", False), ("operator", False), ("bureau", False)])
def test_leads_assign_within_what_they_lead(engine: Engine, actor: Find, username: str, allowed: bool) -> None:
    with engine.database.writing() as session:
        task = a_task(session, a_case(session, *DANING), "subdistrict", "daning_road")
        assert (ACCESS.refusal(session, actor(username), "assign", task) is None) is allowed


def test_one_may_pass_on_or_release_what_one_has_claimed_and_nobody_elses(engine: Engine, actor: Find) -> None:
    with engine.database.writing() as session:
        task = a_task(session, a_case(session, *DANING), "subdistrict", "daning_road", assignee="subdistrict", state="claimed")
        for act in ("assign", "unclaim"):
            assert ACCESS.refusal(session, actor("subdistrict"), act, task) is None
            assert ACCESS.refusal(session, actor("subdistrict.peer"), act, task) is not None
        assert ACCESS.refusal(session, actor("subdistrict.lead"), "unclaim", task) is None


# -- cases, processes, the rest ------------------------------------------------------------------


@pytest.mark.parametrize(("username", "allowed"), [
    ("admin", True), ("bureau.lead", True), ("bureau", False), ("subdistrict", False), ("auditor", False), ("operator.other", False)])
def test_an_administrator_or_the_bureaus_lead_stops_a_case(engine: Engine, actor: Find, username: str, allowed: bool) -> None:
    with engine.database.writing() as session:
        case = a_case(session, *DANING)
        for act in ("cancel", "suspend", "resume", "modify", "migrate"):
            assert ACCESS.may(session, actor(username), act, case) is allowed


def test_an_auditor_reads_everything_and_changes_nothing(engine: Engine, actor: Find) -> None:
    auditor = actor("auditor")
    with engine.database.writing() as session:
        case = a_case(session, *DANING)
        task = a_task(session, case, "subdistrict", "daning_road")
        assert ACCESS.may(session, auditor, "read", case) and ACCESS.may(session, auditor, "read", "accounts")
        for act, thing in (("comment", case), ("send", case), ("cancel", case), ("claim", task), ("assign", task), ("change", "parameters")):
            assert not ACCESS.may(session, auditor, act, thing), act


def test_processes_are_deployed_by_publishers_drafted_by_designers(engine: Engine, actor: Find) -> None:
    with engine.database.reading() as session:
        assert ACCESS.may(session, actor("publisher"), "deploy", "definitions")
        assert not ACCESS.may(session, actor("designer"), "deploy", "definitions")
        assert ACCESS.may(session, actor("designer"), "draft", "definitions")
        assert not ACCESS.may(session, actor("bureau"), "draft", "definitions")


def test_a_process_is_started_by_its_starters_and_never_by_an_auditor(engine: Engine, actor: Find) -> None:
    named = Definition(id=9, key="p", version=1, name="p", starters=["operator"])
    anybody = Definition(id=9, key="p", version=1, name="p", starters=[])
    with engine.database.reading() as session:
        assert ACCESS.may(session, actor("operator"), "start", named)
        assert not ACCESS.may(session, actor("committee"), "start", named)
        assert ACCESS.may(session, actor("tenant"), "start", anybody)
        assert not ACCESS.may(session, actor("auditor"), "start", anybody)


def test_an_incident_is_seen_with_its_case_and_retried_by_those_who_operate(engine: Engine, actor: Find) -> None:
    with engine.database.writing() as session:
        case = a_case(session, *DANING)
        incident = Incident(case_id=case.id, kind="error", message="", opened_at=case.started_at)
        assert ACCESS.may(session, actor("admin"), "retry", incident)
        assert ACCESS.may(session, actor("subdistrict"), "read", incident)
        assert not ACCESS.may(session, actor("subdistrict"), "retry", incident)
        assert not ACCESS.sees(session, actor("operator.other"), incident)


@pytest.mark.parametrize("area", ["accounts", "parameters", "calendar", "clock"])
def test_administration_is_the_administrators(engine: Engine, actor: Find, area: str) -> None:
    with engine.database.reading() as session:
        assert ACCESS.may(session, actor("admin"), "change", area)
        assert not any(ACCESS.may(session, actor(name), "change", area) for name in ("bureau.lead", "publisher", "auditor", "tenant"))


def test_an_unknown_thing_or_area_is_refused(engine: Engine, actor: Find) -> None:
    with engine.database.reading() as session:
        assert not ACCESS.may(session, actor("admin"), "change", "no such area")
        assert not ACCESS.may(session, actor("admin"), "read", object())


def test_somebody_without_grants_sees_and_does_nothing(engine: Engine) -> None:
    nobody = Actor("stranger")
    with engine.database.writing() as session:
        case = a_case(session, *DANING)
        assert not ACCESS.sees(session, nobody, case)
        assert session.scalars(select(Project).where(reach.visible_projects(nobody))).first() is None
        assert not ACCESS.may(session, nobody, "start", Definition(id=9, key="p", version=1, name="p", starters=[]))
