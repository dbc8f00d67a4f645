"""A copy of every city that is run, so that a run can be repeated when the files are gone; older runs have none.

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


def upgrade() -> None:
    """Make the table of copies."""
    op.create_table(
        "city_copy",
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("tables", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("fingerprint", name="pk_city_copy"),
    )


def downgrade() -> None:
    """Drop it, and the views, which older revisions did not have."""
    drop_views(op.get_bind())
    op.drop_table("city_copy")
