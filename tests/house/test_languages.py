"""Whatever people read exists in both languages, and templates stay within the strict content security policy."""

import json

import pytest

from tests.house.languages import halved_data, one_sided, unsafe_markup, untranslated
from tests.house.source import ROOT, Module, modules, report

TEMPLATES = sorted((ROOT / "webapp" / "templates").rglob("*.html"))
FORMS = sorted((ROOT / "forms" / "library").rglob("*.json"))


def test_every_sentence_of_the_code_is_in_both_languages() -> None:
    report([fault for module in modules() for fault in one_sided(module)])


def test_every_word_of_a_template_is_in_both_languages() -> None:
    report([fault for name, source in templates() for fault in untranslated(name, source)])


def test_no_template_brings_its_own_style_script_or_raw_markup() -> None:
    report([fault for name, source in templates() for fault in unsafe_markup(name, source)])


def test_every_label_of_a_form_is_in_both_languages() -> None:
    report([fault for path in FORMS for fault in halved_data(json.loads(path.read_text("utf-8")), path.name)])


def templates() -> list[tuple[str, str]]:
    return [(str(path.relative_to(ROOT / "webapp")), path.read_text("utf-8")) for path in TEMPLATES]


@pytest.mark.parametrize("source", [
    'Text("认领", "")',
    'Text("认领", "认领")',
    'Text("Claim", "Claim it")',
    'x = "认领"',
    'raise ValueError(f"没有 {x}")',
])
def test_a_sentence_in_one_language_is_noticed(source: str) -> None:
    assert one_sided(Module("webapp.sample", source))


@pytest.mark.parametrize("source", [
    'Text("认领", "Claim")',
    'Text(f"还有 {n} 天", f"{n} days left")',
    'KINDS = {"L1": ("一般", "Minor")}',
    'Text("BPMN", "BPMN")',
    '"""认领"""',
])
def test_a_sentence_in_both_is_not(source: str) -> None:
    assert one_sided(Module("webapp.sample", source)) == []


@pytest.mark.parametrize("source", [
    "<p>认领</p>", "<p>Claim</p>", '<p title="Claim">', '{{ t("认领") }}', '{{ t("认领", "") }}',
    '{% set x = "认领" %}', '<p>{{ t("认领", "Claim") }} now</p>',
])
def test_a_bare_word_in_a_template_is_noticed(source: str) -> None:
    assert untranslated("sample", source)


def test_a_template_in_both_languages_passes() -> None:
    assert untranslated("sample", '<p title="{{ t("认领", "Claim") }}">{{ t("认领 %(n)s", "Claim %(n)s", n=1) }} · Anju</p>') == []


@pytest.mark.parametrize("source", [
    '<p style="color:red">', '<a onclick="x()">', "<script>x()</script>", "{{ text | safe }}", '<img src="//elsewhere/x.png">',
])
def test_unsafe_markup_is_noticed(source: str) -> None:
    assert unsafe_markup("sample", source)


def test_half_a_label_is_noticed() -> None:
    assert halved_data({"label": {"zh": "结果"}}, "sample")
