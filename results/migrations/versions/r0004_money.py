"""The district's accounts: every payment, and the balances of every year."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision: str | None = "0003"
branch_labels: str | None = None
depends_on: str | None = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INTEGER, NUMBER, TEXT = sa.BigInteger, sa.Double, sa.Text


def upgrade() -> None:
    """Make the tables of the accounts."""
    _run_table(
        "money_year",
        sa.Column("year", INTEGER(), nullable=False),
        sa.Column("account", TEXT(), nullable=False),
        sa.Column("item", TEXT(), nullable=False),
        sa.Column("payer", TEXT(), nullable=False),
        sa.Column("dollars", NUMBER(), nullable=False),
    )
    _run_table(
        "account_year",
        sa.Column("year", INTEGER(), nullable=False),
        sa.Column("account", TEXT(), nullable=False),
        sa.Column("opening_balance", NUMBER(), nullable=False),
        sa.Column("income", NUMBER(), nullable=False),
        sa.Column("spending", NUMBER(), nullable=False),
        sa.Column("closing_balance", NUMBER(), nullable=False),
        sa.Column("pupils", INTEGER(), nullable=False),
        sa.Column("spending_per_pupil", NUMBER(), nullable=True),
        sa.Column("change_per_pupil", NUMBER(), nullable=True),
        sa.Column("stranded", NUMBER(), nullable=False),
    )


def _run_table(name: str, *facts: sa.Column[object]) -> None:
    op.create_table(
        name,
        sa.Column("run_id", ROW_ID, nullable=False),
        sa.Column("row", sa.BigInteger(), nullable=False),
        *facts,
        sa.PrimaryKeyConstraint("run_id", "row", name=f"pk_{name}"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=f"fk_{name}_run_id", ondelete="CASCADE"),
    )


def downgrade() -> None:
    """Drop the tables of the accounts."""
    for name in ("money_year", "account_year"):
        op.drop_table(name)
