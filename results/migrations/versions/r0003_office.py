"""The office: what decisions cost and are about, politics and operators year by year, opposition by zone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision: str | None = "0002"
branch_labels: str | None = None
depends_on: str | None = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INTEGER, NUMBER, TEXT = sa.BigInteger, sa.Double, sa.Text


def upgrade() -> None:
    """Make the tables, and say of older runs that their decisions cost no capital."""
    with op.batch_alter_table("decision") as table:
        table.add_column(sa.Column("slate", TEXT(), nullable=False, server_default="practice"))
        table.add_column(sa.Column("capital", NUMBER(), nullable=False, server_default="0"))
    with op.batch_alter_table("decision") as table:
        table.alter_column("slate", server_default=None)
        table.alter_column("capital", server_default=None)
    _run_table(
        "politics_year",
        sa.Column("year", INTEGER(), nullable=False),
        sa.Column("capital_spent", NUMBER(), nullable=False),
        sa.Column("capital", NUMBER(), nullable=False),
        sa.Column("families", NUMBER(), nullable=False),
        sa.Column("teachers", NUMBER(), nullable=False),
        sa.Column("voters", NUMBER(), nullable=False),
        sa.Column("votes", NUMBER(), nullable=False),
        sa.Column("board_for", INTEGER(), nullable=False),
        sa.Column("gain_seen", NUMBER(), nullable=False),
        sa.Column("proven_share", NUMBER(), nullable=False),
        sa.Column("flexibility", NUMBER(), nullable=False),
        sa.Column("departures", INTEGER(), nullable=False),
        sa.Column("departures_allowed", INTEGER(), nullable=False),
        sa.Column("superintendent", INTEGER(), nullable=False),
        sa.Column("years_in_post", INTEGER(), nullable=False),
        sa.Column("pursues", INTEGER(), nullable=False),
        sa.Column("left", INTEGER(), nullable=False),
        sa.Column("election", INTEGER(), nullable=False),
        sa.Column("bargaining", INTEGER(), nullable=False),
    )
    _run_table(
        "operator_year",
        sa.Column("year", INTEGER(), nullable=False),
        sa.Column("operator", TEXT(), nullable=False),
        sa.Column("schools", INTEGER(), nullable=False),
        sa.Column("pupils", INTEGER(), nullable=False),
        sa.Column("seats", INTEGER(), nullable=False),
        sa.Column("rating", NUMBER(), nullable=True),
        sa.Column("openings", INTEGER(), nullable=False),
        sa.Column("takeovers", INTEGER(), nullable=False),
        sa.Column("leaders", NUMBER(), nullable=False),
        sa.Column("leaders_given", INTEGER(), nullable=False),
        sa.Column("cash", NUMBER(), nullable=False),
        sa.Column("deficit_years", INTEGER(), nullable=False),
    )
    _run_table(
        "opposition_year",
        sa.Column("year", INTEGER(), nullable=False),
        sa.Column("zone", TEXT(), nullable=False),
        sa.Column("affected", INTEGER(), nullable=False),
        sa.Column("opposition", NUMBER(), nullable=False),
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
    """Drop the tables and columns of the office."""
    op.drop_table("opposition_year")
    op.drop_table("operator_year")
    op.drop_table("politics_year")
    with op.batch_alter_table("decision") as table:
        table.drop_column("capital")
        table.drop_column("slate")
