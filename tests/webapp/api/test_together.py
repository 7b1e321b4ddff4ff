from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from engine import history
from engine.engine import Engine

Row = dict[str, Any]
MANY = 32
OFFICERS = ("subdistrict", "subdistrict.peer", "committee")


def completions(engine: Engine, case_id: int) -> int:
    with engine.database.reading() as session:
        rows = history.of_case(session, case_id)
        assert history.verify_case(session, case_id) is None
    return sum(row.event == "left" and row.element_id == "look" for row in rows)


@pytest.mark.any_database
def test_of_many_at_once_one_completes_and_the_others_are_told_who_and_when(api: Any, deployed: Engine, look: Row) -> None:
    callers = [(api(OFFICERS[number % 3]), number) for number in range(MANY)]
    with ThreadPoolExecutor(MANY) as pool:
        answers = list(pool.map(lambda one: one[0].post(
            f"/tasks/{look['id']}/complete", {"data": {"parts": one[1] + 1}}), callers))
    won = [answer for answer in answers if answer.status_code == 200]
    lost = [answer for answer in answers if answer.status_code == 409]
    assert (len(won), len(lost)) == (1, MANY - 1)
    parts = won[0].json["case"]["variables"]["look"]["parts"]
    assert {(answer.json["completed_by"], answer.json["entered"]["parts"]) for answer in lost} == {(OFFICERS[(parts - 1) % 3], parts)}
    assert all(answer.json["completed_at"] for answer in lost)
    assert completions(deployed, look["case_id"]) == 1


@pytest.mark.any_database
def test_one_person_many_times_at_once_gets_the_same_answer_and_one_effect(api: Any, deployed: Engine, look: Row) -> None:
    callers = [api("committee") for _ in range(MANY)]
    with ThreadPoolExecutor(MANY) as pool:
        answers = list(pool.map(lambda one: one.post(f"/tasks/{look['id']}/complete", {"data": {"parts": 4}}), callers))
    assert [answer.status_code for answer in answers] == [200] * MANY
    assert len({answer.json["open_tasks"][0]["id"] for answer in answers}) == 1
    assert completions(deployed, look["case_id"]) == 1
