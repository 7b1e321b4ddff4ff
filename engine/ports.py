"""What the engine asks of the other rooms; `create_app` hands the answers over, so the engine knows none of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.words import Text


class Directory(Protocol):
    """The tree of organisations and who holds which role in it."""

    def ancestors(self, session: Session, org_unit: str) -> tuple[str, ...]:
        """`org_unit` itself, then its parents up to the root; empty for an unknown one."""

    def holders(self, session: Session, roles: frozenset[str], org_unit: str, position: str | None) -> frozenset[str]:
        """The sign-in names that could do a task of these roles at `org_unit` now."""


class Rights(Protocol):
    """One place of rights; `thing` is a row of `engine.tables` or a definition."""

    def sees(self, session: Session, actor: Actor, thing: Any) -> bool:
        """Whether the thing exists at all for this person."""

    def refusal(self, session: Session, actor: Actor, act: str, thing: Any) -> Text | None:
        """None when `actor` may do `act` to `thing`, else the sentence that says why not."""

    def visible_cases(self, actor: Actor) -> ColumnElement[bool]:
        """The same as `sees` for cases, as a condition on `engine.tables.Case`."""


@dataclass(frozen=True)
class Submission:
    """What a form brought: `kept` enters variables and the record, `personal` goes to the handler alone."""

    kept: dict[str, Any]
    personal: dict[str, Any]
    handler: str | None = None
    attachments: tuple[str, ...] = ()


class Forms(Protocol):
    """The form language, as far as the engine needs it."""

    def fields(self, source: Mapping[str, Any]) -> Mapping[str, str]:
        """Field names of a form definition with their kinds; columns of a table are not listed."""

    def check(self, source: Mapping[str, Any]) -> list[tuple[str, Text]]:
        """Problems of a form definition itself, as (path, message)."""

    def bind(
        self, source: Mapping[str, Any], submitted: Mapping[str, Any], variables: Mapping[str, Any],
        *, session: Session, actor: Actor, now: datetime,
    ) -> Submission:
        """Validated values; raises `InvalidData`."""


@dataclass
class FunctionContext:
    """What a registered function of a process receives as `ctx`: `vars` is read-only, the rest is the turn's."""

    vars: Mapping[str, Any]
    session: Session
    now: datetime
    actor: Actor
    case_id: int
    business_key: str | None
    process_key: str
    element_id: str
    org_unit: str | None = None
    standing: frozenset[str] = frozenset()
    state: str = "running"
