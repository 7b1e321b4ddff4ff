"""What can go wrong, as one tree; webapp/errors.py turns each into a status and a sentence.

EngineError
├── NotFound              there is no such thing, or it may not be seen
├── NotAllowed            it may be seen, but this act is not this person's
├── Conflict              somebody was first
│   ├── AlreadyDone       the task was finished: by whom, when, with what
│   ├── Stale             it changed since the page was opened
│   ├── WrongState        the case or task is not in a state for this act
│   └── KeyTaken          a running case has this business key already
├── InvalidData           the data: messages by path of the field
├── Refused               a deployment: its problems by file and element
├── ProcessFailure        the process stopped; an incident tells where and why
└── Busy                  the database did not answer in time
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.words import Text


class EngineError(Exception):
    """The root: `text` is the sentence for people in both languages."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


class NotFound(EngineError):
    """No such thing, or none that this person may see: both look the same."""

    def __init__(self, text: Text = Text("没有找到，或者您无权查看", "Not found, or not yours to see")) -> None:
        super().__init__(text)


class NotAllowed(EngineError):
    """Visible, but the act is not this person's; the text says why."""


class Conflict(EngineError):
    """Somebody was first, or the state does not allow it any more."""


class AlreadyDone(Conflict):
    """The task is finished: `completed_by`, `completed_at` and `entered` tell the late-comer."""

    def __init__(self, text: Text, completed_by: str | None, completed_at: datetime | None, entered: Any) -> None:
        super().__init__(text)
        self.completed_by, self.completed_at, self.entered = completed_by, completed_at, entered


class Stale(Conflict):
    """The version that the page was made from is not the present one."""

    def __init__(self, text: Text, version: int, changed_by: str | None = None, changed_at: datetime | None = None) -> None:
        super().__init__(text)
        self.version, self.changed_by, self.changed_at = version, changed_by, changed_at


class WrongState(Conflict):
    """The case or task is in a state in which this act makes no sense."""


class KeyTaken(Conflict):
    """A running case of the process has this business key."""


class InvalidData(EngineError):
    """`errors` maps a field's path ("" for the whole form) to its messages."""

    def __init__(self, errors: Mapping[str, Sequence[Text]]) -> None:
        super().__init__(Text("有几处需要改正", "Some entries need to be put right"))
        self.errors = {path: list(texts) for path, texts in errors.items()}


@dataclass(frozen=True)
class Problem:
    """One reason why a file cannot be deployed; `rule` is its stable name."""

    file: str
    element_id: str | None
    rule: str
    message: Text
    level: str = "error"


class Refused(EngineError):
    """A deployment that would not run as drawn."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(Text("这次部署有问题，没有生效", "This deployment has problems and did not take effect"))
        self.problems = list(problems)


class ProcessFailure(EngineError):
    """The process could not go on; nothing in the case changed but the incident."""

    def __init__(self, text: Text, incident_id: int | None = None, element_id: str | None = None) -> None:
        super().__init__(text)
        self.incident_id, self.element_id = incident_id, element_id


class Busy(EngineError):
    """The database is locked, full or away: nothing was changed."""


class BpmnError(Exception):
    """Raised by a registered function: takes the error boundary event with this code."""

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(message or code)
        self.code = code
