"""A changed form says what it breaks, and stays silent about what it does not."""

from typing import Any

import pytest

from forms import compare
from tests.forms.conftest import field, form

OLD = form(field("choice"), field("text", "note", max=100), field("table", "rows", columns=[field("integer", "n")]))


def changed(index: int, spec: dict[str, Any]) -> dict[str, Any]:
    return OLD | {"fields": [spec if n == index else one for n, one in enumerate(OLD["fields"])]}


BREAKING = [
    (OLD | {"fields": OLD["fields"][:2]}, "rows", "gone"),
    (OLD | {"fields": [*OLD["fields"], field("text", "more", required=True)]}, "more", "new and required"),
    (changed(0, field("choice", choices=[{"value": "a", "label": {"zh": "甲", "en": "A"}}])), "it", "gone"),
    (changed(1, field("integer", "note")), "note", "from text to integer"),
    (changed(1, field("text", "note", max=50)), "note", "narrower"),
    (changed(1, field("text", "note", max=100, required=True)), "note", "required"),
    (changed(1, field("text", "note", max=100, personal=True)), "note", "personal"),
    (changed(1, field("text", "note", max=100, read_only=True)), "note", "no longer"),
    (changed(2, field("table", "rows", columns=[field("integer", "m")])), "rows.n", "gone"),
    (OLD | {"handler": "record"}, "handler", "function"),
]


@pytest.mark.parametrize(("new", "path", "words"), BREAKING, ids=lambda x: str(x)[-30:])
def test_a_breaking_change_is_named(new: dict[str, Any], path: str, words: str) -> None:
    assert any(where == path and words in text.en for where, text in compare(OLD, new))


def test_additions_and_wider_bounds_break_nothing() -> None:
    wider = changed(1, field("long_text", "note", max=500))
    assert compare(OLD, wider | {"fields": [*wider["fields"], field("text", "more")], "title": {"zh": "新", "en": "New"}}) == []
