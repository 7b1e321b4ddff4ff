"""The demonstration's people: the sign-ins, and further role holders who cannot sign in but may be assigned work."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from engine.words import Text
from housing import org, sign_ins
from housing.demo import places
from housing.grants import RoleGrant
from housing.people import Account

PASSWORD = "anju-demo"
SINCE = date(2024, 1, 1)
DANING, JIANGNING = "daning_road", "jiangning_road"
SIGN_INS: tuple[tuple[str, Text, str, str], ...] = (
    ("admin", Text("系统管理员", "Administrator"), "admin", org.ROOT),
    ("auditor", Text("审计员", "Auditor"), "auditor", org.ROOT),
    ("designer", Text("流程设计员", "Process designer"), "designer", org.ROOT),
    ("publisher", Text("流程发布员", "Process publisher"), "publisher", org.ROOT),
    ("bureau", Text("区房管局经办甲", "Housing bureau officer A"), "bureau", org.ROOT),
    ("bureau.peer", Text("区房管局经办乙", "Housing bureau officer B"), "bureau", org.ROOT),
    ("bureau.lead", Text("区房管局负责人", "Housing bureau lead"), "bureau_lead", org.ROOT),
    ("subdistrict", Text("街道办理员甲", "Sub-district officer A"), "subdistrict", DANING),
    ("subdistrict.peer", Text("街道办理员乙", "Sub-district officer B"), "subdistrict", DANING),
    ("subdistrict.lead", Text("街道负责人", "Sub-district lead"), "subdistrict_lead", DANING),
    ("subdistrict.other", Text("江宁路街道办理员", "Jiangning Road officer"), "subdistrict", JIANGNING),
    ("committee", Text("居委会管理专员", "Management commissioner"), "committee", places.committees_of(DANING)[0]),
    ("operator", Text("运营单位01负责人", "Responsible person, Operator 01"), "operator", places.operator(1)),
    ("operator.other", Text("运营单位02负责人", "Responsible person, Operator 02"), "operator", places.operator(2)),
    ("enforcement", Text("城管执法队员", "Law enforcement officer"), "enforcement", "urban_law_enforcement"),
    ("fire", Text("消防监督员", "Fire supervisor"), "fire", "fire_rescue"),
    ("police", Text("社区民警", "Community police officer"), "police", "police"),
    ("market", Text("市场监管人员", "Market regulation officer"), "market", "market_regulation"),
    ("hrss", Text("人社核验人员", "Human resources verifier"), "hrss", "hrss"),
    ("applicant", Text("申请人甲", "Applicant A"), "applicant", org.ROOT),
    ("applicant.other", Text("申请人乙", "Applicant B"), "applicant", org.ROOT),
    ("tenant", Text("承租人", "Tenant"), "tenant", places.committees_of(DANING)[0]),
)
STANDS_IN = [code for code, role, _ in places.DEPARTMENTS if role == "department"]


def plant(session: Session, now: datetime) -> None:
    """Write accounts and grants; one hash serves all sign-ins, since it is one password."""
    password = sign_ins.hash_of(PASSWORD)
    people = [(name, called, [(role, unit)], password) for name, called, role, unit in SIGN_INS]
    people += [(name, called, grants, "") for name, called, grants in _others()]
    session.execute(insert(Account), [_account(name, called, password, now) for name, called, _, password in people])
    grants = [_grant(name, role, unit) for name, _, held, _ in people for role, unit in held]
    session.execute(insert(RoleGrant), grants + [_grant("enforcement", "department", unit) for unit in STANDS_IN])


def _account(username: str, called: Text, password: str, now: datetime) -> dict[str, Any]:
    return {"username": username, "display_zh": called.zh, "display_en": called.en, "password_hash": password,
            "created_at": now, "totp_last_step": 0, "failed_attempts": 0, "active": True,
            "must_change_password": False, "secret_version": 1}


def _grant(username: str, role: str, unit: str) -> dict[str, Any]:
    return {"username": username, "role": role, "org_unit": unit, "valid_from": SINCE, "granted_by": "machine"}


def _others() -> Iterator[tuple[str, Text, list[tuple[str, str]]]]:
    """Role holders of everywhere else, without a password."""
    for code, name in places.SUBDISTRICTS:
        yield from _of_subdistrict(code, name)
    for number in range(3, places.OPERATORS + 1):
        code = places.operator(number)
        yield f"{code}.manager", Text(f"运营单位{number:02d}负责人", f"Responsible person, Operator {number:02d}"), [("operator", code)]
    for code, role, name in places.DEPARTMENTS:
        yield f"{code}.officer", Text(f"{name.zh}经办", f"Officer, {name.en}"), [(role, code)]


def _of_subdistrict(code: str, name: Text) -> Iterable[tuple[str, Text, list[tuple[str, str]]]]:
    short = name.en.removesuffix(" Sub-district")
    if code != DANING:
        letters = "乙丙" if code == JIANGNING else "甲乙"
        for letter, latin in zip(letters, "AB", strict=True):
            called = Text(f"{name.zh}办理员{letter}", f"Officer {latin}, {short}")
            yield f"{code}.officer_{latin.lower()}", called, [("subdistrict", code)]
        yield f"{code}.lead", Text(f"{name.zh}负责人", f"Lead, {short}"), [("subdistrict_lead", code)]
    for number, committee in enumerate(places.committees_of(code), 1):
        if (code, number) == (DANING, 1):
            continue
        yield f"{committee}.commissioner", Text(f"{name.zh}第{number}管理专员", f"Commissioner {number}, {short}"), [
            ("committee", committee)]
