"""Functions that the installation offers: values in, values out, and nothing else."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from engine import feel
from tests.engine.feel.conftest import NOW


def run(text: str, **functions: object) -> feel.Result:
    return feel.compile(text).evaluate({"x": 2}, now=NOW, functions=functions)


def test_it_gets_values_of_the_language_and_may_give_plain_data() -> None:
    seen: list[object] = []
    result = run('f(x, "a", @"P1D").n + 1', f=lambda *args: seen.append(args) or {"n": 4})
    assert result.value == 5 and not result.warnings
    assert seen == [(Decimal(2), "a", feel.values.Days(86400 * 10**9))]


def test_it_may_give_a_datetime(warned) -> None:
    result = run("f() > now()", f=lambda: NOW + timedelta(days=1))
    assert result.value is True and isinstance(NOW, datetime)


@pytest.mark.parametrize("text", ["f()", "f(1, 2)", 'f("a")', "f(n: 1)"])
def test_what_it_cannot_use_is_null_with_a_warning(text) -> None:
    result = run(text, f=lambda n: n + 1)
    assert result.value is None and [w.code for w in result.warnings] == ["call"]


def test_a_thing_that_is_no_data_does_not_get_in() -> None:
    result = run("f().secret", f=lambda: object())
    assert result.value is None and result.warnings


def test_an_error_of_its_own_passes_through() -> None:
    class Gone(Exception):
        pass

    def f() -> None:
        raise Gone

    with pytest.raises(Gone):
        run("f()", f=f)


def test_the_words_of_its_refusal_are_shown() -> None:
    def f() -> None:
        raise feel.Fault("没有这一年", "no such year")

    assert run("f()", f=f).warnings[0].message == ("f：没有这一年", "f: no such year")


def test_without_it_the_call_is_a_warning() -> None:
    result = run("f(1)")
    assert result.value is None and [w.code for w in result.warnings] == ["call"]


def test_a_function_of_the_language_can_be_made_for_a_model() -> None:
    twice = feel.Function("twice", ["n"], lambda runtime, args: args[0] * 2, ["number"])
    result = feel.compile('[twice(4), twice(n: 5), twice(m: 5), sort([1, 2], f)]').evaluate(
        {"twice": twice, "f": feel.Function("f", ["a", "b"], lambda runtime, args: args[0] > args[1])}, now=NOW
    )
    assert feel.to_plain(result.value[0:2]) == [8, 10] and feel.to_plain(result.value[3]) == [2, 1]
