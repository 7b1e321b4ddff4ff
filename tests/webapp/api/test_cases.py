from typing import Any

import pytest

from engine.engine import Engine
from tests.cast import Api

Row = dict[str, Any]
START = "/process-definitions/permit/start"


def test_starting_gives_the_case_and_its_open_tasks(committee: Api, started: Row) -> None:
    case = started["case"]
    assert (case["process_key"], case["state"], case["title"]) == ("permit", "running", "门面")
    assert case["variables"]["subject"] == "门面" and case["variables"]["start"]["subject"] == "门面"
    assert [task["element_id"] for task in started["open_tasks"]] == ["look"]
    assert committee.get(f"/cases/{case['id']}").json == case


def test_who_may_not_start_it_is_refused_and_an_unknown_process_is_not_there(api: Any, deployed: Engine) -> None:
    assert api("operator").post(START, {"variables": {"subject": "x"}}).status_code == 403
    assert api("committee").post("/process-definitions/none/start", {"variables": {}}).status_code == 404


def test_two_running_cases_with_one_key_are_one_too_many(committee: Api, deployed: Engine) -> None:
    body = {"business_key": "P-1", "variables": {"subject": "x"}}
    assert committee.post(START, body).status_code == 201
    assert committee.post(START, body).status_code == 409
    assert len(committee.get("/cases?business_key=P-1").json["items"]) == 1


def test_another_sub_district_finds_neither_entry_nor_case(stranger: Api, started: Row) -> None:
    assert stranger.get("/cases").json["items"] == []
    for path in ("", "/history", "/activity-instances"):
        assert stranger.get(f"/cases/{started['case']['id']}{path}").status_code == 404
    assert stranger.post(f"/cases/{started['case']['id']}/cancel", {"reason": "x"}).status_code == 404


def test_history_is_a_chain_read_in_pages(committee: Api, deciding: Row) -> None:
    path = f"/cases/{deciding['case_id']}/history"
    whole = committee.get(path).json["items"]
    assert [row["seq"] for row in whole] == list(range(1, len(whole) + 1))
    assert {"at", "element_id", "element_name", "element_type", "event", "actor", "data", "hash"} <= set(whole[0])
    assert len({row["hash"] for row in whole}) == len(whole)
    first = committee.get(f"{path}?limit=2").json
    rest = committee.get(f"{path}?limit=200&cursor={first['next']}").json
    assert first["items"] + rest["items"] == whole and rest["next"] is None


def test_activity_instances_say_where_the_case_stands(committee: Api, deciding: Row) -> None:
    found = {row["element_id"] for row in committee.get(f"/cases/{deciding['case_id']}/activity-instances").json["items"]}
    assert "decide" in found and "look" not in found


def test_cancelling_takes_a_reason_and_the_right_person(api: Any, committee: Api, look: Row) -> None:
    path, lead = f"/cases/{look['case_id']}/cancel", api("bureau.lead")
    assert committee.post(path, {"reason": "x"}).status_code == 403
    assert lead.post(path, {}).status_code == 422
    assert lead.post(path, {"reason": "申请撤回"}).json["state"] == "cancelled"
    assert lead.post(path, {"reason": "x"}).status_code == 409
    assert committee.get(f"/tasks/{look['id']}").json["state"] == "cancelled"
    assert committee.post(f"/tasks/{look['id']}/complete", {"data": {"parts": 1}}).status_code == 409


def test_a_suspended_case_rests_until_it_is_resumed(api: Any, committee: Api, look: Row) -> None:
    lead, done = api("bureau.lead"), {"data": {"parts": 1}}
    assert lead.post(f"/cases/{look['case_id']}/suspend").json["state"] == "suspended"
    assert committee.post(f"/tasks/{look['id']}/complete", done).status_code == 409
    assert lead.post(f"/cases/{look['case_id']}/suspend").status_code == 409
    assert lead.post(f"/cases/{look['case_id']}/resume").json["state"] == "running"
    assert committee.post(f"/tasks/{look['id']}/complete", done).status_code == 200


def test_an_operation_on_a_case_that_has_moved_is_stale(api: Any, committee: Api, started: Row, look: Row) -> None:
    committee.post(f"/tasks/{look['id']}/complete", {"data": {"parts": 1}})
    answer = api("bureau.lead").post(f"/cases/{look['case_id']}/suspend", {"version": started["case"]["version"]})
    assert answer.status_code == 409 and answer.json["version"] > started["case"]["version"]


def test_an_administrator_stops_a_case_without_reading_it(admin: Api, started: Row) -> None:
    path = f"/cases/{started['case']['id']}"
    assert admin.get(path).status_code == 404
    stopped = admin.post(f"{path}/suspend")
    assert stopped.status_code == 200 and stopped.json["variables"] == {} and stopped.json["title"] == ""


@pytest.mark.parametrize(("query", "found"), [
    ("state=running", 1), ("state=completed", 0), ("process_key=permit", 1), ("process_key=none", 0),
    ("org=daning_road", 1), ("org=jiangning_road", 0), ("business_key=none", 0),
])
def test_cases_narrow_by_what_they_name(committee: Api, started: Row, query: str, found: int) -> None:
    assert len(committee.get(f"/cases?{query}").json["items"]) == found


def test_a_draft_of_the_start_form_is_kept_for_me_alone(committee: Api, subdistrict: Api, deployed: Engine) -> None:
    saved = committee.post("/process-definitions/permit/draft", {"data": {"subject": "写到一半"}})
    assert saved.status_code == 200 and saved.json["saved_at"]
    assert committee.get("/process-definitions/permit/form").json["values"] == {"subject": "写到一半"}
    assert subdistrict.get("/process-definitions/permit/form").json["values"] == {}


def test_what_stops_the_process_is_an_incident_that_can_be_tried_again(api: Any, committee: Api, look: Row) -> None:
    answer = committee.post(f"/tasks/{look['id']}/complete", {"data": {"parts": 0}})
    assert answer.status_code == 409 and answer.json["element_id"] == "work_out"
    assert committee.get(f"/cases/{look['case_id']}").json["state"] == "failed"
    incident = committee.get("/incidents").json["items"][0]
    assert incident["id"] == answer.json["incident_id"] and "12 / look.parts" in incident["message"]
    assert api("subdistrict.other").get("/incidents").json["items"] == []
    assert committee.post(f"/incidents/{incident['id']}/retry").status_code == 403
    assert api("subdistrict.other").post(f"/incidents/{incident['id']}/retry").status_code == 404
    assert api("bureau.lead").post(f"/incidents/{incident['id']}/retry").status_code == 409
    assert committee.post(f"/tasks/{look['id']}/complete", {"data": {"parts": 2}}).json["case"]["state"] == "running"
    assert committee.get("/incidents").json["items"] == []
