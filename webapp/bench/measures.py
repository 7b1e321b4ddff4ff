"""The measures of one case at a time: starting, completing, rounds, memory, an expression, a decision."""

import gc
import tracemalloc
from decimal import Decimal
from typing import Any

from engine import cases, decisions, feel, tasks
from engine.tables import Case
from housing import tokens
from webapp.bench import diagrams
from webapp.bench.ground import FEWEST, LONGEST_MS, WARM_UP, Bench, figures, middle, sample, timed

FACTS = {"number_of_people": 3, "place": "stairwell of building 2", "note": "x" * 1500}
ROUNDS = 505
DONE = {"good": False, "note": "seen on the spot", "count": 3}


def open_tasks(bench: Bench, number: int, key: str = "bench_steps") -> list[int]:
    """Fresh cases, and the task that each waits at."""
    return [cases.start(bench.engine, bench.officer, key, FACTS).open_tasks[0].id for _ in range(number)]


def complete(bench: Bench, task_id: int) -> int | None:
    """Complete a task; the one that follows, if any."""
    following = tasks.complete(bench.engine, bench.officer, task_id, DONE).open_tasks
    return following[0].id if following else None


def completions(bench: Bench, number: int) -> list[float]:
    """Milliseconds of each completion, over all steps of fresh cases."""
    samples: list[float] = []
    while len(samples) < number and (len(samples) < FEWEST or sum(samples) < LONGEST_MS):
        task_id: int | None = open_tasks(bench, 1)[0]
        while task_id is not None:
            taken, task_id = timed(complete, bench, task_id)
            samples.append(taken)
    return samples[6:]


def start_case(bench: Bench) -> dict[str, Any]:
    """Start a process that waits at its first task."""
    samples = sample(lambda: cases.start(bench.engine, bench.officer, "bench_steps", FACTS), bench.size(600, 150))
    return figures(samples, bench.bare_transaction)


def complete_task(bench: Bench) -> dict[str, Any]:
    """Complete a task in the process itself, with everything that a turn stores."""
    return figures(completions(bench, bench.size(1500, 300)), bench.bare_transaction)


def p99_over_p50(bench: Bench) -> dict[str, Any]:
    """How far the slow end of completing lies from the middle."""
    samples = completions(bench, bench.size(3000, 300))
    found = figures(samples, middle(samples))
    return {**found, "ratio": round(found["p99_ms"] / found["p50_ms"], 2)}


def complete_task_http(bench: Bench) -> dict[str, Any]:
    """The same through the API, as a client sends it."""
    from webapp import create_app

    client = create_app(bench.config, engine=bench.engine).test_client(use_cookies=False)
    with bench.database.writing() as session:
        token, _ = tokens.issue(session, bench.officer.username, bench.engine.clock.now())
    headers = {"Authorization": f"Bearer {token}"}
    number = bench.size(600, 100)
    waiting = iter(open_tasks(bench, number + WARM_UP))

    def post() -> None:
        answer = client.post(f"/api/v1/tasks/{next(waiting)}/complete", json={"data": DONE}, headers=headers)
        assert answer.status_code == 200, answer.text

    return figures(sample(post, number), bench.bare_transaction)


def rounds_500_over_5(bench: Bench) -> dict[str, Any]:
    """What a round costs after 500 of them, over what it cost after five."""
    task_id: int | None = open_tasks(bench, 1, "bench_rounds")[0]
    samples: list[float] = []
    while len(samples) < ROUNDS:
        assert task_id is not None
        taken, task_id = timed(complete, bench, task_id)
        samples.append(taken)
    return figures(samples[-25:], middle(samples[5:30]), rounds=ROUNDS)


def memory_per_case_kb(bench: Bench) -> dict[str, Any]:
    """What a case kept alive between two acts takes; its floor is the stored state. Kilobytes, not milliseconds."""
    number = bench.size(300, 60)
    open_tasks(bench, 10)
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    last = open_tasks(bench, number)[-1]
    gc.collect()
    taken = (tracemalloc.get_traced_memory()[0] - before) / number / 1024
    tracemalloc.stop()
    with bench.database.reading() as session:
        task = tasks.get(session, bench.engine, bench.officer, last)
        stored = len(session.get_one(Case, task.case_id).blob) / 1024
    return {"p50_ms": None, "p99_ms": None, "floor_ms": None, "ratio": round(taken / stored, 2),
            "kb": round(taken, 2), "floor_kb": round(stored, 2)}


def feel_condition(bench: Bench) -> dict[str, Any]:
    """A gateway's condition in FEEL, beside the same written in Python."""
    condition = feel.compile('verify.result = "pass" and household.per_capita_m2 < 15')
    scope = {"verify": {"result": "pass"}, "household": {"per_capita_m2": 12}}
    limit, now = Decimal(15), bench.engine.clock.now()

    def plain() -> bool:
        return scope["verify"]["result"] == "pass" and Decimal(str(scope["household"]["per_capita_m2"])) < limit

    times = bench.size(200, 100)
    floor = middle(sample(lambda: [plain() for _ in range(100)], times)) / 100
    batches = sample(lambda: [condition.evaluate(scope, now=now) for _ in range(100)], times)
    return figures([batch / 100 for batch in batches], floor)


def decision_50_rules(bench: Bench) -> dict[str, Any]:
    """A table of fifty rules whose last one holds, beside a loop over the same fifty in Python."""
    model = decisions.parse(diagrams.table(), "bench.dmn")
    facts, now = {"area": 495, "kind": "gas"}, bench.engine.clock.now()
    rules = [(Decimal(i * 10), Decimal(i * 10 + 10), ("fire", "gas"), i) for i in range(diagrams.RULES)]

    def plain() -> list[int]:
        area = Decimal(str(facts["area"]))
        return [level for low, high, kinds, level in rules if low <= area < high and facts["kind"] in kinds]

    def decide() -> decisions.Answer:
        return decisions.evaluate(model, "bench_rules", facts, now=now, functions={}, pinned=None)

    assert decide().outputs == 49, decide().outputs
    return figures(sample(decide, bench.size(1000, 300)), middle(sample(plain, 1000)))
