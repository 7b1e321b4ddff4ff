"""A condition costs about a microsecond: it is asked at every gateway, cell and field."""

import timeit

from engine import feel
from tests.engine.feel.conftest import NOW

ROUNDS = 5_000


def test_a_condition_costs_little_more_than_its_bare_lookups() -> None:
    data = {"verify": {"result": "pass"}, "household": {"per_capita_m2": 12}}
    condition = feel.compile('verify.result = "pass" and household.per_capita_m2 < 15')

    def bare() -> bool:
        verify, household = data.get("verify"), data.get("household")
        return verify["result"] == "pass" and household["per_capita_m2"] < 15

    floor = min(timeit.repeat(bare, number=ROUNDS, repeat=5))
    ours = min(timeit.repeat(lambda: condition.evaluate(data, now=NOW), number=ROUNDS, repeat=5))
    assert ours < 40 * floor
