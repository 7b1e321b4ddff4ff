"""What a form may offer, and what it may not."""

from collections.abc import Callable
from typing import Any

import pytest

from engine.actor import Actor
from engine.engine import Engine
from engine.words import Text
from housing.lookups import HousingLookup

Find = Callable[[str], Actor]
LOOKUP = HousingLookup()


def values(engine: Engine, kind: str, actor: Actor, query: str = "", **narrow: Any) -> list[Any]:
    with engine.database.reading() as session:
        return [option.value for option in LOOKUP.options(kind, session, actor, query, **narrow)]


def exists(engine: Engine, kind: str, value: Any, actor: Actor) -> bool:
    with engine.database.reading() as session:
        return LOOKUP.exists(kind, value, session, actor)


def test_projects_are_found_by_name_and_number_within_ones_reach(engine: Engine, actor: Find) -> None:
    assert values(engine, "project", actor("bureau"), "013号") == [13]
    assert values(engine, "project", actor("bureau"), "Project 013") == [13]
    assert values(engine, "project", actor("operator")) == [1, 15, 43]


@pytest.mark.parametrize("value", [2, "2", None, True, -1, 10**30, "1 or 1=1", [1], {"id": 1}, 1.0])
def test_what_is_out_of_reach_or_no_id_does_not_exist(engine: Engine, actor: Find, value: Any) -> None:
    assert not exists(engine, "project", value, actor("operator"))


def test_a_percent_sign_finds_itself_only(engine: Engine, actor: Find) -> None:
    assert values(engine, "project", actor("bureau"), "%") == values(engine, "person", actor("bureau"), "_x_") == []


def test_buildings_dwellings_and_floors_are_narrowed_to_what_they_belong_to(engine: Engine, actor: Find) -> None:
    assert values(engine, "building", actor("operator"), project=1) == [11, 12, 13]
    assert values(engine, "building", actor("operator"), project=2) == []
    assert len(values(engine, "dwelling", actor("operator"), building=11, limit=100)) == 46
    assert values(engine, "place", actor("operator"), building=11)[:2] == ["11/-1", "11/1"]
    assert values(engine, "place", actor("operator.other"), building=11) == []


def test_colleagues_are_offered_never_applicants_or_tenants(engine: Engine, actor: Find) -> None:
    offered = values(engine, "person", actor("bureau"), limit=100)
    assert "subdistrict" in offered and not {"tenant", "applicant", "admin"} <= set(offered)
    assert "tenant" not in offered and "applicant" not in offered
    assert values(engine, "person", actor("tenant")) == []


def test_people_can_be_narrowed_to_an_organisation(engine: Engine, actor: Find) -> None:
    assert values(engine, "person", actor("bureau"), org="operator_01") == ["operator"]


def test_an_unknown_kind_offers_nothing(engine: Engine, actor: Find) -> None:
    assert values(engine, "secret", actor("bureau")) == []
    assert not exists(engine, "secret", 1, actor("bureau"))


@pytest.mark.parametrize(("kind", "value", "label"), [
    ("project", 1, Text("001号项目", "Project 001")), ("organisation", "daning_road", Text("大宁路街道", "Daning Road Sub-district")),
    ("person", "fire", Text("消防监督员", "Fire supervisor")), ("place", "11/-1", Text("1号楼地下室", "Building 1, basement")),
    ("building", 11, Text("1号楼", "Building 1")), ("project", 999, None), ("place", "11/x", None), ("person", "no.such", None)])
def test_each_is_called_by_its_name(engine: Engine, kind: str, value: Any, label: Text | None) -> None:
    with engine.database.reading() as session:
        assert LOOKUP.label(kind, value, session) == label
