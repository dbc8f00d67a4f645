"""How sure an answer is: chances, what spreads the runs where parameters were drawn, the worth of pairing, regret."""

from __future__ import annotations

from typing import Any

from command.saying import wrapped
from results import tables, words
from results.precision import pairing
from results.regret import MEASURES, regret
from results.tables import Ensemble
from results.uncertainty import CLEARLY, closes_clearly, falls, split_variance
from sim.comparison import over_runs

BAND = tables.HEADLINE_BAND


def sureness(ensemble: Ensemble, plan: str, subjects: tuple[str, ...]) -> list[dict[str, Any]]:
    """For every subject at the horizon: the Monte Carlo error of the mean difference of the gap, the chance that the
    gap closes by more than .05 SD, that a group's level falls, and the variance between runs split into parameters and
    luck; nothing where only luck was varied."""
    if not tables.drawn(ensemble):
        return []
    city, found = ensemble.plans[0].city, []
    for subject in subjects:
        cell = {"plan": plan, "subject": subject, "band": BAND, "year": tables.horizon(ensemble)}
        pair = {"focal": city.focal_group, "reference": city.reference_group}
        gaps = tables.choose(tables.paired_gap(ensemble), **cell, **pair)
        levels = tables.choose(tables.paired_level(ensemble), **cell)
        if gaps.empty:
            continue
        split = split_variance(gaps, "difference")
        found.append(
            {
                **{"plan": plan, "subject": subject, "year": cell["year"]},
                "error": float(over_runs(gaps, "difference", ["plan"])["error"].iloc[0]),
                "closes_by_more_than": CLEARLY,
                "closes": closes_clearly(gaps)._asdict(),
                "level_falls": {group: falls(tables.choose(levels, group=group))._asdict() for group in pair.values()},
                "variance": split._asdict() if split else None,
                "parameters_share": split.share if split else None,
            }
        )
    return found


def sure_lines(ensemble: Ensemble, plan: str, subject: str) -> list[str]:
    """The same in words."""
    lines = []
    for one in sureness(ensemble, plan, (subject,)):
        down = ", ".join(f"of {group} in {_chance(chance)}" for group, chance in one["level_falls"].items())
        text = (
            f"sure, {subject} {one['year']}: the gap closes by more than {words.sd(CLEARLY)} SD in "
            f"{_chance(one['closes'])} of runs; the level falls {down}; {_spread(one)}; Monte Carlo error of the "
            f"gap's mean {words.sd(one['error'], 4)} SD"
        )
        lines += wrapped(text, "  ", " " * 15)
    return lines


def _chance(chance: dict[str, float]) -> str:
    # where all runs agree the error of a share cannot be told from them
    error = f" (±{100 * chance['error']:.0f})" if 0 < chance["share"] < 1 else ""
    return f"{words.share(chance['share'])}{error}"


def _spread(one: dict[str, Any]) -> str:
    if one["variance"] is None:
        return "with one seed a draw, parameters and luck cannot be told apart"
    if one["parameters_share"] != one["parameters_share"]:
        return "all runs are alike"
    if one["variance"]["parameters"] == 0:
        return "luck explains all of the spread"
    share = one["parameters_share"]
    return f"{words.share(share)} of the variance is parameters, {words.share(1 - share)} luck"


def pairs(ensemble: Ensemble, subjects: tuple[str, ...]) -> list[dict[str, Any]]:
    """How many unpaired runs the precision of the gap difference would have taken, by plan, subject and year."""
    found = []
    for plan in tables.compared(ensemble):
        for subject in subjects:
            for year in tables.report_years(ensemble):
                worth = pairing(ensemble, plan.name, subject, year)
                if worth is not None:
                    found.append({"plan": plan.name, "subject": subject, "year": year, **worth._asdict()})
    return found


def pairing_lines(ensemble: Ensemble, subjects: tuple[str, ...]) -> list[str]:
    """The same in one line: the least and the most of all plans and subjects at the horizon."""
    last = tables.horizon(ensemble)
    found = sorted(one["unpaired"] for one in pairs(ensemble, subjects) if one["year"] == last)
    if not found:
        return []
    often = " to ".join(dict.fromkeys(words.count(number) for number in (found[0], found[-1])))
    return [f"Without shared luck as sure a gap in {last} would take {often} runs in place of {len(ensemble.cells)}."]


def regrets(ensemble: Ensemble, subjects: tuple[str, ...]) -> list[dict[str, Any]]:
    """Regret by subject, measure and plan, where there are more than two plans."""
    if len(ensemble.plans) < 3:
        return []
    return [
        {"subject": subject, **{str(key): value for key, value in row.items()}}
        for subject in subjects
        for row in regret(ensemble, subject).to_dict("records")
    ]


def regret_lines(ensemble: Ensemble, subjects: tuple[str, ...]) -> list[str]:
    """The mean regret in the gap closed and in the worst group's level, of the first subject; the report has all."""
    rows = regrets(ensemble, subjects[:1])
    if not rows:
        return []
    parts = []
    for plan in ensemble.plans:
        gap, level = (
            next(
                (row["expected"] for row in rows if (row["plan"], row["measure"]) == (plan.name, measure)), float("nan")
            )
            for measure in MEASURES
        )
        parts.append(f"{plan.name} {words.sd(gap)} and {words.sd(level)}")
    text = (
        f"Regret in {subjects[0]}, mean SD behind the best plan in gap closed and worst group's level; less is better: "
    )
    return wrapped(text + ", ".join(parts))
