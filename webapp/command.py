"""The command line `anju`: exit status 0 done, 1 refused or failed, 2 wrong usage."""

import os
import sys
from importlib import import_module

import click

from webapp.commands.shell import fail, t, tell

COMMANDS = {
    "serve": ("serving", "serve"),
    "worker": ("serving", "worker"),
    "db": ("schema", "db"),
    "deploy": ("deploying", "deploy"),
    "lint": ("deploying", "lint"),
    "test": ("deploying", "test"),
    "cases": ("casework", "cases_group"),
    "tasks": ("casework", "tasks_group"),
    "audit": ("keeping", "audit"),
    "backup": ("keeping", "backup"),
    "restore": ("keeping", "restore"),
    "bench": ("measuring", "bench"),
}


class Anju(click.Group):
    """Loads a command only when it is asked for, and ends refusals in words."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name]
        found: click.Command = getattr(import_module(f"webapp.commands.{module}"), name)
        return found

    def invoke(self, ctx: click.Context) -> object:
        from sqlalchemy.exc import SQLAlchemyError

        from engine.errors import EngineError
        from webapp.config import NotConfigured

        try:
            return super().invoke(ctx)
        except (EngineError, NotConfigured) as refusal:
            tell(refusal)
        except SQLAlchemyError as fault:
            reason = str(getattr(fault, "orig", fault)).splitlines()[0]
            fail(f"数据库没有答应：{reason}", f"The database refused: {reason}")
        except OSError as fault:
            fail(f"没有完成：{fault}", f"It did not complete: {fault}")
        sys.exit(1)


@click.command(cls=Anju, context_settings={"help_option_names": ["-h", "--help"]},
               help=t("安居：保障性租赁住房的办件系统", "Anju: case management for subsidized rental housing"))
def main() -> None:
    """The group of all commands."""
    os.environ.setdefault("PYTHONUTF8", "1")


if __name__ == "__main__":
    main(prog_name="anju")
