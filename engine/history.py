"""What happened, in order: a hash-chained row in the same transaction as the change, and the check of the chains."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from engine.tables import Case, Chain, History

_INSERT = insert(History)
_FIRST_LINK = text("INSERT INTO engine_chain (chain, seq, head) VALUES (:chain, 0, '') ON CONFLICT DO NOTHING")
COVERED = (
    "chain", "seq", "case_id", "element_id", "element_name", "element_name_en", "element_type", "event", "actor", "data", "prev",
)  # fmt: skip


@dataclass(frozen=True)
class Broken:
    """The first place where a chain does not hold."""

    chain: str
    seq: int
    reason: str


def digest(row: dict[str, Any]) -> str:
    """SHA-256 over the canonical row and the hash before it; instants count in UTC."""
    covered = {name: row[name] for name in COVERED}
    covered["at"] = row["at"].timestamp()
    return hashlib.sha256(json.dumps(covered, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def rows(
    chain: str, seq: int, head: str, at: datetime, entries: Sequence[dict[str, Any]], case_id: int | None = None
) -> tuple[list[dict[str, Any]], int, str]:
    """The rows for `entries` after (`seq`, `head`), and the new end of the chain."""
    made = []
    for entry in entries:
        seq += 1
        row = {
            "chain": chain, "seq": seq, "case_id": case_id, "at": entry.get("at") or at,
            "element_id": entry.get("element_id"), "element_name": entry.get("element_name"),
            "element_name_en": entry.get("element_name_en"), "element_type": entry.get("element_type"),
            "event": entry["event"], "actor": entry["actor"], "data": entry.get("data") or {}, "prev": head,
        }  # fmt: skip
        head = row["hash"] = digest(row)
        made.append(row)
    return made, seq, head


def note(session: Session, chain: str, event: str, actor: str, data: dict[str, Any], at: datetime) -> None:
    """Append to a chain that is no case's: "accounts", "parameters", "deployments", "operations"."""
    query = select(Chain).where(Chain.chain == chain).with_for_update()
    end = session.execute(query).scalar_one_or_none()
    if end is None:
        session.execute(_FIRST_LINK, {"chain": chain})
        end = session.execute(query).scalar_one()
    made, end.seq, end.head = rows(chain, end.seq, end.head, at, [{"event": event, "actor": actor, "data": data}])
    session.flush()
    session.execute(_INSERT, made)


def about_task(event: str, actor: str, task: Any, data: dict[str, Any]) -> dict[str, Any]:
    """An entry about an act on a user task."""
    return {
        "event": event, "actor": actor, "data": data, "element_id": task.element_id, "element_name": task.name,
        "element_name_en": task.name_en, "element_type": "userTask",
    }  # fmt: skip


def append_to_case(session: Session, case: Any, at: datetime, entries: Sequence[dict[str, Any]]) -> None:
    """Append to a case's chain; the caller stores `case.history_seq` and `case.history_head`."""
    if not entries:
        return
    made, case.history_seq, case.history_head = rows(
        f"case/{case.id}", case.history_seq, case.history_head, at, entries, case.id
    )
    session.execute(_INSERT, made)


def of_case(session: Session, case_id: int, after: int = 0, limit: int = 10_000) -> list[History]:
    """A case's history from `after` on."""
    query = select(History).where(History.case_id == case_id, History.seq > after).order_by(History.seq).limit(limit)
    return list(session.scalars(query))


def of_chain(session: Session, chain: str, before: int | None = None, limit: int = 200) -> list[History]:
    """The newest rows of a chain, newest first."""
    query = select(History).where(History.chain == chain).order_by(History.seq.desc()).limit(limit)
    return list(session.scalars(query if before is None else query.where(History.seq < before)))


def verify(session: Session) -> list[Broken]:
    """Recompute every chain; the first broken link of each, none where all holds."""
    ends = {f"case/{i}": (seq, head) for i, seq, head in session.execute(select(Case.id, Case.history_seq, Case.history_head))}
    ends |= {c: (seq, head) for c, seq, head in session.execute(select(Chain.chain, Chain.seq, Chain.head))}
    chains = set(ends) | set(session.scalars(select(History.chain).distinct()))
    found = (verify_chain(session, chain, ends.get(chain, (0, ""))) for chain in sorted(chains))
    return [broken for broken in found if broken is not None]


def verify_chain(session: Session, chain: str, end: tuple[int, str]) -> Broken | None:
    """Whether one chain holds up to its published end."""
    seq, head = 0, ""
    for row in session.scalars(select(History).where(History.chain == chain).order_by(History.seq)):
        if row.seq != seq + 1:
            return Broken(chain, seq + 1, "missing")
        values = {column.key: getattr(row, column.key) for column in History.__table__.columns}
        if row.prev != head or row.hash != digest(values):
            return Broken(chain, row.seq, "changed")
        seq, head = row.seq, row.hash
    return None if (seq, head) == end else Broken(chain, seq + 1, "cut off")


def verify_case(session: Session, case_id: int) -> Broken | None:
    """Whether one case's chain holds."""
    end = session.execute(select(Case.history_seq, Case.history_head).where(Case.id == case_id)).one()
    return verify_chain(session, f"case/{case_id}", (end[0], end[1]))
