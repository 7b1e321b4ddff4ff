"""The worker: fires timers and keeps house, beside the web application or alone, any number of them side by side."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from threading import Event, Thread

from engine import attachments, idempotency, messages, timers
from engine.engine import Engine
from engine.turn import writing
from housing import notices

log = logging.getLogger(__name__)
POLL_SECONDS = 2.0
SHORTEST_SECONDS = 0.05
HOUSEKEEPING = timedelta(minutes=1)
Duty = Callable[[], object]


class Worker:
    """Runs until it is told to stop; what fails is written down and tried again, and stops nothing else."""

    def __init__(self, engine: Engine, also: Mapping[str, Duty] | None = None) -> None:
        self.engine = engine
        self._also = dict(also or {})
        self._stopping = Event()
        self._thread: Thread | None = None
        self._kept_house_at: datetime | None = None

    def start(self) -> None:
        """Work in a thread of its own."""
        self._thread = Thread(target=self.run, name="worker", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Finish what is in hand and end."""
        self._stopping.set()
        if self._thread is not None and self._thread.is_alive():
            self._thread.join(timeout=30)

    def end(self) -> None:
        """End after what is in hand, without waiting for it: safe within a signal's handler."""
        self._stopping.set()

    def run(self) -> None:
        """Work until told to stop."""
        while not self._stopping.is_set():
            self.tick()
            self._stopping.wait(self._pause())

    def tick(self) -> None:
        """Everything that is due now, once."""
        self._try("timers", self._timers)
        now = self.engine.clock.now()
        if self._kept_house_at is None or abs(now - self._kept_house_at) >= HOUSEKEEPING:
            self._kept_house_at = now
            for name, duty in self._housekeeping().items():
                self._try(name, duty)

    def _timers(self) -> None:
        while not self._stopping.is_set() and timers.sweep(self.engine):
            pass

    def _housekeeping(self) -> dict[str, Duty]:
        return {
            "messages": lambda: messages.expire(self.engine, self.engine.clock.now()),
            "attachments": lambda: attachments.sweep(self.engine),
            "answers": lambda: idempotency.sweep(self.engine.database),
            "notifications": self._forget_read,
            **self._also,
        }

    def _forget_read(self) -> None:
        with writing(self.engine) as session:
            notices.sweep(session, self.engine.clock.now())

    def _try(self, name: str, duty: Duty) -> None:
        try:
            duty()
        except Exception:
            log.exception("worker: %s failed and will be tried again", name)

    def _pause(self) -> float:
        """Until the next timer, two seconds at most: another process may have armed one."""
        try:
            with self.engine.database.reading() as session:
                due = timers.next_due(session)
        except Exception:
            log.exception("worker: the database did not answer")
            return POLL_SECONDS
        if due is None:
            return POLL_SECONDS
        return min(POLL_SECONDS, max(SHORTEST_SECONDS, (due - self.engine.clock.now()).total_seconds()))
