"""Search by number, project and person, within one's rights; a number that is known goes straight to its case."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from housing import finding
from webapp import reading
from webapp.pages import case_rows, registers

pages = Blueprint("search", __name__)
EACH = 10


@pages.get("/search")
def page() -> str | Response:
    """What one may see that fits the words."""
    q = request.args.get("q", "").strip()[:200]
    if not q:
        return render_template("search/page.html", q="", cases=[], hazards=[], projects=[], people=[], units=[])
    session, actor, now = reading.session(), reading.actor(), reading.now()
    cases = finding.cases(session, actor, finding.CaseFilters(q=q), None, EACH)
    exact = next((one for one in cases if (one.business_key or "").lower() == q.lower()), None)
    if exact is not None:
        return redirect(url_for("case.page", case_id=exact.id))
    known = {one.id for one in cases}
    hazards = [one for one in finding.hazards(session, actor, finding.HazardFilters(q=q), now, None, EACH) if one.case_id not in known]
    return render_template(
        "search/page.html", q=q, cases=case_rows.rows(session, cases, now), hazards=registers.hazard_rows(session, hazards, now),
        projects=registers.project_rows(session, finding.projects(session, actor, q, limit=EACH)),
        people=finding.people(session, actor, q, EACH), units=finding.organisations(session, actor, q, limit=EACH))
