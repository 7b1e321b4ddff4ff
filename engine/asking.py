"""A decision asked directly, outside any case: nothing is recorded."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from engine import calendar, decisions, definitions, feel
from engine.actor import Actor
from engine.decisions.model import DecisionFailure
from engine.engine import Engine
from engine.errors import NotFound
from engine.words import Text


def ask(engine: Engine, actor: Actor, decision_id: str, variables: Mapping[str, Any]) -> decisions.Answer:
    """The newest version's answer for `variables`; raises `NotFound`, `NoRule` and their like."""
    with engine.database.reading() as session:
        owner = definitions.decision_owner(engine, session, decision_id)
        if owner is None or not actor.grants:
            raise NotFound
        now = engine.clock.now()
        look_ups = {name: partial(function, session) for name, function in engine.functions.items()}

        def elsewhere(other: str) -> decisions.Model:
            found = definitions.decision_owner(engine, session, other)
            if found is None:
                raise NotFound(Text(f"没有决策“{other}”", f"There is no decision {other}"))
            model: decisions.Model = found.models[other]
            return model

        try:
            return decisions.evaluate(
                owner.models[decision_id], decision_id, variables, now=now,
                functions={**look_ups, **calendar.functions(session, now, [])}, pinned=elsewhere)
        except feel.LimitExceeded as fault:
            raise DecisionFailure(fault.message, decision_id, variables) from fault
