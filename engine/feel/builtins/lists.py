"""Built-ins on lists."""

from decimal import Decimal
from functools import cmp_to_key
from typing import Any

from engine.feel.builtins.signatures import builtin, place, whole
from engine.feel.faults import Fault
from engine.feel.incoming import take
from engine.feel.runtime import Runtime
from engine.feel.values import Invocable, compare, equal


def _same(left: Any, right: Any) -> bool:
    return right is None if left is None else equal(take(left), right) is True


@builtin("list contains(list: list, element: any)")
def list_contains(runtime: Runtime, items: list[Any], element: Any) -> bool:
    """Whether the element is one of the items."""
    runtime.spend(len(items))
    return any(_same(item, element) for item in items)


@builtin("count(list: list)")
def count(runtime: Runtime, items: list[Any]) -> Decimal:
    """How many items."""
    return Decimal(len(items))


def _joined(runtime: Runtime, lists: list[Any]) -> list[Any]:
    made: list[Any] = []
    for part in lists:
        if part is None:
            raise Fault("列表不能是空值", "a list is null")
        made += part if type(part) is list else [part]
        runtime.room_for_list(len(made))
    runtime.spend(len(made))
    return made


def _distinct(runtime: Runtime, items: list[Any]) -> list[Any]:
    made: list[Any] = []
    for raw in items:
        item = take(raw)
        runtime.spend(1 + len(made) // 5)
        if not any(_same(known, item) for known in made):
            made.append(item)
    return made


@builtin("concatenate(*lists: any)")
def concatenate(runtime: Runtime, lists: list[Any]) -> list[Any]:
    """All items in one list."""
    return _joined(runtime, lists)


@builtin("union(*lists: any)")
def union(runtime: Runtime, lists: list[Any]) -> list[Any]:
    """All items in one list, each once."""
    return _distinct(runtime, _joined(runtime, lists))


@builtin("append(list: list!, *items: any)")
def append(runtime: Runtime, items: list[Any] | None, more: list[Any]) -> list[Any]:
    """With more items at the end."""
    start = [None] if items is None else items
    runtime.spend(len(start))
    runtime.room_for_list(len(start) + len(more))
    return start + more


@builtin("sublist(list: list, start position: number, length?: number)")
def sublist(runtime: Runtime, items: list[Any], start: Decimal, length: Decimal | None) -> list[Any]:
    """From a 1-based position, from the end where negative."""
    first = place(start, len(items))
    if length is None:
        return items[first:]
    size = whole(length, "长度", "the length")
    if size < 1 or first + size > len(items):
        raise Fault("长度超出范围", "the length is out of range")
    return items[first : first + size]


@builtin("insert before(list: list, position: number, newItem: any)")
def insert_before(runtime: Runtime, items: list[Any], position: Decimal, new: Any) -> list[Any]:
    """With an item put before a position."""
    at = place(position, len(items))
    runtime.spend(len(items))
    runtime.room_for_list(len(items) + 1)
    return [*items[:at], new, *items[at:]]


@builtin("remove(list: list, position: number)")
def remove(runtime: Runtime, items: list[Any], position: Decimal) -> list[Any]:
    """Without the item at a position."""
    at = place(position, len(items))
    runtime.spend(len(items))
    return items[:at] + items[at + 1 :]


@builtin("list replace(list: list, position: number, newItem: any)")
def replace_at(runtime: Runtime, items: list[Any], position: Decimal, new: Any) -> list[Any]:
    """With another item at a position."""
    at = place(position.to_integral_value("ROUND_DOWN"), len(items))
    runtime.spend(len(items))
    return [*items[:at], new, *items[at + 1 :]]


@builtin("list replace(list: list, match: function, newItem: any)")
def replace_matching(runtime: Runtime, items: list[Any], match: Invocable, new: Any) -> list[Any]:
    """With another item wherever the function says so."""
    made: list[Any] = []
    for item in items:
        verdict = runtime.call(match, [take(item), new])
        if type(verdict) is not bool:
            raise Fault("函数没有给出是或否", "the function gives neither true nor false")
        made.append(new if verdict else item)
    return made


@builtin("reverse(list: list)")
def reverse(runtime: Runtime, items: list[Any]) -> list[Any]:
    """From the last to the first."""
    runtime.spend(len(items))
    return items[::-1]


@builtin("index of(list: list, match: any)")
def index_of(runtime: Runtime, items: list[Any], match: Any) -> list[Decimal]:
    """The positions of the items that equal it."""
    runtime.spend(len(items))
    return [Decimal(at) for at, item in enumerate(items, 1) if _same(item, match)]


@builtin("distinct values(list: list)")
def distinct_values(runtime: Runtime, items: list[Any]) -> list[Any]:
    """Each value once."""
    return _distinct(runtime, items)


@builtin("duplicate values(list: list)")
def duplicate_values(runtime: Runtime, items: list[Any]) -> list[Any]:
    """The values that occur more than once."""
    distinct = _distinct(runtime, items)
    runtime.spend(len(distinct) * len(items) // 5)
    return [value for value in distinct if sum(_same(item, value) for item in items) > 1]


@builtin("flatten(list: list)")
def flatten(runtime: Runtime, items: list[Any]) -> list[Any]:
    """The items of all inner lists in one."""
    made: list[Any] = []
    waiting = items[::-1]
    while waiting:
        runtime.spend()
        item = waiting.pop()
        if type(item) is list:
            waiting += item[::-1]
        else:
            made.append(item)
        runtime.room_for_list(len(made) + len(waiting))
    return made


@builtin("sort(list: list, precedes?: function)")
def sort(runtime: Runtime, items: list[Any], precedes: Invocable | None) -> list[Any]:
    """In order, or in the order that a function says."""
    runtime.spend(len(items))

    def by_value(left: Any, right: Any) -> int:
        order = compare(left, right)
        if order is None:
            raise Fault("列表里的值不能互相比较", "the items cannot be compared")
        return order

    def by_function(left: Any, right: Any) -> int:
        verdict = runtime.call(precedes, [left, right]) if precedes else None
        if verdict is None:
            raise Fault("函数没有给出是或否", "the function gives neither true nor false")
        if verdict is True:
            return -1
        return 1 if precedes and runtime.call(precedes, [right, left]) is True else 0

    return sorted((take(item) for item in items), key=cmp_to_key(by_function if precedes else by_value))


@builtin("partition(list: list, size: number)")
def partition(runtime: Runtime, items: list[Any], size: Decimal) -> list[list[Any]]:
    """In lists of a size."""
    step = whole(size, "大小", "the size")
    if step < 1:
        raise Fault("大小至少是 1", "the size is below 1")
    runtime.spend(len(items))
    return [items[at : at + step] for at in range(0, len(items), step)]
