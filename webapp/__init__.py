"""HTTP and pages: `create_app` composes the engine with the district's rooms and registers every page."""

from flask import Flask

from engine.clock import Clock
from engine.database import Database
from engine.engine import Engine
from webapp import (
    accounts,
    api,
    attachments,
    case,
    errors,
    health,
    inbox,
    navigation,
    notifications,
    one_time,
    operations,
    own_account,
    parameters,
    process,
    reading,
    register,
    search,
    security,
    sign_in,
    start,
    task,
    views,
    welcome,
    words,
    working_days,
)
from webapp.composition import compose
from webapp.config import Config

BLUEPRINTS = (
    welcome.pages,
    sign_in.pages,
    one_time.pages,
    own_account.pages,
    accounts.pages,
    parameters.pages,
    working_days.pages,
    operations.pages,
    health.pages,
    words.pages,
    inbox.pages,
    task.pages,
    case.pages,
    start.pages,
    process.pages,
    register.pages,
    search.pages,
    notifications.pages,
    views.pages,
    attachments.pages,
)


def create_app(config: Config, *, clock: Clock | None = None, database: Database | None = None,
               engine: Engine | None = None) -> Flask:
    """The application; a test hands in its own clock and database, or a whole engine."""
    app = Flask(__name__)
    app.config.update(LOCALE=config.locale, TIMEZONE=config.timezone, DEMO=config.demo, ADDRESS=config.address,
                      TESTING=config.testing, DATA_DIR=config.data_dir)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    reading.init_app(app, engine or compose(config, clock=clock, database=database))
    for part in (words, navigation, health, sign_in):
        part.init_app(app)
    security.init_app(app, config)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    api.init_app(app)
    errors.init_app(app)
    return app
