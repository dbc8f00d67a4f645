"""The first schema: runs, their parameters, and the tables a run remembers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision: str | None = None
branch_labels: str | None = None
depends_on: str | None = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make every table of the first schema."""
    op.create_table(
        "run",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("city", sa.Text(), nullable=False),
        sa.Column("first_year", sa.BigInteger(), nullable=False),
        sa.Column("last_year", sa.BigInteger(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("baseline", sa.Text(), nullable=False),
        sa.Column("plan_fingerprint", sa.Text(), nullable=False),
        sa.Column("city_fingerprint", sa.Text(), nullable=False),
        sa.Column("parameters_fingerprint", sa.Text(), nullable=False),
        sa.Column("code_version", sa.Text(), nullable=False),
        sa.Column("versions", sa.Text(), nullable=False),
        sa.Column("settings", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("started", sa.Text(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_run"),
        sa.UniqueConstraint(
            "plan",
            "plan_fingerprint",
            "city_fingerprint",
            "parameters_fingerprint",
            "code_version",
            "seed",
            name="uq_run_plan",
        ),
    )
    op.create_table(
        "choice_year",
        sa.Column("run_id", ROW_ID, nullable=False),
        sa.Column("row", sa.BigInteger(), nullable=False),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("choosers", sa.BigInteger(), nullable=False),
        sa.Column("first_choice", sa.BigInteger(), nullable=False),
        sa.Column("on_list", sa.BigInteger(), nullable=False),
        sa.Column("overflow", sa.BigInteger(), nullable=False),
        sa.Column("unplaced", sa.BigInteger(), nullable=False),
        sa.Column("moved", sa.BigInteger(), nullable=False),
        sa.Column("first_round", sa.BigInteger(), nullable=False),
        sa.Column("late", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("run_id", "row", name="pk_choice_year"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_choice_year_run_id", ondelete="CASCADE"),
    )
    op.create_table(
        "cost_year",
        sa.Column("run_id", ROW_ID, nullable=False),
        sa.Column("row", sa.BigInteger(), nullable=False),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("dollars", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("run_id", "row", name="pk_cost_year"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_cost_year_run_id", ondelete="CASCADE"),
    )
    op.create_table(
        "decision",
        sa.Column("run_id", ROW_ID, nullable=False),
        sa.Column("row", sa.BigInteger(), nullable=False),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("school", sa.Text(), nullable=False),
        sa.Column("effective", sa.BigInteger(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("run_id", "row", name="pk_decision"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_decision_run_id", ondelete="CASCADE"),
    )
    op.create_table(
        "displaced",
        sa.Column("run_id", ROW_ID, nullable=False),
        sa.Column("row", sa.BigInteger(), nullable=False),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("school", sa.Text(), nullable=False),
        sa.Column("group", sa.Text(), nullable=False),
        sa.Column("pupils", sa.BigInteger(), nullable=False),
        sa.Column("better", sa.BigInteger(), nullable=False),
        sa.Column("equal", sa.BigInteger(), nullable=False),
        sa.Column("worse", sa.BigInteger(), nullable=False),
        sa.Column("outside", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("run_id", "row", name="pk_displaced"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_displaced_run_id", ondelete="CASCADE"),
    )
    op.create_table(
        "gap_year",
        sa.Column("run_id", ROW_ID, nullable=False),
        sa.Column("row", sa.BigInteger(), nullable=False),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("band", sa.Text(), nullable=False),
        sa.Column("focal", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("gap", sa.Double(), nullable=True),
        sa.Column("true_gap", sa.Double(), nullable=True),
        sa.Column("se", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("run_id", "row", name="pk_gap_year"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_gap_year_run_id", ondelete="CASCADE"),
    )
    op.create_table(
        "graduation_year",
        sa.Column("run_id", ROW_ID, nullable=False),
        sa.Column("row", sa.BigInteger(), nullable=False),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("group", sa.Text(), nullable=False),
        sa.Column("cohort", sa.BigInteger(), nullable=False),
        sa.Column("graduated", sa.BigInteger(), nullable=False),
        sa.Column("dropped_out", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("run_id", "row", name="pk_graduation_year"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_graduation_year_run_id", ondelete="CASCADE"),
    )
    op.create_table(
        "level_year",
        sa.Column("run_id", ROW_ID, nullable=False),
        sa.Column("row", sa.BigInteger(), nullable=False),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("band", sa.Text(), nullable=False),
        sa.Column("group", sa.Text(), nullable=False),
        sa.Column("pupils", sa.BigInteger(), nullable=False),
        sa.Column("tested", sa.BigInteger(), nullable=False),
        sa.Column("mean", sa.Double(), nullable=True),
        sa.Column("true_mean", sa.Double(), nullable=True),
        sa.Column("sd", sa.Double(), nullable=True),
        sa.Column("se", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("run_id", "row", name="pk_level_year"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_level_year_run_id", ondelete="CASCADE"),
    )
    op.create_table(
        "paired_gap_year",
        sa.Column("run_id", ROW_ID, nullable=False),
        sa.Column("baseline_run_id", ROW_ID, nullable=False),
        sa.Column("row", sa.BigInteger(), nullable=False),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("band", sa.Text(), nullable=False),
        sa.Column("focal", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("plan_gap", sa.Double(), nullable=False),
        sa.Column("baseline_gap", sa.Double(), nullable=False),
        sa.Column("difference", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("run_id", "baseline_run_id", "row", name="pk_paired_gap_year"),
        sa.ForeignKeyConstraint(
            ["baseline_run_id"], ["run.id"], name="fk_paired_gap_year_baseline_run_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_paired_gap_year_run_id", ondelete="CASCADE"),
    )
    op.create_index("ix_paired_gap_year_baseline_run_id", "paired_gap_year", ["baseline_run_id"])
    op.create_table(
        "paired_level_year",
        sa.Column("run_id", ROW_ID, nullable=False),
        sa.Column("baseline_run_id", ROW_ID, nullable=False),
        sa.Column("row", sa.BigInteger(), nullable=False),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("band", sa.Text(), nullable=False),
        sa.Column("group", sa.Text(), nullable=False),
        sa.Column("pupils", sa.BigInteger(), nullable=False),
        sa.Column("plan_mean", sa.Double(), nullable=False),
        sa.Column("baseline_mean", sa.Double(), nullable=False),
        sa.Column("difference", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("run_id", "baseline_run_id", "row", name="pk_paired_level_year"),
        sa.ForeignKeyConstraint(
            ["baseline_run_id"], ["run.id"], name="fk_paired_level_year_baseline_run_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_paired_level_year_run_id", ondelete="CASCADE"),
    )
    op.create_index("ix_paired_level_year_baseline_run_id", "paired_level_year", ["baseline_run_id"])
    op.create_table(
        "place_year",
        sa.Column("run_id", ROW_ID, nullable=False),
        sa.Column("row", sa.BigInteger(), nullable=False),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("group", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("pupils", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("run_id", "row", name="pk_place_year"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_place_year_run_id", ondelete="CASCADE"),
    )
    op.create_table(
        "run_parameter",
        sa.Column("run_id", ROW_ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("changed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("run_id", "name", name="pk_run_parameter"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_run_parameter_run_id", ondelete="CASCADE"),
    )
    op.create_table(
        "school",
        sa.Column("run_id", ROW_ID, nullable=False),
        sa.Column("row", sa.BigInteger(), nullable=False),
        sa.Column("school", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("operator", sa.Text(), nullable=False),
        sa.Column("sector", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("x_miles", sa.Double(), nullable=False),
        sa.Column("y_miles", sa.Double(), nullable=False),
        sa.Column("first_grade", sa.BigInteger(), nullable=False),
        sa.Column("last_grade", sa.BigInteger(), nullable=False),
        sa.Column("opened", sa.BigInteger(), nullable=True),
        sa.Column("closed", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("run_id", "row", name="pk_school"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_school_run_id", ondelete="CASCADE"),
    )
    op.create_table(
        "school_year",
        sa.Column("run_id", ROW_ID, nullable=False),
        sa.Column("row", sa.BigInteger(), nullable=False),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("school", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("pupils", sa.BigInteger(), nullable=False),
        sa.Column("seats", sa.BigInteger(), nullable=False),
        sa.Column("tested", sa.BigInteger(), nullable=False),
        sa.Column("mean_math", sa.Double(), nullable=True),
        sa.Column("mean_reading", sa.Double(), nullable=True),
        sa.Column("growth", sa.Double(), nullable=True),
        sa.Column("rating", sa.Double(), nullable=True),
        sa.Column("reputation", sa.Double(), nullable=True),
        sa.Column("value_added_math", sa.Double(), nullable=True),
        sa.Column("value_added_reading", sa.Double(), nullable=True),
        sa.Column("low_income_share", sa.Double(), nullable=True),
        sa.Column("operator", sa.Text(), nullable=False),
        sa.Column("sector", sa.Text(), nullable=False),
        sa.Column("extra_time", sa.Double(), nullable=False),
        sa.Column("culture", sa.Double(), nullable=False),
        sa.Column("tutored", sa.Double(), nullable=False),
        sa.Column("coached", sa.Double(), nullable=False),
        sa.Column("smaller_classes", sa.Double(), nullable=False),
        sa.Column("displaced_in", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("run_id", "row", name="pk_school_year"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_school_year_run_id", ondelete="CASCADE"),
    )


def downgrade() -> None:
    """Nothing lies before the first schema."""
    raise NotImplementedError("the first schema has no earlier one; keep a copy of the database instead")
