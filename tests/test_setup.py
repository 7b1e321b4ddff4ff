"""Setting up and running, as a newcomer does it: `./run` with a stand-in for Python, and the real thing served once."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

import pytest

from webapp.command import COMMANDS

ROOT = Path(__file__).resolve().parent.parent
STAND_IN = """#!/bin/sh
echo "$*" >>"$(dirname "$0")/../../said"
case "$*" in *pip\\ install*) exit {pip} ;; *purelib*) dirname "$0" ;; esac
"""


class Checkout:
    """A copy of what `./run` needs, whose .venv holds a stand-in that notes what it is asked to do."""

    def __init__(self, folder: Path, pip: int = 0) -> None:
        self.folder = folder
        for name in ("run", "constraints.txt", "constraints-test.txt"):
            shutil.copy(ROOT / name, folder / name)
        python = folder / ".venv" / "bin" / "python"
        python.parent.mkdir(parents=True)
        python.write_text(STAND_IN.format(pip=pip))
        python.chmod(0o755)

    def run(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        settings = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "ANJU_CHROMIUM": "/bin/sh", **environment}
        return subprocess.run([str(self.folder / "run"), *words], env=settings, capture_output=True, text=True, check=False)

    @property
    def said(self) -> list[str]:
        return (self.folder / "said").read_text().splitlines()


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


@pytest.mark.parametrize(("words", "command"), [
    (("serve",), "serve --demo"),
    (("serve", "--port", "8123"), "serve --port 8123"),
    (("lint", "processes"), "lint processes"),
    ((), "--help"),
])
def test_words_go_to_anju(checkout: Checkout, words: tuple[str, ...], command: str) -> None:
    assert checkout.run(*words).returncode == 0
    assert checkout.said[-1] == f"-m webapp.command {command}"


def test_only_pinned_and_hashed_wheels_are_installed(checkout: Checkout) -> None:
    checkout.run("serve")
    installing = next(line for line in checkout.said if "pip install" in line)
    assert "--require-hashes --only-binary :all:" in installing and installing.endswith("constraints.txt")


def test_a_second_start_installs_nothing(checkout: Checkout) -> None:
    checkout.run("serve"), checkout.run("serve")
    assert sum("pip install" in line for line in checkout.said) == 1


def test_new_pins_are_installed_at_the_next_start(checkout: Checkout) -> None:
    checkout.run("serve")
    with (checkout.folder / "constraints.txt").open("a") as file:
        file.write("# newer\n")
    checkout.run("serve")
    assert sum("pip install" in line for line in checkout.said) == 2


def test_an_installation_that_failed_is_said_and_tried_again(tmp_path: Path) -> None:
    checkout = Checkout(tmp_path, pip=1)
    first = checkout.run("serve")
    checkout.run("serve")
    assert (first.returncode, "could not be installed" in first.stderr) == (1, True)
    assert sum("pip install" in line for line in checkout.said) == 2
    assert not any("webapp.command" in line for line in checkout.said)


def test_without_a_new_enough_python_it_says_which_is_needed(checkout: Checkout) -> None:
    shutil.rmtree(checkout.folder / ".venv")
    answer = checkout.run("serve", ANJU_PYTHON="/nonexistent/python")
    assert (answer.returncode, "3.11" in answer.stderr) == (1, True)


def test_the_suite_runs_with_the_test_pins(checkout: Checkout) -> None:
    checkout.run("test", "tests/engine")
    assert any("pip install" in line and line.endswith("constraints-test.txt") for line in checkout.said)
    assert checkout.said[-1] == "-m pytest tests/engine"


def test_ci_runs_the_suite_with_nothing_left_out() -> None:
    script = (ROOT / ".ci" / "run").read_text()
    assert "ANJU_REQUIRE_ALL=1" in script and "exec ./run test" in script


def documents() -> str:
    return "\n".join((ROOT / name).read_text() for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "docs/operations.md"))


def test_every_command_that_the_documents_name_exists() -> None:
    named = set(re.findall(r"(?:\./run|current/run|`anju) ([a-z]+)", documents())) - {"test"}
    assert named - {"serve", "test"} and named <= set(COMMANDS)


def test_every_file_that_the_documents_name_exists() -> None:
    named = set(re.findall(r"`((?:tests|engine|forms|housing|webapp|migrations|docs)/[\w/.]+)`", documents()))
    named |= set(re.findall(r"\]\(([\w/.]+)\)", documents()))
    assert [name for name in sorted(named) if not (ROOT / name).exists() and not (ROOT / "docs" / name).exists()] == []


@contextmanager
def serving(folder: Path) -> Iterator[tuple[str, float, "subprocess.Popen[str]"]]:
    """The demonstration served from `folder`: its address, the seconds until it was ready, its process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = {**os.environ, "ANJU_DATA_DIR": str(folder), "ANJU_PORT": str(port)}
    settings.pop("ANJU_DATABASE_URL", None)
    begin = monotonic()
    command = [sys.executable, "-m", "webapp.command", "serve", "--demo"]
    with subprocess.Popen(command, cwd=ROOT, env=settings, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield f"http://127.0.0.1:{port}", _seconds_until_ready(port, begin, process), process
        finally:
            process.kill()


def _seconds_until_ready(port: int, begin: float, process: "subprocess.Popen[str]") -> float:
    assert process.stdout is not None
    for line in process.stdout:  # it tells its address once it listens
        if str(port) in line:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=30) as answer:
                assert answer.status == 200
            return monotonic() - begin
    raise AssertionError("it ended before it was ready")


def test_the_demonstration_is_served_stops_when_told_and_starts_warm(tmp_path: Path) -> None:
    with serving(tmp_path) as (_, cold, process):
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    with serving(tmp_path) as (address, warm, _), urllib.request.urlopen(address, timeout=30) as page:
        assert page.status == 200
    assert cold < 90 and warm < 10, (cold, warm)
