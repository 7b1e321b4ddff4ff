"""The forms of the hazard journey: sound, complete, and content with what the contract says decides."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from forms import Form
from tests.forms.conftest import LANGUAGE, context, errors, kept

LIBRARY = Path(__file__).parents[2] / "forms" / "library"
FILES = sorted(LIBRARY.glob("*/*.json"))
CASE = {
    "project_id": 12, "proposed_level": "L2", "level": "L2", "round_no": 1, "due_at": "2026-12-08T00:00:00+08:00",
    "deadlines": {"fix_wd": 10}, "start": {"photos": None}, "days": 4, "reason": "rain",
}
DECIDING: list[tuple[str, dict[str, Any]]] = [
    ("start", {"project_id": 12, "part": "3号楼2层", "category": "electrical", "description": "私拉电线"}),
    ("start", {"project_id": "12", "part": "roof", "category": "gas", "description": "gas smell", "people_at_risk": "10+", "imminent": True,
               "affects_escape_or_structure": False, "can_fix_on_spot": False, "photos": []}),
    ("preliminary_handling", {"fixed_on_spot": False}), ("preliminary_handling", {"fixed_on_spot": True}),
    ("grade", {"level": "L2"}), ("grade", {"level": "L3", "override_reason": "more people", "is_hazard": True}),
    ("grade", {"is_hazard": False}), ("grade", {"level": "L1", "is_hazard": False, "override_reason": "not ours"}),
    ("acknowledge", {"disputed": False}), ("acknowledge", {"disputed": True, "dispute_reason": "not our building"}), ("acknowledge", {}),
    ("plan", {"measures": "m", "responsible": "r", "funds_cny": "8600.00", "finish_on": "2026-12-07", "safeguards": "s"}),
    ("plan", {"measures": "m", "responsible": "r", "funds_cny": 0, "finish_on": "2026-12-08", "safeguards": "s"}),
    ("review_plan", {"decision": "approve"}), ("review_plan", {"decision": "return", "comment": "more"}),
    ("rectify", {"progress": 100, "log": "done"}), ("confirm_completion", {"statement_of_truth": True, "photos": []}),
    ("confirm_completion", {"statement_of_truth": True, "photos": ["photo-1", "photo-2"]}),
    ("verify", {"result": "pass", "on_site": True, "comment": "ok"}), ("verify", {"result": "fail"}), ("verify", {"result": "partial", "on_site": False}),
    ("verify_department", {"result": "fail", "comment": "no"}), ("close", {"root_cause": "load not checked"}),
    *((f"escalation_e{n}", {"done": "called"}) for n in range(8)),
    ("decide_extension", {"decision": "grant", "days": 5}), ("decide_extension", {"decision": "grant"}), ("decide_extension", {"decision": "refuse"}),
    ("decide_dispute", {"decision": "uphold"}), ("decide_dispute", {"decision": "reject"}), ("mediate_access", {"granted": True}),
    ("make_safe", {}), ("plan_meeting", {}), ("police_presence", {}), ("danger_worse", {}), ("disputed", {}), ("access_refused", {}),
    ("extension_requested", {}), ("extension_requested", {"days": 5, "reason": "material"}),
    ("withdrawn", {"withdrawal": "merge", "withdrawal_reason": "same", "merged_into": "JA-HZ-2026-00412"}),
]


def source(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((LIBRARY / "hazard_rectification" / f"{name}.json").read_text(encoding="utf-8"))
    return loaded


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_a_form_of_the_library_is_sound_and_bears_its_files_name(path: Path) -> None:
    read = json.loads(path.read_text(encoding="utf-8"))
    assert LANGUAGE.check(read) == [] and read["key"] == f"{path.parent.name}/{path.stem}"


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
@pytest.mark.parametrize("locale", ["zh", "en"])
def test_a_form_of_the_library_draws_and_describes_itself(path: Path, locale: str) -> None:
    form = Form.parse(json.loads(path.read_text(encoding="utf-8")))
    schema = form.json_schema(locale, context(CASE))
    Draft202012Validator.check_schema(schema)
    assert set(form.initial(context(CASE))) <= set(schema["properties"]) == {view.name for view in form.page(None, context(CASE), locale)}


@pytest.mark.parametrize(("name", "data"), DECIDING, ids=lambda x: str(x)[:40])
def test_the_deciding_fields_alone_are_enough(name: str, data: dict[str, Any]) -> None:
    assert errors(source(name), data, **CASE) == {}


def test_a_report_without_its_essentials_names_them() -> None:
    assert set(errors(source("start"), {})) == {"project_id", "part", "category", "description"}


def test_a_report_has_plain_defaults_that_the_decisions_can_read() -> None:
    found = kept(source("start"), DECIDING[0][1])
    assert [found[name] for name in ("imminent", "people_at_risk", "affects_escape_or_structure", "can_fix_on_spot", "photos")] == [False, "0", False, False, None]


def test_another_level_than_proposed_needs_a_reason() -> None:
    assert set(errors(source("grade"), {"level": "L1"}, **CASE)) == {"override_reason"}
    assert not errors(source("grade"), {"level": "L1"}, **CASE | {"proposed_level": None})


def test_grading_opens_on_the_proposal_and_counts_as_a_hazard() -> None:
    assert Form.parse(source("grade")).initial(context(CASE)) == {"proposed": "L2", "is_hazard": True, "level": "L2"}
    assert kept(source("grade"), {"level": "L2"}, **CASE)["is_hazard"] is True


def test_a_dispute_needs_its_reason() -> None:
    assert set(errors(source("acknowledge"), {"disputed": True}, **CASE)) == {"dispute_reason"}


def test_a_plan_ends_by_the_due_date_while_there_is_time() -> None:
    late = {"measures": "m", "responsible": "r", "funds_cny": "1.00", "finish_on": "2026-12-09", "safeguards": "s"}
    assert "2026-12-07" in errors(source("plan"), late, **CASE)["finish_on"][0].zh
    assert not errors(source("plan"), late, **CASE | {"due_at": "2026-11-20T00:00:00+08:00"})
    assert not errors(source("plan"), late, **CASE | {"due_at": None})


def test_completion_is_confirmed_only_as_true_and_with_as_many_photographs_as_before() -> None:
    assert set(errors(source("confirm_completion"), {"statement_of_truth": False}, **CASE)) == {"statement_of_truth"}
    before = CASE | {"start": {"photos": ["a", "b"]}}
    assert "2" in errors(source("confirm_completion"), {"statement_of_truth": True, "photos": ["photo-1"]}, **before)["photos"][0].en


@pytest.mark.parametrize("level", ["L3", "L4"])
def test_serious_hazards_are_verified_on_site(level: str) -> None:
    at = CASE | {"level": level}
    assert set(errors(source("verify"), {"result": "pass", "on_site": False}, **at)) == {"on_site"} == set(errors(source("verify"), {"result": "pass"}, **at))
    assert not errors(source("verify"), {"result": "pass", "on_site": True}, **at)


def test_an_extension_is_granted_for_the_days_asked_unless_said_otherwise_and_within_the_period() -> None:
    assert kept(source("decide_extension"), {"decision": "grant"}, **CASE)["days"] == 4
    assert kept(source("decide_extension"), {"decision": "refuse"}, **CASE)["days"] is None
    assert set(errors(source("decide_extension"), {"decision": "grant", "days": 11}, **CASE)) == {"days"}


def test_only_the_start_has_a_handler_and_no_form_asks_for_personal_data() -> None:
    for path in FILES:
        read = json.loads(path.read_text(encoding="utf-8"))
        assert read.get("handler") == ("record_hazard" if path.stem == "start" else None)
        assert not any(re.search("phone|surname|id_number", one["name"]) for one in read["fields"])


def test_message_forms_touch_no_name_that_the_journey_keeps_itself() -> None:
    taken = set(Form.parse(source("start")).fields()) | {"level", "due_at", "served_at", "clock_paused", "round_no", "extensions"}
    for name in ("extension_requested", "disputed", "danger_worse", "withdrawn", "access_refused"):
        assert taken.isdisjoint(Form.parse(source(name)).fields())


@pytest.mark.parametrize("folder", sorted({path.parent.name for path in FILES}))
def test_every_form_that_a_diagram_names_is_there_and_none_lies_idle(folder: str) -> None:
    diagrams = (LIBRARY.parents[1] / "processes" / folder).glob("*.bpmn")
    named = {key for one in diagrams for key in re.findall(rf'formKey="{folder}/(\w+)"', one.read_text(encoding="utf-8"))}
    assert named == {path.stem for path in FILES if path.parent.name == folder}
