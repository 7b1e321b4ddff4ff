"""The task page: evidence and form, saved while one types, completed once, refused in words."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from PIL import Image

from engine import tasks
from tests.webapp.hazards import ANSWERS, actor, do, reaching

Enter = Callable[..., Any]


def form(task: Any, **values: Any) -> dict[str, Any]:
    """A post of the page's form as a browser without script sends it."""
    given = {**ANSWERS[task.element_id], **values}
    return {name: str(value).lower() if isinstance(value, bool) else value for name, value in given.items()} | {"_version": str(task.version)}


def picture() -> BytesIO:
    out = BytesIO()
    Image.new("RGB", (640, 480), "teal").save(out, "PNG")
    out.seek(0)
    return out


def test_the_page_tells_case_form_deadline_and_where_it_stands(deployed: Any, sign_in: Enter) -> None:
    case, task = reaching(deployed, "review_plan")
    page = sign_in("subdistrict").get(f"/tasks/{task.id}").text
    assert case.business_key in page and "报送了整改方案" in page and "为什么是 11月24日" in page and "1 个工作日" in page
    assert 'class="here"' in page and "走廊从配电箱私拉电线" in page


def test_the_form_opens_without_an_earlier_answer(deployed: Any, sign_in: Enter) -> None:
    _, task = reaching(deployed, "review_plan")
    page = sign_in("subdistrict").get(f"/tasks/{task.id}").text
    assert 'value="approve" checked' not in page and 'value="approve"' in page


def test_completing_goes_on_to_the_case_or_the_next_task(deployed: Any, sign_in: Enter) -> None:
    case, task = reaching(deployed, "review_plan")
    answer = sign_in("subdistrict").post(f"/tasks/{task.id}", data={**form(task), "_act": "complete"})
    assert answer.status_code == 303 and answer.location == f"/cases/{case.id}"


def test_complete_next_goes_to_the_inbox_when_nothing_is_left(deployed: Any, sign_in: Enter) -> None:
    _, task = reaching(deployed, "review_plan")
    answer = sign_in("subdistrict").post(f"/tasks/{task.id}", data={**form(task), "_act": "complete_next"})
    assert answer.location == "/inbox"


def test_what_was_typed_stays_beside_what_is_wrong(deployed: Any, sign_in: Enter) -> None:
    _, task = reaching(deployed, "review_plan")
    answer = sign_in("subdistrict").post(f"/tasks/{task.id}", data={"comment": "再补一张图", "_version": "1"})
    assert answer.status_code == 422 and "再补一张图" in answer.text and 'role="alert"' in answer.text and 'href="#field-decision"' in answer.text


def test_an_unknown_field_is_refused(deployed: Any, sign_in: Enter) -> None:
    _, task = reaching(deployed, "review_plan")
    assert sign_in("subdistrict").post(f"/tasks/{task.id}", data={**form(task), "level": "L1"}).status_code == 422


def test_a_draft_is_there_again_on_another_device_and_nobody_elses(deployed: Any, sign_in: Enter) -> None:
    _, task = reaching(deployed, "review_plan")
    answer = sign_in("subdistrict").post(f"/tasks/{task.id}/draft", data={"comment": "还没写完"})
    assert answer.get_json()["words"] == "草稿已存 10:32"
    assert "还没写完" in sign_in("subdistrict").get(f"/tasks/{task.id}").text
    assert "还没写完" not in sign_in("subdistrict.peer").get(f"/tasks/{task.id}").text


def test_the_late_comer_sees_who_when_and_what_and_keeps_their_own(deployed: Any, sign_in: Enter) -> None:
    _, task = reaching(deployed, "review_plan")
    sign_in("subdistrict.peer").post(f"/tasks/{task.id}", data=form(task))
    answer = sign_in("subdistrict").post(f"/tasks/{task.id}", data=form(task, decision="return", comment="缺防护"))
    assert answer.status_code == 409 and "街道办理员乙 10:32 已完成这一步" in answer.text
    assert "您：退回" in answer.text and "缺防护" in answer.text


def test_the_same_person_with_the_same_answer_is_not_refused(deployed: Any, sign_in: Enter) -> None:
    _, task = reaching(deployed, "review_plan")
    client = sign_in("subdistrict")
    first, again = (client.post(f"/tasks/{task.id}", data={**form(task), "_act": "complete"}) for _ in range(2))
    assert (first.status_code, again.status_code) == (303, 303)


def test_a_finished_task_shows_what_was_entered(deployed: Any, sign_in: Enter) -> None:
    case, task = reaching(deployed, "review_plan")
    do(deployed, case, "review_plan")
    page = sign_in("subdistrict").get(f"/tasks/{task.id}").text
    assert "已完成这一步" in page and "批准" in page and "<form class=\"decide\"" not in page


def test_a_stale_page_says_what_changed_and_keeps_the_entries(deployed: Any, sign_in: Enter) -> None:
    _, task = reaching(deployed, "review_plan")
    tasks.postpone(deployed, actor(deployed, "subdistrict.peer"), task.id, deployed.clock.now().replace(day=25))
    answer = sign_in("subdistrict").post(f"/tasks/{task.id}", data=form(task, comment="照方案办"))
    assert answer.status_code == 409 and "街道办理员乙" in answer.text and "照方案办" in answer.text


def test_another_sub_district_and_another_operator_do_not_find_it(deployed: Any, sign_in: Enter) -> None:
    _, task = reaching(deployed, "acknowledge")
    for stranger in ("subdistrict.other", "operator.other", "applicant"):
        client = sign_in(stranger)
        assert client.get(f"/tasks/{task.id}").status_code == 404
        assert client.post(f"/tasks/{task.id}", data=form(task)).status_code == 404


def test_another_role_may_look_and_is_told_why_not_more(deployed: Any, sign_in: Enter) -> None:
    _, task = reaching(deployed, "acknowledge")
    client = sign_in("subdistrict")
    assert "这件事由运营单位办理" in client.get(f"/tasks/{task.id}").text
    assert client.post(f"/tasks/{task.id}", data=form(task)).status_code == 403


def test_the_auditor_reads_and_changes_nothing(deployed: Any, sign_in: Enter) -> None:
    _, task = reaching(deployed, "acknowledge")
    client = sign_in("auditor")
    assert client.get(f"/tasks/{task.id}").status_code == 200
    assert client.post(f"/tasks/{task.id}/claim").status_code == 403
    assert client.post(f"/tasks/{task.id}/comments", data={"text": "看过"}).status_code == 403


def test_who_approved_the_plan_is_not_offered_the_verification(deployed: Any, sign_in: Enter) -> None:
    case, _ = reaching(deployed, "rectify")
    do(deployed, case, "rectify")
    task = _confirmed(deployed, case)
    page = sign_in("subdistrict.peer").get(f"/tasks/{task.id}")
    assert page.status_code == 200 and 'id="form"' not in page.text and "不能" in page.text
    assert sign_in("subdistrict.peer").post(f"/tasks/{task.id}", data=form(task)).status_code == 403
    assert 'id="form"' in sign_in("subdistrict").get(f"/tasks/{task.id}").text


def _confirmed(engine: Any, case: Any) -> Any:
    from tests.webapp.hazards import waiting
    from webapp.attachments import store

    who = actor(engine, "operator")
    photo = store(engine, who, "after.png", picture().getvalue())
    report = {"statement_of_truth": True, "photos": [photo.id], "reports": [store(engine, who, "test.png", picture().getvalue()).id]}
    known = engine.forms.fields(_source(engine, case, "confirm_completion"))
    tasks.complete(engine, who, waiting(engine, case, "confirm_completion").id, {name: value for name, value in report.items() if name in known})
    return waiting(engine, case, "verify")


def _source(engine: Any, case: Any, element_id: str) -> Any:
    from engine import definitions

    with engine.database.reading() as session:
        return definitions.compiled_of(engine, session, case.definition_id).form(f"hazard_rectification/{element_id}")


def test_claim_release_and_hand_over_each_say_so(deployed: Any, sign_in: Enter) -> None:
    _, task = reaching(deployed, "grade")
    client = sign_in("subdistrict")
    assert "已认领" in client.post(f"/tasks/{task.id}/claim", follow_redirects=True).text
    assert "已转交" in client.post(f"/tasks/{task.id}/assign", data={"assignee": "subdistrict.peer"}, follow_redirects=True).text
    assert client.post(f"/tasks/{task.id}/release").status_code == 403
    assert "已退回组内" in sign_in("subdistrict.peer").post(f"/tasks/{task.id}/release", follow_redirects=True).text


def test_a_task_cannot_be_handed_to_somebody_who_may_not_do_it(deployed: Any, sign_in: Enter) -> None:
    _, task = reaching(deployed, "grade")
    client = sign_in("subdistrict")
    client.post(f"/tasks/{task.id}/claim")
    assert client.post(f"/tasks/{task.id}/assign", data={"assignee": "operator"}).status_code == 422


def test_a_photograph_comes_with_a_plain_post_and_stands_in_the_draft(deployed: Any, sign_in: Enter) -> None:
    _, task = reaching(deployed, "preliminary_handling")
    field = next(name for name, kind in deployed.forms.fields(_source(deployed, *_of(deployed, task))).items() if kind == "attachments")
    client = sign_in("committee")
    answer = client.post(f"/tasks/{task.id}", data={f"_files.{field}": (picture(), "近景.png"), "_act": "save"}, follow_redirects=True)
    assert "草稿已存" in answer.text and "近景.jpg" in answer.text


def _of(engine: Any, task: Any) -> tuple[Any, str]:
    from engine import cases

    with engine.database.reading() as session:
        return cases.get(session, task.case_id), task.element_id


def test_a_comment_mentions_a_colleague_who_is_told(deployed: Any, sign_in: Enter) -> None:
    _, task = reaching(deployed, "grade")
    sign_in("subdistrict").post(f"/tasks/{task.id}/comments", data={"text": "请 @subdistrict.peer 看一下"})
    page = sign_in("subdistrict.peer").get("/inbox").text
    assert "请 @subdistrict.peer 看一下" in sign_in("subdistrict").get(f"/tasks/{task.id}").text
    assert '<span class="count hot">1</span>' in page
    assert "提到您" in sign_in("subdistrict.peer").get("/notifications").text


def test_an_empty_comment_is_put_right(deployed: Any, sign_in: Enter) -> None:
    _, task = reaching(deployed, "grade")
    assert sign_in("subdistrict").post(f"/tasks/{task.id}/comments", data={"text": "  "}).status_code == 422
