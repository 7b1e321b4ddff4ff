"""For machines: alive, ready, and figures for Prometheus. None of it needs a sign-in, none of it names a person."""

from flask import Blueprint, Flask, Response, g, jsonify, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from sqlalchemy.exc import SQLAlchemyError

import migrations
from engine.figures import figures
from webapp import reading
from webapp.security import open_to_all

pages = Blueprint("health", __name__)
REGISTRY = CollectorRegistry()
ANSWERS = Counter("anju_http_answers", "Answers by route and status", ["route", "method", "status"], registry=REGISTRY)
SECONDS = Histogram("anju_http_seconds", "How long an answer took", ["route"], registry=REGISTRY)
OPEN = Gauge("anju_rows", "Open work and trouble, by kind", ["kind"], registry=REGISTRY)


@pages.get("/healthz")
@open_to_all
def alive() -> Response:
    """The process answers."""
    return jsonify(status="ok")


@pages.get("/readyz")
@open_to_all
def ready() -> tuple[Response, int]:
    """The database answers and has the schema that this code expects."""
    try:
        migrated = migrations.is_current(reading.engine().database)
    except SQLAlchemyError:
        return jsonify(status="not ready", problem="the database does not answer"), 503
    if not migrated:
        return jsonify(status="not ready", problem="the database waits for: anju db upgrade"), 503
    return jsonify(status="ready"), 200


@pages.get("/metrics")
@open_to_all
def metrics() -> Response:
    """Prometheus text."""
    for kind, number in figures(reading.session(), reading.now()).items():
        OPEN.labels(kind).set(number)
    return Response(generate_latest(REGISTRY), content_type=CONTENT_TYPE_LATEST)


def init_app(app: Flask) -> None:
    """Measure every request."""
    app.before_request(_begin)
    app.after_request(_count)
    app.teardown_request(_end)


def _begin() -> None:
    g.measured = SECONDS.time()
    g.measured.__enter__()
    g.measured.labels(route=_route())


def _count(response: Response) -> Response:
    ANSWERS.labels(_route(), request.method, response.status_code).inc()
    return response


def _end(_: BaseException | None) -> None:
    measured = g.pop("measured", None)
    if measured is not None:
        measured.__exit__(None, None, None)


def _route() -> str:
    return request.url_rule.rule if request.url_rule else "none"
