"""Reporting a hazard by its form: guided, saved while one types, refused in words."""

from collections.abc import Callable
from typing import Any

from tests.webapp.hazards import REPORT, project_of

Enter = Callable[..., Any]
PATH = "/processes/hazard_rectification/start"


def posted(engine: Any, **changes: Any) -> dict[str, str]:
    values = {**REPORT, "project_id": project_of(engine), **changes}
    return {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in values.items()}


def test_a_report_becomes_a_case_with_a_number(deployed: Any, sign_in: Enter) -> None:
    answer = sign_in("committee").post(PATH, data=posted(deployed), follow_redirects=True)
    assert "JA-HZ-2026-00001" in answer.text and "走廊从配电箱私拉电线" in answer.text


def test_what_is_missing_is_named_and_what_was_typed_stays(deployed: Any, sign_in: Enter) -> None:
    answer = sign_in("committee").post(PATH, data=posted(deployed, category="", part="", description="墙体裂缝加快"))
    assert answer.status_code == 422 and "选择隐患类别" in answer.text and "墙体裂缝加快" in answer.text


def test_a_project_out_of_reach_is_not_taken(deployed: Any, sign_in: Enter) -> None:
    answer = sign_in("operator.other").post(PATH, data=posted(deployed))
    assert answer.status_code == 422 and "JA-HZ" not in answer.text


def test_the_draft_comes_back_and_goes_once_it_is_sent(deployed: Any, sign_in: Enter) -> None:
    client = sign_in("committee")
    assert "草稿已存" in client.post(f"{PATH}/draft", data={"description": "写到一半"}).get_json()["words"]
    assert "写到一半" in client.get(PATH).text
    client.post(PATH, data=posted(deployed))
    assert "写到一半" not in client.get(PATH).text


def test_buildings_follow_the_project(deployed: Any, sign_in: Enter) -> None:
    client = sign_in("committee")
    assert client.get(f"{PATH}/options/building_id").get_json()["options"] == []
    assert client.get(f"{PATH}/options/building_id?project_id={project_of(deployed)}").get_json()["options"]


def test_the_auditor_does_not_report(sign_in: Enter) -> None:
    assert sign_in("auditor").get(PATH).status_code == 403
    assert sign_in("auditor").post(PATH, data={}).status_code == 403


def test_a_process_that_is_none_is_not_found(sign_in: Enter) -> None:
    assert sign_in("committee").get("/processes/nothing/start").status_code == 404
