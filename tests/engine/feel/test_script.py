"""Script tasks: lines of `name = expression`."""

import pytest

from engine import feel
from tests.engine.feel.conftest import NOW


def test_each_line_gives_a_name_an_expression_and_its_number() -> None:
    lines = feel.parse_script("// sums\na.b = 1 + 1\n\n  done = x = 2  \n")
    assert [(name, number) for name, _, number in lines] == [("a.b", 2), ("done", 4)]
    assert lines[1][1].evaluate({"x": 2}, now=NOW).value is True


def test_a_name_may_be_chinese() -> None:
    assert feel.parse_script("结果 = 1")[0][0] == "结果"


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("a == 1", "one ="),
        ("a", "name = expression"),
        ("a[1] = 2", "name = expression"),
        ("1 = 2", "name = expression"),
        ("null = 2", "cannot be a name"),
        ("a = b == c", "one ="),
        ("a = 1 +", "the end"),
        ("import os", "name = expression"),
    ],
)
def test_another_line_is_refused(line, hint) -> None:
    with pytest.raises(feel.SyntaxFault) as caught:
        feel.parse_script(f"x = 1\n{line}")
    assert hint in caught.value.message.en and caught.value.message.en.startswith("Line 2")


def test_the_place_of_a_fault_is_that_in_the_whole_script() -> None:
    text = "x = 1\ny = 2 == 3"
    with pytest.raises(feel.SyntaxFault) as caught:
        feel.parse_script(text)
    assert text[caught.value.position :] == "= 3"
