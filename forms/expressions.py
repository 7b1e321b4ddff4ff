"""FEEL within a form: over the case's variables plus the form's own values; null where the data do not answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache, partial
from typing import Any

from sqlalchemy.orm import Session

from engine import feel
from engine.actor import Actor
from engine.words import Text
from forms.definition import feel_of
from forms.lookup import Lookup


@dataclass(frozen=True)
class Context:
    """In whose hands and over which case a form is; `functions` take the session first, as the engine's look-ups do."""

    variables: Mapping[str, Any]
    session: Session
    actor: Actor
    now: datetime
    lookup: Lookup
    functions: Mapping[str, Callable[..., Any]] = field(default_factory=dict)

    def callables(self) -> dict[str, Callable[..., Any]]:
        """The look-ups as an expression calls them."""
        return {name: partial(fn, self.session) for name, fn in self.functions.items()}


@lru_cache(4096)
def compiled(text: str) -> feel.Expression:
    """The parsed expression; raises `feel.SyntaxFault`."""
    return feel.compile(text)


def evaluate(text: str, scope: Mapping[str, Any], context: Context) -> Any:
    """The value as plain data; null for what cannot be kept; raises `feel.LimitExceeded`."""
    result = compiled(text).evaluate(scope, now=context.now, functions=context.callables())
    try:
        return feel.to_plain(result.value)
    except ValueError:
        return None


def literal_or_value(value: Any, scope: Mapping[str, Any], context: Context) -> Any:
    """A literal as it stands, `${…}` evaluated."""
    text = feel_of(value)
    return value if text is None else evaluate(text, scope, context)


def scope_of(values: Mapping[str, Any], context: Context) -> dict[str, Any]:
    """Names in reach: the form's own, then the case's; `case.x` is the case's where the form has an x of its own."""
    return {"case": dict(context.variables), **context.variables, **values}


def own_names(text: str, names: frozenset[str]) -> set[str]:
    """Which of a form's fields the expression reads."""
    return {path.rstrip("?").split(".", 1)[0] for path in compiled(text).free_names()} & names


def fill(text: Text | None, scope: Mapping[str, Any], context: Context) -> Text | None:
    """A text with each `${…}` in it replaced by its value."""
    if text is None or "${" not in text.zh + text.en:
        return text
    return Text(*(_fill(side, scope, context) for side in text))


def _fill(side: str, scope: Mapping[str, Any], context: Context) -> str:
    first, *rest = side.split("${")
    for part in rest:
        inside, closed, after = part.partition("}")
        value = evaluate(inside, scope, context) if closed else None
        first += ("" if value is None else str(value)) + after
    return first
