"""`anju serve` and `anju worker`: the application running, until it is told to stop."""

import logging
import signal
import sys
from collections.abc import Callable
from types import FrameType

import click
import waitress

import migrations
from engine.database import Database
from engine.engine import Engine
from engine.errors import EngineError
from engine.words import Text
from housing import demo as demonstration
from webapp import mail
from webapp.commands.shell import fail, opened, say, t
from webapp.config import Config, from_environment
from webapp.worker import Worker

THREADS = 16


class NotStarted(EngineError):
    """Why the application does not start."""


@click.command(help=t("运行网页应用", "Run the web application"))
@click.option("--host", default=None, help=t("地址，默认 127.0.0.1", "Address, 127.0.0.1 by default"))
@click.option("--port", default=None, type=click.IntRange(1, 65535), help=t("端口，默认 8000", "Port, 8000 by default"))
@click.option("--demo", is_flag=True, help=t("演示数据，只在本机", "The demonstration district, on this machine only"))
@click.option("--no-worker", is_flag=True, help=t("不在其中运行后台任务", "Without the worker inside"))
def serve(host: str | None, port: int | None, demo: bool, no_worker: bool) -> None:
    """Serve until told to stop."""
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s")
    config = from_environment(demo=demo, host=host, port=port)
    database = Database(config.database_url)
    engine = prepared(config, database)
    server = _listening(config, engine)
    worker = None if no_worker else Worker(engine, duties(config, engine))
    signal.signal(signal.SIGTERM, _stop)
    try:
        _greet(config, engine)
        if worker is not None:
            worker.start()
        server.run()
    finally:
        server.close()
        if worker is not None:
            worker.stop()
        database.close()


def duties(config: Config, engine: Engine) -> dict[str, Callable[[], object]]:
    """What this installation's worker does beside the engine's own: the mail digest where a server is named."""
    return {"digests": lambda: mail.send_digests(engine, config.smtp_url, config.mail_from, config.address)}


def prepared(config: Config, database: Database) -> Engine:
    """An engine over a current schema, with the demonstration in it where it was asked for."""
    from webapp.composition import compose

    if database.is_sqlite:
        migrations.upgrade(database)
    elif not migrations.is_current(database):
        if migrations.current(database) is not None:
            raise NotStarted(Text("数据库需要升级：anju db upgrade", "The database needs an upgrade: anju db upgrade"))
        migrations.upgrade(database)
    engine = compose(config, database=database)
    if config.demo:
        _fill(config, engine)
    return engine


def _fill(config: Config, engine: Engine) -> None:
    """Load the demonstration into an empty database; one with other data is left alone."""
    with engine.database.reading() as session:
        marked, empty = demonstration.is_demonstration(session), demonstration.is_empty(session)
    if marked:
        return
    if not empty:
        raise NotStarted(Text(
            "这个数据库里已有不是演示的数据，--demo 不会动它；请换一个 ANJU_DATA_DIR 或 ANJU_DATABASE_URL",
            "This database holds data that is no demonstration, and --demo leaves it alone; "
            "choose another ANJU_DATA_DIR or ANJU_DATABASE_URL"))
    say("正在装入演示数据……", "Loading the demonstration district …")
    deploy_all(config, engine)
    demonstration.load(engine)


def deploy_all(config: Config, engine: Engine) -> None:
    """Deploy what stands in processes/."""
    from engine import definitions
    from engine.actor import OPERATOR_OF_THE_MACHINE
    from webapp.commands.deploying import LIBRARY

    files = definitions.read_folder(config.processes_path, LIBRARY)
    if files:
        definitions.deploy(engine, files, OPERATOR_OF_THE_MACHINE)


def _listening(config: Config, engine: Engine) -> waitress.server.BaseWSGIServer:
    from webapp import create_app
    from webapp.security import LARGEST_REQUEST

    app = create_app(config, engine=engine)
    behind = {"trusted_proxy": "127.0.0.1", "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"},
              "clear_untrusted_proxy_headers": True} if config.base_url else {}
    try:
        return waitress.create_server(
            app, host=config.host, port=config.port, threads=THREADS, ident=None, max_request_body_size=LARGEST_REQUEST, **behind)
    except OSError as fault:
        fail(f"端口 {config.port} 用不了：{fault.strerror}；请用 --port 换一个",
             f"Port {config.port} cannot be used: {fault.strerror}; choose another with --port")
        raise


def _greet(config: Config, engine: Engine) -> None:
    """The address, and how to get in."""
    click.echo(t(f"安居已启动：{config.address}", f"Anju is running: {config.address}"))
    if config.demo:
        click.echo(t(f"演示登录（密码都是 {demonstration.PASSWORD}）：", f"Demonstration sign-ins (password of all: {demonstration.PASSWORD}):"))
        click.echo("  " + " ".join(name for name, *_ in demonstration.SIGN_INS))
        return
    _offer_first_administrator(config, engine)


def _offer_first_administrator(config: Config, engine: Engine) -> None:
    """Where nobody can sign in yet: the one-time link by which the first administrator names themself."""
    from housing import accounts
    from webapp.one_time import first_administrator_link

    with engine.database.reading() as session:
        empty = accounts.is_empty(session)
    if empty:
        link = first_administrator_link(config)
        click.echo(t(f"还没有管理员，请打开这个一次性链接：{link}", f"There is no administrator yet; open this one-time link: {link}"))


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


@click.command(help=t("运行后台任务：定时、重试、通知", "Run the worker: timers, retries, notifications"))
def worker() -> None:
    """Work until told to stop."""
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s")
    with opened() as (config, engine):
        working = Worker(engine, duties(config, engine))
        signal.signal(signal.SIGTERM, lambda *_: working.end())
        signal.signal(signal.SIGINT, lambda *_: working.end())
        say("后台任务已启动", "The worker is running")
        working.run()
    say("后台任务已停止", "The worker has stopped")
