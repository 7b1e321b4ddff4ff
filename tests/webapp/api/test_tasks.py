from typing import Any

import pytest

from engine.clock import TestClock
from tests.cast import Api

Row = dict[str, Any]
FIELDS = {
    "id", "case_id", "process_key", "element_id", "name", "state", "assignee", "candidate_roles", "org_unit", "priority",
    "created_at", "due_at", "follow_up_at", "overdue", "due_basis", "severity", "form_key", "business_key",
    "allowed_actions", "version",
}


def test_a_task_carries_what_the_contract_names(committee: Api, look: Row) -> None:
    task = committee.get(f"/tasks/{look['id']}").json
    assert set(task) >= FIELDS
    assert (task["element_id"], task["state"], task["assignee"]) == ("look", "open", None)
    assert task["due_at"].endswith("+08:00") and task["form_key"] == "permit/look"
    assert "complete" in task["allowed_actions"] and "claim" in task["allowed_actions"]


def test_the_queue_shows_what_i_could_claim_and_mine_what_i_have(committee: Api, look: Row) -> None:
    assert [task["id"] for task in committee.get("/tasks?view=queue").json["items"]] == [look["id"]]
    committee.post(f"/tasks/{look['id']}/claim")
    assert committee.get("/tasks?view=queue").json["items"] == []
    assert [task["id"] for task in committee.get("/tasks?view=mine").json["items"]] == [look["id"]]
    assert committee.get("/tasks/counts").json == {"mine": 1, "queue": 0, "all": 1}


def test_another_sub_district_finds_neither_entry_nor_task(stranger: Api, look: Row) -> None:
    assert stranger.get("/tasks?view=all").json["items"] == []
    for path in ("", "/form"):
        assert stranger.get(f"/tasks/{look['id']}{path}").status_code == 404
    for act in ("claim", "unclaim", "comments", "draft", "complete", "assign", "postpone"):
        body = {"data": {}, "assignee": "x", "until": None, "text": "x"}
        wanted = {"draft": ["data"], "complete": ["data"], "assign": ["assignee"], "postpone": ["until"], "comments": ["text"]}
        answer = stranger.post(f"/tasks/{look['id']}/{act}", {name: body[name] for name in wanted.get(act, [])})
        assert answer.status_code == 404, act


def test_claiming_twice_changes_nothing_and_another_is_told_who_was_first(committee: Api, subdistrict: Api, look: Row) -> None:
    assert committee.post(f"/tasks/{look['id']}/claim").json["assignee"] == "committee"
    assert committee.post(f"/tasks/{look['id']}/claim").status_code == 200
    answer = subdistrict.post(f"/tasks/{look['id']}/claim")
    assert answer.status_code == 409 and "committee" in answer.json["detail"]


def test_a_released_task_is_open_for_the_others(committee: Api, subdistrict: Api, look: Row) -> None:
    committee.post(f"/tasks/{look['id']}/claim")
    assert committee.post(f"/tasks/{look['id']}/unclaim").json["state"] == "open"
    assert subdistrict.post(f"/tasks/{look['id']}/claim").status_code == 200


def test_a_stale_version_is_refused_with_the_present_one(committee: Api, look: Row) -> None:
    committee.post(f"/tasks/{look['id']}/claim", {"version": look["version"]})
    answer = committee.post(f"/tasks/{look['id']}/complete", {"data": {"parts": 1}, "version": look["version"]})
    assert answer.status_code == 409
    assert answer.json["version"] == look["version"] + 1 and answer.json["changed_by"] == "committee"


def test_completing_moves_the_case_on(committee: Api, look: Row) -> None:
    answer = committee.post(f"/tasks/{look['id']}/complete", {"data": {"parts": 4}})
    assert answer.status_code == 200
    assert answer.json["case"]["variables"]["share"] == 3
    assert [task["element_id"] for task in answer.json["open_tasks"]] == ["decide"]


def test_the_same_person_with_the_same_data_gets_the_same_answer(committee: Api, look: Row) -> None:
    first = committee.post(f"/tasks/{look['id']}/complete", {"data": {"parts": 4}})
    again = committee.post(f"/tasks/{look['id']}/complete", {"data": {"parts": 4}})
    assert (again.status_code, again.json) == (200, first.json)


def test_whoever_comes_later_is_told_by_whom_when_and_with_what(committee: Api, subdistrict: Api, look: Row) -> None:
    committee.post(f"/tasks/{look['id']}/complete", {"data": {"parts": 4}})
    late = subdistrict.post(f"/tasks/{look['id']}/complete", {"data": {"parts": 4}})
    assert late.status_code == 409 and late.content_type == "application/problem+json"
    assert late.json["completed_by"] == "committee" and late.json["entered"]["parts"] == 4
    assert late.json["completed_at"].endswith("+08:00")
    other = committee.post(f"/tasks/{look['id']}/complete", {"data": {"parts": 5}})
    assert other.status_code == 409


@pytest.mark.parametrize(("data", "path"), [
    ({}, "parts"), ({"parts": "many"}, "parts"), ({"parts": 1, "more": 1}, "more"), ({"parts": None}, "parts"),
])
def test_wrong_data_names_the_field_and_changes_nothing(committee: Api, look: Row, data: Row, path: str) -> None:
    answer = committee.post(f"/tasks/{look['id']}/complete", {"data": data})
    assert answer.status_code == 422 and path in answer.json["errors"]
    assert committee.get(f"/tasks/{look['id']}").json["state"] == "open"


def test_who_looked_may_not_decide(api: Any, subdistrict: Api, look: Row) -> None:
    task = subdistrict.post(f"/tasks/{look['id']}/complete", {"data": {"parts": 3}}).json["open_tasks"][0]
    assert subdistrict.post(f"/tasks/{task['id']}/claim").status_code == 403
    assert subdistrict.post(f"/tasks/{task['id']}/complete", {"data": {"result": "pass"}}).status_code == 403
    assert "complete" not in subdistrict.get(f"/tasks/{task['id']}").json["allowed_actions"]
    peer = api("subdistrict.peer")
    assert peer.post(f"/tasks/{task['id']}/complete", {"data": {"result": "pass"}}).json["case"]["state"] == "completed"


def test_an_auditor_sees_and_may_not_do(api: Any, look: Row) -> None:
    auditor = api("auditor")
    assert auditor.get(f"/tasks/{look['id']}").json["allowed_actions"] == []
    assert auditor.post(f"/tasks/{look['id']}/complete", {"data": {"parts": 1}}).status_code == 403


def test_a_form_is_self_contained_json_schema_with_my_draft_alone(committee: Api, subdistrict: Api, look: Row) -> None:
    committee.post(f"/tasks/{look['id']}/draft", {"data": {"parts": "not yet a number"}})
    mine = committee.get(f"/tasks/{look['id']}/form").json
    assert mine["schema"]["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert mine["schema"]["properties"]["parts"]["type"] == "integer"
    assert mine["values"] == {"parts": "not yet a number"}
    assert subdistrict.get(f"/tasks/{look['id']}/form").json["values"] == {}


def test_a_form_offers_its_choices_with_titles(subdistrict: Api, deciding: Row) -> None:
    schema = subdistrict.get(f"/tasks/{deciding['id']}/form", headers={"Accept-Language": "en"}).json["schema"]
    assert schema["properties"]["result"]["oneOf"] == [{"const": "pass", "title": "pass"}, {"const": "fail", "title": "fail"}]


def test_postponing_sets_the_follow_up_and_null_takes_it_back(committee: Api, look: Row) -> None:
    until = "2026-12-01T09:00:00+08:00"
    assert committee.post(f"/tasks/{look['id']}/postpone", {"until": until}).json["follow_up_at"] == until
    assert committee.post(f"/tasks/{look['id']}/postpone", {"until": None}).json["follow_up_at"] is None
    for wrong in ("2020-01-01T00:00:00+08:00", "2026-12-01T09:00:00", "soon", 7):
        assert committee.post(f"/tasks/{look['id']}/postpone", {"until": wrong}).status_code == 422


def test_a_lead_assigns_to_who_can_do_it_and_to_nobody_else(api: Any, look: Row) -> None:
    lead = api("subdistrict.lead")
    assert lead.post(f"/tasks/{look['id']}/assign", {"assignee": "subdistrict.peer"}).json["assignee"] == "subdistrict.peer"
    assert lead.post(f"/tasks/{look['id']}/assign", {"assignee": "fire"}).status_code == 422
    assert api("committee").post(f"/tasks/{look['id']}/assign", {"assignee": "committee"}).status_code == 403


def test_comments_stand_on_the_task_oldest_first(committee: Api, subdistrict: Api, look: Row) -> None:
    made = committee.post(f"/tasks/{look['id']}/comments", {"text": "@subdistrict 请看"})
    assert made.status_code == 201 and made.json["mentions"] == ["subdistrict"]
    subdistrict.post(f"/tasks/{look['id']}/comments", {"text": "好"})
    assert [row["text"] for row in committee.get(f"/tasks/{look['id']}/comments").json["items"]] == ["@subdistrict 请看", "好"]
    assert committee.post(f"/tasks/{look['id']}/comments", {"text": ""}).status_code == 422


def test_lists_come_in_pages_that_join_without_gap(committee: Api, deployed: Any) -> None:
    for number in range(5):
        committee.post("/process-definitions/permit/start", {"variables": {"subject": f"{number}"}})
    seen, cursor = [], ""
    while cursor is not None:
        page = committee.get(f"/tasks?view=queue&limit=2&sort=created{'&cursor=' + cursor if cursor else ''}").json
        seen += [task["id"] for task in page["items"]]
        cursor = page["next"]
    assert len(seen) == len(set(seen)) == 5


@pytest.mark.parametrize("query", [
    "limit=201", "limit=0", "limit=x", "cursor=nonsense", "cursor=WzEsMl0", "view=none", "sort=none", "state=gone", "colour=red",
    "due_before=soon", "overdue=perhaps", "case_id=99999999999",
])
def test_a_wrong_query_is_refused_in_words(committee: Api, query: str) -> None:
    answer = committee.get(f"/tasks?{query}")
    assert answer.status_code == 422 and query.split("=")[0] in answer.json["errors"]


def test_lists_narrow_by_what_they_name(committee: Api, look: Row, clock: TestClock) -> None:
    def count(query: str) -> int:
        return len(committee.get(f"/tasks?{query}").json["items"])

    assert count(f"case_id={look['case_id']}") == count("element_id=look") == count("process_key=permit") == 1
    assert count("element_id=decide") == count("overdue=true") == count("state=completed") == 0
    assert count("q=门面") == 1 and count("q=%25") == 0
    clock.advance(days=2)
    assert count("overdue=true") == 1 and count("overdue=false") == 0


def test_a_file_is_put_on_the_task(committee: Api, subdistrict: Api, look: Row, photo: bytes) -> None:
    import io

    made = committee.post(f"/tasks/{look['id']}/attachments", data={"file": (io.BytesIO(photo), "门.png")})
    assert made.status_code == 201
    assert subdistrict.get(f"/attachments/{made.json['id']}").status_code == 200
