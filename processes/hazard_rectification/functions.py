"""What the hazard diagram and its forms call by name; each is one line into the district's registers."""

from collections.abc import Mapping
from typing import Any

from engine.ports import FunctionContext
from housing import rectification


def record_hazard(ctx: FunctionContext, values: Mapping[str, Any]) -> dict[str, Any]:
    """The start form's handler: write the hazard, keep its facts."""
    return rectification.record(ctx, values)


def look_up_history(ctx: FunctionContext) -> dict[str, Any]:
    """Whether it was reported already or has come back, and the project's record."""
    return rectification.look_up_history(ctx)


def sample_spot_fix(ctx: FunctionContext) -> bool:
    """Whether this on-the-spot fix is checked again."""
    return rectification.sample_spot_fix(ctx)


def issue_notice(ctx: FunctionContext) -> str:
    """Make out the rectification notice; enter the project on the dynamic list where a rule says so."""
    return rectification.issue_notice(ctx)


def raise_step(ctx: FunctionContext) -> dict[str, Any]:
    """A step of the ladder: supervision order, dynamic list, supply and credit points."""
    return rectification.raise_step(ctx)


def record_listing(ctx: FunctionContext) -> str:
    """Put the project on the dynamic list, since a priority inspection is called for."""
    return rectification.record_listing(ctx)


def notify_tenant(ctx: FunctionContext) -> str:
    """A notice to the tenant that somebody will come."""
    return rectification.notify_tenant(ctx)


def follow_hazard(ctx: FunctionContext) -> None:
    """At the end of each turn: the register says what the case says."""
    rectification.follow(ctx)
