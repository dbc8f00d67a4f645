"""The report: one self-contained page with answer, figures, tables, assumptions and the record of the runs."""

from __future__ import annotations

import base64
import io
from pathlib import Path
from typing import Any

import matplotlib
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from matplotlib.figure import Figure

from results import figures
from results import tables as summaries
from results.extrapolation import marks
from results.figures.drawing import atomic
from results.provenance import code_version, library_versions
from results.report import children, levers, money, operators, politics, record, slate, together
from results.report import tables as tables_of
from results.report.answer import answer, too_good
from results.report.sheets import Picture
from results.strategy import plans_with_politics
from results.tables import HEADLINE_BAND, Ensemble, choose
from results.words import count, grades

MOST_MAPS = 4


def write_report(ensemble: Ensemble, path: str | Path, baseline: str | None = None) -> Path:
    """Write the page to `path`, whole or not at all, and return the path.

    It needs nothing from outside: styles and figures are inside. Raises ValueError when `baseline` is given and is
    not the one the ensemble was compared with.
    """
    if baseline is not None and baseline != ensemble.baseline:
        raise ValueError(
            f"the ensemble was compared with {ensemble.baseline}; compare it with {baseline} first, then report"
        )
    page = render(ensemble)
    path = Path(path)
    with atomic(path) as temporary:
        temporary.write_text(page, encoding="utf-8")
    return path


def render(ensemble: Ensemble) -> str:
    """The page as text; text from plans and cities is escaped."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent.parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html").render(**context(ensemble))


def context(ensemble: Ensemble) -> dict[str, Any]:
    """Everything the template shows, as plain text, tables and pictures."""
    plans = summaries.compared(ensemble)
    baseline = summaries.baseline_plan(ensemble)
    city = baseline.city
    pupils = choose(
        ensemble.tables["place_year"], plan=baseline.name, **summaries.first_run(ensemble), place="enrolled"
    )
    first = pupils[(pupils["year"] == pupils["year"].min()) & (pupils["group"] != summaries.EVERYBODY)]
    return {
        "headline": _headline(ensemble),
        "city": city,
        "scale": city.scale.rstrip(". "),
        "pupils": count(float(first["pupils"].sum())),
        "years": f"{baseline.years.first} to {summaries.horizon(ensemble)}",
        "baseline": baseline,
        "plans": ensemble.plans,
        "compared": plans,
        "runs_each": len(ensemble.cells),
        "runs_named": summaries.runs_named(ensemble),
        "questions": list(dict.fromkeys(plan.question for plan in ensemble.plans if plan.question)),
        "answers": [(plan, answer(ensemble, plan.name)) for plan in plans],
        "warnings": too_good(ensemble) + record.warnings(ensemble) + marks(ensemble),
        "pictures": _pictures(ensemble),
        "maps": _maps(ensemble),
        "policies": record.policies(ensemble),
        "differences": tables_of.differences(ensemble) + together.sheets(ensemble),
        "composition": tables_of.composition(ensemble),
        "displaced": tables_of.displaced(ensemble),
        "children": children.sheets(ensemble),
        "closed": children.closed(ensemble),
        "schools": tables_of.schools(ensemble),
        "levers": levers.levers(ensemble),
        "slate_numbers": slate.per_year(ensemble),
        "slates": slate.in_full(ensemble),
        "politics": plans_with_politics(ensemble),
        "politics_in_words": politics.IN_WORDS,
        "politics_pictures": _politics(ensemble),
        "politics_sheets": politics.sheets(ensemble),
        "politics_years": politics.years(ensemble),
        "operators": operators.schools(ensemble),
        "operator_sheets": [
            sheet
            for sheet in (operators.comings(ensemble), operators.reasons(ensemble), operators.turnover(ensemble))
            if sheet is not None
        ],
        "money": [
            sheet
            for sheet in (tables_of.costs(ensemble), money.payers(ensemble), money.state_of(ensemble))
            if sheet is not None
        ],
        "money_years": money.years(ensemble),
        "changed": record.changed_parameters(ensemble),
        "assumed": record.parameters(assumed=True),
        "sourced": record.parameters(assumed=False),
        "evidence": record.evidence(ensemble),
        "record": record.record(ensemble),
        "runs": record.runs(ensemble),
        "code": code_version(),
        "versions": library_versions(),
        "headline_grades": grades(HEADLINE_BAND),
    }


def _headline(ensemble: Ensemble) -> str:
    plans = summaries.compared(ensemble)
    focal, reference = summaries.headline_pair(ensemble)
    if len(plans) > 1:
        return f"What {count(len(plans))} plans do to the {reference}–{focal} gap, and to both groups"
    plan = plans[0] if plans else summaries.baseline_plan(ensemble)
    return plan.title or plan.name


def _pictures(ensemble: Ensemble) -> list[Picture]:
    focal, reference = summaries.headline_pair(ensemble)
    drawn = [
        (
            figures.gap_figure(ensemble, subject, with_caption=False),
            f"Lines by year and plan: the {reference}–{focal} gap in {subject}, and the levels of both groups.",
        )
        for subject in summaries.subjects(ensemble)
    ]
    if summaries.compared(ensemble):
        drawn.append(
            (
                figures.difference_figure(ensemble, with_caption=False),
                f"Paired differences from {ensemble.baseline} by plan: gap and both levels; the numbers "
                "are in the table.",
            )
        )
        drawn.append(
            (
                figures.fixed_and_raw_figure(ensemble, with_caption=False),
                "Differences of gap and levels for the same children beside those of all pupils tested; numbers below.",
            )
        )
    return [_picture(figure, alternative) for figure, alternative in drawn]


def _politics(ensemble: Ensemble) -> list[Picture]:
    """The figure of politics, where a plan meets any."""
    if not plans_with_politics(ensemble):
        return []
    words = "Lines by year: capital, backing, seats of the board and the labor contract; one course is in the table."
    return [_picture(figures.politics_figure(ensemble, with_caption=False), words)]


def _maps(ensemble: Ensemble) -> list[Picture]:
    """A map of every plan that opens or closes a school, or changes its sector, in the first run; the baseline's when
    none does."""
    first = summaries.first_run(ensemble)
    changes = choose(summaries.openings_and_closings(ensemble, summaries.horizon(ensemble)), **first)
    moved = set(changes.loc[changes["opened"] + changes["closed"] > 0, "plan"])
    sectors = choose(ensemble.tables["school_year"], **first).groupby(["plan", "school"])["sector"].nunique()
    moved |= set(sectors[sectors > 1].index.get_level_values("plan"))
    names = [plan.name for plan in summaries.compared(ensemble) if plan.name in moved][:MOST_MAPS]
    names = names or [ensemble.baseline]
    return [
        _picture(
            figures.map_figure(ensemble, name, first["seed"], first["draw"], with_caption=False),
            f"Map of the schools under {name}; openings and closings are listed in the slate.",
        )
        for name in names
    ]


def _picture(figure: Figure, alternative: str) -> Picture:
    """The figure as a data URL; scalable, and kept apart from the page and from other figures."""
    drawn = io.BytesIO()
    # a fixed salt and no date: the same runs make the same page
    with matplotlib.rc_context({"svg.hashsalt": "report"}):
        figure.savefig(drawn, format="svg", metadata={"Date": None})
    data = base64.b64encode(drawn.getvalue()).decode("ascii")
    return Picture(f"data:image/svg+xml;base64,{data}", alternative, str(getattr(figure, "caption_text", "")))
