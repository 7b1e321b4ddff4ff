"""What diagrams and decisions may ask."""

from typing import Any

import pytest

from engine.engine import Engine
from housing.hazards import Hazard
from housing.lookups import FUNCTIONS


def ask(engine: Engine, name: str, value: Any) -> Any:
    with engine.database.reading() as session:
        return FUNCTIONS[name](session, value)


@pytest.mark.parametrize(("name", "value", "answer"), [
    ("operator_of", 1, "operator_01"), ("committee_of", 1, "daning_road.committee_1"), ("subdistrict_of", 2, "jiangning_road"),
    ("operator_of", 999, None), ("operator_of", None, None), ("operator_of", "x", None), ("operator_of", 1.5, None),
    ("unit_of", "fire_rescue", "fire_rescue"), ("unit_of", "subdistrict", None), ("unit_of", None, None),
    ("role_of", "fire_rescue", "fire"), ("role_of", "urban_construction", "department"), ("role_of", "daning_road", "subdistrict"),
    ("role_of", "daning_road.committee_1", "committee"), ("role_of", "subdistrict", "subdistrict"), ("role_of", "nowhere", None)])
def test_look_ups_answer_plainly_and_null_for_the_unknown(engine: Engine, name: str, value: Any, answer: Any) -> None:
    assert ask(engine, name, value) == answer


def test_a_projects_history_counts_what_is_open_by_level(engine: Engine) -> None:
    now = engine.clock.now()
    with engine.database.writing() as session:
        for number, level, status in (("a", "L2", "rectifying"), ("b", "L2", "closed"), ("c", "L4", "confirmed")):
            session.add(Hazard(number=number, project_id=1, part="x", category="gas", level=level, status=status,
                               reported_by="committee", reported_at=now))
    found = ask(engine, "project_history", 1)
    assert found == {"open_l1": 0, "open_l2": 1, "open_l3": 0, "open_l4": 1, "open": 2, "total": 3}


def test_every_unit_that_the_departments_decision_names_is_in_the_tree(engine: Engine) -> None:
    named = ("fire_rescue", "urban_construction", "bureau", "water_affairs", "market_regulation", "urban_law_enforcement", "police",
             "police_station", "property_management", "power_utility", "emergency_management", "construction", "planning_resources", "health")
    assert [name for name in named if ask(engine, "unit_of", name) is None] == []
