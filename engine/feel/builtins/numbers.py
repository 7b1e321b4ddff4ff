"""Built-ins on numbers."""

from collections.abc import Callable
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
)

from engine.feel.builtins.signatures import builtin
from engine.feel.faults import Fault
from engine.feel.incoming import NUMBERS
from engine.feel.runtime import Runtime
from engine.feel.temporal import Days, Months

# Rounding a large number to many digits needs more than 34 of them on the way.
_WIDE = NUMBERS.copy()
_WIDE.prec, _WIDE.Emin, _WIDE.Emax = 7000, -20_000, 20_000


def _rounding(mode: str) -> Callable[[Runtime, Decimal, Decimal | None], Decimal]:
    def rounded(runtime: Runtime, number: Decimal, scale: Decimal | None) -> Decimal:
        places = Decimal(0) if scale is None else scale.to_integral_value(ROUND_DOWN)
        if not -6111 <= places <= 6176:
            raise Fault("小数位数超出范围", "the scale is out of range")
        step = Decimal(1).scaleb(-int(places), _WIDE)
        return NUMBERS.create_decimal(number.quantize(step, mode, _WIDE))

    return rounded


builtin("floor(n: number, scale?: number)")(_rounding(ROUND_FLOOR))
builtin("ceiling(n: number, scale?: number)")(_rounding(ROUND_CEILING))
builtin("round up(n: number, scale: number)")(_rounding(ROUND_UP))
builtin("round down(n: number, scale: number)")(_rounding(ROUND_DOWN))
builtin("round half up(n: number, scale: number)")(_rounding(ROUND_HALF_UP))
builtin("round half down(n: number, scale: number)")(_rounding(ROUND_HALF_DOWN))
builtin("decimal(n: number, scale: number)")(_rounding(ROUND_HALF_EVEN))


@builtin("abs(n: number)")
def abs_number(runtime: Runtime, number: Decimal) -> Decimal:
    """Without its sign."""
    return number.copy_abs()


@builtin("abs(n: duration)")
def abs_duration(runtime: Runtime, duration: Days | Months) -> Days | Months:
    """Without its sign."""
    return Days(abs(duration.ns)) if isinstance(duration, Days) else Months(abs(duration.count))


@builtin("modulo(dividend: number, divisor: number)")
def modulo(runtime: Runtime, dividend: Decimal, divisor: Decimal) -> Decimal:
    """The remainder, with the sign of the divisor."""
    if not divisor:
        raise Fault("除数是零", "division by zero")
    quotient = NUMBERS.divide(dividend, divisor).to_integral_value(ROUND_FLOOR)
    return NUMBERS.subtract(dividend, NUMBERS.multiply(divisor, quotient))


@builtin("sqrt(number: number)")
def sqrt(runtime: Runtime, number: Decimal) -> Decimal:
    """The square root."""
    return NUMBERS.sqrt(number)


@builtin("log(number: number)")
def log(runtime: Runtime, number: Decimal) -> Decimal:
    """The natural logarithm."""
    if number <= 0:
        raise Fault("只有正数有对数", "only numbers above 0 have a logarithm")
    return NUMBERS.ln(number)


@builtin("exp(number: number)")
def exp(runtime: Runtime, number: Decimal) -> Decimal:
    """e to the power of the number."""
    return NUMBERS.exp(number)


def _remainder_by_two(number: Decimal) -> Decimal | None:
    return NUMBERS.remainder(number, Decimal(2)) if number == number.to_integral_value() else None


@builtin("odd(number: number)")
def odd(runtime: Runtime, number: Decimal) -> bool:
    """Whether it is an odd whole number."""
    return _remainder_by_two(number) in (Decimal(1), Decimal(-1))


@builtin("even(number: number)")
def even(runtime: Runtime, number: Decimal) -> bool:
    """Whether it is an even whole number."""
    return _remainder_by_two(number) == 0
