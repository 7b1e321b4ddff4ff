"""One evaluation as it goes on: its clock, its warnings, how much it may still spend; and the scopes of names."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from engine.feel.faults import LimitExceeded, Warning, text_of
from engine.feel.incoming import TAKE, take
from engine.feel.values import Invocable
from engine.words import Text

FUEL = 100_000
LONGEST_LIST = 20_000
DEEPEST_CALLS = 40
MOST_WARNINGS = 50

STEPS = Text("表达式的计算步骤太多", "The expression takes too many steps")
LIST = Text("列表太长", "The list is too long")
CALLS = Text("函数调用嵌套太深", "Calls are nested too deep")
TEXT = Text("文本太长", "The text is too long")


class Runtime:
    """What one evaluation carries along."""

    __slots__ = ("depth", "fuel", "functions", "now", "warnings")

    def __init__(
        self, now: datetime, functions: Mapping[str, Callable[..., Any]] | None = None, fuel: int = FUEL
    ) -> None:
        self.now, self.functions, self.fuel = now, functions or {}, fuel
        self.warnings: list[Warning] = []
        self.depth = 0

    def spend(self, steps: int = 1) -> None:
        """Charge for work that the length of the source does not bound."""
        self.fuel -= steps
        if self.fuel < 0:
            raise LimitExceeded(STEPS)

    def warn(self, code: str, zh: str, en: str, position: int) -> Any:
        """Note why null comes out; gives that null."""
        if len(self.warnings) < MOST_WARNINGS:
            self.warnings.append(Warning(code, Text(zh, en), position))
        return None

    def room_for_list(self, length: int) -> None:
        """Refuse a list beyond the longest."""
        if length > LONGEST_LIST:
            raise LimitExceeded(LIST)

    def call(
        self, function: Invocable, args: list[Any], named: dict[str, Any] | None = None, position: int = 0
    ) -> Any:
        """Call with the depth watched."""
        self.spend()
        self.depth += 1
        if self.depth > DEEPEST_CALLS:
            raise LimitExceeded(CALLS)
        try:
            return function.invoke(self, args, named, position)
        finally:
            self.depth -= 1


class Scope:
    """Names in reach: the innermost first, then those around it."""

    __slots__ = ("parent", "runtime", "variables")

    def __init__(self, variables: dict[str, Any], runtime: Runtime, parent: "Scope | None" = None) -> None:
        self.variables, self.runtime, self.parent = variables, runtime, parent


class Registered(Invocable):
    """A Python function that the installation offers to expressions, by position only."""

    __slots__ = ("function",)

    def __init__(self, name: str, function: Callable[..., Any]) -> None:
        self.name, self.function = name, function

    def takes(self, count: int) -> bool:
        """Python tells when it is called."""
        return True

    def invoke(
        self, runtime: Runtime, args: Any, named: dict[str, Any] | None, position: int
    ) -> Any:
        """Values in, values out; a value that it cannot use is a warning, other errors pass through."""
        if named is not None:
            zh, en = f"{self.name} 的参数按位置给", f"{self.name} takes its arguments by position"
            return runtime.warn("call", zh, en, position)
        runtime.spend(10)
        try:
            return take(self.function(*args))
        except (ValueError, TypeError, LookupError, ArithmeticError) as fault:
            why = text_of(fault)
            return runtime.warn("call", f"{self.name}：{why.zh}", f"{self.name}: {why.en}", position)


TAKE[Registered] = None
