"""Copies of the database while it is in use: SQLite's own online copy, PostgreSQL's own programs."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.engine import URL

from engine.errors import EngineError
from engine.words import Text

MAGIC = b"SQLite format 3\x00"


class NotCopied(EngineError):
    """The copy could not be made or put back; nothing was changed."""


def save(url: str, target: Path) -> None:
    """A consistent copy of the database at `url`, also while others write to it."""
    where = make_url(url)
    partial = target.with_name(target.name + ".partial")
    partial.unlink(missing_ok=True)
    try:
        if where.get_backend_name() == "sqlite":
            _copy_sqlite(_sqlite_file(where), partial)
        else:
            _run("pg_dump", where, "--format=custom", f"--file={partial}")
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def put_back(url: str, source: Path) -> None:
    """Replace the database at `url` by the copy `source`."""
    where = make_url(url)
    if where.get_backend_name() == "sqlite":
        _require_sqlite(source)
        target = _sqlite_file(where, must_exist=False)
        target.parent.mkdir(parents=True, exist_ok=True)
        _copy_sqlite(source, target)
    else:
        _run("pg_restore", where, "--clean", "--if-exists", "--single-transaction", "--no-owner", "--exit-on-error",
             str(source), name_database=True)


def _sqlite_file(where: URL, *, must_exist: bool = True) -> Path:
    path = Path(where.database or "")
    if must_exist and not path.is_file():
        raise NotCopied(Text(f"没有数据库文件 {path}", f"There is no database file {path}"))
    return path


def _copy_sqlite(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as origin, closing(sqlite3.connect(target, timeout=15)) as copy:
        origin.backup(copy)
        found = copy.execute("PRAGMA integrity_check").fetchone()
    if found != ("ok",):
        raise NotCopied(Text("备份没有通过完整性检查", "The copy did not pass its integrity check"))


def _require_sqlite(source: Path) -> None:
    with source.open("rb") as file:
        if file.read(len(MAGIC)) != MAGIC:
            raise NotCopied(Text(f"{source} 不是备份文件", f"{source} is no backup"))


def _run(program: str, where: URL, *arguments: str, name_database: bool = False) -> None:
    path = shutil.which(program)
    if path is None:
        raise NotCopied(Text(f"没有找到 {program}，请安装 PostgreSQL 客户端", f"{program} was not found; install the PostgreSQL client"))
    command = [path, *_address(where), *arguments]
    command += [f"--dbname={where.database}"] if name_database else [where.database or ""]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "PGPASSWORD": where.password or ""}, check=False)
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["?"])[-1]
        raise NotCopied(Text(f"{program} 没有完成：{reason}", f"{program} did not complete: {reason}"))


def _address(where: URL) -> list[str]:
    host = where.host or where.query.get("host")
    options = {"--host": host, "--port": where.port, "--username": where.username}
    return [f"{name}={value}" for name, value in options.items() if value]
