"""`anju audit verify`, `anju backup` and `anju restore`."""

import sys
from pathlib import Path

import click

from engine import backups, history
from webapp.commands.shell import as_json, fail, opened, result, say, t
from webapp.config import from_environment

file = click.argument("file", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE")


@click.group(help=t("审计链", "The audit chains"))
def audit() -> None:
    """The group of audit commands."""


@audit.command(help=t("重新计算每一条审计链", "Recompute every audit chain"))
@as_json
def verify(as_json: bool) -> None:
    """Name the first broken link of each chain; none is good."""
    with opened() as (_, engine), engine.database.reading() as session:
        broken = history.verify(session)
    rows = [{"chain": one.chain, "seq": one.seq, "reason": one.reason} for one in broken]
    result({"broken": rows}, as_json, lambda: (f"{row['chain']} #{row['seq']}: {row['reason']}" for row in rows))
    if rows:
        fail(f"{len(rows)} 条链不完整", f"{len(rows)} chains do not hold")
    say("每条链都完整", "Every chain holds")


@click.command(help=t("运行中做一份一致的备份", "A consistent copy while serving"))
@file
def backup(file: Path) -> None:
    """Copy the database."""
    backups.save(from_environment(needs_secret=False).database_url, file)
    say(f"已备份到 {file}", f"Backed up to {file}")


@click.command(help=t("从备份恢复（先停止服务）", "Restore a copy; stop serving first"))
@file
@click.option("--yes", is_flag=True, help=t("不再询问", "Do not ask"))
def restore(file: Path, yes: bool) -> None:
    """Put a copy back in place of the database."""
    if not file.exists():
        fail(f"没有文件 {file}", f"There is no file {file}")
    if not yes and sys.stdin.isatty():
        click.confirm(t("现有数据会被替换，继续吗", "What is there now will be replaced. Go on"), abort=True, err=True)
    backups.put_back(from_environment(needs_secret=False).database_url, file)
    say("已恢复", "Restored")
