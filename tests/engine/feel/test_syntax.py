"""What does not parse is refused with the place and, where people go astray, the way back."""

import pytest

from engine import feel


@pytest.mark.parametrize(
    ("text", "position", "hint"),
    [
        ("a == 1", 3, "one ="),
        ("a && b", 2, "and"),
        ("a || b", 2, "or"),
        ("a <> b", 3, "!="),
        ("!a", 0, "not("),
        ("'a'", 0, "double quotes"),
        ("a = “x”", 4, "straight double quotes"),
        ("a＝1", 1, "narrow"),
        ("count（l）", 5, "narrow"),
        ("7 % 2", 2, "modulo"),
        ('a = "x', 4, "does not end"),
        ("1 +", 3, "the end"),
        ("(1", 2, "Expected )"),
        ("if a then b", 11, "else"),
        ("for x in [1]", 12, "return"),
        ("a b", 2, "Unexpected b"),
        ("a.1", 1, "Unexpected .1"),
        ("", 0, "the end"),
        ("1e99999", 0, "out of range"),
    ],
)
def test_a_refusal_says_where_and_what_instead(refusal, text, position, hint) -> None:
    fault = refusal(text)
    assert fault.position == position
    assert hint in fault.message.en


def test_a_refusal_is_told_in_both_languages(refusal) -> None:
    fault = refusal("a == 1")
    assert "比较" in fault.message.zh and fault.text == "a == 1"


def test_wrappers_are_taken_off() -> None:
    for text in ("1 + 1", "= 1 + 1", "${1 + 1}", "  ${ 1 + 1 } "):
        assert feel.unwrap(text) == "1 + 1"


def test_comments_and_wide_spaces_are_passed_over(value) -> None:
    assert value("1 /* one */ + // two\n\u30001") == 2


def test_a_warning_points_at_the_place_in_the_text() -> None:
    from tests.engine.feel.conftest import NOW

    warnings = feel.compile("1 = 1 and missing = 2").evaluate({}, now=NOW).warnings
    assert [(w.code, w.position) for w in warnings] == [("unknown-name", 10)]
    assert warnings[0].message.zh == "没有变量“missing”"


def test_a_text_is_parsed_once() -> None:
    assert feel.compile("a + 12345") is feel.compile("${a + 12345}")


def test_types_are_read_from_text() -> None:
    assert feel.parse_type("list<number>") == feel.types.ListType("number")
    with pytest.raises(feel.SyntaxFault):
        feel.parse_type("list<")
