from typing import Any

import pytest

from engine.engine import Engine


@pytest.mark.parametrize("register", ["projects", "buildings", "dwellings", "hazards", "organisations"])
def test_a_register_is_a_list_and_each_row_can_be_read_alone(api: Any, deployed: Engine, register: str) -> None:
    bureau = api("bureau")
    page = bureau.get(f"/{register}?limit=3").json
    assert set(page) == {"items", "next"}
    for row in page["items"]:
        assert bureau.get(f"/{register}/{row['id']}").json == row
    if page["next"]:
        after = bureau.get(f"/{register}?limit=3&cursor={page['next']}").json["items"]
        assert not {row["id"] for row in after} & {row["id"] for row in page["items"]}


def test_a_project_carries_what_the_contract_names(api: Any, deployed: Engine) -> None:
    row = api("committee").get("/projects").json["items"][0]
    assert {"id", "name", "name_en", "org_unit", "operator", "address"} <= set(row)


def test_nobody_sees_more_than_their_part_and_the_rest_is_not_there(api: Any, deployed: Engine) -> None:
    every = {row["id"] for row in api("bureau").get("/projects?limit=200").json["items"]}
    own = {row["id"] for row in api("operator").get("/projects?limit=200").json["items"]}
    assert own and own < every
    hidden = min(every - own)
    assert api("operator").get(f"/projects/{hidden}").status_code == 404
    assert api("admin").get("/projects").json["items"] == []


def test_money_is_a_decimal_string_and_area_a_number(api: Any, deployed: Engine) -> None:
    row = api("bureau").get("/dwellings?limit=1").json["items"][0]
    assert isinstance(row["rent_cny"], str) and row["rent_cny"].count(".") == 1
    assert isinstance(row["area_m2"], float)


def test_a_register_narrows_by_what_its_rows_have_and_by_nothing_else(api: Any, deployed: Engine) -> None:
    bureau = api("bureau")
    project = bureau.get("/projects?org=daning_road").json["items"][0]
    assert project["org_unit"] == "daning_road"
    assert {row["project_id"] for row in bureau.get(f"/buildings?project_id={project['id']}").json["items"]} == {project["id"]}
    assert bureau.get("/buildings?level=L1").status_code == 422
