"""What the measures stand on: a database of their own, small processes, samples and floors."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from time import perf_counter
from typing import Any, TypeVar

import migrations
from engine import definitions
from engine.actor import OPERATOR_OF_THE_MACHINE, Actor
from engine.database import Database
from engine.engine import Engine
from housing import demo, people
from webapp.bench.diagrams import DIAGRAMS
from webapp.composition import compose
from webapp.config import Config, from_environment

OFFICER = "subdistrict"
FLOOR = "CREATE TABLE bench_floor (id INTEGER PRIMARY KEY, content VARCHAR(4000))"
WARM_UP, FEWEST, LONGEST_MS = 5, 25, 2_500
Answer = TypeVar("Answer")


class Bench:
    """One database with the district's people in it and the measures' processes deployed."""

    def __init__(self, kind: str, database: Database, remove: Callable[[], None], quick: bool, is_first: bool) -> None:
        self.kind, self.database, self.quick, self.is_first = kind, database, quick, is_first
        self._remove = remove

    @cached_property
    def config(self) -> Config:
        """Settings of a trial installation."""
        return replace(from_environment(needs_secret=False), database_url=self.database.url, secret_key="measures " * 5, demo=True)

    @cached_property
    def engine(self) -> Engine:
        """Composed as the application composes it."""
        return compose(self.config, database=self.database)

    @cached_property
    def officer(self) -> Actor:
        """Who does the work."""
        with self.database.reading() as session:
            actor = people.actor_of(session, OFFICER, self.engine.clock.now())
        assert actor is not None
        return actor

    def fill(self) -> None:
        """Schema, district, processes, and the table that floors write to."""
        migrations.upgrade(self.database)
        demo.load(self.engine, with_cases=False)
        definitions.deploy(self.engine, DIAGRAMS, OPERATOR_OF_THE_MACHINE)
        self._raw(FLOOR, "INSERT INTO bench_floor VALUES (0, '')")

    def close(self) -> None:
        """Leave nothing behind."""
        self.database.close()
        self._remove()

    def size(self, full: int, quick: int) -> int:
        """How many, in this run."""
        return quick if self.quick else full

    def _raw(self, *statements: str) -> None:
        connection = self.database.engine.raw_connection()
        try:
            cursor = connection.cursor()
            for statement in statements:
                cursor.execute(statement)
            connection.commit()
        finally:
            connection.close()

    @cached_property
    def bare_transaction(self) -> float:
        """Milliseconds of the least that a lasting act costs here: change one row, add one, commit."""
        connection = self.database.engine.raw_connection()
        cursor, content = connection.cursor(), "x" * 2000
        begin = ["BEGIN IMMEDIATE"] if self.database.is_sqlite else []
        numbers = iter(range(1, 10_000))

        def once() -> None:
            for word in begin:
                cursor.execute(word)
            cursor.execute(f"UPDATE bench_floor SET content = '{content}' WHERE id = 0")
            cursor.execute(f"INSERT INTO bench_floor VALUES ({next(numbers)}, '{content}')")
            connection.commit() if not begin else cursor.execute("COMMIT")

        try:
            return middle(sample(once, self.size(400, 200)))
        finally:
            connection.close()

    def raw_read(self, statement: str) -> float:
        """Milliseconds of one statement without any layer above the driver."""
        connection = self.database.engine.raw_connection()
        cursor = connection.cursor()
        try:
            return middle(sample(lambda: cursor.execute(statement).fetchall(), 200))
        finally:
            connection.rollback()
            connection.close()


def benches(quick: bool) -> Iterator[Bench]:
    """SQLite in a temporary folder; then a fresh database on the PostgreSQL server that the settings name, if any."""
    folder = Path(tempfile.mkdtemp(prefix="anju-bench-"))
    yield Bench("sqlite", Database(f"sqlite:///{folder / 'bench.sqlite3'}"), lambda: shutil.rmtree(folder), quick, True)
    url = from_environment(needs_secret=False).database_url
    if url.startswith("postgresql"):
        yield _on_postgresql(url, quick)


def _on_postgresql(url: str, quick: bool) -> Bench:
    server, name = Database(url), f"anju_bench_{int(perf_counter() * 1000)}"

    def command(statement: str) -> None:
        with server.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            connection.exec_driver_sql(statement)

    def remove() -> None:
        command(f"DROP DATABASE {name} WITH (FORCE)")
        server.close()

    command(f"CREATE DATABASE {name}")
    own = server.engine.url.set(database=name).render_as_string(hide_password=False)
    return Bench("postgresql", Database(own), remove, quick, False)


def sample(act: Callable[[], Any], times: int) -> list[float]:
    """Milliseconds of each run, after a few that do not count; on a slow machine fewer, but no fewer than `FEWEST`."""
    for _ in range(WARM_UP):
        act()
    samples: list[float] = []
    while len(samples) < times and (len(samples) < FEWEST or sum(samples) < LONGEST_MS):
        samples.append(timed(act)[0])
    return samples


def timed(act: Callable[..., Answer], *given: Any) -> tuple[float, Answer]:
    """Milliseconds of one run, and what it answered."""
    begin = perf_counter()
    answer = act(*given)
    return (perf_counter() - begin) * 1000, answer


def middle(samples: list[float]) -> float:
    """The median."""
    return sorted(samples)[len(samples) // 2]


def figures(samples: list[float], floor: float, **more: Any) -> dict[str, Any]:
    """What a measure reports: middle, slow end, floor and ratio of the middle to it."""
    ordered = sorted(samples)
    p50, p99 = middle(samples), ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    return {"p50_ms": round(p50, 4), "p99_ms": round(p99, 4), "floor_ms": round(floor, 4), "ratio": round(p50 / floor, 2), **more}
