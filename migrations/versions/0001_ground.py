"""The ground: the tables as the first release has them."""

from alembic import op

from engine.base import Base

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make every table."""
    Base.metadata.create_all(op.get_bind())
