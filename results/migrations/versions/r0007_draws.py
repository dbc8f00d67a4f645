"""The draw of the parameters of every run, as part of what makes it the run it is; runs stored before have draw 0."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision: str | None = "0006"
branch_labels: str | None = None
depends_on: str | None = None

KEY = ["plan", "plan_fingerprint", "city_fingerprint", "parameters_fingerprint", "code_version"]


def upgrade() -> None:
    """Add the draw, and put it into the key."""
    # SQLite makes the table anew and would take every table of the runs along with the old one: `results.revisions`
    # holds the foreign keys off meanwhile
    with op.batch_alter_table("run") as run:
        run.add_column(sa.Column("draw", sa.BigInteger(), nullable=False, server_default="0"))
        run.drop_constraint("uq_run_plan", type_="unique")
        run.create_unique_constraint("uq_run_plan", [*KEY, "draw", "seed"])
    with op.batch_alter_table("run") as run:
        run.alter_column("draw", server_default=None)


def downgrade() -> None:
    """Drop it."""
    with op.batch_alter_table("run") as run:
        run.drop_constraint("uq_run_plan", type_="unique")
        run.create_unique_constraint("uq_run_plan", [*KEY, "seed"])
        run.drop_column("draw")
