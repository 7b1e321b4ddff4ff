"""Money and areas: decimals to two places in Python, whole hundredths in both databases."""

from decimal import ROUND_HALF_UP, Decimal

from sqlalchemy import BigInteger, Dialect
from sqlalchemy.types import TypeDecorator

HUNDREDTH = Decimal("0.01")


class Hundredths(TypeDecorator[Decimal]):
    """An exact amount to two places; a third place is rounded half up."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        return None if value is None else int(value.quantize(HUNDREDTH, ROUND_HALF_UP).scaleb(2))

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value).scaleb(-2)
