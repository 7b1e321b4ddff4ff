"""The tree of organisations."""

import pytest
from sqlalchemy import select

from engine.engine import Engine
from engine.errors import NotFound
from engine.words import Text
from housing import org
from housing.org import OrgUnit


def test_ancestors_lead_from_a_committee_to_the_district(engine: Engine) -> None:
    with engine.database.reading() as session:
        assert org.ancestors(session, "daning_road.committee_1") == ("daning_road.committee_1", "daning_road", "jingan")


def test_an_unknown_unit_has_no_ancestors_and_reads_as_itself(engine: Engine) -> None:
    with engine.database.reading() as session:
        assert org.ancestors(session, "nowhere") == ()
        assert org.name_of(session, "nowhere") == Text("nowhere", "nowhere")


@pytest.mark.any_database
def test_a_subtree_holds_what_is_below_and_nothing_beside(engine: Engine) -> None:
    with engine.database.reading() as session:
        codes = set(session.scalars(select(OrgUnit.code).where(org.under(frozenset({"daning_road"})))))
    assert codes == {"daning_road", "daning_road.committee_1", "daning_road.committee_2"}


def test_an_underscore_in_a_code_stands_for_itself_only(engine: Engine) -> None:
    with engine.database.writing() as session:
        org.add(session, "daningXroad", "subdistrict", Text("甲", "A"), "jingan")
        org.add(session, "daningXroad.c", "committee_village", Text("乙", "B"), "daningXroad")
        codes = set(session.scalars(select(OrgUnit.code).where(org.under(frozenset({"daning_road"})))))
    assert not codes & {"daningXroad", "daningXroad.c"}


def test_a_unit_below_an_unknown_parent_is_refused(engine: Engine) -> None:
    with engine.database.writing() as session, pytest.raises(NotFound):
        org.add(session, "x", "section", Text("甲", "A"), "nowhere")


def test_all_fourteen_sub_districts_stand_in_the_demonstration(engine: Engine) -> None:
    with engine.database.reading() as session:
        units = session.scalars(select(OrgUnit).where(OrgUnit.kind.in_(org.SUBDISTRICTS))).all()
    assert len(units) == 14
    assert {unit.code for unit in units if unit.kind == "town"} == {"pengpu_town"}
