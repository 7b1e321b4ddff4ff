"""The command line: status 0, 1 or 2, results on stdout, messages on stderr."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from engine import definitions
from engine.actor import OPERATOR_OF_THE_MACHINE
from engine.database import Database
from engine.engine import Engine
from tests.webapp.api.conftest import PERMIT, files
from webapp.command import main

Run = Callable[..., Result]


@pytest.fixture
def run(engine: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """`run("cases", "list")` over a database with the estate and the permit."""
    definitions.deploy(engine, files(), OPERATOR_OF_THE_MACHINE)
    monkeypatch.setenv("ANJU_DATABASE_URL", str(engine.database.url))
    monkeypatch.setenv("ANJU_DATA_DIR", str(tmp_path))
    return lambda *words: CliRunner().invoke(main, list(words), prog_name="anju")


def test_help_names_every_command(run: Run) -> None:
    said = run("--help").stdout
    for command in ("serve", "worker", "db", "deploy", "lint", "test", "cases", "tasks", "audit", "backup", "restore", "bench"):
        assert f"  {command} " in said


def test_wrong_usage_is_status_2(run: Run) -> None:
    for words in (["nothing"], ["cases", "show", "x"], ["tasks", "list"], ["tasks", "complete", "1", "--as", "committee", "--data", "{"]):
        assert run(*words).exit_code == 2, words


def test_a_case_goes_from_start_to_end_in_the_shell(run: Run) -> None:
    started = run("cases", "start", "permit", "--var", "subject=门面", "--as", "committee", "--json")
    assert started.exit_code == 0, started.output
    case = json.loads(started.stdout)["case"]
    listed = json.loads(run("tasks", "list", "--as", "committee", "--view", "queue", "--json").stdout)["items"]
    assert [task["element_id"] for task in listed] == ["look"]
    done = run("tasks", "complete", str(listed[0]["id"]), "--as", "committee", "--data", '{"parts": 2}', "--json")
    assert [task["element_id"] for task in json.loads(done.stdout)["open_tasks"]] == ["decide"]
    shown = json.loads(run("cases", "show", str(case["id"]), "--json").stdout)["case"]
    assert shown["variables"]["share"] == 6
    assert run("cases", "list").stdout.startswith(str(case["id"]))


def test_a_refusal_is_status_1_and_says_why_on_stderr(run: Run) -> None:
    wrong = run("cases", "start", "permit", "--var", "subject=", "--as", "committee")
    assert (wrong.exit_code, wrong.stdout) == (1, "") and "subject" in wrong.stderr
    assert run("cases", "start", "permit", "--as", "nobody").exit_code == 1
    assert run("cases", "show", "99").exit_code == 1
    assert run("tasks", "complete", "99", "--as", "committee").exit_code == 1


def test_deploying_unchanged_content_makes_no_version(run: Run) -> None:
    decisions = str(Path(__file__).parents[2] / "processes")
    first = json.loads(run("deploy", decisions, "--json").stdout)["items"]
    assert json.loads(run("deploy", decisions, "--json").stdout)["items"] == first


def test_lint_names_file_element_and_reason(run: Run, tmp_path: Path) -> None:
    broken = tmp_path / "broken.bpmn"
    broken.write_bytes((PERMIT / "permit.bpmn").read_bytes().replace(b"12 / look.parts", b"12 /"))
    answer = run("lint", str(broken), "--json")
    assert answer.exit_code == 1
    assert "work_out" in {problem["element_id"] for problem in json.loads(answer.stdout)["problems"]}


def test_audit_verify_names_the_first_broken_link(run: Run, engine: Engine) -> None:
    run("cases", "start", "permit", "--var", "subject=x", "--as", "committee")
    assert run("audit", "verify").exit_code == 0
    with engine.database.write_engine.begin() as connection:
        connection.exec_driver_sql("UPDATE engine_history SET actor = 'somebody' WHERE chain LIKE 'case/%' AND seq = 2")
    answer = run("audit", "verify", "--json")
    assert answer.exit_code == 1 and json.loads(answer.stdout)["broken"][0]["seq"] == 2


@pytest.mark.any_database
def test_a_backup_brings_back_what_was_there(run: Run, engine: Engine, tmp_path: Path) -> None:
    run("cases", "start", "permit", "--var", "subject=x", "--as", "committee")
    copy = tmp_path / "copy"
    assert run("backup", str(copy)).exit_code == 0, run("backup", str(copy)).stderr
    run("cases", "start", "permit", "--var", "subject=y", "--as", "committee")
    engine.database.close()
    assert run("restore", str(copy)).exit_code == 0
    titles = [case["title"] for case in json.loads(run("cases", "list", "--json").stdout)["items"]]
    assert titles == ["x"] and run("audit", "verify").exit_code == 0


def test_what_is_no_backup_is_refused_and_nothing_changes(run: Run, tmp_path: Path) -> None:
    (tmp_path / "other").write_text("not a database")
    assert run("restore", str(tmp_path / "other")).exit_code == 1
    assert run("restore", str(tmp_path / "none")).exit_code == 1
    assert run("audit", "verify").exit_code == 0


def test_the_schema_is_brought_up_and_checked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ANJU_DATABASE_URL", f"sqlite:///{tmp_path / 'new.sqlite3'}")
    runner = CliRunner()
    assert runner.invoke(main, ["db", "check"]).exit_code == 1
    assert runner.invoke(main, ["db", "upgrade"]).exit_code == 0
    assert json.loads(runner.invoke(main, ["db", "check", "--json"]).stdout)["ok"] is True


# -- serving -------------------------------------------------------------------------------------


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def serving(tmp_path: Path, *words: str, **settings: str) -> "subprocess.Popen[str]":
    environment = {**os.environ, "ANJU_DATA_DIR": str(tmp_path), "PYTHONUNBUFFERED": "1", **settings}
    return subprocess.Popen([sys.executable, "-m", "webapp.command", "serve", *words], env=environment, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def end(server: "subprocess.Popen[str]") -> tuple[int, str, str]:
    server.send_signal(signal.SIGTERM)
    out, err = server.communicate(timeout=20)
    return server.returncode, out, err


def test_serving_an_empty_installation_offers_a_one_time_link_and_stops_cleanly(tmp_path: Path) -> None:
    port = free_port()
    server = serving(tmp_path, "--port", str(port), ANJU_SECRET_KEY="x" * 40, ANJU_LOCALE="en")
    assert server.stdout is not None
    lines = [server.stdout.readline() for _ in range(2)]
    status, _, err = end(server)
    assert f"http://127.0.0.1:{port}" in lines[0] and "/first-administrator/" in lines[1]
    assert status == 0, err


@pytest.mark.parametrize(("words", "settings"), [
    ([], {}),
    (["--demo", "--host", "0.0.0.0"], {}),
    ([], {"ANJU_SECRET_KEY": "x" * 40, "ANJU_PORT": "none"}),
])
def test_what_would_not_be_safe_is_refused_at_the_start_in_words(tmp_path: Path, words: list[str], settings: dict[str, str]) -> None:
    server = serving(tmp_path, *words, **settings)
    _, err = server.communicate(timeout=20)
    assert server.returncode == 1 and err.strip() and "Traceback" not in err


def test_the_demonstration_leaves_a_database_with_other_data_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import migrations
    from engine.tables import Setting
    from engine.words import Text
    from housing import org
    from webapp.commands.serving import NotStarted, prepared
    from webapp.config import from_environment

    database = Database(f"sqlite:///{tmp_path / 'real.sqlite3'}")
    migrations.upgrade(database)
    with database.writing() as session:
        org.add(session, "jingan", "district", Text("静安区", "Jing'an"), None)
    config = from_environment({"ANJU_DATABASE_URL": str(database.url), "ANJU_DATA_DIR": str(tmp_path)}, demo=True)
    with pytest.raises(NotStarted):
        prepared(config, database)
    with database.reading() as session:
        assert session.get(Setting, "demo") is None
