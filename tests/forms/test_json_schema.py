"""A form as JSON Schema: any client can read it, check against it and show its words."""

from typing import Any

from jsonschema import Draft202012Validator

from forms import Form
from tests.forms.conftest import context, field, form
from tests.forms.test_binding import EVERYTHING


def schema(source: dict[str, Any], locale: str = "en", **variables: Any) -> dict[str, Any]:
    made = Form.parse(source).json_schema(locale, context(variables))
    Draft202012Validator.check_schema(made)
    return made


def test_every_kind_makes_a_self_contained_schema() -> None:
    made = schema(EVERYTHING)
    assert made["$schema"].endswith("2020-12/schema") and "$ref" not in str(made) and made["additionalProperties"] is False


def test_titles_are_in_the_readers_language() -> None:
    assert schema(EVERYTHING, "zh")["properties"]["f_text"]["title"] == "此项"
    assert schema(EVERYTHING, "en")["properties"]["f_text"]["title"] == "This"


def test_choices_are_constants_with_titles() -> None:
    assert schema(form(field("choice")))["properties"]["it"]["oneOf"][0] == {"const": "a", "title": "Level a"}
    assert schema(form(field("multi_choice")), "zh")["properties"]["it"]["items"]["oneOf"][2] == {"const": "c", "title": "c级"}


def test_money_is_text_with_a_pattern() -> None:
    validator = Draft202012Validator(schema(form(field("money"))))
    assert validator.is_valid({"it": "8600.00"}) and not validator.is_valid({"it": "8600.001"}) and not validator.is_valid({"it": 8600})


def test_only_what_is_always_needed_is_required() -> None:
    source = form(field("text", "a", required=True), field("text", "b", required="a = null"), field("integer", "c", required=True, default=1))
    made = schema(source)
    assert made["required"] == ["a"] and made["properties"]["b"]["x-required"] == "a = null" and made["properties"]["c"]["default"] == 1


def test_what_one_may_not_enter_is_read_only() -> None:
    made = schema(form(field("computed"), field("text", "b", read_only=True)))["properties"]
    assert made["it"]["readOnly"] and made["b"]["readOnly"]


def test_what_is_kept_fits_the_schema() -> None:
    source = form(field("money", "cost"), field("date_time", "at"), field("table", "rows", columns=[field("integer", "n", required=True)]))
    data = {"cost": "1.50", "at": "2026-11-23T10:30:00+08:00", "rows": [{"n": 1}]}
    assert Form.parse(source).bind(data, context()).kept == data
    assert Draft202012Validator(schema(source)).is_valid(data)


def test_initial_values_are_those_declared_and_no_others() -> None:
    source = form(field("choice", "level", initial="${proposed_level}"), field("text", "note"), field("boolean", "sure", default=True))
    assert Form.parse(source).initial(context({"proposed_level": "b", "note": "earlier"})) == {"level": "b", "sure": True}
