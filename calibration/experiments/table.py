"""The table of experiments: published beside simulated, and the verdict by one rule."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd
from scipy.stats import norm, t

from calibration.experiments.estimators.estimate import Estimate
from calibration.experiments.experiment import Figure
from calibration.experiments.trials import Trial
from results.extrapolation import once_each

Verdict = Literal["within", "outside", "cannot tell", "nothing to show", ""]
LEVEL = 0.90
RULE = (
    "Outside: the simulated mean lies beyond the published range widened by half the simulated 90% interval of the "
    "mean. Within: it lies in the range itself, and the interval is no wider than the range; of a published sign, the "
    "whole interval has it. Cannot tell: neither."
)
UNKNOWN = "the reason is not known"


def table_of(done: Iterable[Trial]) -> pd.DataFrame:
    """One line a number: published value, range and standard error; simulated mean over seeds, mean own standard error,
    spread over seeds (SD), 90% interval of the mean, seeds that show something, mean number of children or schools
    behind an estimate; verdict, the reason of a miss, and what of the experiment lies beyond what has been studied."""
    return pd.DataFrame([line for trial in done for line in lines_of(trial)])


def lines_of(trial: Trial) -> list[dict[str, Any]]:
    """The lines of one experiment."""
    one = trial.experiment
    lines = [
        line_of(one.name, name, one.numbers[name], trial.estimates[name], one.reasons.get(name, ""))
        for name in one.numbers
    ] + [line_of(one.name, name, None, trial.estimates[name], "", unit) for name, unit in one.also.items()]
    told = "; ".join(once_each(trial.beyond))
    return [{**line, "beyond_studied": told} for line in lines]


def line_of(
    experiment: str, number: str, figure: Figure | None, estimates: Sequence[Estimate], reason: str = "", unit: str = ""
) -> dict[str, Any]:
    """One line; a number without a published figure has no verdict."""
    shown = [one for one in estimates if one.shows]
    mean, half, spread = _mean(shown)
    own = [one.se for one in shown if math.isfinite(one.se)]
    verdict = verdict_on(figure, mean, half) if figure is not None else ""
    return {
        "experiment": experiment,
        "number": number,
        "unit": figure.unit if figure is not None else unit,
        "published": math.nan if figure is None or figure.value is None else figure.value,
        "published_se": math.nan if figure is None or figure.se is None else figure.se,
        "published_low": math.nan if figure is None or figure.low is None else figure.low,
        "published_high": math.nan if figure is None or figure.high is None else figure.high,
        "evidence": figure.key if figure is not None else "",
        "simulated": mean,
        "own_se": float(np.sqrt(np.mean(np.square(own)))) if own else math.nan,
        "spread": spread,
        "low": mean - half,
        "high": mean + half,
        "seeds": len(shown),
        "units": round(float(np.mean([one.units for one in shown]))) if shown else 0,
        "verdict": verdict,
        "reason": (reason or UNKNOWN) if verdict == "outside" else "",
    }


def _mean(shown: Sequence[Estimate]) -> tuple[float, float, float]:
    """Mean, half the 90% interval of the mean, and SD over seeds; of one seed the interval is its own."""
    if not shown:
        return math.nan, math.nan, math.nan
    values = np.array([one.value for one in shown])
    if len(values) == 1:
        return float(values[0]), float(norm.ppf(0.5 + LEVEL / 2)) * shown[0].se, math.nan
    spread = float(values.std(ddof=1))
    return float(values.mean()), float(t.ppf(0.5 + LEVEL / 2, len(values) - 1)) * spread / len(values) ** 0.5, spread


def verdict_on(figure: Figure, mean: float, half: float) -> Verdict:
    """The verdict on a simulated mean with half its interval (0 where there is none)."""
    if not math.isfinite(mean):
        return "nothing to show"
    half = half if math.isfinite(half) else 0.0
    low = -math.inf if figure.low is None else figure.low
    high = math.inf if figure.high is None else figure.high
    if figure.is_sign:
        if low <= mean - half and mean + half <= high:
            return "within"
        return "outside" if mean + half < low or mean - half > high else "cannot tell"
    if not low - half <= mean <= high + half:
        return "outside"
    return "within" if low <= mean <= high and 2 * half <= high - low else "cannot tell"
