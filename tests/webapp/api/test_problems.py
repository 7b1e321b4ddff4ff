from typing import Any

import pytest
from sqlalchemy import event

from tests.cast import Api

START = "/process-definitions/permit/start"


@pytest.mark.parametrize(("body", "content_type", "status"), [
    (b"{", "application/json", 400),
    (b"", "application/json", 400),
    (b"[" * 100_000, "application/json", 400),
    (b'{"data": NaN}', "application/json", 400),
    (b'{"data": {"parts": 1e999}}', "application/json", 400),
    (b"\xff\xfe", "application/json", 400),
    (b"data=1", "application/x-www-form-urlencoded", 415),
    (b'{"data": {}}', "text/plain", 415),
    (b"[]", "application/json", 422),
    (b'"text"', "application/json", 422),
    (b'{"data": {"comment": "\\u0000"}}', "application/json", 422),
    (b'{"data": {"comment": "\\ud800"}}', "application/json", 422),
    (b'{"data": {}, "other": 1}', "application/json", 422),
    (b'{"data": []}', "application/json", 422),
    (b'{"data": {"comment": "' + b"x" * 1_100_000 + b'"}}', "application/json", 413),
])
def test_a_body_that_cannot_be_taken_is_a_problem_document(
    committee: Api, look: dict[str, Any], body: bytes, content_type: str, status: int
) -> None:
    answer = committee.post(f"/tasks/{look['id']}/complete", data=body, content_type=content_type)
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    assert {"type", "title", "status", "detail"} <= set(answer.json) and answer.json["status"] == status


def test_errors_name_paths_and_the_whole_form_stands_under_nothing(committee: Api, deployed: Any) -> None:
    answer = committee.post(START, {"variables": {"subject": 7, "nothing": 1}})
    assert set(answer.json["errors"]) == {"subject", "nothing"}
    assert all(isinstance(message, str) for messages in answer.json["errors"].values() for message in messages)
    assert "" in committee.post(START, data=b"[]", content_type="application/json").json["errors"]


def test_titles_and_details_come_in_the_language_that_was_asked_for(committee: Api) -> None:
    def title(language: str | None) -> str:
        headers = {"Accept-Language": language} if language else {}
        return str(committee.get("/tasks/1", headers=headers).json["title"])

    assert title("en-GB,en;q=0.9") == "Not found"
    assert title("zh-CN,zh") == title(None) == title("fr") == "没有找到"


@pytest.mark.parametrize("path", ["/nothing", "/tasks/0", "/tasks/99999999999999999999", "/cases/x", "/process-definitions/%00",
                                  "/projects/9999999", "/attachments/none", "/incidents"])
def test_what_is_not_there_is_404_and_what_takes_no_such_method_405(committee: Api, path: str) -> None:
    answer = committee.call("DELETE", "/incidents") if path == "/incidents" else committee.get(path)
    assert answer.status_code == (405 if path == "/incidents" else 404)
    assert answer.content_type == "application/problem+json"


def test_a_busy_database_is_503_with_a_time_to_try_again(committee: Api, look: dict[str, Any], deployed: Any) -> None:
    @event.listens_for(deployed.database.engine, "connect")
    def impatient(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA busy_timeout=1")

    deployed.database.engine.dispose()
    with deployed.database.writing():
        answer = committee.post(f"/tasks/{look['id']}/claim")
    assert answer.status_code == 503 and int(answer.headers["Retry-After"]) > 0
    assert committee.post(f"/tasks/{look['id']}/claim").status_code == 200


def test_our_own_fault_is_a_problem_without_inner_words(committee: Api, app: Any) -> None:
    app.view_functions["api_me.me"] = lambda: 1 / 0
    answer = committee.get("/me")
    assert answer.status_code == 500 and "division" not in answer.text
