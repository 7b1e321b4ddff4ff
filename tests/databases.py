"""Databases for tests: a migrated template made once a session, and a copy of it for each test."""

import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from engine.database import Database

SPEED = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=60", "autovacuum=off")


def leave_out(reason: str) -> None:
    """Skip with the reason; where nothing may be left out, fail with it."""
    if os.environ.get("ANJU_REQUIRE_ALL") == "1":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def programs() -> Path | None:
    """Where the newest PostgreSQL server of this machine has its programs."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if installed:
        return installed[-1].parent
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


class Server:
    """A PostgreSQL server of our own on a socket in a temporary folder; gone at the end of the session."""

    def __init__(self, bin_folder: Path) -> None:
        self.bin = bin_folder
        self.folder = tempfile.mkdtemp(prefix="anju_pg_", dir="/tmp")
        self.options: dict[str, object] = {}
        if os.geteuid() == 0:
            account = pwd.getpwnam("postgres")
            os.chown(self.folder, account.pw_uid, account.pw_gid)
            self.options = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": [], "cwd": "/"}
        self._run("initdb", "-U", "anju", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        settings = " ".join(f"-c {setting}" for setting in SPEED)
        self._run("pg_ctl", "-w", "-l", f"{self.folder}/log", "-o", f"-c listen_addresses= -k {self.folder} {settings}", "start")

    def _run(self, program: str, *words: str) -> None:
        silent = subprocess.DEVNULL  # a pipe would be inherited by the server, and waiting for its end would hang
        command = [str(self.bin / program), "-D", f"{self.folder}/data", *words]
        subprocess.run(command, check=True, stdout=silent, stderr=silent, **self.options)  # type: ignore[call-overload]

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://anju@/{name}?host={self.folder}"

    def sql(self, statement: str) -> None:
        with psycopg.connect(f"host={self.folder} user=anju dbname=postgres", autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[arg-type]

    def stop(self) -> None:
        self._run("pg_ctl", "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)


class Copies:
    """Templates by name, each filled once, and as many copies of them as there are tests."""

    def __init__(self, folder: Path, server: Callable[[], Server]) -> None:
        self.folder, self._server = folder, server
        self.numbers = itertools.count(1)
        self.made: set[tuple[str, str]] = set()

    def copy(self, kind: str, template: str, fill: Callable[[Database], None]) -> Database:
        """A fresh database of `kind` ("sqlite" or "postgresql") with the contents of the template."""
        if (kind, template) not in self.made:
            self._make(kind, template, fill)
            self.made.add((kind, template))
        name = f"t{next(self.numbers)}"
        if kind == "sqlite":
            shutil.copyfile(self.folder / f"{template}.db", self.folder / f"{name}.db")
        else:
            self._server().sql(f"CREATE DATABASE {name} TEMPLATE {template}")
        return Database(self._url(kind, name))

    def _make(self, kind: str, template: str, fill: Callable[[Database], None]) -> None:
        if kind == "postgresql":
            self._server().sql(f"DROP DATABASE IF EXISTS {template} WITH (FORCE)")
            self._server().sql(f"CREATE DATABASE {template}")
        else:
            (self.folder / f"{template}.db").unlink(missing_ok=True)
        database = Database(self._url(kind, template))
        try:
            fill(database)
        finally:
            database.close()

    def _url(self, kind: str, name: str) -> str:
        return f"sqlite:///{self.folder / name}.db" if kind == "sqlite" else self._server().url(name)

    def drop(self, database: Database) -> None:
        """Close it and give its room back."""
        database.close()
        if database.is_sqlite:
            for path in Path(self.folder).glob(f"{Path(database.engine.url.database or '').name}*"):
                path.unlink()
        else:
            self._server().sql(f"DROP DATABASE {database.engine.url.database} WITH (FORCE)")
