"""The registers: hazards, projects with their buildings and dwellings, organisations, the dynamic list."""

from typing import Any

from flask import Blueprint, render_template, request

from engine.errors import NotFound
from engine.words import Text
from housing import finding, homes, org, register_lists
from housing.hazards import CATEGORIES, LEVELS, STATUSES
from housing.listing import REASONS
from webapp import reading
from webapp.pages import registers

pages = Blueprint("register", __name__)
HOMES = 100
SPECIAL = (("open", Text("未销号", "Open")), ("late", Text("逾期未销号", "Open and late")), ("ended", Text("已了结", "Ended")))


@pages.get("/registers")
def overview() -> str:
    """What registers there are, with what one may see in each."""
    return render_template("register/overview.html", entries=registers.overview(reading.session(), reading.actor(), reading.now()))


@pages.get("/hazards")
def hazards() -> str:
    """The hazard register."""
    session, actor, now = reading.session(), reading.actor(), reading.now()
    project = request.args.get("project", "")
    filters = finding.HazardFilters(
        q=request.args.get("q", "").strip()[:200], category=_known("category", CATEGORIES), level=_known("level", LEVELS),
        status=_known("status", {**STATUSES, **dict(SPECIAL)}), org=request.args.get("org", "")[:120],
        project=int(project) if project.isdigit() and len(project) < 10 else None)
    found = finding.hazards(session, actor, filters, now, request.args.get("before") or None, finding.PAGE + 1)
    shown = registers.hazard_rows(session, found[:finding.PAGE], now)
    more = found[finding.PAGE - 1].number if len(found) > finding.PAGE else None
    return render_template("register/hazards.html", rows=shown, filters=filters, more=more, categories=CATEGORIES.items(),
                           levels=LEVELS.items(), statuses=[*SPECIAL, *STATUSES.items()])


@pages.get("/hazards/<number>")
def hazard(number: str) -> str:
    """One hazard: what the register keeps, and the way to its case."""
    row = register_lists.one(reading.session(), reading.actor(), "hazards", number)
    if row is None:
        raise NotFound
    made = registers.hazard_page(reading.session(), reading.engine(), reading.actor(), row, reading.now())
    return render_template("register/hazard.html", page=made)


@pages.get("/projects")
def projects() -> str:
    """The projects one may see."""
    session, actor = reading.session(), reading.actor()
    q, status, where = request.args.get("q", "").strip()[:200], _known("status", homes.SUPPLY), request.args.get("org", "")[:120]
    after = request.args.get("after", "")
    found = finding.projects(session, actor, q, status, where, int(after) if after.isdigit() else None, finding.PAGE + 1)
    shown = registers.project_rows(session, found[:finding.PAGE])
    more = found[finding.PAGE - 1].id if len(found) > finding.PAGE else None
    return render_template("register/projects.html", rows=shown, q=q, status=status, where=org.name_of(session, where) if where else None,
                           org=where, more=more, statuses=homes.SUPPLY.items())


@pages.get("/projects/<int:project_id>")
def project(project_id: int) -> str:
    """One project: who runs it, its safety, buildings and dwellings."""
    row = register_lists.one(reading.session(), reading.actor(), "projects", project_id)
    if row is None:
        raise NotFound
    made = registers.project_page(reading.session(), reading.actor(), row, reading.now(), _building(), HOMES)
    return render_template("register/project.html", page=made, may_report=_may_report())


def _building() -> int | None:
    text = request.args.get("building", "")
    return int(text) if text.isdigit() and len(text) < 10 else None


def _may_report() -> bool:
    from webapp.start import startable

    return startable()


@pages.get("/organisations")
def organisations() -> str:
    """The tree of organisations."""
    q, kind = request.args.get("q", "").strip()[:200], _known("kind", org.KINDS)
    found = finding.organisations(reading.session(), reading.actor(), q, kind)
    return render_template("register/organisations.html", rows=registers.organisation_rows(found), q=q, kind=kind, kinds=org.KINDS.items())


@pages.get("/organisations/<code>")
def organisation(code: str) -> str:
    """One organisation: where it stands, who works there, its projects."""
    unit = org.get(reading.session(), code)
    if unit is None or not reading.actor().grants:
        raise NotFound
    made = registers.organisation_page(reading.session(), reading.engine(), reading.actor(), unit, reading.now())
    return render_template("register/organisation.html", page=made)


@pages.get("/dynamic-list")
def dynamic_list() -> str:
    """Projects under dynamic management: since when and why."""
    found = register_lists.rows(reading.session(), reading.actor(), "dynamic-list", limit=200)
    return render_template("register/dynamic_list.html", rows=registers.listing_rows(reading.session(), found), reasons=REASONS)


def _known(name: str, known: Any) -> str:
    value = request.args.get(name, "")
    return value if value in known else ""


