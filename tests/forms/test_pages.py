"""The page of a form: what was typed stays, what is asked shows, errors stand at their place."""

from typing import Any

from engine.words import Text
from forms import FieldView, Form
from tests.forms.conftest import context, field, form

SOURCE = form(
    field("boolean", "disputed", default=False),
    field("long_text", "reason", visible="disputed = true", required="disputed = true", hint={"zh": "第 ${round_no + 1} 轮", "en": "Round ${round_no + 1}"}),
    field("choice", "level", required=True),
    field("project", "project_id"),
    field("table", "rows", columns=[field("integer", "n"), field("money", "price", unit={"zh": "元", "en": "CNY"})]),
    field("computed", "total", value="sum(rows.n)", unit={"zh": "个", "en": "pieces"}),
)


def page(values: dict[str, Any] | None = None, locale: str = "en", errors: dict[str, list[Text]] | None = None) -> dict[str, FieldView]:
    views = Form.parse(SOURCE).page(values, context({"round_no": 1}), locale, errors)
    return {view.name: view for view in views}


def test_an_empty_page_shows_the_defaults() -> None:
    views = page()
    assert views["disputed"].value is False and [c.checked for c in views["disputed"].choices] == [False, True]
    assert not views["reason"].visible and views["level"].required and views["level"].widget == "radios"


def test_hints_carry_the_cases_numbers_in_the_readers_language() -> None:
    assert page()["reason"].hint == "Round 2" and page(locale="zh")["reason"].hint == "第 2 轮"


def test_what_was_typed_stays_even_where_it_is_wrong() -> None:
    views = page({"rows": [{"n": "many"}], "level": "z"}, errors={"rows.0.n": [Text("整数", "A whole number")], "level": [Text("选", "Choose")]})
    cell = views["rows"].rows[0][0]
    assert (cell.path, cell.value, cell.errors, cell.element_id) == ("rows.0.n", "many", ("A whole number",), "field-rows-0-n")
    assert views["level"].errors == ("Choose",)


def test_answers_show_and_require_others() -> None:
    views = page({"disputed": "true"})
    assert views["reason"].visible and views["reason"].required and views["disputed"].watched and not views["level"].watched


def test_a_hidden_field_with_an_error_is_shown_so_that_it_can_be_emptied() -> None:
    assert page({"reason": "why"}, errors={"reason": [Text("空", "Empty")]})["reason"].visible


def test_values_are_put_into_words() -> None:
    views = page({"level": "b", "project_id": 12, "rows": [{"n": 2}, {"n": 3}]}, "zh")
    assert (views["level"].display, views["project_id"].display, views["total"].display) == ("b级", "012号项目", "5 个")
    assert views["project_id"].widget == "picker"


def test_a_table_ends_in_a_line_to_type_into() -> None:
    views = page({"rows": [{"n": 1}]})
    assert [row[0].path for row in views["rows"].rows] == ["rows.0.n", "rows.1.n"] and views["rows"].columns[1].unit == "CNY"


def test_a_page_may_ask_how_the_form_stands() -> None:
    standing = Form.parse(SOURCE).standing({"disputed": True, "rows": [{"n": 4}]}, context())
    assert standing["visible"]["reason"] and standing["required"]["reason"] and standing["computed"] == {"total": 4}


def test_a_picker_offers_what_lies_within_the_other_answer() -> None:
    source = form(field("project", "project_id"), field("building", "building_id", within="project_id"))
    offered = Form.parse(source).options("building_id", {"project_id": 13}, context(), "")
    assert [option.value for option in offered] == [4]
    assert Form.parse(source).options("nothing", {}, context(), "") == ()


def test_a_draft_full_of_nonsense_still_makes_a_page() -> None:
    views = page({"rows": "x", "level": {"a": 1}, "project_id": [1], "disputed": 7, "alien": 1})
    assert len(views) == 6 and views["rows"].rows[0][0].value is None


def test_a_control_never_gets_a_value_that_it_cannot_show() -> None:
    source = form(field("date_time", "at"), field("text", "part"), field("boolean", "sure", checkbox=True), field("attachments", "photos"))
    views = {v.name: v.value for v in Form.parse(source).page({"at": 7, "part": ["x"], "sure": "false", "photos": "photo-1"}, context(), "en")}
    assert views == {"at": "7", "part": None, "sure": False, "photos": []}


def test_a_read_only_field_is_shown_and_not_typed_into() -> None:
    (view,) = Form.parse(form(field("choice", read_only=True, initial="${level}"))).page(None, context({"level": "b"}), "en")
    assert (view.widget, view.display, view.read_only) == ("shown", "Level b", True)
