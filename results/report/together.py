"""The page's tables of all plans together: regret, and what it is worth that they share their luck."""

from __future__ import annotations

from results import tables as summaries
from results.precision import pairing
from results.regret import regret
from results.report.sheets import Sheet
from results.tables import HEADLINE_BAND, Ensemble
from results.words import count, sd, share


def sheets(ensemble: Ensemble) -> list[Sheet]:
    """Both tables, each where there is something to tell."""
    return [sheet for sheet in (regrets(ensemble), paired(ensemble)) if sheet.rows]


def regrets(ensemble: Ensemble) -> Sheet:
    """Every plan's regret in both measures; empty for fewer than three plans."""
    rows = []
    for subject in summaries.subjects(ensemble) if len(ensemble.plans) > 2 else []:
        for row in regret(ensemble, subject).to_dict("records"):
            what = f"{subject}, {row['measure']}"
            rows.append([what, row["plan"], sd(row["expected"], 3), sd(row["worst_tenth"], 3), share(row["best"])])
    return Sheet(
        f"Regret by {summaries.horizon(ensemble)}, grades {HEADLINE_BAND}, SD",
        ["What", "Plan", "Mean", "Mean of the worst tenth of runs", "Best in"],
        rows,
        2,
        "How far a plan stays behind the best plan of the same run: less is better, 0 is the best in every run. Gap "
        f"closed is {ensemble.baseline} less plan; a level is plan less {ensemble.baseline}, of the group that fares "
        f"worst. Over {summaries.runs_named(ensemble)}.",
    )


def paired(ensemble: Ensemble) -> Sheet:
    """How many unpaired seeds the gap differences would have taken."""
    rows = []
    for plan in summaries.compared(ensemble):
        for subject in summaries.subjects(ensemble):
            for year in summaries.report_years(ensemble):
                found = pairing(ensemble, plan.name, subject, year)
                if found is not None:
                    numbers = [str(year), count(found.runs), count(found.unpaired), f"{found.ratio:,.1f}"]
                    rows.append([plan.name, subject, *numbers])
    return Sheet(
        "What it is worth that plans share their luck",
        ["Plan", "Gap in", "Year", "Paired runs", "Unpaired runs of each plan", "Times as many"],
        rows,
        2,
        "Runs that would give the same standard error of the mean gap difference if every plan had luck of its own: "
        "(variance under the plan + variance under the baseline) / variance of plan less baseline.",
    )
