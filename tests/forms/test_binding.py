"""Binding takes what the form asks for and nothing else, and says everything that is wrong at once."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import InvalidData
from engine.words import Text
from forms import Form
from tests.forms.conftest import bind, context, errors, field, form, kept

GRADE = form(
    field("choice", "level", required=True, initial="${proposed_level}"),
    field("text", "reason", visible="level != proposed_level", required="level != proposed_level"),
    field("text", "house", read_only=True, initial="${house_no}"),
    field("integer", "price", default=2),
    field("computed", "total", value="price * 3"),
)


def test_a_field_left_out_is_null_and_one_with_a_default_has_it() -> None:
    assert kept(GRADE, {"level": "a"}, proposed_level="a", house_no="7") == {"level": "a", "reason": None, "house": "7", "price": 2, "total": 6}


def test_an_unknown_field_is_refused_by_its_name() -> None:
    assert errors(GRADE, {"level": "a", "approved": True}, proposed_level="a")["approved"][0].en.startswith("This form has no such field")


@pytest.mark.parametrize("name", ["__class__", "start", "case", "typename", "level.x", "working_days", ""])
def test_names_that_would_poison_a_case_do_not_get_in(name: str) -> None:
    assert set(errors(GRADE, {"level": "a", name: 1}, proposed_level="a")) == {name}


def test_a_hidden_field_is_refused_only_when_it_carries_something() -> None:
    assert kept(GRADE, {"level": "a", "reason": " "}, proposed_level="a")["reason"] is None
    assert "does not apply" in errors(GRADE, {"level": "a", "reason": "why"}, proposed_level="a")["reason"][0].en


def test_a_hidden_field_may_come_back_as_it_was_shown() -> None:
    source = form(field("boolean", "more"), field("integer", "count_of", initial=4, visible="more = true"))
    assert kept(source, {"more": False, "count_of": "4"}) == {"more": False, "count_of": None}
    assert "count_of" in errors(source, {"more": False, "count_of": "5"})


def test_a_read_only_field_may_come_back_as_it_was_shown_and_not_otherwise() -> None:
    assert kept(GRADE, {"level": "a", "house": "7"}, proposed_level="a", house_no="7")["house"] == "7"
    assert "stays as it is" in errors(GRADE, {"level": "a", "house": "8"}, proposed_level="a", house_no="7")["house"][0].en


def test_a_computed_value_is_the_servers_own() -> None:
    assert kept(GRADE, {"level": "a", "price": 5, "total": "15"}, proposed_level="a")["total"] == 15
    assert "total" in errors(GRADE, {"level": "a", "price": 5, "total": 1}, proposed_level="a")


def test_what_is_only_displayed_is_never_kept() -> None:
    source = form(field("read_only", value="proposed_level"), field("text", "note"))
    assert kept(source, {"it": "L2"}, proposed_level="L2") == {"note": None}
    assert "it" in errors(source, {"it": "L4"}, proposed_level="L2")


def test_a_need_follows_the_other_answers() -> None:
    assert errors(GRADE, {"level": "b"}, proposed_level="a") == {"reason": [Text("“此项”还没有填写", 'Fill in "This"')]}
    assert kept(GRADE, {"level": "b", "reason": "seen"}, proposed_level="a")["reason"] == "seen"


def test_a_wrong_answer_does_not_bring_complaints_about_what_hangs_on_it() -> None:
    assert set(errors(GRADE, {"level": "z"}, proposed_level="a")) == {"level"}


def test_a_missing_answer_uses_the_forms_own_words() -> None:
    source = form(field("text", required=True, ask={"zh": "写明部位", "en": "Say where"}))
    assert errors(source, {})["it"] == errors(source, {"it": "  "})["it"] == [Text("写明部位", "Say where")]


def test_a_rule_speaks_at_its_field_with_its_numbers() -> None:
    rule = {"when": "n > limit", "path": "n", "message": {"zh": "最多 ${limit}", "en": "At most ${limit}"}}
    source = form(field("integer", "n"), rules=[rule])
    assert errors(source, {"n": 9}, limit=8) == {"n": [Text("最多 8", "At most 8")]}
    assert not errors(source, {"n": 8}, limit=8)


def test_a_rule_over_missing_data_stays_quiet() -> None:
    source = form(field("integer", "n"), rules=[{"when": "n > limit.of.nothing", "path": "", "message": {"zh": "错", "en": "Wrong"}}])
    assert not errors(source, {"n": 9})


def test_an_answer_that_is_not_open_is_refused() -> None:
    choices = [{"value": "go", "label": {"zh": "去", "en": "Go"}, "requires": "ready = true"}, {"value": "stay", "label": {"zh": "留", "en": "Stay"}}]
    source = form(field("choice", choices=choices))
    assert "Go" in errors(source, {"it": "go"})["it"][0].en
    assert kept(source, {"it": "go"}, ready=True) == {"it": "go"}


def test_a_building_of_another_project_is_not_taken() -> None:
    source = form(field("project", "project_id"), field("building", "building_id", within="project_id"))
    assert kept(source, {"project_id": 12, "building_id": "3"}) == {"project_id": 12, "building_id": 3}
    assert set(errors(source, {"project_id": 12, "building_id": 4})) == {"building_id"}


def test_personal_values_are_kept_apart_and_a_mark_stands_for_them() -> None:
    source = form(field("text", "phone", personal=True), field("text", "part"), handler="record_tenant")
    submission = bind(source, {"phone": "13800000000", "part": "roof"})
    assert submission.personal == {"phone": "13800000000"} and submission.handler == "record_tenant"
    assert submission.kept == {"phone": {"personal": "mark of 13 signs"}, "part": "roof"}


def test_the_same_personal_entry_has_the_same_mark_whatever_its_kind() -> None:
    source = form(field("table", "household", personal=True, columns=[field("text", "name"), field("integer", "age")]))
    first, second = ({"household": [row]} for row in ({"name": "A", "age": 3}, {"age": 3, "name": "A"}))
    assert kept(source, first) == kept(source, second) and "A" not in str(kept(source, first))


def test_every_attachment_is_named_wherever_it_stands() -> None:
    source = form(field("attachments", "photos"), field("table", "rows", columns=[field("attachments", "files")]))
    data = {"photos": ["photo-1"], "rows": [{"files": ["photo-2"]}, {"files": ["photo-3"]}]}
    assert bind(source, data).attachments == ("photo-1", "photo-2", "photo-3")


def test_case_names_the_cases_own_value_where_the_form_has_the_same_name() -> None:
    source = form(field("integer", "days", default="${case.days}"))
    assert kept(source, {}, days=5) == {"days": 5} and kept(source, {"days": 3}, days=5) == {"days": 3}


def test_entries_too_many_to_work_through_are_refused_in_words() -> None:
    source = form(
        field("table", "rows", columns=[field("integer", "n")]),
        rules=[{"when": "count(for a in rows, b in rows, c in rows return a.n) > 0", "path": "", "message": {"zh": "错", "en": "Wrong"}}],
    )
    assert "enter less" in errors(source, {"rows": [{"n": 1}] * 200})[""][0].en


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3)
)
EVERYTHING = form(*(
    field(kind, f"f_{kind}", **({"columns": [field("text", "name"), field("money", "sum_due", required=True)]} if kind == "table" else {}))
    for kind in ("text", "long_text", "number", "money", "integer", "boolean", "choice", "multi_choice", "date", "date_time", "person",
                 "organisation", "project", "building", "dwelling", "place", "attachments", "table", "read_only", "computed")
))
NAMES = [one["name"] for one in EVERYTHING["fields"]]


@settings(max_examples=150, deadline=None)
@given(JSON | st.dictionaries(st.sampled_from(NAMES) | st.text(), JSON | st.lists(st.dictionaries(st.sampled_from(["name", "sum_due"]), JSON))))
def test_binding_raises_nothing_but_invalid_data(data: Any) -> None:
    try:
        bind(EVERYTHING, data)
    except InvalidData as refusal:
        assert refusal.errors
        assert all(path.encode() is not None and texts and all(t.zh and t.en for t in texts) for path, texts in refusal.errors.items())


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from(NAMES), JSON))
def test_a_page_can_be_drawn_over_any_draft(data: Any) -> None:
    made = Form.parse(EVERYTHING)
    assert len(made.page(data, context(), "en")) == len(NAMES) and made.standing(data, context())["visible"]
