"""Which value a name has where several scopes have one."""

from collections import ChainMap

from engine import feel
from tests.engine.feel.conftest import NOW


def test_a_row_that_lacks_a_key_does_not_see_an_outer_variable(value, warned) -> None:
    people = [{"age": 20}, {"name": "Bo"}]
    assert value("people[age > 18]", people=people, age=99) == [{"age": 20}]
    assert warned("people[age > 18]", people=people, age=99) == ["type"]


def test_a_filter_sees_outer_variables_that_no_row_has(value) -> None:
    assert value("people[age > limit]", people=[{"age": 20}, {"age": 3}], limit=18) == [{"age": 20}]


def test_item_is_the_row_itself(value) -> None:
    assert value("[1, 2, 3][item > 1]") == [2, 3]
    assert value("[{x: 1}][item.x = 1]") == [{"x": 1}]


def test_a_loop_variable_hides_an_outer_one(value) -> None:
    assert value("for n in [1, 2] return n", n=9) == [1, 2]


def test_a_later_loop_sees_the_earlier_variable(value) -> None:
    assert value("for a in [1, 2], b in [a, a * 10] return b") == [1, 10, 2, 20]


def test_an_entry_sees_those_before_it_and_not_those_after(value, warned) -> None:
    assert value("{a: 1, b: a + 1}") == {"a": 1, "b": 2}
    assert "unknown-name" in warned("{b: a + 1, a: 1}")


def test_a_function_keeps_the_scope_it_was_written_in(value) -> None:
    assert value("{add: (function(n) function(x) x + n)(10), r: add(5)}.r", n=1) == 15


def test_partial_is_the_list_so_far(value) -> None:
    assert value("for i in 1..4 return if i = 1 then 1 else i * partial[-1]") == [1, 2, 6, 24]


def test_maps_in_a_chain_are_looked_through_in_their_order() -> None:
    scope = ChainMap({"a": 1}, {"a": 2, "b": 3}, {"c": None})
    result = feel.compile("[a, b, c]").evaluate(scope, now=NOW)
    assert feel.to_plain(result.value) == [1, 3, None] and not result.warnings


def test_the_data_given_in_is_never_changed(value) -> None:
    data = {"l": [1, 2]}
    value("append(d.l, 3)", d=data)
    value("context put(d, \"l\", 0)", d=data)
    assert data == {"l": [1, 2]}
