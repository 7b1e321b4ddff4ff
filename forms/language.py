"""The form language as the engine sees it: definitions in, problems or validated values out."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.errors import Refused
from engine.ports import Submission
from engine.words import Text
from forms.binding import Digest
from forms.expressions import Context
from forms.form import Form
from forms.lookup import Lookup


class FormLanguage:
    """Implements `engine.ports.Forms`; `digest` makes the keyed mark that stands for a personal value."""

    def __init__(
        self, lookup: Lookup, functions: Mapping[str, Callable[..., Any]] | None = None, digest: Digest | None = None
    ) -> None:
        self.lookup, self.functions, self.digest = lookup, dict(functions or {}), digest

    def fields(self, source: Mapping[str, Any]) -> Mapping[str, str]:
        """Names with their kinds of all that a submission keeps."""
        return Form.parse(source).fields()

    def check(self, source: Mapping[str, Any]) -> list[tuple[str, Text]]:
        """Problems of a definition, as (path, message)."""
        try:
            return Form.parse(source).check(self.functions)
        except Refused as refusal:
            return [(problem.element_id or "", problem.message) for problem in refusal.problems]

    def bind(
        self, source: Mapping[str, Any], submitted: Mapping[str, Any], variables: Mapping[str, Any],
        *, session: Session, actor: Actor, now: datetime,
    ) -> Submission:
        """Validated values; raises `InvalidData`."""
        context = self.context(variables, session=session, actor=actor, now=now)
        return Form.parse(source).bind(submitted, context, self.digest)

    def context(self, variables: Mapping[str, Any], *, session: Session, actor: Actor, now: datetime) -> Context:
        """What `Form.page`, `Form.json_schema` and `Form.initial` need beside the form."""
        return Context(variables, session, actor, now, self.lookup, self.functions)
