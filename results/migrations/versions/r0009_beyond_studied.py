"""What every run lies beyond of what has been studied, as JSON; empty for runs stored before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision: str | None = "0008"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("run", sa.Column("beyond_studied", sa.Text(), nullable=True))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("run", "beyond_studied")
