"""A desk at which the tests of faults work."""

import pytest

from engine.engine import Engine
from tests.drawing import Desk


@pytest.fixture
def desk(engine: Engine) -> Desk:
    """Deploys, starts and completes by names."""
    return Desk(engine)
