"""The staffs of schools, year by year."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision: str | None = "0005"
branch_labels: str | None = None
depends_on: str | None = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table of the staffs."""
    op.create_table(
        "staff_year",
        sa.Column("run_id", ROW_ID, nullable=False),
        sa.Column("row", sa.BigInteger(), nullable=False),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("school", sa.Text(), nullable=False),
        sa.Column("teachers", sa.Double(), nullable=False),
        sa.Column("hired", sa.Double(), nullable=False),
        sa.Column("laid_off", sa.Double(), nullable=False),
        sa.Column("moved_in", sa.Double(), nullable=False),
        sa.Column("moved_out", sa.Double(), nullable=False),
        sa.Column("first_year_share", sa.Double(), nullable=True),
        sa.Column("second_year_share", sa.Double(), nullable=True),
        sa.Column("turnover", sa.Double(), nullable=True),
        sa.Column("effectiveness", sa.Double(), nullable=True),
        sa.Column("staff_value_math", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("run_id", "row", name="pk_staff_year"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_staff_year_run_id", ondelete="CASCADE"),
    )


def downgrade() -> None:
    """Drop the table of the staffs."""
    op.drop_table("staff_year")
