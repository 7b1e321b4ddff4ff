"""How built-ins are declared: one signature gives positions, names, overloads, coercion of single items, warnings.

`name(parameter: kind, optional?: kind, nullable: kind!, *rest: any)`; a kind may be several with `|`.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias, TypeVar

from engine.feel.faults import Fault, text_of
from engine.feel.incoming import TAKE, take
from engine.feel.runtime import Runtime
from engine.feel.temporal import Date, DateTime, Days, Months, Time
from engine.feel.values import Invocable, Range, kind_text
from engine.words import Text

Implementation: TypeAlias = Callable[..., Any]
_F = TypeVar("_F", bound=Implementation)

_KINDS: dict[str, tuple[type, ...]] = {
    "any": (),
    "function": (Invocable,),
    "string": (str,),
    "number": (Decimal,),
    "boolean": (bool,),
    "list": (list,),
    "context": (dict,),
    "range": (Range,),
    "date": (Date,),
    "time": (Time,),
    "date and time": (DateTime,),
    "days": (Days,),
    "duration": (Days, Months),
}
_PARAMETER = re.compile(r"(\*?)([\w ]+?)(\??): ([\w |]+?)(!?)")
_GAP: Any = object()


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: its name, the Python types of its kinds, what may be left out or null."""

    name: str
    types: tuple[type, ...]
    optional: bool
    nullable: bool
    rest: bool


class Builtin(Invocable):
    """A function of the language with its overloads, tried in order."""

    __slots__ = ("overloads",)

    name: str

    def __init__(self, name: str) -> None:
        self.name = name
        self.overloads: list[tuple[list[Parameter], Implementation]] = []

    def takes(self, count: int) -> bool:
        """Whether an overload has so many parameters."""
        return any(len(parameters) == count for parameters, _ in self.overloads)

    def invoke(
        self, runtime: Runtime, args: Sequence[Any], named: dict[str, Any] | None, position: int
    ) -> Any:
        """The first overload that the arguments fit."""
        why: Text | None = None
        for parameters, implementation in self.overloads:
            bound = bind(parameters, args, named)
            if isinstance(bound, Text):
                why = why or bound
                continue
            try:
                return implementation(runtime, *bound)
            except (ValueError, ArithmeticError) as fault:
                why = text_of(fault)
                break
        return self.refuse(runtime, why or Text("参数不对", "wrong arguments"), position)

    def refuse(self, runtime: Runtime, why: Text, position: int) -> Any:
        """Null and a warning that names the function."""
        return runtime.warn("argument", f"{self.name}：{why.zh}", f"{self.name}: {why.en}", position)


TABLE: dict[str, Builtin] = {}
TAKE[Builtin] = None


def builtin(*signatures: str) -> Callable[[_F], _F]:
    """Declare a function under one or more signatures."""

    def declare(implementation: _F) -> _F:
        for signature in signatures:
            name, _, rest = signature.partition("(")
            parameters = [_parameter(part) for part in rest.rstrip(")").split(", ") if part]
            TABLE.setdefault(name, Builtin(name)).overloads.append((parameters, implementation))
        return implementation

    return declare


def _parameter(text: str) -> Parameter:
    found = _PARAMETER.fullmatch(text)
    if found is None:
        raise ValueError(f"not a parameter: {text}")
    rest, name, optional, kinds, nullable = found.groups()
    types = tuple(python for kind in kinds.split("|") for python in _KINDS[kind])
    return Parameter(name, types, bool(optional), bool(nullable) or not types, bool(rest))


def bind(parameters: list[Parameter], args: Sequence[Any], named: dict[str, Any] | None) -> list[Any] | Text:
    """The arguments in the order of the parameters, or why they do not fit."""
    if named is not None:
        placed = _placed(parameters, named)
        if isinstance(placed, Text):
            return placed
        args = placed
    bound: list[Any] = []
    for at, parameter in enumerate(parameters):
        if parameter.rest:
            bound.append([take(arg) for arg in args[at:]])
            return bound if len(args) > at else _missing(parameter)
        if at >= len(args) or args[at] is _GAP:
            if not parameter.optional:
                return _missing(parameter)
            bound.append(None)
            continue
        fits, value = _fitted(parameter, args[at])
        if not fits:
            what = kind_text(args[at])
            return Text(f"参数 {parameter.name} 不能是{what.zh}", f"{parameter.name} is {what.en}")
        bound.append(value)
    return Text("参数太多", "too many arguments") if len(args) > len(parameters) else bound


def _missing(parameter: Parameter) -> Text:
    return Text(f"缺少参数 {parameter.name}", f"{parameter.name} is missing")


def _placed(parameters: list[Parameter], named: dict[str, Any]) -> list[Any] | Text:
    unknown = named.keys() - {parameter.name for parameter in parameters}
    if unknown:
        name = min(unknown)
        return Text(f"没有参数 {name}", f"there is no parameter {name}")
    args: list[Any] = []
    for parameter in parameters:
        if parameter.name not in named:
            if not parameter.optional:
                return _missing(parameter)
            args.append(_GAP)
            continue
        value = named[parameter.name]
        args += value if parameter.rest and type(value) is list else [value]
    return args


def _fitted(parameter: Parameter, value: Any) -> tuple[bool, Any]:
    if value is None:
        return parameter.nullable, None
    if not parameter.types or isinstance(value, parameter.types):
        # bool is no number here: Decimal and bool are unrelated classes.
        return True, value
    if type(value) is list and len(value) == 1 and isinstance(single := take(value[0]), parameter.types):
        return True, single
    return (True, [value]) if list in parameter.types else (False, None)


def whole(number: Decimal, zh: str = "数字", en: str = "the number") -> int:
    """The int of a whole number."""
    if number != number.to_integral_value() or abs(number) > 10**18:
        raise Fault(f"{zh}应当是整数", f"{en} is not whole")
    return int(number)


def place(position: Decimal, length: int) -> int:
    """The 0-based index of a 1-based position that counts from the end when negative."""
    index = whole(position, "位置", "the position")
    if index == 0 or abs(index) > length:
        raise Fault("位置超出范围", "there is no such position")
    return index - 1 if index > 0 else length + index
