"""The hazard process's own decisions, checked against the rules they carry out."""

import itertools
from pathlib import Path

import pytest

from engine import decisions
from tests.engine.decisions.drawn import NOW

FOLDER = Path(__file__).resolve().parents[3] / "processes" / "hazard_rectification"
MODELS = {path.stem: decisions.parse(path.read_bytes(), path.name) for path in sorted(FOLDER.glob("*.dmn"))}
FIRE = {"fire_exit", "fire_equipment", "electrical", "e_bike", "gas", "structure", "falling_object", "lift"}
CROWDING = {"group_letting", "over_occupancy", "illegal_conversion"}
ORDER = {"contract", "price", "real_name", "public_order"}
CATEGORIES = sorted(FIRE | CROWDING | ORDER | {"flood_drainage", "hygiene", "other"})
ALL = list(itertools.product((True, False), (True, False), CATEGORIES, ("0", "1-9", "10+"), (True, False), ("2026-06-01", "2026-10-01")))


def ask(id, **variables):
    return decisions.evaluate(MODELS[id], id, variables, now=NOW)


def severity(imminent, escape, category, people, recurred, found_on):
    return ask("hazard_severity", imminent=imminent, affects_escape_or_structure=escape, category=category,
               people_at_risk=people, history={"recurred": recurred, "found_on": found_on})


def expected(imminent, escape, category, people, recurred, found_on):
    many = people == "10+"
    if imminent or escape:
        base = 4 if imminent or many else 3
    elif category in CROWDING:
        base = 3 if many else 2
    else:
        wet = category == "flood_drainage" and found_on == "2026-06-01"
        base = 2 if category in FIRE | ORDER or wet else 1
    return f"L{min(4, base + recurred)}"


def test_all_five_files_are_clean():
    assert set(MODELS) == {"hazard_severity", "hazard_deadlines", "hazard_departments", "dynamic_listing", "escalation_steps"}
    assert [problem for model in MODELS.values() for problem in decisions.check(model)] == []


def test_all_864_inputs_hit_one_rule_of_the_rules_as_written():
    wrong = [(case, answer.outputs) for case in ALL if (answer := severity(*case)).outputs != expected(*case)
             or len(answer.matched_rules) != 1 or answer.warnings]
    assert len(ALL) == 864 and wrong == []


def test_without_a_history_the_level_still_comes_out():
    answer = ask("hazard_severity", imminent=False, affects_escape_or_structure=True, category="gas", people_at_risk="1-9")
    assert answer.outputs == "L3" and answer.warnings == []


@pytest.mark.parametrize(("level", "due"), [
    ("L1", {"ack_wd": 1, "fix_wd": 3, "verify_wd": 2, "on_site": False, "supervision": "commissioner"}),
    ("L2", {"ack_wd": 1, "plan_wd": 2, "fix_wd": 10, "verify_wd": 2, "on_site": False, "supervision": "subdistrict"}),
    ("L3", {"ack_hours": 4, "plan_wd": 1, "safe_hours": 24, "fix_wd": 15, "verify_wd": 2, "on_site": True,
            "supervision": "subdistrict_and_department"}),
    ("L4", {"ack_hours": 1, "plan_wd": 1, "safe_hours": 24, "fix_days": 30, "verify_hours": 24, "on_site": True, "supervision": "bureau"}),
])  # fmt: skip
def test_each_level_has_its_deadlines(level, due):
    assert {k: v for k, v in ask("hazard_deadlines", level=level).outputs.items() if v is not None} == due


@pytest.mark.parametrize("category", CATEGORIES)
def test_every_category_has_a_lead(category):
    outputs = ask("hazard_departments", category=category).outputs
    assert outputs["lead_role"] and outputs["lead_unit"] and isinstance(outputs["assist"], list)


@pytest.mark.parametrize(("change", "reasons"), [
    ({}, []), ({"level": "L3"}, ["open_serious"]), ({"overdue_wd": 1}, ["overdue"]), ({"failed_verifications": 3}, ["third_failed_verification"]),
    ({"open_l2": 3}, ["open_general"]), ({"recurrences_180": 2}, ["recurrence"]), ({"false_confirmation": True}, ["false_confirmation"]),
    ({"missed_self_inspections": 2}, ["missed_self_inspections"]), ({"level": "L4", "overdue_wd": 4}, ["open_serious", "overdue"]),
])  # fmt: skip
def test_the_dynamic_list_has_its_reasons(change, reasons):
    history = {"open_l2": 2, "recurrences_180": 1, "false_confirmation": False, "missed_self_inspections": 1}
    given = {"level": "L2", "overdue_wd": 0, "failed_verifications": 2, **change}
    answer = ask("dynamic_listing", **given, history={key: given.get(key, value) for key, value in history.items()})
    assert answer.outputs == reasons and answer.warnings == []


@pytest.mark.parametrize(("given", "steps"), [
    (("L2", 0, None), "e0_half:share:0.5 e0_late:share:0.8 e1:due:0 e2:due:1 e3:due:3 e4:due:5 e5:due:7 e6:due:10 e7:due:15"),
    (("L3", 2, None), "e0_half:share:0.5 e0_late:share:0.8 e1:due:0 e2:due:1 e3:due:3 e4:now:0 e5:due:7 e6:due:10 e7:due:15"),
    (("L4", 0, None), "e3:now:0 e4:aware:24 e5:due:7 e6:due:10 e7:due:15"),
    (("L4", 0, {"done": True}), "e3:now:0 e4:due:5 e5:due:7 e6:due:10 e7:due:15"),
    (("L4", 2, {"done": True}), "e3:now:0 e4:now:0 e5:due:7 e6:due:10 e7:due:15"),
])  # fmt: skip
def test_the_ladder_has_its_steps(given, steps):
    level, failed, safe = given
    answer = ask("escalation_steps", level=level, failed_verifications=failed, make_safe=safe)
    assert " ".join(f"{s['step']}:{s['basis']}:{s['amount']}" for s in answer.outputs) == steps and answer.warnings == []


def test_every_rule_input_and_value_has_words_in_both_languages():
    for model in MODELS.values():
        for decision in model.elements.values():
            assert decision.words.label.zh != decision.words.label.en
            for rule in getattr(decision.logic, "rules", ()):
                assert rule.annotation.count(" | ") == 1


def test_a_level_is_explained_as_people_would_say_it():
    answer = severity(False, False, "gas", "1-9", False, "2026-10-01")
    told = decisions.why(MODELS["hazard_severity"], answer).sentence
    assert told.zh.startswith("隐患等级：L2 一般。因为“紧迫危险”是“否”") and "类别”是“燃气" in told.zh
    assert "“Category” is “gas”" in told.en and "Fire Regulations art. 46" in told.en
    changes = decisions.why_not(MODELS["hazard_severity"], answer, now=NOW)
    assert "If “Escape or structure is affected” were “yes”, “Hazard level” would be L3 serious." in [c.text.en for c in changes]
