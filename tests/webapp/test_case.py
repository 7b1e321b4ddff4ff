"""Cases: the list, the page with clocks, diagram, timeline and reasons, the messages one may send, holding and stopping."""

from collections.abc import Callable
from typing import Any

from tests.webapp.hazards import reaching, reported

Enter = Callable[..., Any]


def test_the_page_says_what_it_is_how_it_stands_and_why(deployed: Any, sign_in: Enter) -> None:
    case, _ = reaching(deployed, "rectify")
    page = sign_in("subdistrict").get(f"/cases/{case.id}").text
    for words in ("走廊从配电箱私拉电线", case.business_key, "L2 一般", "运营单位", "批准了整改方案", "隐患等级", "链式记录，刚刚核对未被改动"):
        assert words in page
    assert f"/processes/hazard_rectification/{case.process_version}/diagram" in page and "实施整改：现在" in page


def test_no_machine_words_are_shown(deployed: Any, sign_in: Enter) -> None:
    case, _ = reaching(deployed, "rectify")
    client = sign_in("subdistrict")
    client.get("/language/en")
    page = client.get(f"/cases/{case.id}?all=1").text.lower()
    assert not [word for word in ("uuid", "exception", "instance", "traceback", "none,") if word in page]


def test_all_entries_are_one_click_away(deployed: Any, sign_in: Enter) -> None:
    case, _ = reaching(deployed, "acknowledge")
    client = sign_in("subdistrict")
    assert "等待办理" not in client.get(f"/cases/{case.id}").text
    assert "等待办理" in client.get(f"/cases/{case.id}?all=1").text


def test_strangers_do_not_find_it(deployed: Any, sign_in: Enter) -> None:
    case, _ = reaching(deployed, "acknowledge")
    for stranger in ("subdistrict.other", "operator.other", "applicant", "admin"):
        client = sign_in(stranger)
        assert client.get(f"/cases/{case.id}").status_code == 404
        assert client.post(f"/cases/{case.id}/comments", data={"text": "x"}).status_code == 404
        assert case.business_key not in client.get("/cases").text
        assert client.get(f"/search?q={case.business_key}").status_code == 200


def test_a_case_that_never_was_looks_the_same(sign_in: Enter) -> None:
    assert sign_in("subdistrict").get("/cases/999999").status_code == 404


def test_the_operator_asks_for_more_time_and_the_sub_district_has_it_to_decide(deployed: Any, sign_in: Enter) -> None:
    case, _ = reaching(deployed, "rectify")
    client = sign_in("operator")
    assert "申请延期" in client.get(f"/cases/{case.id}").text
    path = f"/cases/{case.id}/messages/hazard.extension_requested"
    assert "申请延期" in client.get(path).text
    answer = client.post(path, data={"days": "5", "reason": "material", "safeguards": "断电并派人看守"})
    assert answer.status_code == 303, answer.text
    assert "延期审批" in sign_in("subdistrict").get("/inbox").text


def test_a_message_with_something_missing_keeps_what_was_typed(deployed: Any, sign_in: Enter) -> None:
    case, _ = reaching(deployed, "rectify")
    answer = sign_in("operator").post(f"/cases/{case.id}/messages/hazard.extension_requested", data={"safeguards": "派人看守走廊", "days": "0"})
    assert answer.status_code == 422 and "派人看守走廊" in answer.text


def test_a_message_of_another_role_is_not_there(deployed: Any, sign_in: Enter) -> None:
    case, _ = reaching(deployed, "rectify")
    client = sign_in("subdistrict")
    assert client.get(f"/cases/{case.id}/messages/hazard.extension_requested").status_code == 404
    assert client.post(f"/cases/{case.id}/messages/hazard.extension_requested", data={}).status_code == 404


def test_only_the_lead_holds_and_stops_a_case_with_a_reason(deployed: Any, sign_in: Enter) -> None:
    case, _ = reaching(deployed, "rectify")
    assert sign_in("subdistrict").post(f"/cases/{case.id}/suspend").status_code == 403
    lead = sign_in("bureau.lead")
    assert "案件已暂停" in lead.post(f"/cases/{case.id}/suspend", follow_redirects=True).text
    assert lead.post(f"/cases/{case.id}/suspend").status_code == 409
    assert "案件已恢复" in lead.post(f"/cases/{case.id}/resume", follow_redirects=True).text
    assert lead.post(f"/cases/{case.id}/cancel", data={"reason": ""}).status_code == 422
    assert "重复立案" in lead.post(f"/cases/{case.id}/cancel", data={"reason": "重复立案"}, follow_redirects=True).text


def test_my_cases_are_those_i_reported_or_worked_on(deployed: Any, sign_in: Enter) -> None:
    case = reported(deployed)
    assert case.business_key in sign_in("committee").get("/cases?mine=1").text
    assert case.business_key not in sign_in("subdistrict").get("/cases?mine=1").text


def test_the_list_is_filtered(deployed: Any, sign_in: Enter) -> None:
    case, _ = reaching(deployed, "rectify")
    client = sign_in("subdistrict")
    assert case.business_key in client.get("/cases?level=L2&state=running&process=hazard_rectification").text
    assert case.business_key not in client.get("/cases?state=completed").text
    assert "没有符合条件的案件" in client.get("/cases?q=没有这样的").text


def test_a_number_in_the_search_goes_straight_to_its_case(deployed: Any, sign_in: Enter) -> None:
    case = reported(deployed)
    assert sign_in("subdistrict").get(f"/search?q={case.business_key}").location == f"/cases/{case.id}"
    answer = sign_in("subdistrict.other").get(f"/search?q={case.business_key}")
    assert answer.status_code == 200 and "没有找到" in answer.text


def test_people_are_found_by_those_who_work_on_cases_and_applicants_never(sign_in: Enter) -> None:
    assert "@subdistrict.peer" in sign_in("subdistrict").get("/search?q=街道办理员乙").text
    assert "@applicant" not in sign_in("subdistrict").get("/search?q=applicant").text
    assert "@subdistrict" not in sign_in("applicant").get("/search?q=街道办理员乙").text
