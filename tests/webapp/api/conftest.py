"""The API's tests stand on a process of their own: look, work out, decide, with a message while deciding."""

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from engine import definitions
from engine.actor import OPERATOR_OF_THE_MACHINE
from engine.database import Database
from engine.engine import Engine
from tests.cast import Api
from tests.conftest import TEMPLATES
from tests.databases import Copies

PERMIT = Path(__file__).parent / "permit"


def form(key: str, *fields: dict[str, Any]) -> bytes:
    return json.dumps({"key": f"permit/{key}", "title": {"zh": "表", "en": "Form"}, "fields": list(fields)}).encode()


def field(name: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "kind": kind, "label": {"zh": "项", "en": name}, **more}


CHOICES = [{"value": value, "label": {"zh": "选", "en": value}} for value in ("pass", "fail")]
FORMS = {
    "start": form("start", field("subject", "text", required=True, max=80), field("fee_cny", "money"),
                  field("photos", "attachments")),
    "look": form("look", field("parts", "integer", required=True), field("comment", "long_text")),
    "decide": form("decide", field("result", "choice", required=True, choices=CHOICES)),
    "changed": form("changed", field("what", "text", required=True)),
}


def files() -> dict[str, bytes]:
    """The permit's files."""
    found = {f"permit/{path.name}": path.read_bytes() for path in PERMIT.iterdir()}
    found |= {f"forms/permit/{name}.json": content for name, content in FORMS.items()}
    return found


@pytest.fixture
def database(request: pytest.FixtureRequest, copies: Copies) -> Iterator[Database]:
    """The small estate; nothing of processes/ is deployed."""
    made = copies.copy(getattr(request, "param", "sqlite"), "estate", TEMPLATES["estate"])
    yield made
    copies.drop(made)


@pytest.fixture
def deployed(engine: Engine) -> Engine:
    """The engine with the permit alone."""
    definitions.deploy(engine, files(), OPERATOR_OF_THE_MACHINE)
    return engine


@pytest.fixture
def committee(api: Callable[[str | None], Api]) -> Api:
    return api("committee")


@pytest.fixture
def subdistrict(api: Callable[[str | None], Api]) -> Api:
    return api("subdistrict")


@pytest.fixture
def peer(api: Callable[[str | None], Api]) -> Api:
    return api("subdistrict.peer")


@pytest.fixture
def stranger(api: Callable[[str | None], Api]) -> Api:
    return api("subdistrict.other")


@pytest.fixture
def admin(api: Callable[[str | None], Api]) -> Api:
    return api("admin")


@pytest.fixture
def started(committee: Api) -> dict[str, Any]:
    """What starting a permit answered."""
    answer = committee.post("/process-definitions/permit/start", {"variables": {"subject": "门面"}})
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json
    return body


@pytest.fixture
def look(started: dict[str, Any]) -> dict[str, Any]:
    """The first task of a started permit."""
    task: dict[str, Any] = started["open_tasks"][0]
    return task


@pytest.fixture
def deciding(committee: Api, look: dict[str, Any]) -> dict[str, Any]:
    """The second task, after the committee has looked."""
    answer = committee.post(f"/tasks/{look['id']}/complete", {"data": {"parts": 3}})
    assert answer.status_code == 200, answer.text
    task: dict[str, Any] = answer.json["open_tasks"][0]
    return task


@pytest.fixture
def photo() -> bytes:
    """A small picture."""
    held = io.BytesIO()
    Image.new("RGB", (8, 6), "teal").save(held, "PNG")
    return held.getvalue()
