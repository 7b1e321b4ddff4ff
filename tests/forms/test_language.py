"""The form language as the engine holds it: one door for fields, problems and values."""

import pytest

from engine.actor import Actor
from engine.errors import InvalidData, Refused
from engine.ports import Forms
from forms import FormLanguage
from tests.forms.conftest import LANGUAGE, NOW, District, field, form

SOURCE = form(field("text", "part", required=True), field("read_only"), field("computed", "by", value="operator_of(12)"), field("text", "phone", personal=True))


def bind(language: Forms, data: object) -> object:
    return language.bind(SOURCE, data, {}, session=None, actor=Actor("fire"), now=NOW)  # type: ignore[arg-type]


def test_fields_are_those_that_a_submission_keeps() -> None:
    assert LANGUAGE.fields(SOURCE) == {"part": "text", "by": "computed", "phone": "text"}


def test_binding_calls_the_registered_look_ups_and_keeps_personal_data_apart() -> None:
    submission = LANGUAGE.bind(SOURCE, {"part": "roof", "phone": "138"}, {}, session=None, actor=Actor("fire"), now=NOW)  # type: ignore[arg-type]
    assert submission.kept == {"part": "roof", "by": "operator_01", "phone": {"personal": "mark of 5 signs"}}
    assert submission.personal == {"phone": "138"} and "138" not in str(submission.kept)


def test_without_a_key_the_mark_tells_nothing_of_the_value() -> None:
    submission = FormLanguage(District()).bind(form(field("text", personal=True)), {"it": "138"}, {}, session=None, actor=Actor("fire"), now=NOW)  # type: ignore[arg-type]
    assert submission.kept == {"it": {"personal": None}}


def test_wrong_data_is_refused_and_a_wrong_definition_named() -> None:
    with pytest.raises(InvalidData):
        bind(LANGUAGE, {})
    with pytest.raises(Refused):
        LANGUAGE.fields({"fields": 1})
    assert [path for path, _ in LANGUAGE.check({"fields": 1})] == ["title", "fields"]


def test_a_changed_definition_is_another_form() -> None:
    assert LANGUAGE.fields(form(field("text"))) != LANGUAGE.fields(form(field("date")))
