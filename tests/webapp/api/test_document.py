"""The document describes the API as it is: every call, every answer, whatever is sent."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi import checks as conformance
from schemathesis.specs.openapi.definitions import OPENAPI_31_VALIDATOR

from engine import cases, definitions
from engine.actor import OPERATOR_OF_THE_MACHINE
from engine.clock import TestClock
from tests.cast import token_of
from tests.conftest import MONDAY, TEMPLATES, config_of
from tests.databases import Copies
from tests.webapp.api.conftest import files
from webapp.api.document import operations

EXAMPLES = 5
CHECKS = [
    not_a_server_error, conformance.status_code_conformance, conformance.content_type_conformance,
    conformance.response_headers_conformance, conformance.response_schema_conformance,
]
QUICKLY = settings(
    max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def running(copies: Copies) -> Iterator[Flask]:
    """One application for all generated requests, with a few permits under way."""
    from housing import people
    from webapp import create_app, security

    database = copies.copy("sqlite", "estate", TEMPLATES["estate"])
    app = create_app(config_of(database), clock=TestClock(MONDAY), database=database)
    engine = app.extensions["anju"]
    definitions.deploy(engine, files(), OPERATOR_OF_THE_MACHINE)
    with database.reading() as session:
        actor = people.actor_of(session, "subdistrict", engine.clock.now())
    assert actor is not None
    for number in range(3):
        cases.start(engine, actor, "permit", {"subject": f"{number}"})
    security.limiter.enabled = False
    yield app
    security.limiter.enabled = True
    copies.drop(database)


@pytest.fixture(scope="module")
def document(running: Flask) -> dict[str, Any]:
    found: dict[str, Any] = running.test_client().get("/api/v1/openapi.json").json
    return found


@pytest.fixture(scope="module")
def described(running: Flask) -> Any:
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", running)



def faults_of(operation: Any, app: Flask, mode: GenerationMode) -> list[str]:
    """What generated requests to one operation showed, in words."""
    username = "admin" if operation.path.endswith("/demo/clock") else "subdistrict"
    headers = {"Authorization": f"Bearer {token_of(app.extensions['anju'], username)}"}

    @QUICKLY
    @given(case=operation.as_strategy(generation_mode=mode))
    def answers_as_described(case: schemathesis.Case) -> None:
        case.call_and_validate(headers=headers, checks=CHECKS)

    try:
        answers_as_described()
    except FailureGroup as group:
        return [f"{operation.label}: {fault}" for fault in group.exceptions]
    return []


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_every_call_answers_as_the_document_says(described: Any, running: Flask, mode: GenerationMode) -> None:
    operations_found = [found.ok() for found in described.get_all_operations()]
    assert [fault for operation in operations_found for fault in faults_of(operation, running, mode)] == []


def test_the_document_is_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    OPENAPI_31_VALIDATOR.validate(document)


def test_every_route_of_the_api_is_described_and_nothing_else(document: dict[str, Any], running: Flask) -> None:
    def described_as(rule: str) -> str:
        return re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule)

    routes = {
        (described_as(rule.rule), method.lower()) for rule in running.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/") and not rule.endpoint.startswith("api_document")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert routes == {(path, method) for path, method, _ in operations(document)}


def test_every_call_but_signing_in_asks_for_a_token_and_says_what_can_go_wrong(document: dict[str, Any]) -> None:
    for path, _, operation in operations(document):
        assert operation.get("security", document["security"]) == ([] if path == "/api/v1/tokens" else [{"token": []}])
        assert {"401", "503"} <= set(operation["responses"]) and operation["summary"]
        for code, told in operation["responses"].items():
            assert code.startswith("2") or told == {"$ref": "#/components/responses/Problem"}


def test_problems_are_problem_documents(document: dict[str, Any]) -> None:
    assert set(document["components"]["responses"]["Problem"]["content"]) == {"application/problem+json"}


def test_the_readable_page_needs_no_other_host_and_no_script_of_its_own(running: Flask) -> None:
    page = running.test_client().get("/api/v1/docs")
    assert page.status_code == 200 and "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert "//cdn" not in page.text and "<script>" not in page.text
    assert "/api/v1/tasks/{task_id}/complete" in page.text
