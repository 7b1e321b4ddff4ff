import io
from typing import Any

import pytest

from engine.engine import Engine
from tests.cast import Api
from tests.webapp.api.conftest import FORMS, PERMIT, files

DIAGRAM = (PERMIT / "permit.bpmn").read_bytes()


def send(who: Api, contents: dict[str, bytes], **more: Any) -> Any:
    return who.post("/process-definitions", data={"files": [(io.BytesIO(body), name) for name, body in contents.items()], **more})


def test_what_is_deployed_is_listed_read_and_drawn(committee: Api, deployed: Engine) -> None:
    row = committee.get("/process-definitions").json["items"][0]
    assert {"key", "version", "name", "deployed_at", "deployed_by"} <= set(row) and row["key"] == "permit"
    assert committee.get("/process-definitions/permit?version=1").json == row
    drawn = committee.get("/process-definitions/permit/bpmn")
    assert drawn.content_type.startswith("application/xml") and b"userTask" in drawn.data
    assert committee.get("/process-definitions/permit?version=2").status_code == 404


def test_a_publisher_deploys_and_unchanged_content_makes_no_version(api: Any, deployed: Engine) -> None:
    publisher = api("publisher")
    assert send(publisher, files()).json["items"][0]["version"] == 1
    answer = send(publisher, {**files(), "permit/permit.bpmn": DIAGRAM.replace("决定".encode(), "批准".encode())})
    assert answer.status_code == 201 and answer.json["items"][0]["version"] == 2
    assert answer.json["items"][0]["deployed_by"] == "publisher"


def test_flat_names_are_taken_where_one_process_is_in_the_deployment(api: Any, deployed: Engine) -> None:
    flat = {"permit.bpmn": DIAGRAM, "fee.dmn": (PERMIT / "fee.dmn").read_bytes()}
    flat |= {f"{name}.json": content for name, content in FORMS.items()}
    answer = send(api("publisher"), flat)
    assert answer.status_code == 201, answer.text
    assert [row["version"] for row in answer.json["items"]] == [1]


@pytest.mark.parametrize("username", ["designer", "admin", "bureau", "applicant"])
def test_nobody_but_a_publisher_deploys(api: Any, deployed: Engine, username: str) -> None:
    assert send(api(username), files()).status_code == 403


def test_who_drafted_it_does_not_deploy_it(api: Any, deployed: Engine) -> None:
    assert send(api("publisher"), files(), author="publisher").status_code == 403
    assert send(api("publisher"), files(), author="designer").status_code == 201


def test_a_refusal_names_file_element_and_reason(api: Any, deployed: Engine) -> None:
    broken = {**files(), "permit/permit.bpmn": DIAGRAM.replace(b"12 / look.parts", b"__import__('os')")}
    answer = send(api("publisher"), broken)
    assert answer.status_code == 422
    problem = answer.json["problems"][0]
    assert set(problem) >= {"file", "element_id", "rule", "message"} and problem["element_id"] == "work_out"


@pytest.mark.parametrize(("content", "status"), [
    (b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'b'>]><x/>", 422), (b"not xml", 422), (b"", 422),
])
def test_hostile_files_are_refused_in_words(api: Any, deployed: Engine, content: bytes, status: int) -> None:
    answer = send(api("publisher"), {"x/x.bpmn": content})
    assert answer.status_code == status and answer.json["problems"]


def test_forty_megabytes_are_refused_unread(api: Any, deployed: Engine) -> None:
    answer = send(api("publisher"), {"x/x.bpmn": b"<x>" * 14_000_000})
    assert answer.status_code == 413 and answer.content_type == "application/problem+json"


def test_what_is_not_multipart_is_refused(api: Any, deployed: Engine) -> None:
    publisher = api("publisher")
    assert publisher.post("/process-definitions", {"files": []}).status_code == 415
    assert publisher.post("/process-definitions", data=b"x", content_type="multipart/form-data").status_code == 400
    assert publisher.post("/process-definitions", data={"author": "designer"}, content_type="multipart/form-data").status_code == 422


def test_a_start_form_is_shown_to_who_may_start(api: Any, deployed: Engine) -> None:
    schema = api("committee").get("/process-definitions/permit/form").json["schema"]
    assert schema["required"] == ["subject"] and schema["properties"]["fee_cny"]["type"] == "string"
    assert api("operator").get("/process-definitions/permit/form").status_code == 403
