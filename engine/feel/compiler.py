"""Tree to closures: each node becomes a function of the scope, made once and called for every evaluation."""

from collections.abc import Callable
from typing import Any, TypeAlias

from engine.feel import access, arithmetic, calls, literals, logic, loops, tree
from engine.feel.runtime import Scope
from engine.feel.types import NamedTypes

Closure: TypeAlias = Callable[[Scope], Any]
_Maker: TypeAlias = Callable[["Compiler", Any], Closure]

# Makers of what may be asked for quietly: absent without a warning, as in `note = null`.
_QUIETABLE: dict[type[tree.Node], Callable[["Compiler", Any, bool], Closure]] = {
    tree.Name: access.name,
    tree.Path: access.path,
    tree.Filter: loops.filtered,
}
_MAKERS: dict[type[tree.Node], _Maker] = {
    tree.Constant: literals.constant,
    tree.TemporalLiteral: literals.temporal,
    tree.ListLiteral: literals.list_,
    tree.ContextLiteral: literals.context,
    tree.RangeLiteral: literals.range_,
    tree.UnaryTest: literals.unary_test,
    tree.FunctionLiteral: literals.function,
    tree.Logic: logic.logic,
    tree.Comparison: logic.comparison,
    tree.Between: logic.between,
    tree.In: logic.in_,
    tree.If: logic.if_,
    tree.InstanceOf: logic.instance_of,
    tree.Anything: logic.anything,
    tree.UnaryTests: logic.unary_tests,
    tree.Arithmetic: arithmetic.arithmetic,
    tree.Negation: arithmetic.negation,
    tree.Span: loops.span,
    tree.For: loops.for_,
    tree.Quantified: loops.quantified,
    tree.Call: calls.call,
}


class Compiler:
    """Makes closures; `types` are the named types of a model."""

    def __init__(self, types: NamedTypes | None = None) -> None:
        self.types: NamedTypes = types or {}

    def build(self, node: tree.Node, quiet: bool = False) -> Closure:
        """The closure of a node."""
        quietable = _QUIETABLE.get(type(node))
        if quietable is not None:
            return quietable(self, node, quiet)
        return _MAKERS[type(node)](self, node)
