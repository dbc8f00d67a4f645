"""Match rates by entry grade; runs stored before have no rows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision: str | None = "0009"
branch_labels: str | None = None
depends_on: str | None = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "entry_match_year",
        sa.Column("run_id", ROW_ID, nullable=False),
        sa.Column("row", sa.BigInteger(), nullable=False),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("grade", sa.Text(), nullable=False),
        sa.Column("group", sa.Text(), nullable=False),
        sa.Column("choosers", sa.BigInteger(), nullable=False),
        sa.Column("first_choice", sa.BigInteger(), nullable=False),
        sa.Column("first_three", sa.BigInteger(), nullable=False),
        sa.Column("on_list", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("run_id", "row", name="pk_entry_match_year"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_entry_match_year_run_id", ondelete="CASCADE"),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("entry_match_year")
