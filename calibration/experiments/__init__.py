"""Virtual experiments: the published estimator on simulated children, beside the published estimate.

One file an experiment. Every module in a folder inside this one that defines `EXPERIMENT` is found by `experiments()`;
nothing is listed anywhere.
"""

from __future__ import annotations

from calibration.experiments.estimators.estimate import Estimate
from calibration.experiments.experiment import Experiment, Figure
from calibration.experiments.found import NoExperiment, experiments, named
from calibration.experiments.table import line_of, table_of
from calibration.experiments.trials import Trial, trials

__all__ = [
    "Estimate",
    "Experiment",
    "Figure",
    "NoExperiment",
    "Trial",
    "experiments",
    "line_of",
    "named",
    "table_of",
    "trials",
]
