"""From what was typed to what the process knows: bound by the form, handed to its handler, kept as it was."""

import hashlib
import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, update

from engine import projection
from engine.errors import InvalidData
from engine.ports import Submission
from engine.tables import Attachment, SubmissionRow, Task
from engine.words import Text

if TYPE_CHECKING:
    from engine.turn import Turn

MAX_FREE_BYTES = 64_000
DEEPEST = 60
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def digest(data: Mapping[str, Any]) -> str:
    """SHA-256 of the parsed content: the same data in another order is the same."""
    return hashlib.sha256(json.dumps(data, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()


def take(turn: "Turn", task: Task | None, element_id: str, form_key: str | None, data: Mapping[str, Any]) -> dict[str, Any]:
    """Validate `data` by its form and keep it; gives what enters the variables. Raises `InvalidData`."""
    check_storable(data)
    form = turn.compiled.form(form_key)
    if form is None:
        bound = Submission(kept=free(data), personal={})
    else:
        bound = turn.engine.forms.bind(
            form, data, turn.execution.scope(), session=turn.session, actor=turn.actor, now=turn.execution.now
        )
    _take_attachments(turn, bound.attachments, element_id)
    if bound.handler:
        values = {**bound.kept, **bound.personal}
        kept = turn.execution.call(element_id, turn.compiled.functions[bound.handler], values)
        personal = {name: bound.kept[name] for name in bound.personal if name in bound.kept}
        bound = Submission({**(kept if isinstance(kept, dict) else bound.kept), **personal}, {}, None, bound.attachments)
    row = projection.submission_row(turn, task, element_id, bound, digest(data))
    turn.session.execute(insert(SubmissionRow), [row])
    return bound.kept


def free(data: Mapping[str, Any]) -> dict[str, Any]:
    """Variables where there is no form: any JSON up to 64 kB."""
    check_storable(data)
    try:
        size = len(json.dumps(data, allow_nan=False).encode())
    except (ValueError, TypeError) as error:
        raise InvalidData({"": [Text("只接受 JSON 数据", "Only JSON data is taken")]}) from error
    if size > MAX_FREE_BYTES:
        raise InvalidData({"": [Text("数据超过 64 kB", "The data is larger than 64 kB")]})
    return dict(data)


def check_storable(value: Any) -> None:
    """Raise where a text holds what no database keeps, or where lists and names are nested without end."""
    if not storable(value):
        raise InvalidData({"": [Text("内容里有不能保存的字符，或者嵌套太深", "There are characters that cannot be kept, or it is nested too deeply")]})


def storable(value: Any, levels: int = DEEPEST) -> bool:
    """Whether every text in `value` can be kept, and nothing is nested more deeply than `levels`."""
    if isinstance(value, str):
        return UNSTORABLE.search(value) is None
    if levels == 0:
        return False
    if isinstance(value, Mapping):
        return all(storable(name, 1) and storable(inner, levels - 1) for name, inner in value.items())
    return all(storable(inner, levels - 1) for inner in value) if isinstance(value, list | tuple) else True


def _take_attachments(turn: "Turn", ids: tuple[str, ...], element_id: str) -> None:
    """Loose files of whoever sends the form become the case's; somebody else's stay theirs."""
    if ids:
        mine = (Attachment.case_id.is_(None), Attachment.uploaded_by == turn.actor.username)
        turn.session.execute(
            update(Attachment).where(Attachment.id.in_(ids), *mine).values(case_id=turn.case.id, element_id=element_id)
        )
