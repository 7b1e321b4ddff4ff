"""The demonstration's homes: 44 projects in all sub-districts, their buildings, more than 6,000 dwellings."""

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from housing import parameters
from housing.demo import places
from housing.homes import FORMS, Building, Dwelling, Operator, Project

PROJECTS = 44
DWELLINGS_EACH = 138
PER_FLOOR = 8
OWN_OPERATORS = {"daning_road": (1, 1, 3, 1), "jiangning_road": (2, 2, 4, 2)}
OWN_COMMITTEES = {"daning_road": (0, 0, 1, 0)}
LAYOUTS = (("bed", "四人间", 1, "24.00"), ("room", "合租居室", 1, "14.50"), ("suite", "一室一卫", 1, "32.00"),
           ("suite", "一室户", 1, "45.50"), ("suite", "两室户", 2, "62.00"))
STATUSES = ("let",) * 15 + ("vacant", "vacant", "under_repair", "reserved", "vacant")
SOURCE = "设计默认值，待区房管局确认 | design default, unconfirmed"
SOURCE_DATE = date(2024, 7, 1)


def plant(session: Session) -> None:
    """Write operators, projects, buildings, dwellings and the parameters' defaults."""
    session.execute(insert(Operator), [_operator(number) for number in range(1, places.OPERATORS + 1)])
    projects = [_project(number) for number in range(1, PROJECTS + 1)]
    session.execute(insert(Project), projects)
    buildings = [one for project in projects for one in _buildings(project["id"])]
    session.execute(insert(Building), buildings)
    dwellings = [one for building in buildings for one in _dwellings(building)]
    session.execute(insert(Dwelling), dwellings)
    for kind in parameters.KINDS:
        parameters.put(session, kind, kind.default, date(2024, 1, 1), set_by="machine", source=SOURCE,
                       source_date=SOURCE_DATE)


def _operator(number: int) -> dict[str, Any]:
    return {"org_unit": places.operator(number), "credit_code": f"DEMO-{number:014d}", "scope_ok": True,
            "registered_on": date(2019 + number % 5, number, 15), "rating": "ABBC"[number % 4], "credit_points": 100}


def _project(number: int) -> dict[str, Any]:
    turn, place = divmod(number - 1, len(places.SUBDISTRICTS))
    code, name = places.SUBDISTRICTS[place]
    form = list(FORMS)[number % 4]
    operators = OWN_OPERATORS.get(code)
    operator = operators[turn] if operators else 3 + (number * 5) % (places.OPERATORS - 2)
    committee = OWN_COMMITTEES.get(code, (0, 1, 0, 1))[turn]
    return {
        "id": number, "file_no": f"JA-XM-{number:03d}", "name_zh": f"{number:03d}号项目", "name_en": f"Project {number:03d}",
        "address": f"{name.zh}示范路{number * 4}号", "address_en": f"{number * 4} Demonstration Road, {name.en}",
        "subdistrict": code, "committee": places.committees_of(code)[committee], "operator": places.operator(operator),
        "form": form, "product_kinds": ["room", "suite"] if number % 3 else ["bed", "room", "suite"],
        "source_kind": "conversion" if form == "conversion" else "new_build", "stage": "operating",
        "supply_status": "full" if number % 9 == 0 else "published", "identification_no": f"静保租认〔2023〕{number}号",
        "grid_code": f"{place + 1:02d}-{turn + 1:02d}", "latitude": 31.22 + place * 0.0075, "longitude": 121.44 + turn * 0.012,
    }


def _buildings(project_id: int) -> list[dict[str, Any]]:
    count = 2 + project_id % 2
    floors = -(-DWELLINGS_EACH // count // PER_FLOOR)
    return [
        {"id": project_id * 10 + one, "project_id": project_id, "name_zh": f"{one}号楼", "name_en": f"Building {one}",
         "floors": floors, "year": 2008 + (project_id * 3 + one) % 17, "fire_class": "二级", "basement": one == 1}
        for one in range(1, count + 1)
    ]


def _dwellings(building: dict[str, Any]) -> list[dict[str, Any]]:
    project_id, one = divmod(building["id"], 10)
    count = 2 + project_id % 2
    share = DWELLINGS_EACH // count
    return [_dwelling(building["id"], place, project_id * 7 + one * 3 + place) for place in range(share)]


def _dwelling(building_id: int, place: int, mark: int) -> dict[str, Any]:
    product, layout, rooms, area = LAYOUTS[mark % len(LAYOUTS)]
    floor, door = divmod(place, PER_FLOOR)
    area_m2 = Decimal(area) + mark % 4
    market = (area_m2 * (78 + mark % 23)).quantize(Decimal(1))
    return {"building_id": building_id, "number": f"{floor + 1}{door + 1:02d}", "product": product, "layout": layout,
            "area_m2": area_m2, "rooms": rooms, "orientation": "南北东西"[mark % 4], "accessible": floor == 0,
            "status": STATUSES[mark % len(STATUSES)], "market_rent_cny": market, "rent_cny": market * Decimal("0.85")}
