"""Operations: incidents and their retry, the demonstration's clock, the record of acts."""

import pytest

from engine.tables import Incident


@pytest.fixture
def incident(engine):
    with engine.database.writing() as session:
        row = Incident(process_key="hazard_rectification", element_id="grade", kind="process", message="级别没有值",
                       message_en="The level has no value", command=None, opened_at=engine.clock.now())
        session.add(row)
        session.flush()
        return row.id


def test_what_stopped_stands_there_with_its_cause(as_, incident):
    page = as_("admin").see("/operations")
    assert page.status == 200 and "级别没有值" in page.text and "再试一次" in page.text


def test_a_retry_that_goes_through_solves_it(as_, engine, incident):
    page = as_("admin").send(f"/operations/incidents/{incident}/retry")
    assert page.status == 302 and "级别没有值" not in page.see("/operations").text
    assert "已解决" in page.see("/operations/incidents").text


def test_a_second_retry_is_told_that_it_is_solved(as_, incident):
    admin = as_("admin")
    admin.send(f"/operations/incidents/{incident}/retry")
    assert admin.send(f"/operations/incidents/{incident}/retry").status == 409 and "已经解决" in admin.text


@pytest.mark.parametrize(("username", "status"), [("auditor", 403), ("bureau", 404), ("operator", 404)])
def test_others_do_not_retry(as_, incident, username, status):
    assert as_(username).send(f"/operations/incidents/{incident}/retry").status == status


def test_the_clock_moves_on(as_, engine):
    before = engine.clock.now()
    page = as_("admin").send("/operations/clock", advance="P3D")
    assert page.status == 302 and (engine.clock.now() - before).days == 3


@pytest.mark.parametrize("advance", ["", "three days", "P9999Y", "-P1D", "PT0S"])
def test_a_duration_that_makes_no_sense_is_refused(as_, engine, advance):
    before = engine.clock.now()
    assert as_("admin").send("/operations/clock", advance=advance).status == 422
    assert engine.clock.now() == before


@pytest.mark.parametrize(("username", "status"), [("auditor", 403), ("bureau.lead", 403), ("bureau", 404)])
def test_only_the_administrator_moves_the_clock(as_, engine, username, status):
    before = engine.clock.now()
    assert as_(username).send("/operations/clock", advance="P1D").status == status
    assert engine.clock.now() == before


def test_the_record_shows_who_did_what(as_):
    admin = as_("admin")
    admin.send("/accounts/bureau/unlock")
    page = as_("auditor").see("/operations/journal")
    assert "系统管理员" in page.text and "解除登录暂停" in page.text
    assert admin.see("/operations/journal?chain=case/1").status == 404


def test_the_record_goes_back_page_by_page(as_):
    admin = as_("admin")
    for _ in range(51):
        admin.send("/accounts/bureau/unlock")
    assert "更早的" in admin.see("/operations/journal").text
    assert "更早的" not in admin.see("/operations/journal?before=2").text
