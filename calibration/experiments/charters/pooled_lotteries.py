"""Charter lotteries, pooled: what a year in a charter does for those whom a ticket let in."""

from __future__ import annotations

from calibration.experiments.charters.opening_schools import COVARIATES, lottery_sample
from calibration.experiments.estimators.estimate import Estimate
from calibration.experiments.estimators.regressions import two_stage
from calibration.experiments.experiment import Experiment
from calibration.experiments.found import figure
from calibration.experiments.lotteries import with_lotteries
from calibration.patterns.pattern import plan_with
from sim.city import SUBJECTS, City
from sim.district import District

YEARS = 8
FOLLOWED = 4
"""Years after a lottery in which its applicants are tested."""


def measure(city: City, seed: int) -> dict[str, Estimate]:
    """Both subjects, all lotteries of the city's charters."""
    district, applicants = with_lotteries(District(plan_with("as it is", {}, years=YEARS, city=city), seed))
    rows = lottery_sample(district, applicants, FOLLOWED)
    return {
        subject: two_stage(rows, subject, "attended", "offered", strata="cell", covariates=COVARIATES, cluster="child")
        for subject in SUBJECTS
    }


_WHY = (
    "the city's charters are what the files of their operators say: yearly growth of matched pupils in US charters "
    "(CREDO 2023), .00 for single ones and .04 for networks in math. Over seeds their mean is .003 above the district "
    "in math and .020 in reading, and families who move to one between grades lose .04 once. Lotteries are held by "
    "charters that are asked for; the published estimate asks for charters .11 a year better in math, which is a "
    "choice of whom studies look at and not a mechanism"
)


EXPERIMENT = Experiment(
    name="charter lotteries",
    question="What does a year attended in a charter do, for applicants whom a lottery lets in?",
    setting="the city as it is for eight years; its charters, a mix of networks and single schools, hold lotteries "
    "where more families name them first than there are seats",
    estimand="score per year attended in a charter, complying applicants, one to four years after the lottery",
    estimator="two-stage least squares: years attended by the first-choice offer, within lottery and years since; "
    "group, income and last scores; errors clustered by child",
    numbers={"math": figure("S03-061"), "reading": figure("S03-062")},
    reasons={"math": _WHY, "reading": _WHY},
    measure=measure,
)
