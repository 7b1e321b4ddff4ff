"""What machines ask: alive, ready, figures."""

from engine.clock import TestClock
from engine.database import Database
from tests.conftest import MONDAY, config_of
from webapp import create_app


def test_alive_and_ready(visitor):
    assert visitor.see("/healthz").answer.json == {"status": "ok"}
    assert visitor.see("/readyz").answer.json == {"status": "ready"}


def test_a_database_that_was_not_migrated_is_not_ready(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'new.sqlite3'}")
    client = create_app(config_of(database, tmp_path), clock=TestClock(MONDAY), database=database).test_client()
    answer = client.get("/readyz")
    assert answer.status_code == 503 and "anju db upgrade" in answer.json["problem"]


def test_figures_count_by_route_and_name_nobody(enter):
    page = enter("bureau")
    page.see("/accounts/bureau").see("/metrics")
    assert 'anju_rows{kind="open_incidents"} 0.0' in page.source
    assert 'route="/accounts/<username>"' in page.source and "bureau" not in page.source
