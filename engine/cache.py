"""What a warm process keeps: compiled definitions for good, live workflows of the cases touched last."""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.compiled import Compiled


class Definitions:
    """Compiled definitions by their id; they never change, so they are never dropped."""

    def __init__(self, known: "Definitions | None" = None) -> None:
        self._known: dict[int, Compiled] = dict(known._known) if known else {}

    def get(self, definition_id: int, compile_it: Callable[[], "Compiled"]) -> "Compiled":
        found = self._known.get(definition_id)
        if found is None:
            found = self._known[definition_id] = compile_it()
        return found


class LiveCases:
    """Workflow objects by (case id, version): taken out by the turn that uses one, put back after its commit."""

    def __init__(self, size: int = 512) -> None:
        self._size = size
        self._lock = Lock()
        self._known: OrderedDict[tuple[int, int], Any] = OrderedDict()

    def take(self, case_id: int, version: int) -> Any:
        """The live workflow of exactly this version, or None; nobody else can have it now."""
        with self._lock:
            return self._known.pop((case_id, version), None)

    def put(self, case_id: int, version: int, workflow: Any) -> None:
        """Keep it for the next turn; the longest unused goes."""
        with self._lock:
            self._known[case_id, version] = workflow
            while len(self._known) > self._size:
                self._known.popitem(last=False)
