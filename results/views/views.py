"""The views: every one a question, in SQL that SQLite and PostgreSQL read alike."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, text

from sim.policies.policy import REFUSED


@dataclass(frozen=True)
class View:
    """A view: the question it answers, a row for each of what, and its query."""

    question: str
    row: str
    query: str


OF_RUN = "run.id AS run_id, run.plan, run.draw, run.seed"
"""Columns in front of every row."""

VIEWS: dict[str, View] = {
    "gap_by_run": View(
        "How large is the gap, and where do both groups stand?",
        "run, year, subject, band, pair",
        f"""
SELECT {OF_RUN}, gap.year, gap.subject, gap.band, gap.focal, gap.reference, gap.gap, gap.true_gap,
       low.mean AS focal_level, high.mean AS reference_level,
       low.true_mean AS focal_true_level, high.true_mean AS reference_true_level
FROM gap_year AS gap
JOIN run ON run.id = gap.run_id
LEFT JOIN level_year AS low ON low.run_id = gap.run_id AND low.year = gap.year AND low.subject = gap.subject
     AND low.band = gap.band AND low."group" = gap.focal
LEFT JOIN level_year AS high ON high.run_id = gap.run_id AND high.year = gap.year AND high.subject = gap.subject
     AND high.band = gap.band AND high."group" = gap.reference
""",
    ),
    "paired_gap_by_run": View(
        "What does a plan do to the gap and to both levels, against a baseline in the same run? Plan less baseline, "
        "the same children; a negative gap difference closes the gap.",
        "run, baseline, year, subject, band, pair",
        f"""
SELECT {OF_RUN}, other.id AS baseline_run_id, other.plan AS baseline, gap.year, gap.subject, gap.band, gap.focal,
       gap.reference, gap.plan_gap, gap.baseline_gap, gap.difference,
       low.difference AS focal_level_difference, high.difference AS reference_level_difference
FROM paired_gap_year AS gap
JOIN run ON run.id = gap.run_id
JOIN run AS other ON other.id = gap.baseline_run_id
LEFT JOIN paired_level_year AS low ON low.run_id = gap.run_id AND low.baseline_run_id = gap.baseline_run_id
     AND low.year = gap.year AND low.subject = gap.subject AND low.band = gap.band AND low."group" = gap.focal
LEFT JOIN paired_level_year AS high ON high.run_id = gap.run_id AND high.baseline_run_id = gap.baseline_run_id
     AND high.year = gap.year AND high.subject = gap.subject AND high.band = gap.band AND high."group" = gap.reference
""",
    ),
    "cost_per_pupil": View(
        "What is spent on a pupil, and what do policies cost a pupil? Dollars, accounts apart; the cost of policies "
        "stands on the district's rows.",
        "run, year, account",
        f"""
SELECT {OF_RUN}, account.year, account.account, account.pupils, account.spending_per_pupil, account.change_per_pupil,
       CASE WHEN account.account = 'district' THEN COALESCE(cost.dollars, 0) END AS policy_dollars,
       CASE WHEN account.account = 'district' AND account.pupils > 0
            THEN COALESCE(cost.dollars, 0) / account.pupils END AS policy_dollars_per_pupil
FROM account_year AS account
JOIN run ON run.id = account.run_id
LEFT JOIN (SELECT run_id, year, SUM(dollars) AS dollars FROM cost_year GROUP BY run_id, year) AS cost
     ON cost.run_id = account.run_id AND cost.year = account.year
""",
    ),
    "displaced_by_run": View(
        "Whose school closed, and where did they land?",
        "run, year, group",
        f"""
SELECT {OF_RUN}, moved.year, moved."group",
       CAST(SUM(moved.pupils) AS BIGINT) AS pupils, CAST(SUM(moved.better) AS BIGINT) AS better,
       CAST(SUM(moved.equal) AS BIGINT) AS equal, CAST(SUM(moved.worse) AS BIGINT) AS worse,
       CAST(SUM(moved.outside) AS BIGINT) AS outside
FROM displaced AS moved
JOIN run ON run.id = moved.run_id
GROUP BY run.id, run.plan, run.draw, run.seed, moved.year, moved."group"
""",
    ),
    "refused_decisions": View(
        "What did politics not let through, and why?",
        "run, refused decision",
        f"""
SELECT {OF_RUN}, decision.year, decision.policy, decision.action, decision.school, decision.because, decision.slate,
       decision.capital
FROM decision
JOIN run ON run.id = decision.run_id
WHERE decision.action IN ({", ".join(f"'{action}'" for action in REFUSED)})
""",
    ),
    "operators_by_run": View(
        "Who runs how many schools, for how many pupils, and how are they rated?",
        "run, year, operator",
        f"""
SELECT {OF_RUN}, own.year, own.operator, own.schools, own.pupils, own.seats, own.rating, own.openings, own.takeovers,
       own.cash, own.deficit_years
FROM operator_year AS own
JOIN run ON run.id = own.run_id
""",
    ),
}


def make_views(connection: Connection) -> None:
    """Make all views; they hold no rows, so that those of an older version are simply replaced."""
    drop_views(connection)
    for name, view in VIEWS.items():
        connection.execute(text(f"CREATE VIEW {name} AS {view.query.strip()}"))


def drop_views(connection: Connection) -> None:
    """Drop them: a table that a view reads cannot be made anew."""
    for name in VIEWS:
        connection.execute(text(f"DROP VIEW IF EXISTS {name}"))
