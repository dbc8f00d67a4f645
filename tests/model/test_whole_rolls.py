"""Rolls in whole pupils keep the totals by grade and by school, also where the fit before stopped a little off."""

from __future__ import annotations

import numpy as np
import pytest

from sim.opening.rolls import whole_rolls


def test_totals_are_kept_where_the_fit_stopped_a_few_hundredths_off() -> None:
    """The second school has its two pupils in the higher grade only, and the fit knows it late."""
    cells = np.zeros((13, 2, 1))
    cells[7, :, 0] = 5 - 0.02, 0.05
    cells[8, :, 0] = 4 + 0.02, 2 - 0.05
    whole = whole_rolls(cells)
    assert whole[7:9, :, 0].tolist() == [[5, 0], [4, 2]]


def test_totals_that_are_not_whole_are_refused() -> None:
    cells = np.zeros((13, 1, 1))
    cells[3] = 2.4
    with pytest.raises(ValueError, match="whole numbers"):
        whole_rolls(cells)
