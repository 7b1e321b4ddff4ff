"""What each hit policy makes of the rules that match."""

import pytest

from engine import decisions
from tests.engine.decisions.drawn import ask, decision, literal, read, table

GRADES = [["< 10", '"a"'], [">= 10", '"b"']]
STEPS = [[">= 1", '"one"', "1"], [">= 2", '"two"', "2"], [">= 3", '"three"', "3"]]
ORDER = 'o:string:"three", "two", "one"'


def drawn(rules, more="", inputs=("x:number",), outputs=("o",)):
    return read(decision("d", table(inputs, outputs, rules, more)))


def rules(answer):
    return [rule["rule_id"] for rule in answer.matched_rules]


def test_unique_gives_the_one_rule_with_its_clause():
    answer = ask(drawn(GRADES), x=12)
    assert answer.outputs == "b"
    assert answer.matched_rules == [{"rule_id": "r2", "annotation": "第2条 | clause 2"}]
    assert answer.inputs == {"x": 12} and not answer.warnings


def test_unique_with_two_matching_rules_is_an_error_and_no_guess():
    with pytest.raises(decisions.SeveralRules) as several:
        ask(drawn([["> 1", '"a"'], ["> 2", '"b"']]), x=3)
    assert several.value.rule_ids == ["r1", "r2"] and several.value.inputs == {"x": 3}
    assert "1、2" in several.value.text.zh and "1, 2" in several.value.text.en


def test_no_rule_and_no_default_is_an_error_with_the_inputs():
    with pytest.raises(decisions.NoRule) as none:
        ask(drawn([["> 1", '"a"']]), x=0)
    assert none.value.inputs == {"x": 0} and "x = 0" in none.value.text.zh


def test_a_null_input_matches_no_test_and_only_a_dash_takes_it():
    open_ended = drawn([["true", '"yes"'], ["-", '"no"']], 'hitPolicy="FIRST"', ["x:boolean"])
    assert ask(open_ended, x=None).outputs == "no" and ask(open_ended).outputs == "no"


def test_a_default_stands_in_where_no_rule_matches():
    answer = ask(drawn([["> 1", '"a"']], outputs=['o:string::"none"']), x=0)
    assert answer.outputs == "none" and answer.matched_rules == []


def test_several_outputs_come_by_their_names():
    model = drawn([["-", '"a"', "2"]], outputs=["grade:string", "days:number"])
    assert ask(model, x=1).outputs == {"grade": "a", "days": 2}


@pytest.mark.parametrize(("more", "outputs", "value", "hit"), [
    ('hitPolicy="FIRST"', "o", "one", ["r1"]),
    ('hitPolicy="COLLECT"', "o", ["one", "two", "three"], ["r1", "r2", "r3"]),
    ('hitPolicy="RULE ORDER"', "o", ["one", "two", "three"], ["r1", "r2", "r3"]),
    ('hitPolicy="PRIORITY"', ORDER, "three", ["r3"]),
    ('hitPolicy="OUTPUT ORDER"', ORDER, ["three", "two", "one"], ["r3", "r2", "r1"]),
])  # fmt: skip
def test_a_policy_chooses_among_three_matching_rules(more, outputs, value, hit):
    answer = ask(drawn([rule[:2] for rule in STEPS], more, outputs=[outputs]), x=5)
    assert (answer.outputs, rules(answer)) == (value, hit)


@pytest.mark.parametrize(("how", "value", "none"), [("SUM", 6, None), ("MIN", 1, None), ("MAX", 3, None), ("COUNT", 3, 0)])
def test_collecting_can_add_up(how, value, none):
    model = drawn([[rule[0], rule[2]] for rule in STEPS], f'hitPolicy="COLLECT" aggregation="{how}"')
    assert ask(model, x=5).outputs == value and ask(model, x=0).outputs == none


@pytest.mark.parametrize("policy", ["COLLECT", "RULE ORDER"])
def test_collecting_nothing_gives_an_empty_list(policy):
    assert ask(drawn([["> 1", '"a"']], f'hitPolicy="{policy}"'), x=0).outputs == []


def test_any_takes_rules_that_agree_and_refuses_those_that_do_not():
    agreeing = drawn([["> 1", '"a"'], ["> 2", '"a"']], 'hitPolicy="ANY"')
    assert ask(agreeing, x=3).outputs == "a" and rules(ask(agreeing, x=3)) == ["r1", "r2"]
    with pytest.raises(decisions.SeveralRules):
        ask(drawn([["> 1", '"a"'], ["> 2", '"b"']], 'hitPolicy="ANY"'), x=3)


def test_a_collecting_table_with_several_outputs_gives_a_list_of_objects():
    model = drawn([["-", '"a"', "1"], ["-", '"b"', "2"]], 'hitPolicy="COLLECT"', outputs=["k", "n"])
    assert ask(model, x=1).outputs == [{"k": "a", "n": 1}, {"k": "b", "n": 2}]


def test_a_value_outside_the_allowed_ones_is_named():
    with pytest.raises(decisions.NoRule) as refused:
        ask(drawn([["-", "1"]], inputs=['x:string:"red", "green"']), x="blue")
    assert "blue" in refused.value.text.zh and refused.value.inputs == {"x": "blue"}


def test_an_output_outside_its_list_is_a_warning():
    answer = ask(drawn([["-", '"c"']], outputs=['o:string:"a", "b"']), x=1)
    assert [warning.code for warning in answer.warnings] == ["table"]


@pytest.mark.parametrize(("cell", "value", "takes"), [
    ("[1..5]", 5, True), ("]1..5[", 5, False), ("1, 4", 4, True), ("not(1, 4)", 4, False), ("not(1, 4)", 3, True),
    ("-", None, True), ("", 7, True), ("? * 2 = 8", 4, True), ("null", None, True), ("> 1", "2", False),
])  # fmt: skip
def test_a_cell_takes_what_the_standard_says(cell, value, takes):
    model = drawn([[cell, "true"], ["-", "false"]], 'hitPolicy="FIRST"', ["x"])
    assert ask(model, x=value).outputs is takes


def test_cells_may_use_other_inputs_and_results_may_compute():
    model = drawn([["> limit", "x - limit"], ["<= limit", "0"]], inputs=["x:number"])
    assert ask(model, x=12, limit=10).outputs == 2


def test_a_table_may_stand_inside_a_context():
    inner = table(["x:number"], ["o"], GRADES)
    boxed = f'<context><contextEntry><variable name="g"/>{inner}</contextEntry><contextEntry>{literal("upper case(g)")}</contextEntry></context>'
    assert ask(read(decision("d", boxed)), x=1).outputs == "A"
