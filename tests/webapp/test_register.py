"""Registers, process pages, notifications and substitutes: as much of each as one may see."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.webapp.hazards import project_of, reaching, reported

Enter = Callable[..., Any]


@pytest.mark.parametrize("path", ["/registers", "/hazards", "/projects", "/organisations", "/dynamic-list", "/processes", "/notifications", "/substitutes", "/cases", "/inbox"])
def test_every_page_answers_in_both_languages(deployed: Any, sign_in: Enter, path: str) -> None:
    reported(deployed)
    client = sign_in("subdistrict")
    assert client.get(path).status_code == 200
    client.get("/language/en")
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("path", ["/inbox", "/cases", "/hazards", "/projects", "/processes", "/search", "/notifications", "/substitutes"])
def test_nobody_reads_without_signing_in(client: Any, path: str) -> None:
    assert "/sign-in" in client.get(path).location


def test_a_hazard_stands_in_the_register_of_its_own_area_only(deployed: Any, sign_in: Enter) -> None:
    case, _ = reaching(deployed, "acknowledge")
    assert "L2 一般" in sign_in("subdistrict").get(f"/hazards/{case.business_key}").text
    assert case.business_key in sign_in("subdistrict").get("/hazards?status=open&level=L2").text
    for stranger in ("subdistrict.other", "operator.other"):
        assert case.business_key not in sign_in(stranger).get("/hazards").text
        assert sign_in(stranger).get(f"/hazards/{case.business_key}").status_code == 404


def test_a_project_shows_its_buildings_dwellings_and_open_hazards(deployed: Any, sign_in: Enter) -> None:
    case = reported(deployed)
    page = sign_in("subdistrict").get(f"/projects/{project_of(deployed)}").text
    assert case.business_key in page and "楼栋和房屋" in page and "<th scope=\"row\"" in page
    assert sign_in("operator.other").get(f"/projects/{project_of(deployed)}").status_code == 404


def test_an_organisation_that_is_none_is_not_found(sign_in: Enter) -> None:
    assert sign_in("subdistrict").get("/organisations/nowhere").status_code == 404
    assert sign_in("subdistrict").get("/organisations/daning_road").status_code == 200


def test_a_process_shows_its_diagram_steps_decisions_and_forms(sign_in: Enter) -> None:
    client = sign_in("subdistrict")
    page = client.get("/processes/hazard_rectification").text
    for words in ("隐患整改闭环", "先期处置", "hazard_severity", "上报隐患"):
        assert words in page
    diagram = client.get("/processes/hazard_rectification/1/diagram")
    assert diagram.content_type.startswith("application/xml") and "hazard_rectification" in diagram.text
    assert client.get("/processes/hazard_rectification/99/diagram").status_code == 404
    assert client.get("/processes/none").status_code == 404


def test_notifications_are_counted_followed_and_read(deployed: Any, sign_in: Enter) -> None:
    _, task = reaching(deployed, "grade")
    sign_in("subdistrict.peer").post(f"/tasks/{task.id}/claim")
    sign_in("subdistrict.peer").post(f"/tasks/{task.id}/assign", data={"assignee": "subdistrict"})
    client = sign_in("subdistrict")
    page = client.get("/notifications").text
    assert "分派给您" in page and "未读 1 条" in page
    assert client.get("/notifications/" + page.split('href="/notifications/')[1].split('"')[0]).location == f"/tasks/{task.id}"
    assert "未读 0 条" in client.get("/notifications").text


def test_nobody_follows_anothers_notification(deployed: Any, sign_in: Enter) -> None:
    _, task = reaching(deployed, "grade")
    sign_in("subdistrict.peer").post(f"/tasks/{task.id}/claim")
    sign_in("subdistrict.peer").post(f"/tasks/{task.id}/assign", data={"assignee": "subdistrict"})
    number = sign_in("subdistrict").get("/notifications").text.split('href="/notifications/')[1].split('"')[0]
    assert sign_in("subdistrict.peer").get(f"/notifications/{number}").location == "/notifications"


def test_a_substitute_is_arranged_with_days_and_ended(deployed: Any, sign_in: Enter) -> None:
    client = sign_in("subdistrict")
    data = {"to_user": "subdistrict.peer", "valid_from": "2026-11-23", "valid_to": "2026-11-27", "reason": "年休假"}
    assert "街道办理员乙 代理您" in client.post("/substitutes", data=data, follow_redirects=True).text
    assert "由您代理" in sign_in("subdistrict.peer").get("/notifications").text
    path = client.get("/substitutes").text.split('action="/substitutes/')[1].split('"')[0]
    assert sign_in("subdistrict.peer").post(f"/substitutes/{path}").status_code == 403
    assert "代理已结束" in client.post(f"/substitutes/{path}", follow_redirects=True).text


def test_a_substitute_with_days_the_wrong_way_round_is_put_right(sign_in: Enter) -> None:
    data = {"to_user": "subdistrict.peer", "valid_from": "2026-11-27", "valid_to": "2026-11-23"}
    answer = sign_in("subdistrict").post("/substitutes", data=data)
    assert answer.status_code == 422 and "结束日不早于开始日" in answer.text
