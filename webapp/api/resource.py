"""One resource of the API: token first, POSTs once per Idempotency-Key, every failure a problem document."""

from typing import Any

from flask import request
from flask_smorest import Blueprint

from engine.errors import InvalidData, NotFound
from engine.words import Text
from webapp.api import problems
from webapp.api.arguments import Parser, require_clean
from webapp.api.ground import PREFIX
from webapp.api.idempotency import once
from webapp.api.signed_in import require_token


def _require_clean_address() -> None:
    """An address with characters that no database keeps leads nowhere."""
    try:
        require_clean(request.view_args or {})
    except InvalidData as fault:
        raise NotFound from fault


class Resource(Blueprint):
    """A blueprint whose views can only be reached with a token, unless it is `open_to_all`."""

    ARGUMENTS_PARSER = Parser()

    def __init__(self, name: str, subject: Text, *, open_to_all: bool = False) -> None:
        super().__init__(f"api_{name}", __name__, url_prefix=PREFIX, description=subject.en)
        self.tag, self.subject = name, subject
        self.open_to_all = open_to_all
        self.register_error_handler(Exception, problems.answer)
        self.before_request(_require_clean_address)
        if not open_to_all:
            self.before_request(require_token)

    def add_url_rule(
        self, rule: str, endpoint: str | None = None, view_func: Any = None, *args: Any, **options: Any
    ) -> None:
        if "POST" in options.get("methods", ()) and not self.open_to_all:
            view_func = once(view_func)
        options["tags"] = [self.tag]
        super().add_url_rule(rule, endpoint, view_func, *args, **options)
