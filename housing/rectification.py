"""What the hazard process does to the registers: record, look back, notify, raise a step, follow to the end."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine import calendar
from engine.actor import Actor
from engine.clock import TZ
from engine.ports import FunctionContext
from engine.tables import CaseLink, Setting
from housing import hazards, listing, parameters
from housing.grants import day_of
from housing.hazards import ENDED, Hazard, HazardNotice
from housing.homes import Project

STEPS = ("e0", "e1", "e2", "e3", "e4", "e5", "e6", "e7")
SAMPLING_KEY = "sampling_key"
SOURCES_BY_ROLE = {"tenant": "tenant_request", "applicant": "tenant_request", "operator": "self_inspection",
                   "fire": "fire_notice", "bureau": "joint_ad_hoc", "subdistrict": "special_inspection"}


def record(ctx: FunctionContext, values: Mapping[str, Any]) -> dict[str, Any]:
    """Write the hazard that a report brings; answers what the case keeps of it."""
    kept = {**values, **{name: bool(values.get(name)) for name in
                         ("imminent", "affects_escape_or_structure", "can_fix_on_spot")}}
    kept["people_at_risk"] = values.get("people_at_risk") or "0"
    kept["source"] = values.get("source") or _usual_source(ctx.actor)
    ctx.session.add(Hazard(
        number=ctx.business_key, case_id=ctx.case_id, project_id=kept["project_id"], building_id=kept.get("building_id"),
        dwelling_id=kept.get("dwelling_id"), part=(kept.get("part") or "").strip(), category=kept["category"],
        description=kept.get("description") or "", source=kept["source"], people_at_risk=kept["people_at_risk"],
        imminent=kept["imminent"], affects_escape_or_structure=kept["affects_escape_or_structure"],
        can_fix_on_spot=kept["can_fix_on_spot"], reported_by=ctx.actor.username, reported_at=ctx.now,
    ))
    ctx.session.flush()
    hazards.add_photos(ctx.session, ctx.business_key or "", kept.get("photos") or [], "report")
    return kept


def _usual_source(actor: Actor) -> str:
    found = (SOURCES_BY_ROLE[grant.role] for grant in actor.grants if grant.role in SOURCES_BY_ROLE)
    return next(found, "commissioner_patrol")


def look_up_history(ctx: FunctionContext) -> dict[str, Any]:
    """What the district knows already: the same hazard still open, or come back, and the project's record."""
    hazard = _hazard(ctx)
    earlier = _same_hazard_open(ctx.session, hazard, ctx.now)
    before = None if earlier else _same_hazard_closed(ctx.session, hazard, ctx.now)
    if earlier is not None:
        hazard.duplicate_of = earlier.number
        _link(ctx.session, hazard, earlier, "duplicate_of")
    if before is not None:
        hazard.recurrence_of = before.number
        _link(ctx.session, hazard, before, "recurrence_of")
    ctx.session.flush()
    return {
        "duplicate_of": hazard.duplicate_of, "recurred": hazard.recurrence_of is not None,
        "recurrence_of": hazard.recurrence_of, "found_on": day_of(hazard.reported_at).isoformat(),
        "reported_by": hazard.reported_by, "reported_at": hazard.reported_at.astimezone(TZ).isoformat(), **_record_of(ctx.session, hazard, ctx.now),
    }


def _same_hazard_open(session: Session, hazard: Hazard, now: datetime) -> Hazard | None:
    days = int(parameters.get(session, "hazard.duplicate_days", day_of(now)))
    wanted = hazards.same_place(hazard, now, days).where(Hazard.status.not_in(ENDED), Hazard.duplicate_of.is_(None))
    return session.scalar(wanted.order_by(Hazard.reported_at).limit(1))


def _same_hazard_closed(session: Session, hazard: Hazard, now: datetime) -> Hazard | None:
    days = int(parameters.get(session, "hazard.recurrence_days", day_of(now)))
    wanted = hazards.same_place(hazard, now, days).where(Hazard.status.in_(("closed", "rechecked", "on_spot_fixed")))
    return session.scalar(wanted.order_by(Hazard.reported_at.desc()).limit(1))


def _link(session: Session, hazard: Hazard, other: Hazard, kind: str) -> None:
    """Show the two cases to one another."""
    if hazard.case_id and other.case_id and session.get(CaseLink, (hazard.case_id, other.case_id, kind)) is None:
        session.add(CaseLink(case_id=hazard.case_id, other_id=other.case_id, kind=kind))


def _record_of(session: Session, hazard: Hazard, now: datetime) -> dict[str, Any]:
    """The project's record as the decisions ask for it, this hazard left out but for its own recurrence."""
    today = day_of(now)
    recurrence = now - timedelta(days=int(parameters.get(session, "hazard.recurrence_days", today)))
    clean = now - timedelta(days=int(parameters.get(session, "hazard.clean_days_before_exit", today)))
    others = Hazard.number != hazard.number

    def count(*tests: Any) -> int:
        return session.scalar(select(func.count()).where(Hazard.project_id == hazard.project_id, *tests)) or 0

    return {
        "open_l2": count(others, Hazard.level == "L2", Hazard.status.not_in(ENDED)),
        "recurrences_180": count(Hazard.recurrence_of.is_not(None), Hazard.reported_at >= recurrence),
        "missed_self_inspections": 0,
        "false_confirmation": count(Hazard.false_confirmation, Hazard.reported_at >= clean) > 0,
        "l3_in_quarter": count(others, Hazard.level == "L3", Hazard.reported_at >= _quarter_began(today)),
        "complaints_30": count(Hazard.source.in_(("tenant_request", "hotline_12345")), Hazard.status != "rejected",
                               Hazard.reported_at >= now - timedelta(days=30)),
    }


def _quarter_began(today: date) -> datetime:
    return datetime(today.year, 3 * ((today.month - 1) // 3) + 1, 1, tzinfo=TZ)


def sample_spot_fix(ctx: FunctionContext) -> bool:
    """Whether this on-the-spot fix is checked again: a keyed mark of its number decides, so nobody can choose."""
    share = float(parameters.get(ctx.session, "hazard.spot_fix_sample", day_of(ctx.now)))
    mark = hmac.new(_sampling_key(ctx.session).encode(), (ctx.business_key or "").encode(), hashlib.sha256).digest()
    sampled = int.from_bytes(mark[:8], "big") < share * 2**64
    _hazard(ctx).sampled = sampled
    return sampled


def _sampling_key(session: Session) -> str:
    kept = session.get(Setting, SAMPLING_KEY)
    if kept is None:
        kept = Setting(key=SAMPLING_KEY, value=secrets.token_hex(32))
        session.add(kept)
        session.flush()
    return str(kept.value)


def issue_notice(ctx: FunctionContext) -> str:
    """Make out the rectification notice, which bears the hazard's number; enter the project on the dynamic list."""
    hazard = _hazard(ctx)
    project = ctx.session.get_one(Project, hazard.project_id)
    departments, level = ctx.vars.get("departments") or {}, ctx.vars.get("level")
    hazard.level, hazard.lead_unit = level, departments.get("lead_unit")
    content = {"level": level, "deadlines": ctx.vars.get("deadlines"), "departments": departments}
    _notice(ctx, "rectification", project.operator, content)
    for reason in _reasons(ctx.vars.get("listing_reasons")):
        listing.enter(ctx.session, project.id, reason, ctx.now, level=level, hazard=hazard.number)
    return hazard.number


def _notice(ctx: FunctionContext, kind: str, addressee: str | None, content: dict[str, Any]) -> str:
    """A notice's row; the first rectification notice bears the number itself, later ones count on."""
    number = ctx.business_key or ""
    wanted = select(func.count()).where(HazardNotice.number == number, HazardNotice.kind == kind)
    before = ctx.session.scalar(wanted) or 0
    letter = {"rectification": "", "access": "A"}[kind]
    reference = number if not letter and not before else f"{number}-{letter}{before + 1}"
    ctx.session.add(HazardNotice(reference=reference, number=number, kind=kind, addressee=addressee,
                                 issued_at=ctx.now, content=content))
    ctx.session.flush()
    return reference


def _reasons(found: Any) -> list[str]:
    """The decision's rows as reasons: a list of names, or of rows with a `reason`."""
    rows = found if isinstance(found, list) else [found]
    names = [row.get("reason") if isinstance(row, Mapping) else row for row in rows]
    return [name for name in names if isinstance(name, str)]


def record_listing(ctx: FunctionContext) -> str:
    """The project goes on the dynamic list when a priority inspection is called for; the reason."""
    hazard = _hazard(ctx)
    failed = int(ctx.vars.get("failed_verifications") or 0)
    reason = "third_failed_verification" if failed >= 3 else "overdue"
    listing.enter(ctx.session, hazard.project_id, reason, ctx.now, level=ctx.vars.get("level"), hazard=hazard.number)
    return reason


def notify_tenant(ctx: FunctionContext) -> str:
    """Make out a notice that somebody will come; its reference goes into the case, its text holds no person."""
    hazard = _hazard(ctx)
    return _notice(ctx, "access", None, {"dwelling_id": hazard.dwelling_id, "part": hazard.part})


def raise_step(ctx: FunctionContext) -> dict[str, Any]:
    """What a step of the ladder changes in the registers; its task and history row are the engine's."""
    hazard, step = _hazard(ctx), str(ctx.vars.get("escalation") or "")
    project = ctx.session.get_one(Project, hazard.project_id)
    hazard.escalation = step
    effects = {"step": step, "listed": _list_from(ctx, hazard, step), "supervision_order": _order(ctx, hazard, step)}
    last = step == _parameter(ctx, "hazard.suspend_supply_at")
    if last and project.supply_status in ("published", "full", "preparing"):
        project.supply_status = "suspended"
    points = int(_parameter(ctx, "hazard.credit_points_at_e7")) if step == "e7" else 0
    taken = listing.take_points(ctx.session, project.operator, points, "e7", hazard.number, ctx.now)
    ctx.session.flush()
    return {**effects, "supply_suspended": last, "credit_points": -taken}


def _parameter(ctx: FunctionContext, key: str) -> Any:
    return parameters.get(ctx.session, key, day_of(ctx.now))


def _list_from(ctx: FunctionContext, hazard: Hazard, step: str) -> bool:
    """Overdue hazards put their project on the dynamic list from the step and level that the parameters name."""
    first, least = str(_parameter(ctx, "hazard.listing_from_step")), str(_parameter(ctx, "hazard.listing_from_level"))
    level = str(ctx.vars.get("level") or "L1")
    if step not in STEPS or first not in STEPS or STEPS.index(step) < STEPS.index(first) or level < least:
        return False
    reason = "open_serious" if level == "L4" and not _is_late(ctx) else "overdue"
    listing.enter(ctx.session, hazard.project_id, reason, ctx.now, level=level, hazard=hazard.number)
    return True


def _is_late(ctx: FunctionContext) -> bool:
    due_at = instant(ctx.vars.get("due_at"))
    return due_at is not None and due_at <= ctx.now


def _order(ctx: FunctionContext, hazard: Hazard, step: str) -> int | None:
    if step not in str(_parameter(ctx, "hazard.supervision_steps")).split(","):
        return None
    due_at = calendar.read(ctx.session).working_days(int(_parameter(ctx, "hazard.supervision_wd")), ctx.now)
    return listing.order(ctx.session, hazard.number, step, "bureau", ctx.now, due_at).id


def follow(ctx: FunctionContext) -> None:
    """Bring the hazard's row up to what the case says at the end of a turn."""
    hazard = hazards.get(ctx.session, ctx.business_key)
    if hazard is None:
        return
    says = ctx.vars
    hazard.level = says.get("level") or hazard.level
    hazard.round = int(says.get("round_no") or 1)
    hazard.failed_verifications = int(says.get("failed_verifications") or 0)
    hazard.due_at, hazard.served_at = instant(says.get("due_at")), instant(says.get("served_at"))
    for element, moment in PHOTOS.items():
        hazards.add_photos(ctx.session, hazard.number, _said(says, element, "photos") or [], moment)
    _settle(ctx, hazard, status_of(hazard, says, ctx.standing, ctx.state))


PHOTOS = {"preliminary_handling": "on_spot", "confirm_completion": "completion", "verify": "verification"}


def _settle(ctx: FunctionContext, hazard: Hazard, status: str) -> None:
    """Write the status; an end lifts the supervision orders."""
    hazard.status = status
    if status not in ENDED:
        hazard.closed_at = None
    elif hazard.closed_at is None:
        hazard.closed_at = ctx.now
        listing.lift(ctx.session, hazard.number, ctx.now)
    if status == "closed":
        hazard.root_cause = _said(ctx.vars, "close", "root_cause") or hazard.root_cause


def status_of(hazard: Hazard, says: Mapping[str, Any], standing: frozenset[str], state: str) -> str:
    """The hazard's state in one word, read from where the case stands."""
    if state == "cancelled":
        return "withdrawn"
    if state == "completed":
        return _end_of(hazard, says)
    if standing & {"verify", "verify_department"}:
        return "confirmed"
    if standing & {"rectify", "confirm_completion"}:
        return "verify_failed" if "rectify" in standing and _said(says, "verify", "result") == "fail" else "rectifying"
    for elements, status in STANDS:
        if standing & elements:
            return status
    if standing & {"acknowledge", "notice_opened", "day_passed"}:
        return "notified" if says.get("served_at") else "graded"
    return hazard.status


STANDS: tuple[tuple[frozenset[str], str], ...] = (
    (frozenset({"plan", "review_plan", "plan_meeting"}), "planned"),
    (frozenset({"close"}), "verified"),
    (frozenset({"grade", "preliminary_handling"}), "reported"),
)


def _end_of(hazard: Hazard, says: Mapping[str, Any]) -> str:
    if hazard.duplicate_of:
        return "merged"
    if says.get("grade") is None:
        return "on_spot_fixed" if _said(says, "preliminary_handling", "fixed_on_spot") else "withdrawn"
    if _said(says, "grade", "is_hazard") is False:
        return "rejected"
    return "closed" if says.get("close") is not None else "withdrawn"


def _said(says: Mapping[str, Any], element: str, name: str) -> Any:
    """What a task's form brought last."""
    brought = says.get(element)
    return brought.get(name) if isinstance(brought, Mapping) else None


def instant(value: Any) -> datetime | None:
    """An instant out of a case's variables; a FEEL text may name its zone behind an @."""
    if not isinstance(value, str) or not value:
        return None
    text = value.split("@")[0]
    parsed = datetime.fromisoformat(text)
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=TZ)


def _hazard(ctx: FunctionContext) -> Hazard:
    return ctx.session.get_one(Hazard, ctx.business_key)
