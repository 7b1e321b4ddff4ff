"""Cases as the real process has run them, with a clock that moves from act to act."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.engine import Engine


def histories(engine: "Engine") -> None:
    """Run the demonstration's cases up to the present."""
