"""The measures among many: as many cases, open tasks and timers as a city has in years."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import chain, islice
from typing import Any

from engine import inbox, timers
from engine.base import Base
from engine.tables import Case, Task, TaskScope, Timer
from webapp.bench.ground import Bench, figures, middle, sample
from webapp.bench.measures import completions, open_tasks

AT_ONCE = 5_000
PLACES = ("daning_road", "jiangning_road", "beizhan", "caojiadu", "pengpu_town")


def cases_100k_over_100(bench: Bench) -> dict[str, Any]:
    """Completing a task among 100,000 running cases, over the same among 100."""
    few = middle(completions(bench, bench.size(600, 120)))
    number = bench.size(100_000, 5_000)
    like = _row(bench, Case, open_tasks(bench, 1)[0])
    _add(bench, Case, ({**like, "id": 10_000_000 + i, "business_key": f"crowd-{i}"} for i in range(number)))
    return figures(completions(bench, bench.size(600, 120)), few, cases=number)


def inbox_page_1m(bench: Bench) -> dict[str, Any]:
    """A page of fifty and the badge among a million open tasks, over reading fifty entries of the index alone."""
    number = bench.size(1_000_000, 20_000)
    _crowd_of_tasks(bench, number)

    def look() -> None:
        with bench.database.reading() as session:
            shown = inbox.page(session, bench.engine, bench.officer, "queue", sort="due", limit=50)
            inbox.count(session, bench.engine, bench.officer, "queue")
            assert len(shown.items) == 50

    floor = bench.raw_read("SELECT task_id FROM engine_task_scope WHERE scope = 'subdistrict@daning_road' ORDER BY due, task_id LIMIT 50")
    return figures(sample(look, bench.size(100, 20)), floor, tasks=number)


def claim_100_timers_1m(bench: Bench) -> dict[str, Any]:
    """Finding the hundred that are due among a million timers, over reading a hundred by their numbers."""
    number = bench.size(1_000_000, 20_000)
    now = bench.engine.clock.now()
    case_id = _row(bench, Case, open_tasks(bench, 1)[0])["id"]
    _add(bench, Timer, (
        {"id": 10_000_000 + i, "case_id": case_id, "token_id": f"crowd-{i}", "part": "", "element_id": "wait", "stopped": False,
         "due_at": now + timedelta(minutes=i - 500)} for i in range(number)))

    def find() -> None:
        with bench.database.reading() as session:
            assert len(timers.due(session, now, 100)) == 100

    floor = bench.raw_read("SELECT id FROM engine_timer WHERE id BETWEEN 10000000 AND 10000099")
    return figures(sample(find, bench.size(300, 100)), floor, timers=number)


def _crowd_of_tasks(bench: Bench, number: int) -> None:
    first = open_tasks(bench, 1)[0]
    like = {**_row(bench, Task, first), "assignee": None, "state": "open"}
    now = like["created_at"]

    def rows() -> Iterator[dict[str, Any]]:
        for i in range(number):
            place = PLACES[i % len(PLACES)]
            yield {**like, "id": 10_000_000 + i, "token_id": f"crowd-{i}", "org_unit": place, "due_at": now + timedelta(minutes=i)}

    _add(bench, Task, rows())
    scopes = (
        ({"scope": f"subdistrict@{PLACES[i % len(PLACES)]}", "due": now + timedelta(minutes=i), "task_id": 10_000_000 + i},
         {"scope": "subdistrict@jingan", "due": now + timedelta(minutes=i), "task_id": 10_000_000 + i}) for i in range(number))
    _add(bench, TaskScope, chain.from_iterable(scopes))


def _row(bench: Bench, model: type[Base], task_id: int) -> dict[str, Any]:
    """A row of this kind as a real act wrote it: the task itself, or its case."""
    with bench.database.reading() as session:
        task = session.get_one(Task, task_id)
        found = task if model is Task else session.get_one(model, task.case_id)
        return {column.name: getattr(found, column.name) for column in model.__table__.columns}


def _add(bench: Bench, model: type[Base], rows: Iterable[dict[str, Any]]) -> None:
    with bench.database.writing() as session:
        waiting = iter(rows)
        while some := list(islice(waiting, AT_ONCE)):
            session.execute(model.__table__.insert(), some)  # type: ignore[attr-defined]
        if not bench.database.is_sqlite:
            session.connection().exec_driver_sql(f"ANALYZE {model.__table__.name}")  # type: ignore[attr-defined]
