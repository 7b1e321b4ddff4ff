"""The REST API under /api/v1: one module per resource, composed here."""

from importlib import import_module

from flask import Flask

NAMES = (
    "tokens", "me", "definitions", "cases", "tasks", "messages", "decisions", "incidents", "attachments", "registers", "clock",
)


def init_app(app: Flask) -> None:
    """Register every resource, and the document that describes them."""
    from webapp.api import document
    from webapp.api.ground import RowId
    from webapp.security import csrf

    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.url_map.converters["row"] = RowId
    app.config.update(API_TITLE="Anju", API_VERSION="1", OPENAPI_VERSION="3.1.0")
    api = document.OwnApi(app)
    api.register_converter(RowId, lambda _: {"type": "integer", "minimum": 0, "maximum": 2**31 - 1})
    for name in NAMES:
        resource = import_module(f"webapp.api.{name}").resource
        api.register_blueprint(resource)
        csrf.exempt(resource)
    document.register(app, api)
