"""Texts made to hang, to grow or to break out: refused, or stopped within a second."""

import json
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import feel
from tests.engine.feel.conftest import NOW

PAYLOADS = json.loads((Path(__file__).parents[2] / "security" / "payloads.json").read_text(encoding="utf-8"))
CASE = {"case": {"name": "A", "_secret": "CANARY"}, "data": {"allocated": False}, "cfg": {"a": 1}, "days_between": 3}
TOO_DEEP_OR_LONG = {
    "brackets": "(" * 500 + "1" + ")" * 500,
    "lists": "[" * 500 + "]" * 500,
    "minus signs": "-" * 5000 + "1",
    "a sum": "+".join(["1"] * 2000),
    "a path": "a" + ".b" * 2000,
    "calls of calls": "f" + "()" * 2000,
    "filters": "a" + "[1]" * 2000,
    "source": "1 " * 20_000,
    "tokens": "a," * 6000,
    "ifs": "if a then " * 300,
    "functions": "function(x) " * 300 + "1",
    "open texts": '"' * 6001,
    "open comments": "/*" * 6000,
    "ranges": "[1.." * 300,
    "types": "1 instance of " + "list<" * 300,
}
UNBOUNDED = {
    "nested loops": "for a in 1..1000, b in 1..1000 return a",
    "some": "some a in 1..20000, b in 1..20000 satisfies a + b < 0",
    "a long range": "for i in 1..1000000000 return i",
    "a huge range": "for i in 1..1e30 return i",
    "recursion": "{f: function(g) g(g), r: f(f)}.r",
    "doubling by contexts": "{a:[1,2,3,4,5,6,7,8,9,0],b:[a,a,a,a,a,a,a,a],c:[b,b,b,b,b,b,b,b],d:[c,c,c,c,c,c,c,c],e:[d,d,d,d,d,d,d,d]}",
    "doubling by strings": "count(for i in 1..40 return string join(for j in 1..20000 return \"aaaaaaaaaaaaaaaa\"))",
    "partial of partial": "for i in 1..40 return partial",
    "sorting": "sort(for i in 1..20000 return 20000 - i, function(a, b) a < b)",
    "distinct": "distinct values(for i in 1..20000 return i)",
}
HARMLESS = {
    "a power tower": "9 ** 9 ** 9 ** 9",
    "a large exponent": "2 ** 1e6",
    "a large literal": "1e999999999",
    "many digits": 'number("' + "9" * 5000 + '")',
    "a long duration": 'duration("P999999999999999999D") * 1e300',
    "a far date": 'date("2026-01-01") + duration("P999999999999999Y")',
    "nested repetition": 'matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "^(a|a)*$")',
    "overlapping choices": 'matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "^(a|aa)+$")',
    "counted repetition": 'matches("aaaa", "((a{1000}){1000}){1000}")',
    "an odd zone": 'time("10:00:00@../../etc/passwd")',
}
WORDS = [
    *["a", "case", "x", "1", "0", "-1", "2.5", "1e40", '"a"', '"1"', "true", "null", "[", "]", "(", ")", "{", "}", ",", ":", ".", "..", "+", "-", "*", "/", "**", "=", "!=", "<", ">=", "and", "or"],
    *["if", "then", "else", "for", "in", "return", "some", "every", "satisfies", "between", "?", "item", "partial", "not(", "list<", ">", "number"],
    *['@"2026-01-01"', '@"P1D"', '@"-P1M"', '@"10:00:00Z"', '@"2026-01-01T10:00:00@Europe/Berlin"', 'function(x)', 'instance', 'of'],
    *(f"{name}(" for name in sorted(feel.BUILTINS)),
]


def outcome(text: str, mode: feel.Mode = "expression") -> str:
    """"refused", "stopped", or what comes out; and that within a second."""
    begin = time.process_time()
    try:
        result = feel.compile(text, mode=mode).evaluate(CASE, now=NOW, input_value=3)
        found = "doubtful" if result.warnings else feel.show(result.value)
    except feel.SyntaxFault:
        found = "refused"
    except feel.LimitExceeded:
        found = "stopped"
    assert time.process_time() - begin < 1
    return found


@pytest.mark.parametrize("text", TOO_DEEP_OR_LONG.values(), ids=TOO_DEEP_OR_LONG)
def test_a_text_that_is_too_deep_or_too_long_is_refused(text) -> None:
    assert outcome(text) == "refused"
    assert outcome(text, "unary_tests") == "refused"


@pytest.mark.parametrize("text", UNBOUNDED.values(), ids=UNBOUNDED)
def test_work_without_end_is_stopped(text) -> None:
    assert outcome(text) == "stopped"


@pytest.mark.parametrize("text", HARMLESS.values(), ids=HARMLESS)
def test_a_value_out_of_all_proportion_does_no_harm(text) -> None:
    found = outcome(text)
    assert found in ("refused", "doubtful", "false") or (found.isdigit() and len(found) < 6200)


@pytest.mark.parametrize("payload", PAYLOADS, ids=lambda p: p["id"])
def test_no_attack_in_python_gets_anywhere(payload) -> None:
    found = outcome(payload["code"])
    assert found in ("refused", "doubtful", "stopped") or found.isdigit() or payload["id"] == "B06"


@pytest.mark.parametrize("payload", PAYLOADS, ids=lambda p: p["id"])
def test_no_attack_in_python_leaves_a_trace_in_the_data(payload) -> None:
    before = json.dumps(CASE)
    outcome(payload["code"])
    assert json.dumps(CASE) == before


@given(st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join))
@settings(max_examples=300, deadline=None)
def test_no_text_raises_anything_else(text) -> None:
    for whole in (text, text + ")" * text.count("(")):
        assert outcome(whole) is not None
        assert outcome(whole, "unary_tests") is not None


def test_an_object_among_the_data_is_out_of_reach() -> None:
    result = feel.compile("x").evaluate({"x": open}, now=NOW)
    assert result.value is None and [w.code for w in result.warnings] == ["type"]
    assert feel.compile("[x, string(x)]").evaluate({"x": object()}, now=NOW).value is None


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_a_number_that_is_none_is_refused(bad) -> None:
    result = feel.compile("x < 3").evaluate({"x": bad}, now=NOW)
    assert result.value is None and result.warnings


def test_a_list_of_objects_gives_nothing_away() -> None:
    result = feel.compile("[l.name, l[1], count(l)]").evaluate({"l": [object()]}, now=NOW)
    assert result.value is None and result.warnings


def test_what_cannot_be_kept_does_not_leave() -> None:
    for text in ("function(x) x", "[1..2]", "date", "[1, > 3]"):
        with pytest.raises(feel.Fault):
            feel.to_plain(feel.compile(text).evaluate({}, now=NOW).value)
