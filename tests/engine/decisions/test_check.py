"""Overlaps and gaps are found before anybody is decided about, each with an example."""

import time

import pytest

from engine import decisions
from tests.engine.decisions.drawn import data, decision, literal, problems, read, table


def found(rules, inputs=("x:number",), more="", outputs=("o",)):
    return decisions.check(read(decision("d", table(inputs, outputs, rules, more))))


def of(rule, listed):
    return [(p.element_id, p.level, p.message) for p in listed if p.rule == rule]


def test_an_overlap_names_both_rules_and_an_input_that_meets_both():
    ((place, level, message),) = of("dmn_overlap", found([["< 10", "1"], ["[5..20]", "2"], ["> 20", "3"]]))
    assert (place, level) == ("r2", "error") and "第 1 条和第 2 条" in message.zh and "Rules 1 and 2" in message.en
    assert "x = 5" in message.zh


@pytest.mark.parametrize(("rules", "inputs"), [
    ([["< 10", "1"], [">= 10", "2"]], ["x:number"]),
    ([["true", "1"], ["false", "2"]], ["x:boolean"]),
    ([['"a"', "1"], ['not("a")', "2"]], ["x:string"]),
    ([['"a"', "1"], ['"b"', "2"]], ['x:string:"a", "b"']),
    ([['< date("2026-01-01")', "1"], ['>= date("2026-01-01")', "2"]], ["x:date"]),
    ([["true", "-", "1"], ["false", "> 3", "2"], ["false", "<= 3", "3"]], ["x:boolean", "y:number"]),
    ([["> 0", "1"], ["<= 0", "2"]], ["x.y:number"]),
])  # fmt: skip
def test_a_complete_table_without_overlap_is_clean(rules, inputs):
    assert found(rules, inputs) == []


@pytest.mark.parametrize(("rules", "inputs", "example"), [
    ([["< 10", "1"], ["> 20", "2"]], ["x:number"], "x = 10"),
    ([["true", "1"]], ["x:boolean"], "x = false"),
    ([['"a"', "1"]], ['x:string:"a", "b"'], 'x = "b"'),
    ([["true", "-", "1"], ["false", "true", "2"]], ["x:boolean", "y:boolean"], "x = false, y = false"),
    ([["[0..50]", "1"]], ["x:number:[0..100]"], "x = 51"),
    ([["<= 14", "1"], [">= 16", "2"]], ["x:number"], "x = 15"),
])  # fmt: skip
def test_a_hole_is_an_error_with_the_input_that_falls_into_it(rules, inputs, example):
    ((_, level, message),) = of("dmn_gap", found(rules, inputs))
    assert level == "error" and example in message.en


@pytest.mark.parametrize(("rules", "inputs"), [
    ([[">= 18", "1"]], ["x:number"]), ([['"a"', "1"]], ["x:string"]), ([["<= 14", "1"], [">= 15", "2"]], ["x:number"]),
])  # fmt: skip
def test_what_lies_outside_all_that_is_declared_is_a_warning(rules, inputs):
    ((_, level, _),) = of("dmn_gap", found(rules, inputs))
    assert level == "warning"


def test_a_default_or_a_collecting_policy_has_no_gaps():
    assert found([["> 1", '"a"']], outputs=['o:string::"b"']) == []
    assert found([["> 1", '"a"'], ["> 2", '"b"']], more='hitPolicy="COLLECT"') == []


def test_first_may_overlap_and_is_only_warned_of_gaps():
    assert [p.level for p in found([["> 1", "1"], ["> 2", "2"]], more='hitPolicy="FIRST"')] == ["warning"]


def test_any_may_overlap_where_the_rules_agree():
    assert of("dmn_disagreement", found([["> 1", "2"], ["> 2", "1 + 1"]], more='hitPolicy="ANY"')) == []
    ((place, level, _),) = of("dmn_disagreement", found([["> 1", "2"], ["> 2", "3"]], more='hitPolicy="ANY"'))
    assert (place, level) == ("r2", "error")


def test_two_columns_over_the_same_input_are_seen_as_one():
    assert found([["> 5", "< 10", "1"], ["<= 5", "-", "2"], ["> 5", ">= 10", "3"]], ["x:number", "x:number"]) == []


def test_cells_over_other_inputs_are_said_to_be_unchecked():
    assert [(p.rule, p.level) for p in found([["> limit", "1"]])] == [("dmn_not_checked", "warning")]


@pytest.mark.parametrize("more", ['hitPolicy="BEST"', 'hitPolicy="UNIQUE" aggregation="SUM"', 'hitPolicy="COLLECT" aggregation="AVG"', 'hitPolicy="PRIORITY"'])
def test_a_hit_policy_that_makes_no_sense_is_refused(more):
    assert of("dmn_hit_policy", found([["-", "1"]], more=more))


def test_a_circle_of_decisions_is_refused():
    model = read(*(decision(a, literal(b), needs=[b]) for a, b in ("ab", "bc", "ca")))
    assert problems(model) == [("dmn_circle", "error")] * 3


def test_a_required_thing_that_is_nowhere_is_refused_unless_another_file_has_it():
    model = read(decision("d", literal("e"), needs=["e"]))
    assert problems(model) == [("dmn_reference", "error")]
    assert decisions.check(model, elsewhere={"e"}) == []


def test_a_name_that_is_no_declared_input_is_refused():
    model = read(data("level", "string"), decision("d", table(["levl:string"], ["o"], [["-", "1"]]), needs=["in_level"]))
    assert problems(model) == [("dmn_unknown_name", "error")]


def test_an_unknown_type_is_refused():
    assert problems(read(data("x", "colour"), decision("d", literal("x"), needs=["in_x"]))) == [("dmn_type", "error")]


def test_a_large_table_is_checked_in_moments_or_said_to_be_unchecked():
    rules = [[f"[{n}..{n + 1}[", f'"{n % 7}"', str(n)] for n in range(1500)]
    began = time.monotonic()
    assert found(rules, ["x:number", "y:string"]) and time.monotonic() - began < 20
