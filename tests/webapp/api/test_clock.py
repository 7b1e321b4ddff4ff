from typing import Any

import pytest

from tests.cast import Api


def test_an_administrator_moves_the_demonstration_on(admin: Api, committee: Api, look: dict[str, Any]) -> None:
    answer = admin.post("/demo/clock", {"advance": "P3D"})
    assert answer.status_code == 200 and answer.json["now"].startswith("2026-11-26")
    assert committee.get(f"/tasks/{look['id']}").json["overdue"] is True


def test_nobody_else_moves_it(api: Any, deployed: Any) -> None:
    for username in ("bureau.lead", "auditor", "committee"):
        assert api(username).post("/demo/clock", {"advance": "P3D"}).status_code == 403


@pytest.mark.parametrize("advance", ["3 days", "-P1D", "P", "", 3, "P9999Y", "PT0S"])
def test_a_span_that_is_none_is_refused(admin: Api, deployed: Any, advance: Any) -> None:
    answer = admin.post("/demo/clock", {"advance": advance})
    assert answer.status_code == 422 and "advance" in answer.json["errors"]


def test_without_the_demonstration_there_is_no_such_clock(admin: Api, app: Any) -> None:
    app.config["DEMO"] = False
    assert admin.post("/demo/clock", {"advance": "P3D"}).status_code == 404
