"""A whole fit of the tiny city, run by run: known values come back, and intervals hold what they should."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import binom

from calibration.fitting.fitting import fit_city
from calibration.fitting.pool import Where
from calibration.fitting.pool_store import PoolStore
from calibration.fitting.summaries import How
from sim.run import run
from tests.fitting.small_fit import small_fit

pytest.importorskip("sklearn")
KNOWN = {"learning.latent_sd": 0.84, "background.low_income_gap": 0.55}


@pytest.mark.slow
def test_known_values_come_back(tmp_path: Path) -> None:
    fit = replace(small_fit(tmp_path), draws=240, held_out=100, predictive=20)
    tables = run(fit.plan.with_parameters(KNOWN), 5).tables
    seen = [replace(t, value=t.of(tables, fit.plan.city), half_width=0.0, se=0.01) for t in fit.targets.all]
    fit = replace(fit, targets=replace(fit.targets, all=tuple(seen)))
    store = PoolStore(tmp_path / "fits.sqlite")
    found = fit_city(fit, Where(store, workers=1), How(networks=1, neurons=16))
    again = fit_city(fit, Where(store, workers=1), How(networks=1, neurons=16))
    store.close()
    assert found.table().equals(again.table())
    assert again.tested.filled.made == 0
    table = found.table().set_index("name")
    for name, value in KNOWN.items():
        assert abs(table.loc[name, "mean"] - value) < 3 * table.loc[name, "sd"], name
    assert table.loc["background.low_income_gap", "sd_ratio"] < 0.7
    low, high = binom.ppf([0.001, 0.999], 100, 0.9) / 100
    assert found.tested.coverage["inside_90"].between(low, high).all()
    assert len(found.draws) == fit.posterior
    assert len(found.misfit) == len(fit.targets.all)
    assert np.isfinite(found.misfit["mean"]).all()
