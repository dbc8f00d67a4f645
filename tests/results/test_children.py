"""The report's tables on children: every number is the record's, and what is not there is left out."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from results.report import children
from results.report.answer import answer
from results.report.seats import good_seats
from results.tables import choose
from results.words import count, signed
from sim.policies.restart import Restart
from sim.run import Ensemble, ensemble
from tests.cities import all_policies, plan_of

SEEDS = (1, 2)


@cache
def runs() -> Ensemble:
    """The tiny city left alone and with schools closed, opened and handed over."""
    hand = Restart.model_validate({"operators": ["kipp"], "when": {"rating_below": 60}, "per_year": 1})
    return ensemble(
        [plan_of(name="alone"), plan_of({"hand": hand, **all_policies()}, name="all")], list(SEEDS), workers=1
    )


def test_followed_children_are_weighted_over_the_closings() -> None:
    sheet = children.followed(runs())
    assert sheet is not None
    table = runs().tables["followed_year"].query("subject == 'math' and since == 0 and compared > 0")
    for row in sheet.rows:
        own = table[(table["what"] == row[1]) & (table["landed"] == row[2])]
        if own.empty:
            continue
        by_seed = own.groupby("seed").apply(
            lambda part: (part["difference"] * part["compared"]).sum() / part["compared"].sum(), include_groups=False
        )
        assert row[4].startswith(signed(float(by_seed.mean())))
    assert {row[1] for row in sheet.rows} >= {"displaced"}


def test_good_schools_are_those_of_the_record() -> None:
    sheet, _ = good_seats(runs())
    table = choose(runs().tables["access_year"], year=runs().plans[0].years.last, group="*")
    (row,) = [row for row in sheet.rows if row[0] == "all pupils"]
    for cell, plan in ((row[3], "alone"), (row[4], "all")):
        own = table[table["plan"] == plan]
        assert cell == f"{own['top_half'].mean():,.0f} ({100 * float(own['top_half_share'].mean()):.1f}%)"


def test_a_sector_the_baseline_lacks_has_a_line() -> None:
    sheet = children.market(runs())
    assert sheet is not None
    restarted = [row for row in sheet.rows if row[1] == "restart"]
    assert [row[0] for row in restarted] == ["all"]
    assert restarted[0][5].startswith("+")
    table = choose(runs().tables["market_year"], year=runs().plans[0].years.last)
    for plan in ("alone", "all"):
        mine = [row for row in sheet.rows if row[0] == plan]
        pupils = choose(table, plan=plan)["pupils"].sum() / len(SEEDS)
        assert sum(float(row[3].replace(",", "")) for row in mine) == pytest.approx(pupils, abs=1.5)


def test_tenths_leave_the_baseline_out() -> None:
    sheet = children.deciles(runs())
    assert sheet is not None
    assert [row[0] for row in sheet.rows] == ["all"]
    assert len(sheet.rows[0]) == 11


def test_closed_schools_are_counted_a_run() -> None:
    sheet = children.closed(runs())
    assert sheet is not None
    closed = runs().tables["closed_school"].query("plan == 'all'")
    (row,) = sheet.rows
    assert row[1] == count(len(closed) / len(SEEDS))
    assert row[4] == f"{100 * closed['truly_below_median'].mean():.0f}%"


def test_the_answer_tells_of_schools_handed_over() -> None:
    sentences = " ".join(answer(runs(), "all"))
    assert "handed to another operator" in sentences
    assert "with a longer day" in sentences


def test_runs_older_than_the_measures_are_still_told() -> None:
    new = ("followed_year", "access_year", "paired_decile_year", "market_year", "turnover_year", "segregation_year")
    old = replace(runs(), tables={name: table for name, table in runs().tables.items() if name not in new})
    assert children.sheets(old) == []
    # good schools by half and by quarter, and miles, are of one table
    assert len(children.sheets(runs())) == len(new) + 2
