import io
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from engine import idempotency
from engine.clock import Clock
from engine.engine import Engine
from tests.cast import Api

START = "/process-definitions/permit/start"
KEY = {"Idempotency-Key": "k-1"}


def start(who: Api, subject: str = "门面", headers: dict[str, str] = KEY) -> Any:
    return who.post(START, {"variables": {"subject": subject}}, headers=headers)


def count(who: Api) -> int:
    return len(who.get("/cases").json["items"])


def test_the_same_key_and_content_happens_once_and_is_answered_the_same(committee: Api, deployed: Engine) -> None:
    first, again = start(committee), start(committee)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json == first.json and count(committee) == 1


def test_spacing_and_order_of_names_do_not_make_other_content(committee: Api, deployed: Engine) -> None:
    start(committee)
    again = committee.post(START, data='{ "variables" : {"subject":"\\u95e8\\u9762"} }', content_type="application/json", headers=KEY)
    assert again.status_code == 201 and count(committee) == 1


def test_the_same_key_with_other_content_is_refused(committee: Api, deployed: Engine) -> None:
    start(committee)
    answer = start(committee, "别的")
    assert answer.status_code == 422 and "Idempotency-Key" in answer.json["errors"]
    assert count(committee) == 1


def test_a_key_is_one_person_s_and_one_path_s(committee: Api, subdistrict: Api, deployed: Engine) -> None:
    case = start(committee).json["case"]
    assert start(subdistrict).json["case"]["id"] != case["id"]
    body = {"data": {"parts": 1}}
    task = committee.get(f"/tasks?case_id={case['id']}").json["items"][0]
    assert committee.post(f"/tasks/{task['id']}/complete", body, headers=KEY).status_code == 200


def test_without_a_key_every_request_is_its_own(committee: Api, deployed: Engine) -> None:
    start(committee, headers={})
    start(committee, headers={})
    assert count(committee) == 2


def test_a_refusal_of_the_data_is_kept_and_a_missing_thing_is_not(committee: Api, deployed: Engine) -> None:
    assert start(committee, "").status_code == start(committee, "").status_code == 422
    assert start(committee, "门面").status_code == 422
    missing = {"Idempotency-Key": "k-2"}
    assert committee.post("/tasks/1/claim", {}, headers=missing).status_code == 404
    start(committee, headers={})
    assert committee.post("/tasks/1/claim", {}, headers=missing).status_code == 200


def test_after_a_day_the_key_is_free_again(committee: Api, deployed: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    start(committee)
    later = Clock()
    later.offset = timedelta(hours=25)
    monkeypatch.setattr(idempotency, "_clock", later)
    assert start(committee, "别的").status_code == 201
    later.offset = timedelta(hours=50)
    assert idempotency.sweep(deployed.database) == 1


def test_files_count_by_name_and_content(committee: Api, deployed: Engine, photo: bytes) -> None:
    def bring(name: str) -> Any:
        return committee.post("/attachments", data={"file": (io.BytesIO(photo), name)}, headers=KEY)

    first, again = bring("a.png"), bring("a.png")
    assert first.status_code == again.status_code == 201 and first.json == again.json
    assert bring("b.png").status_code == 422


@pytest.mark.parametrize("key", ["", "x" * 201, "a\tb"])
def test_a_key_that_is_none_is_refused(committee: Api, deployed: Engine, key: str) -> None:
    assert start(committee, headers={"Idempotency-Key": key}).status_code == 422


@pytest.mark.any_database
def test_eight_at_once_with_one_key_have_one_effect(app: Flask, api: Any, deployed: Engine) -> None:
    callers = [api("committee") for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(start, callers))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json["case"]["id"] for answer in answers}) == 1 and count(callers[0]) == 1


def test_a_server_that_died_after_the_effect_does_not_do_it_again(
    committee: Api, deployed: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(idempotency.Reservation, "keep", lambda *_: (_ for _ in ()).throw(SystemExit()))
    monkeypatch.setattr(idempotency.Reservation, "__exit__", lambda self, *_: idempotency._current.reset(self._token))
    with pytest.raises(SystemExit):
        start(committee)
    monkeypatch.undo()
    later = Clock()
    later.offset = timedelta(minutes=2)
    monkeypatch.setattr(idempotency, "_clock", later)
    assert start(committee).status_code == 409 and count(committee) == 1
