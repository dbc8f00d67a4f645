"""Published figures are those of the evidence table."""

from __future__ import annotations

import re

import pytest

from calibration.experiments.found import all_figures, figure
from tests.contracts.sources import is_named_or_assumed, rows_by_id

KEYS = list(all_figures())


@pytest.mark.parametrize("key", KEYS)
def test_a_figure_says_where_it_is_from(key: str) -> None:
    one = figure(key)
    assert is_named_or_assumed(one.id)
    for part in (one.quantity, one.unit, one.population, one.source):
        assert part


@pytest.mark.parametrize("key", KEYS)
def test_a_figure_is_the_evidence_tables(key: str) -> None:
    rows = rows_by_id()
    if rows is None:
        pytest.skip("the evidence table is not at hand")
    one, row = figure(key), rows[figure(key).id]
    assert one.seen == (row["seen"] == "yes")
    numbers = {float(number) for number in re.findall(r"-?\d*\.?\d+", f"{row['value']} {row['quantity']}")}
    assert one.value is None or one.value in numbers
    whole = not one.part and not one.is_sign
    for name in ("low", "high", "se"):
        ours, theirs = getattr(one, name), row[name]
        if theirs and whole:
            assert ours == float(theirs), name
        elif ours is not None and not theirs:
            assert one.note or one.is_sign, f"{name} is not in the row, and the note does not say where it is from"
    if "[SE assumed]" in row["source"]:
        assert one.se is None or one.se_assumed


def test_a_figure_there_is_not_is_refused_with_the_nearest() -> None:
    with pytest.raises(KeyError, match="S03-061"):
        figure("S03-0611")
