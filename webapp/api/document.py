"""The API describes itself: OpenAPI 3.1 at /api/v1/openapi.json, and the same to read at /api/v1/docs."""

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Flask, Response, current_app, json, render_template
from flask_smorest import Api

from webapp.api.ground import PREFIX
from webapp.api.idempotency import HEADER, LONGEST
from webapp.api.problems import CONTENT_TYPE, KINDS, OF_STATUS
from webapp.api.resource import Resource

pages = Blueprint("api_document", __name__, url_prefix=PREFIX)
METHODS = ("get", "post", "delete")
PROBLEM = {
    "type": "object",
    "description": "RFC 9457. Kinds carry more members: `errors` (422), `completed_by`, `completed_at` and `entered` "
    "(409 of a finished task), `version` (409 of a stale one), `problems` (422 of a deployment).",
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}},
    },
    "required": ["type", "title", "status", "detail"],
}
KEY = {
    "in": "header", "name": HEADER, "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST, "pattern": "^[ -~]+$"},
    "description": "The same key with the same content happens once and gets the same answer for 24 hours.",
}


class OwnApi(Api):
    """flask-smorest's description without its pages and its error handler: problems are ours."""

    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        """Each resource answers with problem documents; addresses that do not exist are the application's."""


def describe(api: Api) -> dict[str, Any]:
    """The whole document, problems and tokens included."""
    document: dict[str, Any] = api.spec.to_dict()
    components = document.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = PROBLEM
    components["responses"] = {"Problem": {
        "description": "A problem", "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}}}
    components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    for tag in document["tags"]:
        tag["name"] = tag["name"].removeprefix("api_")
    document["security"] = [{"token": []}]
    document["servers"] = [{"url": "/"}]
    for path, method, operation in operations(document):
        _complete(path, method, operation)
    return document


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every operation with its path and method."""
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield path, method, item[method]


def _complete(path: str, method: str, operation: dict[str, Any]) -> None:
    name = path.removeprefix(PREFIX).strip("/").replace("/", "_").replace("{", "").replace("}", "").replace("-", "_")
    operation["operationId"] = f"{method}_{name}"
    signs_in = path == f"{PREFIX}/tokens"
    if signs_in:
        operation["security"] = []
    if method == "post" and not signs_in:
        operation.setdefault("parameters", []).append(KEY)
    kept = {code: told for code, told in operation["responses"].items() if str(code).startswith("2")}
    refusals = {str(status): {"$ref": "#/components/responses/Problem"} for status in _refusals(path, method, operation)}
    operation["responses"] = {**{str(code): told for code, told in kept.items()}, **refusals}


def _refusals(path: str, method: str, operation: dict[str, Any]) -> list[int]:
    found = {401, 404, 429, 503}
    if method == "post":
        found |= {400, 403, 409, 413, 415, 422}
    if operation.get("parameters"):
        found |= {422}
    return sorted(found)


@pages.get("/openapi.json")
def openapi() -> Response:
    """The description for programs."""
    return current_app.response_class(json.dumps(current_app.extensions["anju_openapi"]), content_type="application/json")


@pages.get("/docs")
def docs() -> str:
    """The description for people."""
    document = current_app.extensions["anju_openapi"]
    groups: dict[str, list[tuple[str, str, dict[str, Any]]]] = {}
    for path, method, operation in operations(document):
        groups.setdefault(operation["tags"][0], []).append((path, method, operation))
    kinds = sorted({kind.name: kind for kind in (*KINDS.values(), *OF_STATUS.values())}.values(), key=lambda kind: kind.status)
    subjects = {blueprint.tag: blueprint.subject for blueprint in current_app.blueprints.values() if isinstance(blueprint, Resource)}
    return render_template("api/docs.html", document=document, groups=groups, kinds=kinds, subjects=subjects)


def register(app: Flask, api: Api) -> None:
    """Serve the description of what has been registered by now."""
    app.extensions["anju_openapi"] = describe(api)
    app.register_blueprint(pages)
