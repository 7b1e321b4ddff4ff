"""The inbox: what stands in it and for whom, acts on several at once with a verdict each, undoing, the preview."""

from collections.abc import Callable
from typing import Any

from tests.webapp.hazards import do, reaching, reported, waiting

Enter = Callable[..., Any]


def test_a_task_of_my_group_stands_in_the_inbox_with_its_number_and_lateness(deployed: Any, sign_in: Enter) -> None:
    case, _ = reaching(deployed, "grade")
    page = sign_in("subdistrict").get("/inbox").text
    assert case.business_key in page and "定级分派" in page and "还剩 4 小时" in page


def test_the_inbox_of_another_sub_district_shows_nothing_of_it(deployed: Any, sign_in: Enter) -> None:
    case, _ = reaching(deployed, "grade")
    assert case.business_key not in sign_in("subdistrict.other").get("/inbox?view=all").text


def test_the_inbox_of_another_operator_shows_nothing_of_it(deployed: Any, sign_in: Enter) -> None:
    case, _ = reaching(deployed, "acknowledge")
    assert case.business_key in sign_in("operator").get("/inbox").text
    assert case.business_key not in sign_in("operator.other").get("/inbox?view=all").text


def test_english_is_complete(deployed: Any, sign_in: Enter) -> None:
    reaching(deployed, "grade")
    client = sign_in("subdistrict")
    client.get("/language/en")
    page = client.get("/inbox").text
    assert "Grade and route" in page and "Mine and my groups" in page and "nobody yet" in page


def test_claiming_several_gives_a_verdict_for_each(deployed: Any, sign_in: Enter) -> None:
    _, task = reaching(deployed, "grade")
    other = waiting(deployed, reported(deployed, part="5号楼门厅"), "preliminary_handling")
    client = sign_in("subdistrict")
    answer = client.post("/inbox/bulk", data={"act": "claim", "task": [f"{task.id}:{task.version}", f"{other.id}:1"]}, follow_redirects=True)
    assert "已认领 1 件，1 件没有" in answer.text and "居委会管理专员" in answer.text


def test_a_claim_in_bulk_tells_who_was_first(deployed: Any, sign_in: Enter) -> None:
    _, task = reaching(deployed, "grade")
    sign_in("subdistrict.peer").post(f"/tasks/{task.id}/claim")
    answer = sign_in("subdistrict").post("/inbox/bulk", data={"act": "claim", "task": f"{task.id}:{task.version}"}, follow_redirects=True)
    assert "街道办理员乙 已在 10:32 认领" in answer.text


def test_what_i_may_not_see_is_refused_without_its_number(deployed: Any, sign_in: Enter) -> None:
    case, task = reaching(deployed, "grade")
    answer = sign_in("subdistrict.other").post("/inbox/bulk", data={"act": "claim", "task": f"{task.id}:1"}, follow_redirects=True)
    assert "没有找到" in answer.text and case.business_key not in answer.text


def test_a_claim_is_undone_within_the_toast(deployed: Any, sign_in: Enter) -> None:
    _, task = reaching(deployed, "grade")
    client = sign_in("subdistrict")
    client.post("/inbox/bulk", data={"act": "claim", "task": f"{task.id}:{task.version}"})
    page = client.get("/inbox").text
    assert f'value="release:{task.id}"' in page
    client.post("/inbox/undo", data={"undo": f"release:{task.id}"})
    assert "未认领" in client.get("/inbox").text


def test_postponed_tasks_wait_until_the_day_and_come_back_when_undone(deployed: Any, sign_in: Enter) -> None:
    _, task = reaching(deployed, "grade")
    client = sign_in("subdistrict")
    client.post("/inbox/bulk", data={"act": "postpone", "task": f"{task.id}:1", "until": "2026-11-25"})
    assert "11月25日再看" in client.get("/inbox?view=waiting").text
    client.post("/inbox/undo", data={"undo": f"recall:{task.id}"})
    assert "没有在等待的任务" in client.get("/inbox?view=waiting").text


def test_nothing_selected_is_said_in_words(deployed: Any, sign_in: Enter) -> None:
    assert "先选中至少一件" in sign_in("subdistrict").post("/inbox/bulk", data={"act": "claim"}, follow_redirects=True).text


def test_a_day_that_is_none_is_asked_for(deployed: Any, sign_in: Enter) -> None:
    _, task = reaching(deployed, "grade")
    answer = sign_in("subdistrict").post("/inbox/bulk", data={"act": "postpone", "task": f"{task.id}:1", "until": "x"}, follow_redirects=True)
    assert "选择推迟到哪天" in answer.text


def test_filters_narrow_and_can_be_taken_off(deployed: Any, sign_in: Enter) -> None:
    case, _ = reaching(deployed, "review_plan")
    client = sign_in("subdistrict")
    assert case.business_key in client.get("/inbox?level=L2").text
    assert "没有符合这些条件的任务" in client.get("/inbox?level=L4").text
    assert case.business_key in client.get(f"/inbox?q={case.business_key}").text


def test_done_this_week_shows_what_i_did(deployed: Any, sign_in: Enter) -> None:
    case, _ = reaching(deployed, "acknowledge")
    assert case.business_key in sign_in("subdistrict").get("/inbox?view=done").text
    assert case.business_key not in sign_in("subdistrict.peer").get("/inbox?view=done").text


def test_the_preview_tells_the_case_so_far_and_hides_it_from_others(deployed: Any, sign_in: Enter) -> None:
    _, task = reaching(deployed, "review_plan")
    assert "报送了整改方案" in sign_in("subdistrict").get(f"/inbox/preview/{task.id}").text
    assert sign_in("subdistrict.other").get(f"/inbox/preview/{task.id}").status_code == 404


def test_next_goes_to_the_most_urgent_task(deployed: Any, sign_in: Enter) -> None:
    _, task = reaching(deployed, "grade")
    assert sign_in("subdistrict").get("/inbox/next").location == f"/tasks/{task.id}"
    do(deployed, *_case_of(deployed, task))
    assert sign_in("subdistrict").get("/inbox/next").location == "/inbox"


def _case_of(engine: Any, task: Any) -> tuple[Any, str]:
    from engine import cases

    with engine.database.reading() as session:
        return cases.get(session, task.case_id), task.element_id


def test_a_saved_view_stands_in_the_rail_with_its_count(deployed: Any, sign_in: Enter) -> None:
    reaching(deployed, "review_plan")
    client = sign_in("subdistrict")
    assert client.post("/views", data={"name": "一般隐患", "view": "group", "level": "L2"}).status_code == 303
    assert "一般隐患" in client.get("/inbox").text
    assert "一般隐患" not in sign_in("subdistrict.peer").get("/inbox").text


def test_a_shared_view_reaches_colleagues_and_not_others(deployed: Any, sign_in: Enter) -> None:
    sign_in("subdistrict").post("/views", data={"name": "大宁一般", "view": "all", "level": "L2", "share": "subdistrict@daning_road"})
    assert "大宁一般" in sign_in("subdistrict.peer").get("/inbox").text
    assert "大宁一般" not in sign_in("subdistrict.other").get("/inbox").text


def test_a_view_without_a_name_is_put_right(deployed: Any, sign_in: Enter) -> None:
    answer = sign_in("subdistrict").post("/views", data={"name": "", "view": "late"})
    assert answer.status_code == 422 and "名称写 1 到 60 个字" in answer.text
