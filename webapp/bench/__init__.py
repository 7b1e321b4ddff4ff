"""How fast Anju is on this machine: each figure with its floor, measured in the same run, and their ratio."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from webapp.bench import crowds, measures
from webapp.bench.ground import Bench, benches

MEASURES = {
    "start_case": measures.start_case,
    "complete_task": measures.complete_task,
    "complete_task_http": measures.complete_task_http,
    "p99_over_p50": measures.p99_over_p50,
    "rounds_500_over_5": measures.rounds_500_over_5,
    "memory_per_case_kb": measures.memory_per_case_kb,
    "cases_100k_over_100": crowds.cases_100k_over_100,
    "inbox_page_1m": crowds.inbox_page_1m,
    "claim_100_timers_1m": crowds.claim_100_timers_1m,
    "feel_condition": measures.feel_condition,
    "decision_50_rules": measures.decision_50_rules,
}
NO_DATABASE = ("feel_condition", "decision_50_rules")


def run(*, quick: bool = False, only: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """Every measure, or those named, on a SQLite of its own and on a PostgreSQL where the settings name one."""
    wanted = [name for name in MEASURES if not only or name in only]
    return [found for bench in benches(quick) for found in _on(bench, wanted)]


def _on(bench: Bench, wanted: list[str]) -> Iterator[dict[str, Any]]:
    with _open(bench):
        for name in wanted:
            if name not in NO_DATABASE or bench.is_first:
                yield {"name": name, "database": "none" if name in NO_DATABASE else bench.kind, **MEASURES[name](bench)}


@contextmanager
def _open(bench: Bench) -> Iterator[None]:
    try:
        bench.fill()
        yield
    finally:
        bench.close()
