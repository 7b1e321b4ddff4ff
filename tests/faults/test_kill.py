"""kill -9 in the middle of work: every act that was acknowledged is there, nothing else is half there."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from sqlalchemy import select

from engine import history, tasks
from engine.tables import Case, SubmissionRow, Task, TaskScope
from tests.drawing import END, START, Desk, drawn, flow, line, node, script, timer, user

ROOT = Path(__file__).resolve().parent.parent.parent
LOOP = drawn(START, node("exclusiveGateway", "again"), user("fix"), node("boundaryEvent", "late", timer("P1D"), attachedToRef="fix", cancelActivity="false"),
             script("count", "rounds = rounds + 1"), user("remind"), node("endEvent", "e2"), node("exclusiveGateway", "more", default="f_more_again"), END,
             line("s", "again", "fix", "count", "more"), line("late", "remind", "e2"), flow("more", "again"), flow("more", "e", "rounds < 0"))  # fmt: skip
WORKER = """
import sys
from datetime import datetime
from pathlib import Path
from engine import tasks
from engine.clock import TestClock
from engine.database import Database
from tests.conftest import MONDAY, config_of, _compose
from tests.drawing import Desk
database = Database(sys.argv[1])
desk = Desk(_compose(config_of(database, Path(sys.argv[2])), clock=TestClock(MONDAY), database=database))
actor, case_id, number = desk.actor("subdistrict"), int(sys.argv[3]), int(sys.argv[4])
print("ready", flush=True)
while True:
    number += 1
    tasks.complete(desk.engine, actor, desk.task(case_id, "fix").id, {"number": number})
    print(number, flush=True)
"""


def killed(url: str, folder: Path, case_id: int, begun: int, after: float) -> list[int]:
    """The numbers that a worker acknowledged before it was killed."""
    child = subprocess.Popen([sys.executable, "-c", WORKER, url, str(folder), str(case_id), str(begun)], stdout=subprocess.PIPE, cwd=ROOT, text=True)
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    time.sleep(after)
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    return [int(text) for text in child.stdout.read().split() if text.isdigit()]


def test_every_acknowledged_act_survives_and_the_rest_never_was(desk: Desk, tmp_path: Path) -> None:
    desk.deploy(LOOP)
    case_id, chance, last = desk.start(rounds=0), random.Random(7), 0
    for _ in range(6):
        said = killed(desk.engine.database.url, tmp_path, case_id, last, chance.uniform(0.02, 0.25))
        with desk.engine.database.reading() as session:
            kept = list(session.scalars(select(SubmissionRow.data).where(SubmissionRow.element_id == "fix").order_by(SubmissionRow.id)))
            numbers = [row["number"] for row in kept]
            case = session.get_one(Case, case_id)
            assert history.verify(session) == []
            assert numbers == list(range(1, len(numbers) + 1)) and case.variables["rounds"] == len(numbers)
            assert (said or [last])[-1] <= len(numbers) <= (said or [last])[-1] + 1
            (open_task,) = tasks.open_of_case(session, case_id)
            assert session.scalars(select(TaskScope).where(TaskScope.task_id == open_task.id)).first() is not None
            assert len(session.scalars(select(Task).where(Task.case_id == case_id)).all()) == len(numbers) + 1
        last = len(numbers)
    assert last > 0
    desk.do(case_id, "fix", number=last + 1)
    assert desk.case(case_id).variables["rounds"] == last + 1


def test_the_database_waits_for_the_disk(desk: Desk) -> None:
    with desk.engine.database.writing() as session:
        connection = session.connection()
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
