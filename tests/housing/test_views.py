"""Saved views: one's own, and those shared with a role."""

from collections.abc import Callable

import pytest

from engine.actor import Actor
from engine.engine import Engine
from engine.errors import InvalidData, NotFound
from housing import views

Find = Callable[[str], Actor]


def names(engine: Engine, actor: Actor) -> list[str]:
    with engine.database.reading() as session:
        return [view.name for view in views.visible(session, actor)]


def test_a_view_is_its_owners_alone(engine: Engine, actor: Find) -> None:
    views.save(engine, actor("bureau"), "逾期", {"overdue": True})
    assert names(engine, actor("bureau")) == ["逾期"]
    assert names(engine, actor("bureau.peer")) == []


def test_a_shared_view_shows_to_the_role_in_its_place(engine: Engine, actor: Find) -> None:
    views.save(engine, actor("subdistrict"), "复查", {"element_id": "verify"}, role="subdistrict", org_unit="daning_road")
    assert names(engine, actor("subdistrict.peer")) == ["复查"]
    assert names(engine, actor("subdistrict.other")) == names(engine, actor("operator")) == []


def test_saving_under_the_same_name_replaces_the_filters(engine: Engine, actor: Find) -> None:
    views.save(engine, actor("bureau"), "a", {"q": "1"})
    saved = views.save(engine, actor("bureau"), " a ", {"q": "2"})
    with engine.database.reading() as session:
        assert views.get(session, actor("bureau"), saved.id).filters == {"q": "2"}
    assert names(engine, actor("bureau")) == ["a"]


@pytest.mark.parametrize(("name", "role", "field"), [("", None, "name"), ("x" * 61, None, "name"), ("a", "bureau", "role")])
def test_a_view_without_a_name_or_for_a_role_not_held_is_refused(engine: Engine, actor: Find, name: str, role: str | None, field: str) -> None:
    with pytest.raises(InvalidData) as refused:
        views.save(engine, actor("operator"), name, {}, role=role)
    assert field in refused.value.errors


def test_nobody_opens_or_removes_anothers_view(engine: Engine, actor: Find) -> None:
    saved = views.save(engine, actor("bureau"), "a", {})
    with engine.database.reading() as session, pytest.raises(NotFound):
        views.get(session, actor("bureau.peer"), saved.id)
    with pytest.raises(NotFound):
        views.remove(engine, actor("admin"), saved.id)
    views.remove(engine, actor("bureau"), saved.id)
    assert names(engine, actor("bureau")) == []
