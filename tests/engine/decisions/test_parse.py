"""What is no decision file, or not yet supported, is refused by name and place."""

import json
from pathlib import Path

import pytest

from engine import decisions, feel
from engine.errors import EngineError, Refused
from tests.engine.decisions.drawn import (
    NOW,
    SPACE,
    data,
    decision,
    file,
    literal,
    problems,
    read,
    table,
    text,
)

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize("xml", [
    b"<definitions/>", b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>', f'<decision xmlns="{SPACE}"/>'.encode(),
    b'<definitions xmlns="http://www.omg.org/spec/DMN/20180521/MODEL/"/>', b"", b"{}",
])  # fmt: skip
def test_what_is_no_decision_file_is_refused(xml):
    with pytest.raises(Refused):
        decisions.parse(xml, "d.dmn")


@pytest.mark.parametrize("edition", ["20191111", "20211108", "20230324", "20240513"])
def test_every_edition_from_1_3_is_read(edition):
    xml = file(decision("d", literal("1"))).replace(b"20191111", edition.encode())
    assert list(decisions.parse(xml, "d.dmn").decisions) == ["d"]


@pytest.mark.parametrize("element", ["businessKnowledgeModel", "decisionService", "import"])
def test_a_part_that_is_not_supported_is_named(element):
    found = decisions.check(read(decision("d", literal("1")), f'<{element} id="b" name="b"/>'))
    assert [(p.element_id, p.rule) for p in found] == [("b", "dmn_unsupported")] and element in found[0].message.zh


@pytest.mark.parametrize("boxed", ["invocation", "relation", "list", "functionDefinition", "conditional", "filter", "for", "every"])
def test_boxed_logic_that_is_not_supported_is_named(boxed):
    (problem,) = decisions.check(read(decision("d", f'<{boxed} id="b"/>')))
    assert problem.rule == "dmn_unsupported" and boxed in problem.message.en


def test_another_expression_language_is_refused():
    logic = '<literalExpression id="x" expressionLanguage="http://www.ecma.org/javascript"><text>1</text></literalExpression>'
    assert problems(read(decision("d", logic))) == [("dmn_language", "error")]


def test_notes_and_drawing_are_no_problem():
    assert problems(read(decision("d", literal("1")), '<textAnnotation id="n"><text>note</text></textAnnotation><knowledgeSource id="k" name="law"/>')) == []


@pytest.mark.parametrize(("rules", "place"), [([["1 ==", "1"]], "r1_0"), ([["-", "1 +"]], "r1_1"), ([["-", "1"], ["> ", "1"]], "r2_0")])
def test_a_cell_that_does_not_parse_names_cell_and_character(rules, place):
    found = [p for p in decisions.check(read(decision("d", table(["x:number"], ["o"], rules)))) if p.rule == "feel_syntax"]
    assert [p.element_id for p in found] == [place]
    assert "个字符" in found[0].message.zh and "at character" in found[0].message.en


@pytest.mark.parametrize("logic", [
    literal(""), table([""], ["o"], [["-", "1"]]), table(["x"], ["o"], [["-", ""]]), "", table(["x"], ["o"], [["-"]]),
    table([], ["o"], [["1"]]), table(["x"], [], [["-"]]), table(["x"], ["o", "o"], [["-", "1", "1"]]),
])  # fmt: skip
def test_what_is_left_out_is_asked_for(logic):
    assert problems(read(decision("d", logic)))


def test_a_file_without_a_decision_is_refused():
    assert problems(read(data("x"))) == [("dmn_empty", "error")]


def test_2000_rules_are_read_and_2001_are_not():
    def drawn(count):
        return read(decision("d", table(["x:number"], ["o"], [[str(n), "1"] for n in range(count)], 'hitPolicy="FIRST"')))
    assert ("dmn_too_many_rules", "error") not in problems(drawn(2_000))
    assert ("dmn_too_many_rules", "error") in problems(drawn(2_001))


def test_an_id_that_stands_twice_is_refused():
    assert ("dmn_id_twice", "error") in problems(read(decision("d", literal("1")), decision("d", literal("2"))))


def test_labels_and_the_words_of_values_are_read_in_both_languages():
    words = '<inputData id="in_x" name="x" label="级"><description>等级 | Level\nL1 = 轻微 | minor</description></inputData>'
    read_words = read(words, decision("d", literal("x"), needs=["in_x"])).inputs["in_x"].words
    assert read_words.label == ("等级", "Level") and read_words.of("L1") == ("轻微", "minor") and read_words.of(True) == ("是", "yes")


PAYLOADS = [p["code"] for p in json.loads((ROOT / "tests" / "security" / "payloads.json").read_text(encoding="utf-8"))]


def gets_nowhere(model, **given):
    """Refused when it is read, or no more than null with a doubt, a fault in words, or a limit."""
    if any(problem.level == "error" for problem in decisions.check(model)):
        return True
    try:
        answer = decisions.evaluate(model, "d", given, now=NOW)
    except (EngineError, feel.LimitExceeded):
        return True
    return answer.outputs is None or bool(answer.warnings) or isinstance(answer.outputs, str | int | float)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_an_attack_gets_nowhere_wherever_an_expression_stands(payload):
    kept = payload.replace("\x00", " ")
    assert gets_nowhere(read(decision("d", table(["x:number"], ["o"], [["-", kept]]))), x=1)
    assert gets_nowhere(read(decision("d", table(["x:number"], ["o"], [[kept, "1"]]))), x=1)
    assert gets_nowhere(read(decision("d", f'<decisionTable id="t"><input id="i">{text("inputExpression", kept)}</input><output id="o" name="o"/></decisionTable>')))
    assert gets_nowhere(read(decision("d", literal(kept))))
