import io
from typing import Any

import pytest

from engine.attachments import sweep
from engine.clock import TestClock
from engine.engine import Engine
from tests.cast import Api


def bring(who: Api, content: bytes, name: str = "门.png") -> Any:
    return who.post("/attachments", data={"file": (io.BytesIO(content), name)})


def test_a_file_is_its_uploader_s_alone_until_a_form_takes_it(committee: Api, subdistrict: Api, deployed: Engine, photo: bytes) -> None:
    made = bring(committee, photo)
    assert made.status_code == 201 and {"id", "name", "size", "sha256"} <= set(made.json)
    path = f"/attachments/{made.json['id']}"
    assert committee.get(f"{path}/content").data.startswith(b"\xff\xd8")
    assert subdistrict.get(path).status_code == subdistrict.get(f"{path}/content").status_code == 404
    start = {"variables": {"subject": "x", "photos": [made.json["id"]]}}
    assert committee.post("/process-definitions/permit/start", start).status_code == 201
    assert subdistrict.get(f"{path}/content").status_code == 200


def test_a_file_is_handed_over_and_never_run(committee: Api, deployed: Engine, photo: bytes) -> None:
    answer = committee.get(f"/attachments/{bring(committee, photo).json['id']}/content")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff" and "sandbox" in answer.headers["Content-Security-Policy"]


def test_a_loose_file_is_gone_after_a_day(committee: Api, deployed: Engine, clock: TestClock, photo: bytes) -> None:
    made = bring(committee, photo).json
    clock.advance(hours=25)
    sweep(deployed)
    assert committee.get(f"/attachments/{made['id']}").status_code == 404


@pytest.mark.parametrize(("content", "name"), [(b"", "a.png"), (b"<svg onload=x>", "a.svg"), (b"MZ" * 100, "a.jpg")])
def test_what_is_no_photograph_or_document_is_refused_by_name(committee: Api, deployed: Engine, content: bytes, name: str) -> None:
    answer = bring(committee, content, name)
    assert answer.status_code == 422 and "file" in answer.json["errors"]


def test_somebody_else_s_loose_file_cannot_be_taken(committee: Api, subdistrict: Api, deployed: Engine, photo: bytes) -> None:
    made = bring(committee, photo).json
    start = {"variables": {"subject": "x", "photos": [made["id"]]}}
    assert subdistrict.post("/process-definitions/permit/start", start).status_code == 422
