"""Decisions that require others, typed inputs, boxed logic, and doubts that are not lost."""

from datetime import date

import pytest

from engine import decisions, feel
from engine.errors import NotFound
from tests.engine.decisions.drawn import NOW, ask, data, decision, file, literal, read, table

CHAIN = [
    data("area", "number"), data("people", "number"),
    decision("per_head", literal("area / people"), needs=["in_area", "in_people"], type_ref="number"),
    decision("d", table(["per_head:number"], ["o"], [["< 15", '"short"'], [">= 15", '"enough"']]), needs=["per_head"]),
]  # fmt: skip


def test_a_chain_is_worked_out_from_its_inputs():
    answer = ask(read(*CHAIN), area=44.99, people=3)
    assert answer.outputs == "short" and answer.inputs == {"area": 44.99, "people": 3}
    assert [e.decision_id for e in answer.evaluations] == ["per_head", "d"]
    assert ask(read(*CHAIN), area=45, people=3).outputs == "enough"


def test_the_model_tells_what_a_decision_needs_and_gives():
    info = read(*CHAIN).decisions["d"]
    assert (info.inputs, info.outputs, info.hit_policy) == (("area", "people"), None, "UNIQUE")


def test_a_decision_that_others_share_is_worked_out_once():
    model = read(data("x"), decision("a", literal("x"), needs=["in_x"]), decision("b", literal("a"), needs=["a"]),
                 decision("c", literal("a"), needs=["a"]), decision("d", literal("[a, b, c]"), needs=["a", "b", "c"]))
    answer = ask(model, x=1)
    assert answer.outputs == [1, 1, 1] and len(answer.evaluations) == 4


def test_a_date_of_json_is_read_by_its_declared_type():
    model = read(data("born", "date"), decision("d", literal('born + duration("P1D")'), needs=["in_born"]))
    assert ask(model, born="2026-02-28").outputs == "2026-03-01"
    assert ask(model, born=date(2026, 2, 28).isoformat()).warnings == []


@pytest.mark.parametrize(("type_ref", "value"), [
    ("number", "12"), ("boolean", "true"), ("date", "soon"), ("string", 3), ("list", 3), ("context", "x"),
])  # fmt: skip
def test_an_input_of_the_wrong_type_is_null_with_a_warning(type_ref, value):
    answer = ask(read(data("x", type_ref), decision("d", literal("x"), needs=["in_x"])), x=value)
    assert answer.outputs is None and answer.warnings[0].code == "type" and answer.warnings[0].element_id == "in_x"


def test_declared_types_with_allowed_values_and_parts():
    kinds = ('<itemDefinition name="level"><typeRef>string</typeRef><allowedValues><text>"L1", "L2"</text></allowedValues></itemDefinition>'
             '<itemDefinition name="home"><itemComponent name="level"><typeRef>level</typeRef></itemComponent>'
             '<itemComponent name="since"><typeRef>date</typeRef></itemComponent></itemDefinition>')
    model = read(kinds, data("x", "home"), decision("d", literal("x.since.year"), needs=["in_x"]))
    assert ask(model, x={"level": "L1", "since": "2024-05-01"}).outputs == 2024
    assert ask(model, x={"level": "L9", "since": "2024-05-01"}).warnings


def test_types_that_name_each_other_end():
    kinds = "".join(f'<itemDefinition name="{a}"><typeRef>{b}</typeRef></itemDefinition>' for a, b in ("pq", "qp"))
    assert ask(read(kinds, data("x", "p"), decision("d", literal("1"), needs=["in_x"])), x=[1]).outputs == 1


def test_a_missing_input_is_null_without_a_fault():
    model = read(data("x"), decision("d", table(["x.y:number"], ["o"], [["-", "1"]]), needs=["in_x"]))
    answer = ask(model)
    assert answer.outputs == 1 and answer.warnings == [] and answer.inputs == {"x": None}


def test_a_doubt_names_decision_element_text_and_place():
    (warning,) = ask(read(data("x"), decision("d", literal("1 + x"), needs=["in_x"])), x="a").warnings
    assert (warning.decision_id, warning.text) == ("d", "1 + x") and warning.message.zh and warning.message.en


def test_an_input_with_a_name_of_several_words_is_found():
    model = read('<inputData id="in_n" name="number of people"><variable name="number of people" typeRef="number"/></inputData>',
                 decision("d", literal("number of people * 2"), needs=["in_n"]))
    assert ask(model, **{"number of people": 4}).outputs == 8


def test_a_context_sees_the_lines_above_and_gives_its_last():
    box = "".join(f'<contextEntry>{v}{literal(t)}</contextEntry>' for v, t in (
        ('<variable name="a"/>', "2"), ('<variable name="b"/>', "a * 3"), ("", "a + b")))
    assert ask(read(decision("d", f"<context>{box}</context>"))).outputs == 8
    assert ask(read(decision("d", f"<context>{box.rpartition('<contextEntry>')[0]}</context>"))).outputs == {"a": 2, "b": 6}


def test_a_decision_of_another_file_is_found_by_who_pins_it():
    here = read(decision("d", literal("elsewhere + 1"), needs=["elsewhere"]))
    there = decisions.parse(file(data("x"), decision("elsewhere", literal("x * 10"), needs=["in_x"])), "e.dmn")
    answer = decisions.evaluate(here, "d", {"x": 4}, now=NOW, pinned={"elsewhere": there}.get)
    assert answer.outputs == 41 and answer.inputs == {"x": 4}
    with pytest.raises(NotFound):
        decisions.evaluate(here, "d", {"x": 4}, now=NOW)


def test_an_unknown_decision_is_not_found():
    with pytest.raises(NotFound):
        ask(read(*CHAIN), "nowhere")


def test_a_circle_ends_in_words_even_when_nobody_checked():
    with pytest.raises(decisions.DecisionFailure):
        ask(read(decision("d", literal("e"), needs=["e"]), decision("e", literal("d"), needs=["d"])))


def test_a_registered_function_may_be_called():
    model = read(decision("d", literal("double(4)")))
    assert decisions.evaluate(model, "d", {}, now=NOW, functions={"double": lambda n: n * 2}).outputs == 8


def test_now_is_the_instant_of_the_evaluation():
    assert ask(read(decision("d", literal("today()")))).outputs == "2026-11-25"


def test_a_hungry_expression_is_stopped():
    with pytest.raises(feel.LimitExceeded):
        ask(read(decision("d", literal("for a in 1..9999, b in 1..9999 return a"))))


@pytest.mark.parametrize("text", ["function(x) x", "[1..2]"])
def test_a_result_that_is_no_data_is_refused(text):
    with pytest.raises(decisions.DecisionFailure):
        ask(read(decision("d", literal(text))))
