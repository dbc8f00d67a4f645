"""The tier of every school and the end of its performance contract; empty in runs stored before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision: str | None = "0004"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Add the columns."""
    op.add_column("school_year", sa.Column("tier", sa.Text(), nullable=True))
    op.add_column("school_year", sa.Column("contract_until", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    """Drop them."""
    op.drop_column("school_year", "contract_until")
    op.drop_column("school_year", "tier")
