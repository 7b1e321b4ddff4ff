"""What a form asks of the district: which people, places and things there are to pick; `housing` answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.words import Text
from forms.definition import Field


@dataclass(frozen=True)
class Option:
    """One thing to pick: its id and what people call it; `hint` tells namesakes apart."""

    value: Any
    label: Text
    hint: Text | None = None


class Lookup(Protocol):
    """Kinds: person, organisation, project, building, dwelling, place, attachment."""

    def options(
        self, kind: str, session: Session, actor: Actor, query: str = "", value: Any = None, limit: int = 20, **narrow: Any
    ) -> Sequence[Option]:
        """What `actor` may pick, best match of `query` first; `value` asks for that one only; `narrow` such as project=7."""

    def exists(self, kind: str, value: Any, session: Session, actor: Actor) -> bool:
        """Whether `actor` may pick this one; False for any value that is no id at all."""

    def label(self, kind: str, value: Any, session: Session) -> Text | None:
        """What people call it; None when there is none such."""


def narrowing(spec: Field, scope: Mapping[str, Any]) -> dict[str, Any]:
    """`within: "project_id"` narrows a picker to that field's choice, as project=…"""
    around = scope.get(spec.within) if spec.within else None
    return {} if around is None or spec.within is None else {spec.within.removesuffix("_id"): around}
