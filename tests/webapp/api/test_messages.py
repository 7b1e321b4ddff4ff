from typing import Any

import pytest

from engine.engine import Engine
from tests.cast import Api

Row = dict[str, Any]


@pytest.fixture
def waiting(committee: Api, deployed: Engine) -> Row:
    """A keyed permit that waits for `permit.changed` while it is decided."""
    started = committee.post("/process-definitions/permit/start", {"business_key": "P-7", "variables": {"subject": "x"}}).json
    done = committee.post(f"/tasks/{started['open_tasks'][0]['id']}/complete", {"data": {"parts": 1}})
    found: Row = done.json["case"]
    return found


def message(who: Api, name: str = "permit.changed", key: str = "P-7", **more: Any) -> Any:
    return who.post("/messages", {"name": name, "correlation_key": key, "variables": {"what": "换了地方"}, **more})


def test_a_message_reaches_the_case_that_waits_for_it(committee: Api, waiting: Row) -> None:
    answer = message(committee)
    assert (answer.status_code, answer.json) == (202, {"cases": [waiting["id"]]})
    open_now = {task["element_id"] for task in committee.get(f"/tasks?case_id={waiting['id']}").json["items"]}
    assert open_now == {"decide", "note_change"}
    assert message(committee).status_code == 202


def test_only_a_role_that_the_event_names_sends_it_by_hand(subdistrict: Api, stranger: Api, waiting: Row) -> None:
    assert message(subdistrict).status_code == 403
    assert message(stranger).status_code == 404


def test_where_nobody_waits_it_is_404_unless_it_may_wait(committee: Api, waiting: Row) -> None:
    assert message(committee, key="P-8").status_code == 404
    assert message(committee, key="P-8", time_to_live="PT1H").json == {"cases": []}
    assert message(committee, key="P-8", time_to_live="soon").status_code == 422


def test_its_form_is_checked(committee: Api, waiting: Row) -> None:
    answer = committee.post("/messages", {"name": "permit.changed", "correlation_key": "P-7", "variables": {"other": 1}})
    assert answer.status_code == 422 and {"what", "other"} == set(answer.json["errors"])


def test_a_decision_answers_with_the_rules_that_matched(committee: Api, deployed: Engine) -> None:
    answer = committee.post("/decisions/fee/evaluate", {"variables": {"area": 60}})
    assert answer.json == {"outputs": 20, "matched_rules": [{"rule_id": "large", "annotation": "第二条"}]}


def test_a_decision_without_a_rule_is_422_with_what_it_was_asked(committee: Api, deployed: Engine) -> None:
    answer = committee.post("/decisions/fee/evaluate", {"variables": {"area": 500}})
    assert answer.status_code == 422 and answer.json["inputs"]["area"] == 500
    assert committee.post("/decisions/none/evaluate", {"variables": {}}).status_code == 404
    assert committee.post("/decisions/fee/evaluate", {}).status_code == 422
