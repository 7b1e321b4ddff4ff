"""The first page for somebody who is not signed in: what Anju is, and the way in."""

from flask import Blueprint, current_app, redirect, render_template
from flask_login import current_user
from werkzeug.wrappers import Response

from housing import accounts
from housing.people import Account
from webapp import reading
from webapp.security import open_to_all

pages = Blueprint("welcome", __name__)
DEMONSTRATION_PASSWORD = "anju-demo"
DEMONSTRATION_NAMES = (
    "subdistrict", "operator", "committee", "bureau", "bureau.lead", "subdistrict.lead", "subdistrict.peer", "fire", "admin",
    "auditor", "bureau.peer", "subdistrict.other", "operator.other", "enforcement", "police", "market", "hrss", "designer",
    "publisher", "applicant", "applicant.other", "tenant",
)


@pages.get("/")
@open_to_all
def first() -> str | Response:
    """The inbox for whoever is signed in; for everybody else what this is."""
    if current_user.is_authenticated:
        return redirect(home())
    return render_template("welcome/first.html")


def home() -> str:
    """The page that most of this person's work starts from."""
    roles = current_user.actor.roles
    return "/operations" if roles and roles <= {"admin"} else "/inbox"


@pages.app_context_processor
def _for_templates() -> dict[str, object]:
    return {"demonstration_sign_ins": demonstration_sign_ins, "demonstration_password": DEMONSTRATION_PASSWORD,
            "now": reading.now}


def demonstration_sign_ins() -> list[Account]:
    """The sign-ins that only `--demo` makes, in the order in which somebody new would try them."""
    if not current_app.config["DEMO"]:
        return []
    known = {account.username: account for account in accounts.found(reading.session())}
    return [known[name] for name in DEMONSTRATION_NAMES if name in known]
