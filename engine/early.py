"""Messages that came before anybody awaited them: delivered in the turn in which a case begins to wait."""

from typing import TYPE_CHECKING

from sqlalchemy import select

from engine import projection, submissions
from engine.actor import Actor
from engine.bpmn.script import deliver_by_name
from engine.bpmn.tokens import Token, message_tokens
from engine.errors import InvalidData
from engine.tables import Message

if TYPE_CHECKING:
    from engine.turn import Turn


def deliver(turn: "Turn") -> bool:
    """Deliver the oldest message that this case awaits and its sender may send; False when there is none."""
    waiting = {(token.name, token.value): token for token in message_tokens(turn.workflow)}
    if not waiting:
        return False
    query = (
        select(Message)
        .where(Message.state == "waiting", Message.name.in_({name for name, _ in waiting}), Message.expires_at > turn.at)
        .order_by(Message.id).with_for_update(skip_locked=True)
    )  # fmt: skip
    for message in turn.session.scalars(query):
        token = waiting.get((message.name, message.correlation_key))
        if token is not None and _may_send(turn, message, token) and _take(turn, message, token):
            return True
    return False


def _may_send(turn: "Turn", message: Message, token: Token) -> bool:
    sender = Actor.of_data(message.sent_by, message.grants)
    groups = turn.compiled.element(token.element_id).properties.get("candidate_groups")
    roles = projection.roles_of(turn.execution.literal_or(token.element_id, groups))
    turn.session.flush()
    return bool(roles) and sender.has_role(*roles) and turn.engine.rights.sees(turn.session, sender, turn.case)


def _take(turn: "Turn", message: Message, token: Token) -> bool:
    form_key = turn.compiled.element(token.element_id).form_key
    try:
        payload = submissions.take(turn, None, token.element_id, form_key, message.variables)
    except InvalidData:
        message.state = "dropped"
        return False
    message.state, message.target_id = "delivered", turn.case.id
    turn.note("message", token.element_id, {"name": message.name, "variables": payload}, message.sent_by)
    deliver_by_name(turn.workflow, message.name, message.correlation_key, payload)
    return True
