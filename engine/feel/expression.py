"""Compile once, evaluate often: the door of the language."""

from collections import ChainMap
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal, NamedTuple, TypeAlias

from engine.feel.builtins import TABLE
from engine.feel.compiler import Closure, Compiler
from engine.feel.faults import Fault, LimitExceeded, SyntaxFault, Warning, text_of
from engine.feel.incoming import take
from engine.feel.lexer import Names, words_of
from engine.feel.lint import Needs, needs
from engine.feel.parser import Parser
from engine.feel.runtime import Runtime, Scope
from engine.feel.tree import Node
from engine.feel.types import NamedTypes
from engine.feel.values import measure
from engine.words import Text

Mode: TypeAlias = Literal["expression", "unary_tests"]
Functions: TypeAlias = Mapping[str, Callable[..., Any]]

BUILTINS: frozenset[str] = frozenset(TABLE)
# Longer texts are rare and are compiled by whoever keeps them; so the cache stays small in bytes too.
LONGEST_CACHED = 1_000
_BUILTIN_NAMES = Names(TABLE)
_DEEP = Text("嵌套太深", "Nested too deep")


class Result(NamedTuple):
    """A value, and why parts of it are null."""

    value: Any
    warnings: list[Warning]


class Expression:
    """A parsed text. `tree` is its form, for those who check rather than evaluate."""

    __slots__ = ("_needs", "_run", "mode", "text", "tree")

    def __init__(self, text: str, mode: Mode, tree: Node, run: Closure) -> None:
        self.text, self.mode, self.tree, self._run = text, mode, tree, run
        self._needs: Needs | None = None

    def __repr__(self) -> str:
        return f"Expression({self.text!r})"

    def evaluate(
        self,
        scope: Mapping[str, Any],
        *,
        now: datetime,
        functions: Functions | None = None,
        input_value: Any = None,
    ) -> Result:
        """The value over `scope`, null with warnings where text and data do not fit.

        `functions` are looked up by name when called; `input_value` is the `?` of unary tests. Raises LimitExceeded.
        """
        runtime = Runtime(now, functions)
        return Result(self.within(runtime, scope, input_value), runtime.warnings)

    def within(self, runtime: Runtime, scope: Mapping[str, Any], input_value: Any = None) -> Any:
        """The value in an evaluation that goes on already and gathers its warnings and its spending."""
        place = Scope(scope, runtime) if type(scope) is dict else _place(scope, runtime)
        try:
            if self.mode == "unary_tests":
                place = Scope({"?": take(input_value)}, runtime, place)
            value = self._run(place)
            if type(value) is list or type(value) is dict:
                measure(value)
            return value
        except RecursionError:
            raise LimitExceeded(_DEEP) from None
        except Fault as fault:
            return runtime.warn("type", fault.text.zh, fault.text.en, 0)
        except ArithmeticError as fault:
            why = text_of(fault)
            return runtime.warn("arithmetic", why.zh, why.en, 0)

    def free_names(self) -> set[str]:
        """Dotted names that must come from outside, such as `verify.result`."""
        return set(self._needed().names)

    def possible_names(self) -> set[str]:
        """Dotted names within filters: keys of the items, or from outside."""
        return set(self._needed().possible_names)

    def called_functions(self) -> set[str]:
        """Functions called that are not FEEL's own."""
        return set(self._needed().functions)

    def _needed(self) -> Needs:
        if self._needs is None:
            self._needs = needs(self.tree)
        return self._needs


def _place(scope: Mapping[str, Any], runtime: Runtime) -> Scope:
    """Maps in a chain stay apart: to copy all variables for each condition would cost more than the condition."""
    maps = scope.maps if isinstance(scope, ChainMap) else [scope]
    place = Scope({}, runtime)
    for variables in reversed(maps):
        place = Scope(variables if type(variables) is dict else dict(variables), runtime, place)
    return place


def compile(
    text: str, names: Iterable[str] = (), *, mode: Mode = "expression", types: NamedTypes | None = None
) -> Expression:
    """Parse a text, bare or as `=…` or `${…}`; `names` are those of several words in reach. Raises SyntaxFault."""
    body = unwrap(text)
    spaced = tuple(sorted({name for name in names if len(words_of(name)) > 1}))
    if types or len(body) > LONGEST_CACHED:
        return _compiled(body, spaced, mode, types)
    return _cached(body, spaced, mode)


@lru_cache(4096)
def _cached(text: str, names: tuple[str, ...], mode: Mode) -> Expression:
    return _compiled(text, names, mode, None)


def _compiled(text: str, names: tuple[str, ...], mode: Mode, types: NamedTypes | None) -> Expression:
    known = Names(names, _BUILTIN_NAMES) if names else _BUILTIN_NAMES
    try:
        parser = Parser(text, known, names, mode == "unary_tests")
        tree = parser.unary_tests() if mode == "unary_tests" else parser.whole()
        return Expression(text, mode, tree, Compiler(types).build(tree))
    except RecursionError:
        raise SyntaxFault(_DEEP, 0, text) from None


def is_embedded(text: str) -> bool:
    """Whether an attribute that is otherwise literal holds an expression: `${…}`."""
    return text.strip().startswith("${")


def unwrap(text: str) -> str:
    """The expression of `${…}` or of `=…`; a bare one as it is."""
    body = text.strip()
    if body.startswith("${") and body.endswith("}"):
        return body[2:-1].strip()
    if body.startswith("=") and not body.startswith("=="):
        return body[1:].strip()
    return body
