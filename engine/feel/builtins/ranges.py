"""Built-ins on ranges and points: how they lie to each other (Allen), and a range from text."""

from collections.abc import Callable
from typing import Any, NamedTuple

from engine.feel.builtins.signatures import TABLE, builtin
from engine.feel.faults import Fault, SyntaxFault
from engine.feel.incoming import NUMBERS
from engine.feel.lexer import Names
from engine.feel.parser import Parser
from engine.feel.reading import read_temporal
from engine.feel.runtime import Runtime
from engine.feel.tree import Call, Constant, Name, Negation, Node, RangeLiteral, TemporalLiteral
from engine.feel.values import Range, compare

_POINTS = (("point1", "point2"), ("point", "range"), ("range", "point"), ("range1", "range2"))
_SAME_KIND = (("point1", "point2"), ("range1", "range2"))
_TWO_RANGES = (("range1", "range2"),)
_POINT_OR_RANGE = (("point", "range"), ("range1", "range2"))
_RANGE_FIRST = (("range", "point"), ("range1", "range2"))


class Ends(NamedTuple):
    """The ends of a range; a point has itself at both."""

    low: Any
    low_in: bool
    high: Any
    high_in: bool


def _ends(value: Any) -> Ends:
    if type(value) is Range:
        return Ends(value.low, value.low_included, value.high, value.high_included)
    return Ends(value, True, value, True)


def _order(left: Any, right: Any) -> int:
    order = compare(left, right)
    if order is None:
        raise Fault("两端不能比较", "the ends cannot be compared")
    return order


def _less(left: Any, right: Any) -> bool:
    if left is None or right is None:
        raise Fault("范围的一端是开放的", "an end is open")
    return _order(left, right) < 0


def _same(left: Any, right: Any) -> bool:
    return (left is None and right is None) or _order(left, right) == 0


def _before(a: Ends, b: Ends) -> bool:
    return _less(a.high, b.low) or (_same(a.high, b.low) and not (a.high_in and b.low_in))


def _starts_no_later(a: Ends, b: Ends) -> bool:
    return _less(a.low, b.low) or (_same(a.low, b.low) and (a.low_in or not b.low_in))


def _ends_no_earlier(a: Ends, b: Ends) -> bool:
    return _less(b.high, a.high) or (_same(a.high, b.high) and (a.high_in or not b.high_in))


def _includes(a: Ends, b: Ends) -> bool:
    return _starts_no_later(a, b) and _ends_no_earlier(a, b)


def _meets(a: Ends, b: Ends) -> bool:
    return a.high_in and b.low_in and _same(a.high, b.low)


def _overlaps(a: Ends, b: Ends) -> bool:
    return not _before(a, b) and not _before(b, a)


def _overlaps_before(a: Ends, b: Ends) -> bool:
    starts_first = _less(a.low, b.low) or (_same(a.low, b.low) and a.low_in and not b.low_in)
    return starts_first and not _before(a, b) and _ends_no_earlier(b, a)


def _overlaps_after(a: Ends, b: Ends) -> bool:
    starts_later = _less(b.low, a.low) or (_same(a.low, b.low) and b.low_in and not a.low_in)
    return starts_later and not _before(b, a) and _ends_no_earlier(a, b)


def _finished_by(a: Ends, b: Ends) -> bool:
    return _same(a.high, b.high) and a.high_in == b.high_in and _starts_no_later(a, b)


def _started_by(a: Ends, b: Ends) -> bool:
    return _same(a.low, b.low) and a.low_in == b.low_in and _ends_no_earlier(a, b)


def _coincides(a: Ends, b: Ends) -> bool:
    return _same(a.low, b.low) and _same(a.high, b.high) and (a.low_in, a.high_in) == (b.low_in, b.high_in)


def _relation(
    name: str,
    parameters: tuple[tuple[str, str], ...],
    holds: Callable[[Ends, Ends], bool],
    turned: bool = False,
) -> None:
    """Declare a relation; `turned` swaps its sides. Parameters called range take nothing else."""

    def relate(runtime: Runtime, first: Any, second: Any) -> bool:
        if first is None or second is None:
            raise Fault("参数是空值", "an argument is null")
        for value, side in ((first, 0), (second, 1)):
            if all(names[side].startswith("range") for names in parameters) and type(value) is not Range:
                raise Fault("要一个范围", "a range is needed")
        a, b = _ends(first), _ends(second)
        return holds(b, a) if turned else holds(a, b)

    builtin(*(f"{name}({first}: any, {second}: any)" for first, second in parameters))(relate)


_relation("before", _POINTS, _before)
_relation("after", _POINTS, _before, turned=True)
_relation("meets", _TWO_RANGES, _meets)
_relation("met by", _TWO_RANGES, _meets, turned=True)
_relation("overlaps", _TWO_RANGES, _overlaps)
_relation("overlaps before", _TWO_RANGES, _overlaps_before)
_relation("overlaps after", _TWO_RANGES, _overlaps_after)
_relation("finishes", _POINT_OR_RANGE, _finished_by, turned=True)
_relation("finished by", _RANGE_FIRST, _finished_by)
_relation("includes", _RANGE_FIRST, _includes)
_relation("during", _POINT_OR_RANGE, _includes, turned=True)
_relation("starts", _POINT_OR_RANGE, _started_by, turned=True)
_relation("started by", _RANGE_FIRST, _started_by)
_relation("coincides", _SAME_KIND, _coincides)

_LITERAL_CALLS = frozenset({"date", "time", "date and time", "duration"})


def _no_range() -> Fault:
    return Fault("不是范围", "not a range of literals")


@builtin("range(from: string)")
def range_from_text(runtime: Runtime, text: str) -> Range:
    """range("[1..10)"), its ends written out."""
    try:
        node = Parser(text, Names(["date and time"])).whole()
    except (SyntaxFault, RecursionError):
        raise _no_range() from None
    if not isinstance(node, RangeLiteral):
        raise _no_range()
    low, high = _literal(runtime, node.low), _literal(runtime, node.high)
    if low is None and high is None:
        raise _no_range()
    if low is not None and high is not None and _order(low, high) > 0:
        raise Fault("范围的结束在开始之前", "the range ends before it starts")
    return Range(low, node.low_included, high, node.high_included)


def _literal(runtime: Runtime, node: Node) -> Any:
    if isinstance(node, Constant):
        return node.value
    if isinstance(node, TemporalLiteral):
        return read_temporal(node.text)
    if isinstance(node, Negation) and isinstance(node.operand, Constant):
        return NUMBERS.minus(node.operand.value)
    if isinstance(node, Call) and isinstance(node.function, Name) and node.function.name in _LITERAL_CALLS:
        args = [arg.value for arg in node.args if isinstance(arg, Constant)]
        if len(args) == len(node.args) and not node.named:
            return TABLE[node.function.name].invoke(runtime, args, None, 0)
    raise _no_range()
