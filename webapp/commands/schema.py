"""`anju db upgrade` and `anju db check`."""

import click

import migrations
from webapp.commands.shell import as_json, fail, opened, result, say, t


@click.group(help=t("数据库结构", "The schema of the database"))
def db() -> None:
    """The group of schema commands."""


@db.command(help=t("升级到当前结构", "Bring it to what this version expects"))
@as_json
def upgrade(as_json: bool) -> None:
    """Take the steps that are missing."""
    with opened(current=False) as (_, engine):
        before = migrations.upgrade(engine.database)
    after = migrations.head()
    say("数据库结构已是最新", "The schema is current")
    result({"before": before, "after": after}, as_json, lambda: iter([f"{before or '—'} → {after}"]))


@db.command(help=t("检查结构是否当前", "Whether it is what this version expects"))
@as_json
def check(as_json: bool) -> None:
    """Compare the step it stands at with the newest."""
    with opened(current=False) as (_, engine):
        now, wanted = migrations.current(engine.database), migrations.head()
    result({"current": now, "head": wanted, "ok": now == wanted}, as_json, lambda: iter([f"{now or '—'} / {wanted}"]))
    if now != wanted:
        fail("需要升级：anju db upgrade", "It needs an upgrade: anju db upgrade")
