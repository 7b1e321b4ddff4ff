"""`anju deploy`, `lint` and `test`: from files to versions."""

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import click

from engine import definitions
from engine.actor import OPERATOR_OF_THE_MACHINE
from engine.errors import Problem
from webapp.api.problems import problem_row
from webapp.commands.shell import as_json, fail, locale, opened, result, say, t
from webapp.config import ROOT

LIBRARY = ROOT / "forms" / "library"
paths = click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path), metavar="PATH…")


def read(given: tuple[Path, ...]) -> dict[str, bytes]:
    """The files of these folders and files, with the forms of their processes."""
    files: dict[str, bytes] = {}
    for path in given:
        files.update(definitions.read_folder(path, LIBRARY))
    return files


@click.command(help=t("部署 BPMN、DMN 和表单", "Deploy BPMN, DMN and forms"))
@paths
@as_json
def deploy(paths: tuple[Path, ...], as_json: bool) -> None:
    """Deploy as the machine's operator; unchanged content makes no new version."""
    with opened() as (_, engine):
        made = definitions.deploy(engine, read(paths), OPERATOR_OF_THE_MACHINE)
    rows = [{"key": row.key, "version": row.version, "name": row.name} for row in made]
    say(f"已部署 {len(rows)} 项", f"{len(rows)} deployed")
    result({"items": rows}, as_json, lambda: (f"{row['key']} v{row['version']}" for row in rows))


@click.command(help=t("列出部署会拒绝的一切", "Everything that deploying would refuse"))
@paths
@as_json
def lint(paths: tuple[Path, ...], as_json: bool) -> None:
    """Check without deploying."""
    with opened() as (_, engine), engine.database.reading() as session:
        problems = definitions.check(engine, session, read(paths))
    result({"problems": [problem_row(problem, locale()) for problem in problems]}, as_json, lambda: _told(problems))
    errors = sum(problem.level == "error" for problem in problems)
    if errors:
        fail(f"{errors} 处会被拒绝", f"{errors} would be refused")
    say("可以部署", "Ready to deploy")


def _told(problems: list[Problem]) -> Iterator[str]:
    for problem in problems:
        place = ":".join(part for part in (problem.file, problem.element_id) if part)
        yield f"{place}: {problem.level} [{problem.rule}] {problem.message.in_(locale())}"


@click.command(help=t("运行流程旁边的场景", "Run the scenarios that stand beside a process"))
@paths
@as_json
def test(paths: tuple[Path, ...], as_json: bool) -> None:
    """Run every scenario below these paths."""
    if find_spec("engine.scenario") is None:
        fail("这个版本还不能运行场景", "This version does not run scenarios yet")
    scenario = import_module("engine.scenario")
    with opened() as (_, engine):
        rows = [row for path in paths for row in scenario.run_all(engine, path)]
    result({"scenarios": rows}, as_json, lambda: (f"{row['name']}: {row['result']}" for row in rows))
    if any(row["result"] != "passed" for row in rows):
        fail("有场景没有通过", "Some scenarios did not pass")
