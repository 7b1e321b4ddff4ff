"""Who asks: the Bearer token of a request, and the person behind it."""

from datetime import datetime

from flask import g, request

from engine.actor import Actor
from engine.words import Text
from housing import people, tokens
from webapp.api.problems import NotSignedIn
from webapp.reading import engine


def who() -> Actor:
    """The person whose token came with this request."""
    actor: Actor = g.api_actor
    return actor


def bearer() -> str | None:
    """The token of the Authorization header, or None."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


def real_now() -> datetime:
    """The time that tokens live by: the demonstration's moves do not sign anybody out."""
    clock = engine().clock
    return clock.now() - clock.offset


def require_token() -> None:
    """Before each call: no valid token, no answer but 401."""
    token = bearer()
    with engine().database.reading() as session:
        username = tokens.username_of(session, token, real_now()) if token else None
        actor = people.actor_of(session, username, engine().clock.now()) if username else None
    if actor is None:
        raise NotSignedIn(Text("请先取得令牌，再随请求带上。", "Get a token first and send it along as Bearer."))
    g.api_actor = actor
