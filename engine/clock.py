"""The only source of time: the system's clock, moved on by the demonstration's offset; and one for tests."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

TZ = ZoneInfo("Asia/Shanghai")


class Clock:
    """The system's time in Asia/Shanghai plus an offset that only the demonstration moves."""

    def __init__(self) -> None:
        self.offset = timedelta(0)

    def now(self) -> datetime:
        """This instant, aware, to the microsecond."""
        return datetime.now(TZ) + self.offset


class TestClock(Clock):
    """A clock that stands still until a test moves it."""

    __test__ = False

    def __init__(self, at: datetime) -> None:
        super().__init__()
        self.at = at if at.tzinfo else at.replace(tzinfo=TZ)

    def now(self) -> datetime:
        return self.at + self.offset

    def set(self, at: datetime) -> None:
        """Move to `at` (naive means Asia/Shanghai)."""
        self.at = at if at.tzinfo else at.replace(tzinfo=TZ)
        self.offset = timedelta(0)

    def advance(self, **by: float) -> None:
        """Move on, such as `advance(days=1, hours=2)`."""
        self.at += timedelta(**by)
