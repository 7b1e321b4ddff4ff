"""The working-day calendar as a page, and its import."""

from datetime import date

import pytest

from engine import calendar

WHOLE_YEAR = "\n".join([f"2028-01-{day:02},休,放假,Day off" for day in range(1, 12)] + ["2028-01-15,班,调休,Exchange"])


def works(engine, day):
    with engine.database.reading() as session:
        return calendar.read(session).is_working(date.fromisoformat(day))


def test_the_year_names_its_holidays_and_working_weekends(as_):
    page = as_("bureau").see("/working-days").follow()
    assert page.status == 200 and "国庆节" in page.text and "已公布" in page.text


def test_a_year_not_announced_says_so(as_):
    assert "暂定" in as_("bureau").see("/working-days/2027").text


def test_an_import_changes_the_days_and_goes_to_that_year(as_, engine):
    page = as_("admin").send("/working-days/import", text=WHOLE_YEAR, source="国办通知", year="2027")
    assert page.answer.location == "/working-days/2028"
    assert (works(engine, "2028-01-05"), works(engine, "2028-01-15"), works(engine, "2028-01-12")) == (False, True, True)


def test_every_bad_line_is_named_and_nothing_is_taken(as_, engine):
    page = as_("admin").send("/working-days/import", text="2026-12-07,休\nnot a day,休\n2026-12-08,maybe", source="国办通知")
    assert page.status == 422 and "第 2 行" in page.text and "第 3 行" in page.text and "not a day,休" in page.source
    assert works(engine, "2026-12-07")


def test_an_import_names_what_it_rests_on(as_, engine):
    page = as_("admin").send("/working-days/import", text="2026-12-07,休")
    assert page.status == 422 and "依据的通知" in page.text and works(engine, "2026-12-07")


@pytest.mark.parametrize(("username", "status"), [("auditor", 403), ("bureau", 403), ("tenant", 404)])
def test_only_an_administrator_imports(as_, engine, username, status):
    assert as_(username).send("/working-days/import", text="2026-12-07,休", source="x").status == status
    assert works(engine, "2026-12-07")


def test_a_year_without_an_arrangement_is_not_found(as_):
    assert as_("admin").see("/working-days/1999").status == 404
