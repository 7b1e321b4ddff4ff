"""POST /tokens: a name and password, and a code where one is set up, for a Bearer token."""

from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from engine.words import Text
from housing import sign_ins, tokens
from webapp.api import problems
from webapp.api.arguments import Body
from webapp.api.resource import Resource
from webapp.api.shown import At
from webapp.api.signed_in import bearer, real_now, require_token
from webapp.reading import engine
from webapp.security import limiter

resource = Resource("tokens", Text("登录", "Signing in"), open_to_all=True)
WRONG_TRIES = "60 per 5 minutes"


class Credentials(Body):
    """Who asks, and the proof."""

    username = fields.String(required=True, validate=validate.Length(1, 120))
    password = fields.String(required=True, validate=validate.Length(1, 1000))
    code = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=20),
                         metadata={"description": "The six digits, where a second factor is set up"})


class ShownToken(Schema):
    """To be sent as `Authorization: Bearer …` until it expires."""

    token = fields.String(required=True)
    expires_at = At(required=True)


def _was_wrong(response: Response) -> bool:
    return response.status_code in (401, 429)


@resource.route("/tokens", methods=["POST"])
@limiter.limit(WRONG_TRIES, deduct_when=_was_wrong)
@resource.arguments(Credentials)
@resource.response(201, ShownToken)
def issue(body: dict[str, Any]) -> dict[str, Any]:
    """Sign in: a token for a name and password."""
    database, now = engine().database, engine().clock.now()
    try:
        account = sign_ins.check(
            database, body["username"], body["password"], now, code=body["code"], wall=real_now())
    except sign_ins.LockedOut as refusal:
        raise problems.TooOften(refusal.text, max(1, int((refusal.until - now).total_seconds()))) from refusal
    except (sign_ins.WrongSignIn, sign_ins.CodeNeeded) as refusal:
        raise problems.NotSignedIn(refusal.text) from refusal
    with database.writing() as session:
        token, until = tokens.issue(session, account.username, real_now())
    return {"token": token, "expires_at": until}


@resource.route("/tokens/current", methods=["DELETE"])
@resource.response(204)
def revoke() -> None:
    """Sign out: the token that comes with this request ends."""
    require_token()
    with engine().database.writing() as session:
        tokens.revoke(session, bearer() or "")
