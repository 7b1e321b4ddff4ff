"""`anju cases` and `anju tasks`: cases and the inbox from the shell."""

import json
from typing import Any

import click

from engine import cases, inbox, tasks
from engine.errors import InvalidData, NotFound
from engine.words import Text
from housing import case_lists
from webapp.commands.shell import READS_ALL, as_json, as_user, opened, person, result, say, t

CASE = ("id", "process_key", "process_version", "business_key", "title", "state", "org_unit", "started_at", "ended_at")
TASK = ("id", "case_id", "element_id", "name", "state", "assignee", "org_unit", "due_at")


@click.group("cases", help=t("案件", "Cases"))
def cases_group() -> None:
    """The group of case commands."""


@click.group("tasks", help=t("待办", "The inbox"))
def tasks_group() -> None:
    """The group of task commands."""


@cases_group.command(help=t("发起一个案件", "Start a case"))
@click.argument("key")
@click.option("--var", "pairs", multiple=True, metavar="NAME=VALUE", help=t("起始表单的一项", "One item of the start form"))
@click.option("--business-key", default=None)
@as_user
@as_json
def start(key: str, pairs: tuple[str, ...], business_key: str | None, username: str, as_json: bool) -> None:
    """Start a case with the start form's data; a value is JSON where it reads as JSON."""
    with opened() as (_, engine):
        outcome = cases.start(engine, person(engine, username), key, variables(pairs), business_key)
    row = _row(outcome.case, CASE)
    say("案件已发起", "The case is started")
    result({"case": row}, as_json, lambda: iter([f"{row['id']}\t{row['business_key'] or ''}\t{row['state']}"]))


def variables(pairs: tuple[str, ...]) -> dict[str, Any]:
    """`name=value` pairs as data."""
    found: dict[str, Any] = {}
    for pair in pairs:
        name, sign, text = pair.partition("=")
        if not sign or not name:
            raise click.BadParameter(t(f"写成 名称=值：{pair}", f"write name=value: {pair}"), param_hint="--var")
        found[name] = _value(text)
    return found


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


@cases_group.command("list", help=t("列出案件", "List cases"))
@click.option("--state", default=None)
@click.option("--process-key", default=None)
@click.option("--limit", default=50, type=click.IntRange(1, 10_000))
@as_json
def list_cases(state: str | None, process_key: str | None, limit: int, as_json: bool) -> None:
    """The newest cases."""
    with opened() as (_, engine), engine.database.reading() as session:
        found = case_lists.newest(session, READS_ALL, state=state, process_key=process_key, limit=limit)
        rows = [_row(case, CASE) for case in found]
    result({"items": rows}, as_json, lambda: (
        f"{row['id']}\t{row['process_key']}\t{row['business_key'] or ''}\t{row['state']}\t{row['title']}" for row in rows))


@cases_group.command(help=t("显示一个案件", "Show a case"))
@click.argument("case_id", metavar="ID", type=int)
@as_json
def show(case_id: int, as_json: bool) -> None:
    """A case with its variables and open tasks."""
    with opened() as (_, engine), engine.database.reading() as session:
        case = cases.get(session, case_id)
        if case is None:
            raise NotFound(Text(f"没有 {case_id} 号案件", f"There is no case {case_id}"))
        row = {**_row(case, CASE), "variables": case.variables}
    result({"case": row}, as_json, lambda: (f"{name}: {value}" for name, value in row.items()))


@tasks_group.command("list", help=t("列出可办的任务", "List tasks"))
@click.option("--view", type=click.Choice(["mine", "queue", "all"]), default="all")
@click.option("--limit", default=50, type=click.IntRange(1, 200))
@as_user
@as_json
def list_tasks(view: str, limit: int, username: str, as_json: bool) -> None:
    """The open tasks of a person's inbox."""
    with opened() as (_, engine):
        actor = person(engine, username)
        with engine.database.reading() as session:
            found = inbox.page(session, engine, actor, view, inbox.TaskFilters(), "due", None, limit)
            rows = [_row(item.task, TASK) for item in found.items]
    result({"items": rows}, as_json, lambda: (
        f"{row['id']}\t{row['case_id']}\t{row['element_id']}\t{row['state']}\t{row['due_at'] or ''}" for row in rows))


@tasks_group.command(help=t("办结一个任务", "Complete a task"))
@click.argument("task_id", metavar="ID", type=int)
@click.option("--data", default="{}", metavar="JSON", help=t("表单的内容", "What the form asks"))
@as_user
@as_json
def complete(task_id: int, data: str, username: str, as_json: bool) -> None:
    """Complete a task with its form's data."""
    try:
        entered = json.loads(data)
    except ValueError as fault:
        raise click.BadParameter(t("不是 JSON", "not JSON"), param_hint="--data") from fault
    if not isinstance(entered, dict):
        raise InvalidData({"": [Text("请给出一个对象", "Give an object")]})
    with opened() as (_, engine):
        outcome = tasks.complete(engine, person(engine, username), task_id, entered)
    row = {"case": _row(outcome.case, CASE), "open_tasks": [_row(task, TASK) for task in outcome.open_tasks]}
    say("任务已办结", "The task is finished")
    result(row, as_json, lambda: (f"{task['id']}\t{task['element_id']}" for task in row["open_tasks"]))


def _row(thing: object, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(thing, name) for name in names}
