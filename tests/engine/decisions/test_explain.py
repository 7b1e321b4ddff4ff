"""Why it came out so, and what would have had to differ."""

from engine import decisions
from tests.engine.decisions.drawn import NOW, ask, data, decision, literal, read, table

WORDS = '<inputData id="in_level" name="level"><description>等级 | Level\nL1 = 轻微 | minor\nL2 = 一般 | general</description><variable name="level" typeRef="string"/></inputData>'
RULES = [['"L1"', "-", '"week"'], ['"L2"', "< 10", '"month"'], ['"L2"', ">= 10", '"day"']]
TABLE = decision("d", table(['level:string:"L1", "L2"', "people:number"], ["o:string"], RULES), needs=["in_level", "in_people"])
MODEL = read(WORDS, data("people", "number"), TABLE)


def test_the_sentence_names_what_the_rule_looked_at_and_its_clause():
    told = decisions.why(MODEL, ask(MODEL, level="L1", people=3))
    assert told.sentence.zh == "d：week。因为“等级”是“轻微”。依据：第1条。"
    assert told.sentence.en == "d: week. Because “Level” is “minor”. Basis: clause 1."


def test_every_input_that_counted_is_named():
    told = decisions.why(MODEL, ask(MODEL, level="L2", people=12))
    assert [(label.en, value.en) for label, value in told.reasons] == [("Level", "general"), ("people", "12")]


def test_the_nearest_change_of_one_input_is_told():
    answer = ask(MODEL, level="L2", people=12)
    changes = decisions.why_not(MODEL, answer, now=NOW)
    assert [(c.path, c.value, c.outputs) for c in changes] == [("people", 9, "month"), ("level", "L1", "week")]
    assert changes[1].text.zh == "如果“等级”是“轻微”，d会是 week。"
    assert changes[1].text.en == "If “Level” were “minor”, “d” would be week."


def test_a_wanted_answer_can_be_asked_for():
    answer = ask(MODEL, level="L2", people=12)
    assert [c.outputs for c in decisions.why_not(MODEL, answer, now=NOW, wanted="week")] == ["week"]
    assert decisions.why_not(MODEL, answer, now=NOW, wanted="never") == []


def test_a_change_deep_inside_an_input_leaves_the_answer_s_own_inputs_alone():
    model = read(data("h"), decision("d", table(["h.again:boolean"], ["o"], [["true", "2"], ["false", "1"]]), needs=["in_h"]))
    answer = ask(model, h={"again": False})
    assert [(c.path, c.outputs) for c in decisions.why_not(model, answer, now=NOW)] == [("h.again", 2)]
    assert answer.inputs == {"h": {"again": False}}


def test_reasons_reach_through_a_chain():
    base = decision("base", table(["x:boolean"], ["o:number"], [["true", "1"], ["false", "2"]]), needs=["in_x"])
    model = read(data("x", "boolean"), base, decision("d", table(["base:number"], ["o"], [["1", '"a"'], ["2", '"b"']]), needs=["base"]))
    answer = ask(model, x=True)
    assert [value.en for _, value in decisions.why(model, answer).reasons] == ["yes"]
    assert [(c.path, c.outputs) for c in decisions.why_not(model, answer, now=NOW)] == [("x", "b")]


def test_a_list_says_what_would_be_more_or_less():
    model = read(data("x", "number"), decision("d", table(["x:number"], ["o"], [["> 1", '"a"'], ["> 2", '"b"']], 'hitPolicy="COLLECT"'), needs=["in_x"]))
    texts = [c.text.en for c in decisions.why_not(model, ask(model, x=2), now=NOW)]
    assert texts == ["If “x” were “1”, “d” would not give a.", "If “x” were “3”, “d” would also give b."]


def test_an_empty_list_is_told_as_none():
    model = read(data("x", "number"), decision("d", table(["x:number"], ["o"], [["> 1", '"a"']], 'hitPolicy="COLLECT"'), needs=["in_x"]))
    assert decisions.why(model, ask(model, x=0)).outcome == ("d：无", "d: none")


def test_a_literal_decision_has_its_value_and_no_more():
    model = read(data("x", "number"), decision("d", literal("x > 1"), needs=["in_x"]))
    assert decisions.why(model, ask(model, x=2)).sentence == ("d：是。", "d: yes.")
    assert decisions.why_not(model, ask(model, x=2), now=NOW) == []
