"""Calls: in this place a function is meant, so a variable of the same name does not hide it."""

from typing import TYPE_CHECKING, Any

from engine.feel.access import ABSENT, registered
from engine.feel.builtins import TABLE
from engine.feel.runtime import Scope
from engine.feel.tree import Call, Name
from engine.feel.values import Invocable, kind_text

if TYPE_CHECKING:
    from engine.feel.compiler import Closure, Compiler

# Their first argument may be absent without a warning: to ask that is what they are for.
_ASKING = frozenset({"is defined", "get or else"})


def call(compiler: "Compiler", node: Call) -> "Closure":
    """The value that a function gives for its arguments."""
    callee, at = node.function, node.position
    by_name = isinstance(callee, Name)
    function = _named(callee) if isinstance(callee, Name) else compiler.build(callee)
    asking = isinstance(callee, Name) and callee.name in _ASKING
    args = [compiler.build(arg, asking) for arg in node.args]
    named = None if node.named is None else [(key, compiler.build(arg, asking)) for key, arg in node.named]

    def run(scope: Scope) -> Any:
        found, runtime = function(scope), scope.runtime
        if not isinstance(found, Invocable):
            if by_name and found is ABSENT:
                return None
            what = kind_text(found)
            return runtime.warn("call", f"{what.zh}不是函数，不能调用", f"a {what.en} is no function", at)
        if named is not None:
            return runtime.call(found, [], {key: arg(scope) for key, arg in named}, at)
        return runtime.call(found, [arg(scope) for arg in args], None, at)

    return run


def _named(node: Name) -> "Closure":
    wanted, at, built_in = node.name, node.position, TABLE.get(node.name)

    def look(scope: Scope) -> Any:
        place: Scope | None = scope
        while place is not None:
            value = place.variables.get(wanted)
            if value is not None and isinstance(value, Invocable):
                return value
            place = place.parent
        function = registered(scope.runtime, wanted) or built_in
        if function is not None:
            return function
        scope.runtime.warn("call", f"没有函数“{wanted}”", f"there is no function {wanted}", at)
        return ABSENT

    return look
