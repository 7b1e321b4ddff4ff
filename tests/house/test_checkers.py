"""The strict type checker and the linter have nothing to say."""

import subprocess
import sys

from tests.house.source import ROOT, report


def said(*command: str) -> list[str]:
    run = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False)
    return [] if run.returncode == 0 else (run.stdout + run.stderr).splitlines()


def test_the_rooms_pass_the_strict_type_checker(tmp_path: object) -> None:
    report(said("mypy", "--no-error-summary", "--cache-dir", str(tmp_path)))


def test_the_linter_finds_nothing() -> None:
    report(said("ruff", "check", "--quiet", "--no-cache", "--output-format", "concise", "."))
