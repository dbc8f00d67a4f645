"""A copy of every city that is run, so that a run can be repeated when the files are gone, and files of its children.

The views that come with this revision are made by `results.revisions.migrate` after it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from results.views.views import drop_views

revision = "0008"
down_revision: str | None = "0007"
branch_labels: str | None = None
depends_on: str | None = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables; runs stored before have no copy."""
    op.create_table(
        "city_copy",
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("tables", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("fingerprint", name="pk_city_copy"),
    )
    op.create_table(
        "panel_file",
        sa.Column("run_id", ROW_ID, nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("run_id", name="pk_panel_file"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_panel_file_run_id", ondelete="CASCADE"),
    )


def downgrade() -> None:
    """Drop them, and the views, which older revisions did not have."""
    drop_views(op.get_bind())
    op.drop_table("panel_file")
    op.drop_table("city_copy")
