"""Look-ups that diagrams and decisions may call in FEEL: read-only, plain values, null for what is unknown."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from housing import homes, org
from housing.hazards import CATEGORIES, ENDED, Hazard
from housing.pickers import HousingLookup as HousingLookup


def operator_of(session: Session, project_id: Any) -> str | None:
    """The organisation that runs a project."""
    project = homes.project(session, _whole(project_id))
    return project.operator if project else None


def committee_of(session: Session, project_id: Any) -> str | None:
    """The committee that looks after a project."""
    project = homes.project(session, _whole(project_id))
    return project.committee if project else None


def subdistrict_of(session: Session, project_id: Any) -> str | None:
    """The sub-district in which a project stands."""
    project = homes.project(session, _whole(project_id))
    return project.subdistrict if project else None


def unit_of(session: Session, name: Any) -> str | None:
    """The organisation of this code; null for a kind such as "subdistrict", which means the case's own."""
    unit = org.get(session, name) if isinstance(name, str) else None
    return unit.code if unit else None


def role_of(session: Session, unit: Any) -> str | None:
    """What the people of an organisation are called in tasks."""
    found = org.get(session, unit) if isinstance(unit, str) else None
    if found is None:
        return unit if unit in ("subdistrict", "committee", "operator", "bureau") else None
    return found.role or _role_of_kind(found.kind)


def _role_of_kind(kind: str) -> str | None:
    if kind in org.SUBDISTRICTS:
        return "subdistrict"
    if kind in org.COMMITTEES:
        return "committee"
    return kind if kind in ("bureau", "department", "operator") else None


def category_label(session: Session, category: Any) -> dict[str, str]:
    """What a hazard's category is called, in both languages; the code itself where it is unknown."""
    label = CATEGORIES.get(str(category))
    return label._asdict() if label else {"zh": str(category), "en": str(category)}


def project_history(session: Session, project_id: Any) -> dict[str, Any]:
    """How many hazards of each level are open on a project, and how many there ever were."""
    counted = select(Hazard.level, func.count()).where(Hazard.project_id == _whole(project_id)).group_by(Hazard.level)
    total = dict(session.execute(counted).all())
    still_open = dict(session.execute(counted.where(Hazard.status.not_in(ENDED))).all())
    levels = {f"open_{level.lower()}": still_open.get(level, 0) for level in ("L1", "L2", "L3", "L4")}
    return {**levels, "open": sum(still_open.values()), "total": sum(total.values())}


def _whole(value: Any) -> int | None:
    """A number out of an expression as a row's id."""
    try:
        return int(value) if value is not None and int(value) == value else None
    except (TypeError, ValueError):
        return None


FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    look_up.__name__: look_up
    for look_up in (operator_of, committee_of, subdistrict_of, unit_of, role_of, category_label, project_history)
}
