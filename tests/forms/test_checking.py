"""A definition that would not work as written is refused before it is deployed, with the place and the reason."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import Refused
from forms import Form
from tests.forms.conftest import LANGUAGE, field, form

Problems = Callable[[dict[str, Any]], dict[str, str]]
RULE = {"path": "", "message": {"zh": "错", "en": "Wrong"}}

WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({}, "title", "English"), (form(), "fields", "between 1 and 200"), (form(field("text"), extra=1), "extra", "no meaning"),
    (form(field("slider")), "fields.0.kind", "slider"), (form(field("text", "Name")), "fields.0.name", "small letters"),
    (form(field("text"), field("date")), "fields.1.name", "twice"), (form({"name": "it", "kind": "text", "label": "it"}), "fields.0.label", "Chinese"),
    (form(field("text") | {"label": {"zh": "此", "en": " "}}), "fields.0.label", "English"),
    (form(field("text", choices=[])), "fields.0.choices", "no meaning"), (form(field("choice", choices=[])), "fields.0.choices", "answers"),
    (form(field("choice", choices=[{"value": 1, "label": {"zh": "一", "en": "One"}}])), "fields.0.choices.0.value", "as text"),
    (form(field("integer", min=3, max=2)), "fields.0.min", "more than the most"), (form(field("date", min="soon")), "fields.0.min", "a date"),
    (form(field("text", max=True)), "fields.0.max", "number"), (form(field("text", pattern="(")), "fields.0.pattern", "regular"),
    (form(field("table", columns=[field("table", columns=[])])), "fields.0.columns.0.kind", "of this kind"),
    (form(field("table", columns=[field("text", personal=True)])), "fields.0.columns.0.personal", "whole table"),
    (form(field("computed", value=None)), "fields.0.value", "FEEL"), (form(field("text", required=1)), "fields.0.required", "FEEL"),
    (form(field("text"), rules=[RULE]), "rules.0.when", "FEEL"), (form(field("text"), rules=[RULE | {"when": "true", "path": "x"}]), "rules.0.path", "no such field"),
    (form(field("text"), key="../x"), "key", "process/form"), (form(field("text"), handler="os.system"), "handler", "function"),
    (form(field("text", visible="it = ")), "fields.0.visible", "character"), (form(field("text", initial="${1 +}")), "fields.0.initial", "character"),
    (form(field("text", hint={"zh": "${1 +}", "en": "x"})), "fields.0.hint", "character"),
    (form(field("text", visible="system(1)")), "fields.0.visible", "no function system"),
    (form(field("text", visible="b = 1"), field("integer", "b")), "fields.0.visible", "b does not stand above"),
    (form(field("computed", value="it + 1")), "fields.0.value", "it does not stand above"),
    (form(field("building", within="b"), field("project", "b")), "fields.0.within", "does not stand above"),
    (form(field("text", "phone", personal=True), field("computed", value="phone")), "fields.1.personal", "personal too"),
    (form(field("integer", initial="many")), "fields.0.initial", "does not fit"), (form(field("choice", default="z")), "fields.0.default", "does not fit"),
]


@pytest.mark.parametrize(("source", "path", "words"), WRONG, ids=lambda x: str(x)[-50:])
def test_a_wrong_definition_is_refused_at_its_place(source: dict[str, Any], path: str, words: str, problems: Problems) -> None:
    assert words in problems(source).get(path, "")


@pytest.mark.parametrize("name", ["item", "loop", "case", "if", "count", "string", "now", "partial", "not"])
def test_words_of_feel_are_no_names_of_fields(name: str, problems: Problems) -> None:
    assert "take another name" in problems(form(field("text", name)))["fields.0.name"]


def test_a_sound_definition_has_no_problem_and_may_call_the_registered_look_ups(problems: Problems) -> None:
    source = form(field("project", "project_id"), field("computed", value="operator_of(project_id)"), field("text", "log", visible="it != null"))
    assert problems(source) == {}


def test_payloads_find_nothing_to_hold_in_an_expression(problems: Problems) -> None:
    for attack in ("__import__('os')", "().__class__", "open(\"/etc/passwd\")", "getattr(case, \"x\")", "lambda: 1"):
        assert problems(form(field("text", visible=attack)))


def test_what_cannot_be_parsed_raises_with_the_same_problems() -> None:
    with pytest.raises(Refused) as refusal:
        Form.parse({"fields": []})
    assert {problem.element_id for problem in refusal.value.problems} == {"title", "fields"}


JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), lambda x: st.lists(x, max_size=4) | st.dictionaries(st.text(), x, max_size=4))
KEYS = st.sampled_from(["name", "kind", "label", "choices", "columns", "min", "pattern", "required", "when", "path", "value", "within", "hint"])


@settings(max_examples=150, deadline=None)
@given(JSON | st.fixed_dictionaries({"fields": JSON | st.lists(st.dictionaries(KEYS, st.sampled_from(["table", "choice", "it"]) | JSON)), "rules": JSON, "title": JSON, "key": JSON}))
def test_no_definition_at_all_makes_the_check_fail(source: Any) -> None:
    assert LANGUAGE.check(source)
