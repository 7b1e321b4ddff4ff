"""What a condition makes of data that is not as its author thought: never a silent answer."""

from collections.abc import Callable

import pytest

DATA = {
    "verify": {"result": "pass"},
    "n": 5,
    "s": "x",
    "nul": None,
    "l": [1, 2],
    "people": [{"age": 20}, {"name": "Bo"}],
    "age": 99,
}
SOUND = """
verify.result = "pass"
verify.result = "fail"
verify.result != null
verify.note = null
verify.note.text = null
missing = null
missing != null and missing > 3
nul = 3
n > 3 or missing
n > 3 or missing > 2
n < 3 and missing > 2
get value(verify, "note") = null
is defined(verify.note)
not(is defined(missing))
get or else(verify.note, "x") = "x"
get or else(l[9], 0) = 0
list contains(l, 3)
""".strip().split("\n")
DOUBTFUL = """
verify.resutl = "pass"
verfy.result = "pass"
verify.result
missing > 3
nul > 3
n = "5"
n > "3"
n < 3 or missing > 2
missing > 2 and false
5 and false
not(missing)
if missing > 2 then true else false
count(people[age > 18]) > 0
count(people[height > 18]) > 0
count(missing) = 0
some x in l satisfies x = "a"
list contains(l, missing)
date(s) < date("2020-01-01")
contains(s, 5)
sum(people.age) > 3
nofn(1)
l
n in [1..missing]
n / 0 > 1
l[9] = 1
""".strip().split("\n")


def is_sound(value: Callable, warned: Callable, text: str) -> bool:
    return type(value(text, **DATA)) is bool and not warned(text, **DATA)


@pytest.mark.parametrize("text", SOUND)
def test_a_legitimate_condition_answers_without_a_doubt(value, warned, text) -> None:
    assert is_sound(value, warned, text)


@pytest.mark.parametrize("text", DOUBTFUL)
def test_a_mistaken_condition_is_found_out(value, warned, text) -> None:
    assert not is_sound(value, warned, text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("x", "unknown-name"),
        ("verify.y", "unknown-key"),
        ("nul.y", "null-path"),
        ('n + "a"', "type"),
        ('date("nonsense")', "argument"),
        ("1 / 0", "arithmetic"),
        ("l[5]", "index"),
        ("n(1)", "call"),
        ("l[s]", "filter"),
        ("for x in null return x", "iteration"),
        ("if n then 1 else 2", "condition"),
        ('@"nonsense"', "literal"),
        ("{a: 1, a: 2}", "context"),
        ("function(a) external {}", "external"),
    ],
)
def test_each_doubt_has_a_code_of_its_own(warned, text, code) -> None:
    assert warned(text, **DATA) == [code]
