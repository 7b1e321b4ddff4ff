"""Settings: environment variables named ANJU_*, each with a default that works, and a refusal in words where none can."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from engine.words import Text

ROOT = Path(__file__).resolve().parent.parent
LOOPBACK = ("127.0.0.1", "::1", "localhost")


class NotConfigured(Exception):
    """A setting without which Anju does not start; `text` says which and what to do."""

    def __init__(self, text: Text) -> None:
        super().__init__(f"{text.en}\n{text.zh}")
        self.text = text


@dataclass(frozen=True)
class Config:
    """Everything that differs between two installations."""

    database_url: str
    secret_key: str
    data_dir: Path = ROOT / "var"
    host: str = "127.0.0.1"
    port: int = 8000
    base_url: str = ""
    timezone: str = "Asia/Shanghai"
    locale: str = "zh"
    smtp_url: str = ""
    oidc: Mapping[str, str] = field(default_factory=dict)
    demo: bool = False
    processes_path: Path = ROOT / "processes"
    testing: bool = False

    @property
    def address(self) -> str:
        """Where people reach it, without a slash at the end."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return (self.base_url or f"http://{host}:{self.port}").rstrip("/")

    @property
    def mail_from(self) -> str:
        """The sender of digests: the mail account where it is an address, else anju at the installation's host."""
        account = unquote(urlsplit(self.smtp_url).username or "")
        return account if "@" in account else f"anju@{urlsplit(self.address).hostname}"

    @property
    def https(self) -> bool:
        return self.address.startswith("https://")


def from_environment(
    environ: Mapping[str, str] | None = None, *, demo: bool = False, host: str | None = None, port: int | None = None,
    needs_secret: bool = True,
) -> Config:
    """The settings of this process; raises `NotConfigured`. Commands without sessions pass `needs_secret=False`."""
    env = os.environ if environ is None else environ
    data_dir = Path(env.get("ANJU_DATA_DIR") or ROOT / "var")
    chosen_host = host or env.get("ANJU_HOST") or "127.0.0.1"
    if demo and chosen_host not in LOOPBACK:
        raise NotConfigured(Text(
            "演示数据只能在本机查看：--demo 时 --host 只能是 127.0.0.1、::1 或 localhost",
            "Demonstration data stays on this machine: with --demo, --host is 127.0.0.1, ::1 or localhost"))
    return Config(
        database_url=env.get("ANJU_DATABASE_URL") or _sqlite_under(data_dir),
        secret_key=_secret(env, data_dir, demo, needs_secret),
        data_dir=data_dir,
        host=chosen_host,
        port=port or _port(env.get("ANJU_PORT") or "8000"),
        base_url=env.get("ANJU_BASE_URL", ""),
        timezone=_zone(env.get("ANJU_TIMEZONE") or "Asia/Shanghai"),
        locale=_locale(env.get("ANJU_LOCALE") or "zh"),
        smtp_url=env.get("ANJU_SMTP_URL", ""),
        oidc={name: value for name, value in env.items() if name.startswith("ANJU_OIDC_") and value},
        demo=demo,
    )


def _sqlite_under(data_dir: Path) -> str:
    data_dir.mkdir(parents=True, exist_ok=True)
    return f"sqlite:///{data_dir / 'anju.sqlite3'}"


def _secret(env: Mapping[str, str], data_dir: Path, demo: bool, needed: bool) -> str:
    given = env.get("ANJU_SECRET_KEY", "")
    if given or not needed:
        return given
    if not demo:
        raise NotConfigured(Text(
            "没有设置 ANJU_SECRET_KEY：请设为一段只有本系统知道的随机文字（至少 32 个字符），它保护登录和链接",
            "ANJU_SECRET_KEY is not set: give it a random text of at least 32 characters that only this installation "
            "knows; it protects sign-ins and links. One can be made with: "
            "python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"))
    return _kept_secret(data_dir / "demonstration.secret")


def _kept_secret(path: Path) -> str:
    """The demonstration's own secret, made once, so that a restart signs nobody out."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text(encoding="ascii").strip()


def _port(text: str) -> int:
    if text.isdigit() and 0 < int(text) < 65536:
        return int(text)
    raise NotConfigured(Text(
        f"ANJU_PORT 应是 1 到 65535 的数，现在是“{text}”", f"ANJU_PORT is a number from 1 to 65535, not '{text}'"))


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as fault:
        raise NotConfigured(Text(
            f"ANJU_TIMEZONE 应是时区名，如 Asia/Shanghai，现在是“{name}”",
            f"ANJU_TIMEZONE is the name of a time zone such as Asia/Shanghai, not '{name}'")) from fault
    return name


def _locale(name: str) -> str:
    if name in ("zh", "en"):
        return name
    raise NotConfigured(Text(f"ANJU_LOCALE 是 zh 或 en，现在是“{name}”", f"ANJU_LOCALE is zh or en, not '{name}'"))
