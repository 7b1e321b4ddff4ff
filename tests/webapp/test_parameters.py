"""Policy parameters as a page."""

import pytest

from housing import parameters

KEY = "hazard.duplicate_days"
CHANGE = {"value": "45", "valid_from": "2026-12-01", "source": "区房管局通知", "reason": "试行两个月后调整"}


def value_on(engine, day):
    from datetime import date
    with engine.database.reading() as session:
        return parameters.get(session, KEY, date.fromisoformat(day))


def test_the_list_says_what_is_default_and_what_is_confirmed(as_):
    page = as_("bureau").see("/parameters")
    assert page.status == 200 and "重复上报的判定天数" in page.text and "默认" in page.text


def test_a_change_holds_from_its_day_and_keeps_the_value_before(as_, engine):
    page = as_("admin").send(f"/parameters/{KEY}", **CHANGE)
    assert page.status == 302 and "45" in page.follow().text
    assert (value_on(engine, "2026-11-30"), value_on(engine, "2026-12-01")) == (30, 45)


@pytest.mark.parametrize(("field", "value", "words"), [
    ("value", "many", "写一个"), ("value", "999", "写一个"), ("source", "", "依据的文件"), ("reason", "", "为什么改"),
    ("valid_from", "2020-01-01", "今天或以后"), ("valid_from", "soon", "2026-11-25"),
])
def test_a_change_that_will_not_do_is_refused_at_its_field_and_keeps_what_was_typed(as_, engine, field, value, words):
    page = as_("admin").send(f"/parameters/{KEY}", **{**CHANGE, field: value})
    assert page.status == 422 and words in page.text
    assert value_on(engine, "2026-12-01") == 30


@pytest.mark.parametrize(("username", "status"), [("auditor", 403), ("bureau", 403), ("applicant", 404)])
def test_only_an_administrator_changes_one(as_, engine, username, status):
    assert as_(username).send(f"/parameters/{KEY}", **CHANGE).status == status
    assert value_on(engine, "2026-12-01") == 30


def test_an_unknown_parameter_is_not_found(as_):
    assert as_("admin").see("/parameters/hazard.nothing").status == 404
    assert as_("admin").send("/parameters/hazard.nothing", **CHANGE).status == 404
