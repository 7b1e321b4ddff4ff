"""Names: with spaces and signs, in any spacing, and whose they are where two things share one."""

from engine import feel
from tests.engine.feel.conftest import NOW

DATA = {"full name": "Ann", "a-b": 7, "a": 3, "b": 1, "loan amount": 10, "2nd": 0}


def value(text: str, names: tuple[str, ...] = ("full name", "a-b", "loan amount"), **more: object) -> object:
    return feel.to_plain(feel.compile(text, names).evaluate({**DATA, **more}, now=NOW).value)


def test_a_declared_name_may_have_spaces_however_wide() -> None:
    assert value("full   name") == "Ann"
    assert value('full name + "a"') == "Anna"


def test_a_declared_name_may_have_signs() -> None:
    assert value("a-b") == 7
    assert value("a-b", names=()) == 2


def test_the_longest_name_wins() -> None:
    assert value("x y z", ("x y", "x y z"), **{"x y": 1, "x y z": 2}) == 2


def test_a_name_of_one_token_need_not_be_declared() -> None:
    assert value("项目 + 1", (), 项目=2) == 3


def test_a_key_written_earlier_is_a_name_afterwards() -> None:
    assert value("{total cost: 3, twice: total cost * 2}.twice") == 6


def test_a_loop_variable_may_have_spaces() -> None:
    assert value("for next item in [1, 2] return next item * 2") == [2, 4]


def test_a_key_with_spaces_is_found_behind_a_dot() -> None:
    assert value("x.full name", x={"full name": "Bo"}) == "Bo"


def test_a_function_is_found_though_a_variable_has_its_name() -> None:
    assert value("count([1, 2])", count=9) == 2
    assert value("count", count=9) == 9


def test_built_in_names_have_spaces() -> None:
    assert value('string(date and time("2026-07-14T10:00:00"))') == "2026-07-14T10:00:00"


def test_a_parameter_is_known_only_within_its_function() -> None:
    assert value("(function(my x) my x + 1)(2)") == 3
