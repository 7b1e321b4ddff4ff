"""Between the language's values and the product's data."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from engine import feel
from tests.engine.feel.conftest import NOW


def evaluated(text: str, **scope: object) -> object:
    return feel.compile(text).evaluate(scope, now=NOW).value


def test_whole_numbers_leave_as_int_and_others_as_float() -> None:
    assert feel.to_plain(Decimal("3.0")) == 3 and type(feel.to_plain(Decimal("3.0"))) is int
    assert feel.to_plain(Decimal("0.1")) == 0.1


def test_temporal_values_leave_as_text() -> None:
    assert feel.to_plain(evaluated('[@"2026-07-14", @"PT36H", @"09:30:00Z"]')) == ["2026-07-14", "P1DT12H", "09:30:00Z"]


def test_a_number_beyond_all_data_does_not_leave() -> None:
    with pytest.raises(feel.Fault):
        feel.to_plain(evaluated("9 ** 9 ** 9 ** 9"))


def test_datetimes_come_in_and_go_out_at_the_same_instant() -> None:
    moment = feel.from_datetime(NOW)
    assert str(moment) == "2026-07-14T09:30:00+08:00"
    assert feel.to_datetime(moment) == NOW


def test_what_says_nothing_of_its_zone_is_of_shanghai() -> None:
    assert feel.to_datetime(evaluated('@"2026-07-14"')) == datetime.fromisoformat("2026-07-14T00:00:00+08:00")
    assert feel.to_datetime(evaluated('@"2026-07-14T01:00:00"')) == datetime.fromisoformat("2026-07-14T01:00:00+08:00")
    assert feel.to_datetime(evaluated('@"2026-07-13T17:00:00Z"')) == datetime(2026, 7, 13, 17, tzinfo=UTC)


def test_what_is_no_date_gives_no_datetime() -> None:
    assert feel.to_datetime("2026-07-14") is None
    assert feel.to_datetime(evaluated('@"10:00:00"')) is None
    assert feel.to_datetime(evaluated('@"12026-07-14"')) is None


def test_durations_of_days_become_timedeltas_and_those_of_months_do_not() -> None:
    assert feel.to_timedelta(evaluated('@"P1DT2H"')) == timedelta(days=1, hours=2)
    assert feel.to_timedelta("PT90S") == timedelta(seconds=90)
    assert feel.to_timedelta(evaluated('@"P1M"')) is None
    assert feel.to_timedelta("soon") is None


def test_python_dates_and_timedeltas_are_values_of_the_language() -> None:
    assert evaluated('d + t = @"2026-07-15"', d=date(2026, 7, 14), t=timedelta(days=1)) is True
    assert evaluated("d < now()", d=datetime(2026, 7, 14, tzinfo=UTC)) is True


def test_the_clock_is_the_one_that_is_handed_in() -> None:
    assert feel.to_plain(evaluated("[now(), today()]")) == ["2026-07-14T09:30:00+08:00", "2026-07-14"]


def test_a_value_too_large_to_write_down_does_not_leave() -> None:
    shared = [0] * 1000
    with pytest.raises(feel.LimitExceeded):
        feel.to_plain([shared] * 1000)


@pytest.mark.parametrize(
    ("wanted", "given", "fits"),
    [
        ("number", Decimal(1), True),
        ("number", [Decimal(1)], True),
        ("number", "1", False),
        ("list<number>", Decimal(1), True),
        ("list<number>", ["a"], False),
        ("string", None, True),
        ("context<a: number>", {"a": 1}, True),
        ("context<a: number>", {"b": 1}, False),
    ],
)
def test_a_declared_type_takes_or_refuses_a_value(wanted, given, fits) -> None:
    assert feel.coerce(given, feel.parse_type(wanted))[0] is fits
