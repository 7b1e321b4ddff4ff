"""A condition costs about a microsecond: it is asked at every gateway, cell and field."""

import time
import timeit
from collections.abc import Callable

from engine import feel
from tests.engine.feel.conftest import NOW

ROUNDS = 5_000


def cost(work: Callable[[], object]) -> float:
    """The processor's time for it at its best, whatever else the machine does."""
    return min(timeit.repeat(work, number=ROUNDS, repeat=7, timer=time.process_time))


def test_a_condition_costs_little_more_than_its_bare_lookups() -> None:
    data = {"verify": {"result": "pass"}, "household": {"per_capita_m2": 12}}
    condition = feel.compile('verify.result = "pass" and household.per_capita_m2 < 15')

    def bare() -> bool:
        verify, household = data.get("verify"), data.get("household")
        return verify["result"] == "pass" and household["per_capita_m2"] < 15

    assert cost(lambda: condition.evaluate(data, now=NOW)) < 50 * cost(bare)
