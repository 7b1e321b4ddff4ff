"""${message}

A step is forward only and must leave the version before able to run: add a column with a default or nullable, fill it
in small portions, and drop what is no longer read one release later. Test it on data of the step before.
"""

from alembic import op
import sqlalchemy as sa
${imports if imports else ""}

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}
