"""What is measured beside levels and gaps: spread of scores, access, turnover, closings, children followed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision: str | None = "0001"
branch_labels: str | None = None
depends_on: str | None = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INTEGER, NUMBER, TEXT = sa.BigInteger, sa.Double, sa.Text


def upgrade() -> None:
    """Make the tables of the measures."""
    _run_table(
        "access_year",
        sa.Column("year", INTEGER(), nullable=False),
        sa.Column("group", TEXT(), nullable=False),
        sa.Column("pupils", INTEGER(), nullable=False),
        sa.Column("top_half", INTEGER(), nullable=False),
        sa.Column("top_half_share", NUMBER(), nullable=True),
        sa.Column("top_quarter", INTEGER(), nullable=False),
        sa.Column("top_quarter_share", NUMBER(), nullable=True),
        sa.Column("rated", INTEGER(), nullable=False),
        sa.Column("rated_50", INTEGER(), nullable=False),
        sa.Column("rated_50_share", NUMBER(), nullable=True),
        sa.Column("rated_75", INTEGER(), nullable=False),
        sa.Column("rated_75_share", NUMBER(), nullable=True),
        sa.Column("miles", NUMBER(), nullable=True),
        sa.Column("miles_p90", NUMBER(), nullable=True),
    )
    _run_table(
        "closed_school",
        sa.Column("year", INTEGER(), nullable=False),
        sa.Column("school", TEXT(), nullable=False),
        sa.Column("operator", TEXT(), nullable=False),
        sa.Column("sector", TEXT(), nullable=False),
        sa.Column("pupils", INTEGER(), nullable=False),
        sa.Column("rating", NUMBER(), nullable=True),
        sa.Column("value_added", NUMBER(), nullable=False),
        sa.Column("percentile", NUMBER(), nullable=False),
        sa.Column("truly_below_median", INTEGER(), nullable=False),
    )
    _run_table(
        "crossing_gap_year",
        sa.Column("year", INTEGER(), nullable=False),
        sa.Column("subject", TEXT(), nullable=False),
        sa.Column("band", TEXT(), nullable=False),
        sa.Column("focal", TEXT(), nullable=False),
        sa.Column("reference", TEXT(), nullable=False),
        sa.Column("flag", TEXT(), nullable=False),
        sa.Column("flagged", TEXT(), nullable=False),
        sa.Column("gap", NUMBER(), nullable=True),
        sa.Column("true_gap", NUMBER(), nullable=True),
        sa.Column("se", NUMBER(), nullable=True),
    )
    _run_table(
        "crossing_level_year",
        sa.Column("year", INTEGER(), nullable=False),
        sa.Column("subject", TEXT(), nullable=False),
        sa.Column("band", TEXT(), nullable=False),
        sa.Column("group", TEXT(), nullable=False),
        sa.Column("flag", TEXT(), nullable=False),
        sa.Column("flagged", TEXT(), nullable=False),
        sa.Column("pupils", INTEGER(), nullable=False),
        sa.Column("tested", INTEGER(), nullable=False),
        sa.Column("mean", NUMBER(), nullable=True),
        sa.Column("true_mean", NUMBER(), nullable=True),
        sa.Column("sd", NUMBER(), nullable=True),
        sa.Column("se", NUMBER(), nullable=True),
    )
    _run_table(
        "gap_change_year",
        sa.Column("year", INTEGER(), nullable=False),
        sa.Column("since", INTEGER(), nullable=False),
        sa.Column("subject", TEXT(), nullable=False),
        sa.Column("band", TEXT(), nullable=False),
        sa.Column("focal", TEXT(), nullable=False),
        sa.Column("reference", TEXT(), nullable=False),
        sa.Column("total", NUMBER(), nullable=False),
        sa.Column("within", NUMBER(), nullable=False),
        sa.Column("movement", NUMBER(), nullable=False),
        sa.Column("entry", NUMBER(), nullable=False),
        sa.Column("exit", NUMBER(), nullable=False),
        sa.Column("comers", NUMBER(), nullable=False),
        sa.Column("leavers", NUMBER(), nullable=False),
        sa.Column("ageing", NUMBER(), nullable=False),
        sa.Column("response", NUMBER(), nullable=False),
    )
    _run_table(
        "market_year",
        sa.Column("year", INTEGER(), nullable=False),
        sa.Column("sector", TEXT(), nullable=False),
        sa.Column("operator", TEXT(), nullable=False),
        sa.Column("schools", INTEGER(), nullable=False),
        sa.Column("pupils", INTEGER(), nullable=False),
        sa.Column("seats", INTEGER(), nullable=False),
        sa.Column("share", NUMBER(), nullable=True),
    )
    _run_table(
        "match_year",
        sa.Column("year", INTEGER(), nullable=False),
        sa.Column("group", TEXT(), nullable=False),
        sa.Column("choosers", INTEGER(), nullable=False),
        sa.Column("first_choice", INTEGER(), nullable=False),
        sa.Column("first_choice_share", NUMBER(), nullable=True),
        sa.Column("on_list", INTEGER(), nullable=False),
        sa.Column("on_list_share", NUMBER(), nullable=True),
    )
    _run_table(
        "proficiency_year",
        sa.Column("year", INTEGER(), nullable=False),
        sa.Column("subject", TEXT(), nullable=False),
        sa.Column("band", TEXT(), nullable=False),
        sa.Column("group", TEXT(), nullable=False),
        sa.Column("cut", NUMBER(), nullable=False),
        sa.Column("tested", INTEGER(), nullable=False),
        sa.Column("proficient", INTEGER(), nullable=False),
        sa.Column("share", NUMBER(), nullable=True),
        sa.Column("over_minus_1", INTEGER(), nullable=False),
        sa.Column("over_minus_half", INTEGER(), nullable=False),
        sa.Column("over_0", INTEGER(), nullable=False),
        sa.Column("over_half", INTEGER(), nullable=False),
        sa.Column("over_1", INTEGER(), nullable=False),
    )
    _run_table(
        "segregation_year",
        sa.Column("year", INTEGER(), nullable=False),
        sa.Column("focal", TEXT(), nullable=False),
        sa.Column("reference", TEXT(), nullable=False),
        sa.Column("focal_pupils", INTEGER(), nullable=False),
        sa.Column("reference_pupils", INTEGER(), nullable=False),
        sa.Column("dissimilarity", NUMBER(), nullable=True),
        sa.Column("isolation", NUMBER(), nullable=True),
        sa.Column("exposure", NUMBER(), nullable=True),
        sa.Column("variance_ratio", NUMBER(), nullable=True),
    )
    _run_table(
        "tail_year",
        sa.Column("year", INTEGER(), nullable=False),
        sa.Column("subject", TEXT(), nullable=False),
        sa.Column("band", TEXT(), nullable=False),
        sa.Column("tail", TEXT(), nullable=False),
        sa.Column("pupils", INTEGER(), nullable=False),
        sa.Column("true_mean", NUMBER(), nullable=True),
    )
    _run_table(
        "turnover_year",
        sa.Column("year", INTEGER(), nullable=False),
        sa.Column("school", TEXT(), nullable=False),
        sa.Column("sector", TEXT(), nullable=False),
        sa.Column("could_stay", INTEGER(), nullable=False),
        sa.Column("stayed", INTEGER(), nullable=False),
        sa.Column("left", INTEGER(), nullable=False),
        sa.Column("to_district", INTEGER(), nullable=False),
        sa.Column("to_charter", INTEGER(), nullable=False),
        sa.Column("out_of_public", INTEGER(), nullable=False),
        sa.Column("dropped_out", INTEGER(), nullable=False),
        sa.Column("attrition", NUMBER(), nullable=True),
        sa.Column("entered_first_grade", INTEGER(), nullable=False),
        sa.Column("entered_later", INTEGER(), nullable=False),
        sa.Column("backfill", NUMBER(), nullable=True),
    )
    _run_table(
        "v_gap_year",
        sa.Column("year", INTEGER(), nullable=False),
        sa.Column("subject", TEXT(), nullable=False),
        sa.Column("band", TEXT(), nullable=False),
        sa.Column("focal", TEXT(), nullable=False),
        sa.Column("reference", TEXT(), nullable=False),
        sa.Column("focal_tested", INTEGER(), nullable=False),
        sa.Column("reference_tested", INTEGER(), nullable=False),
        sa.Column("reference_ahead", NUMBER(), nullable=True),
        sa.Column("v_gap", NUMBER(), nullable=True),
        sa.Column("v_gap_se", NUMBER(), nullable=True),
        sa.Column("v_gap_from_counts", NUMBER(), nullable=True),
    )
    _pair_table(
        "closed_school_twin",
        sa.Column("year", INTEGER(), nullable=False),
        sa.Column("school", TEXT(), nullable=False),
        sa.Column("twin_years", INTEGER(), nullable=False),
        sa.Column("twin_value_added", NUMBER(), nullable=True),
        sa.Column("twin_relative", NUMBER(), nullable=True),
    )
    _pair_table(
        "followed_year",
        sa.Column("year", INTEGER(), nullable=False),
        sa.Column("subject", TEXT(), nullable=False),
        sa.Column("what", TEXT(), nullable=False),
        sa.Column("event_year", INTEGER(), nullable=False),
        sa.Column("since", INTEGER(), nullable=False),
        sa.Column("landed", TEXT(), nullable=False),
        sa.Column("pupils", INTEGER(), nullable=False),
        sa.Column("compared", INTEGER(), nullable=False),
        sa.Column("plan_mean", NUMBER(), nullable=True),
        sa.Column("baseline_mean", NUMBER(), nullable=True),
        sa.Column("difference", NUMBER(), nullable=True),
    )
    _pair_table(
        "paired_decile_year",
        sa.Column("year", INTEGER(), nullable=False),
        sa.Column("subject", TEXT(), nullable=False),
        sa.Column("band", TEXT(), nullable=False),
        sa.Column("decile", INTEGER(), nullable=False),
        sa.Column("pupils", INTEGER(), nullable=False),
        sa.Column("plan_mean", NUMBER(), nullable=False),
        sa.Column("baseline_mean", NUMBER(), nullable=False),
        sa.Column("difference", NUMBER(), nullable=False),
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


def _pair_table(name: str, *facts: sa.Column[object]) -> None:
    keys = ("run_id", "baseline_run_id")
    op.create_table(
        name,
        *(sa.Column(key, ROW_ID, nullable=False) for key in keys),
        sa.Column("row", sa.BigInteger(), nullable=False),
        *facts,
        sa.PrimaryKeyConstraint(*keys, "row", name=f"pk_{name}"),
        *(sa.ForeignKeyConstraint([key], ["run.id"], name=f"fk_{name}_{key}", ondelete="CASCADE") for key in keys),
    )
    op.create_index(f"ix_{name}_baseline_run_id", name, ["baseline_run_id"])


def downgrade() -> None:
    """Drop the tables of the measures."""
    for name in (
        "access_year",
        "closed_school",
        "crossing_gap_year",
        "crossing_level_year",
        "gap_change_year",
        "market_year",
        "match_year",
        "proficiency_year",
        "segregation_year",
        "tail_year",
        "turnover_year",
        "v_gap_year",
        "closed_school_twin",
        "followed_year",
        "paired_decile_year",
    ):
        op.drop_table(name)
