"""What an expression needs from outside, for the check of a deployment."""

import pytest

from engine import feel


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('verify.result = "pass" and x > 2', {"verify.result", "x"}),
        ("for i in items return i + n", {"items", "n"}),
        ("some a in l satisfies a.b = c", {"l", "c"}),
        ("{a: 1, b: a + z}", {"z"}),
        ("(function(p) p + q)(r)", {"q", "r"}),
        ("count(l)", {"l"}),
        ("l[1].name", {"l"}),
        ("today() > due.date", {"due.date"}),
        ("x instance of number", {"x"}),
        ("if a then b else c", {"a", "b", "c"}),
    ],
)
def test_the_names_are_those_not_made_within(text, names) -> None:
    assert feel.compile(text).free_names() == names


def test_a_name_in_a_filter_may_be_a_key_or_from_outside() -> None:
    expression = feel.compile("people[age > limit]")
    assert expression.free_names() == {"people"}
    assert expression.possible_names() == {"age", "limit"}


def test_functions_that_the_language_lacks_are_told() -> None:
    assert feel.compile("working_days(count(l)) + f(g(1))").called_functions() == {"working_days", "f", "g"}
    assert feel.compile("{f: function(x) x, r: f(1)}.r").called_functions() == set()


def test_a_cell_needs_its_other_names_but_not_its_input() -> None:
    cell = feel.compile("? > limit, f(?)", mode="unary_tests")
    assert cell.free_names() == {"limit"} and cell.called_functions() == {"f"}


def test_the_built_ins_are_listed() -> None:
    assert {"count", "date and time", "get or else", "string join"} <= feel.BUILTINS
