"""Compile and evaluate: the door of the language for the rest of the engine."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from engine.feel.ground import builtins as B
from engine.feel.ground import engine as G
from engine.feel.ground import lint as L
from engine.feel.ground import values as V
from engine.feel.ground.compiler import Env, Limit, Runtime
from engine.feel.ground.parser import FeelSyntaxError
from engine.words import Text

SHANGHAI = ZoneInfo("Asia/Shanghai")
BUILTINS: frozenset[str] = frozenset(B.TABLE)


class SyntaxFault(Exception):
    """The text is no FEEL: `message` says why, `position` where."""

    def __init__(self, message: Text, position: int, text: str) -> None:
        super().__init__(message.en)
        self.message, self.position, self.text = message, position, text


class LimitExceeded(Exception):
    """An evaluation took more steps, depth or room than it may."""

    def __init__(self, message: Text) -> None:
        super().__init__(message.en)
        self.message = message


@dataclass(frozen=True)
class Warning:
    """Why a value came out as null: a stable code, words, a place in the text."""

    code: str
    message: Text
    position: int


@dataclass(frozen=True)
class Result:
    """A value and what was doubtful on the way to it."""

    value: Any
    warnings: list[Warning] = field(default_factory=list)


class _Registered:
    __slots__ = ("fn", "name")

    def __init__(self, name: str, fn: Callable[..., Any]) -> None:
        self.name, self.fn = name, fn

    def call(self, rt: Any, args: Any, named: Any, pos: int) -> Any:
        if named is not None:
            return rt.warn("call", f"{self.name} takes its arguments by position", pos)
        rt.spend(10)
        try:
            return from_plain(self.fn(*args))
        except (ValueError, TypeError, LookupError, ArithmeticError) as fault:
            return rt.warn("call", f"{self.name}: {fault}", pos)


class Expression:
    """A parsed text, ready to be evaluated any number of times."""

    __slots__ = ("_run", "_tree", "mode", "text")

    def __init__(self, text: str, tree: Any, run: Any, mode: str) -> None:
        self.text, self._tree, self._run, self.mode = text, tree, run, mode

    def evaluate(self, scope: Mapping[str, Any], *, now: datetime, functions: Mapping[str, Callable[..., Any]] | None = None, input_value: Any = None) -> Result:
        """The value over `scope`, null with warnings where the text does not fit the data."""
        runtime = Runtime(clock=now)
        env = Env({n: _Registered(n, f) for n, f in (functions or {}).items()}, runtime)
        env = Env(scope if isinstance(scope, dict) else dict(scope), runtime, env)
        if self.mode == "unary_tests":
            env = Env({"?": V.conv(from_plain(input_value))}, runtime, env)
        try:
            value = self._run(env)
        except (Limit, RecursionError) as limit:
            raise LimitExceeded(Text("表达式超出了允许的计算量", f"The expression takes too much: {limit}")) from None
        return Result(value, [Warning(c, Text(t, t), p) for c, t, p in runtime.warnings])

    def free_names(self) -> set[str]:
        """Dotted names that the text needs from outside; a trailing `?` may be a key of the filtered items."""
        return set(L.free(self._tree)[0])

    def called_functions(self) -> set[str]:
        """Functions called that FEEL itself does not have."""
        return set(L.free(self._tree)[1])


def compile(text: str, names: Iterable[str] = (), *, mode: str = "expression") -> Expression:
    """Parse `text` (bare, `=…` or `${…}`); `names` are names of several words in reach."""
    body = unwrap(text)
    try:
        tree = G.parse(body, tuple(names), mode == "unary_tests")
        return Expression(body, tree, G.compile_tree(tree), mode)
    except FeelSyntaxError as fault:
        raise SyntaxFault(Text(f"表达式有误：{fault}", str(fault)), fault.pos, body) from None
    except RecursionError:
        raise SyntaxFault(Text("表达式嵌套太深", "nested too deep"), 0, body) from None


def unwrap(text: str) -> str:
    """The bare expression of `${…}` or `=…`."""
    body = text.strip()
    if body.startswith("${") and body.endswith("}"):
        return body[2:-1].strip()
    return body[1:].strip() if body.startswith("=") else body


_LINE = re.compile(r"\s*([^\W\d]\w*(?:\.[^\W\d]\w*)*)\s*=(?!=)(.*)", re.S)


def parse_script(text: str) -> list[tuple[str, Expression, int]]:
    """The `name = expression` lines of a script task, with their line numbers."""
    lines: list[tuple[str, Expression, int]] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.strip().startswith("//"):
            continue
        found = _LINE.fullmatch(line)
        if found is None:
            raise SyntaxFault(Text(f"第 {number} 行：应写成“名称 = 表达式”", f"Line {number}: write it as name = expression"), 0, line)
        lines.append((found[1], compile(found[2]), number))
    return lines


def from_plain(value: Any) -> Any:
    """Python data (datetimes too) as FEEL values."""
    if isinstance(value, datetime):
        return from_datetime(value)
    if isinstance(value, timedelta):
        return V.Days((value.days * 86400 + value.seconds) * V.NS + value.microseconds * 1000)
    return V.conv(value)


def to_plain(value: Any) -> Any:
    """JSON data: whole numbers as int, other numbers as float, temporal values as ISO text."""
    value = V.conv(value)
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, list):
        return [to_plain(x) for x in value]
    if isinstance(value, dict):
        return {k: to_plain(x) for k, x in value.items()}
    if value is None or isinstance(value, str | bool):
        return value
    if type(value) in V.KEYED:
        return str(value)
    raise ValueError(f"a {V.kind(value)} cannot be kept")


def from_datetime(value: datetime) -> Any:
    """An aware datetime as a FEEL date and time."""
    return V.parse_datetime(value.isoformat())


def to_datetime(value: Any) -> datetime | None:
    """A FEEL date and time or date (00:00 in Shanghai) as an aware datetime; None for anything else."""
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=SHANGHAI)
    if type(value) is V.Date:
        return datetime(value.y, value.m, value.d, tzinfo=SHANGHAI)
    if type(value) is not V.DateTime:
        return None
    d, t = value.date, value.time
    zone: Any = ZoneInfo(t.zone) if t.zone else SHANGHAI if t.off is None else timezone(timedelta(seconds=t.off))
    return datetime(d.y, d.m, d.d, t.hour, t.minute, t.second, t.ns % V.NS // 1000, tzinfo=zone).astimezone(SHANGHAI)


def to_timedelta(value: Any) -> timedelta | None:
    """A FEEL days and time duration as a timedelta; None for anything else."""
    return timedelta(microseconds=value.ns // 1000) if type(value) is V.Days else None
