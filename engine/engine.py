"""The engine as one value: its database, clock and calendar, and the answers of the other rooms."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from engine.cache import Definitions, LiveCases
from engine.clock import Clock
from engine.database import Database
from engine.ports import Directory, Forms, Rights

LookUp = Callable[..., Any]


@dataclass(frozen=True)
class Happened:
    """What listeners are told inside the turn: an act on a case or task, with the rows it touched."""

    kind: str
    at: datetime
    actor: str
    case: Any = None
    task: Any = None
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class Engine:
    """Handed to every act as its first argument; `create_app`, a worker and a test compose it alike."""

    database: Database
    clock: Clock
    directory: Directory
    rights: Rights
    forms: Forms
    functions: Mapping[str, LookUp]
    processes_path: Path
    listeners: list[Callable[[Session, Happened], None]] = field(default_factory=list)
    definitions: Definitions = field(default_factory=Definitions)
    live: LiveCases = field(default_factory=LiveCases)

    def tell(self, session: Session, happened: Happened) -> None:
        """Pass on what happened to everyone who listens."""
        for listener in self.listeners:
            listener(session, happened)
