"""The sections on the whole strategy: slate, levers, politics, money, operators and good seats, by hand."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from command.answer import answer
from results import figures, strategy
from results.report import levers, money, operators, politics, render, seats, slate
from results.tables import choose
from results.words import count
from tests.results.pretend_city import GROUPS
from tests.results.pretend_ensemble import Pretended, make_ensemble
from tests.results.pretend_politics import BLOCKED, with_politics


@pytest.fixture(scope="module")
def political() -> Pretended:
    """Four seeds, with politics in the full portfolio."""
    return with_politics(make_ensemble(seeds=4))


# -- the slate


def test_the_slate_holds_every_decision_of_the_first_seed_once_and_whole(political: Pretended) -> None:
    decided = choose(political.tables["decision"], seed=0)
    for one in slate.in_full(political):
        own = choose(decided, plan=one.plan.name)
        told = [row for year in one.years for row in year.sheet.rows]
        assert sorted(row[2] for row in told) == sorted(own["because"])
        assert [year.title[:4] for year in one.years] == [str(year) for year in sorted(set(own["year"]))]
    assert [one.plan.name for one in slate.in_full(political)] == ["close_weakest", "replicate", "full_portfolio"]


def test_a_year_says_done_then_refused_then_kept_with_names(political: Pretended) -> None:
    full = slate.in_full(political)[-1]
    (year,) = [one for one in full.years if one.title.startswith("2028")]
    assert [row[0] for row in year.sheet.rows] == [
        "opened",
        "closed",
        "blocked",
        "declined",
        "looked at, left as it is",
    ]
    assert year.title == "2028: 1 opened, 1 closed, 1 blocked, 1 declined and 1 looked at"
    names = choose(political.tables["school"], plan="full_portfolio", seed=0).set_index("school")["name"]
    assert year.sheet.rows[0][1] == names["strong_networks-1"]
    assert [row[1] for row in year.sheet.rows[2:4]] == ["a new school", "–"]
    assert year.sheet.rows[2][2] == BLOCKED


def test_capital_is_told_only_where_it_is_spent(political: Pretended) -> None:
    heads = {one.plan.name: one.years[0].sheet.head for one in slate.in_full(political)}
    assert {name for name, head in heads.items() if "Capital, points" in head} == {"full_portfolio"}


def test_decisions_a_year_add_up(political: Pretended) -> None:
    for sheet in slate.per_year(political):
        plan = sheet.title.split()[3].rstrip(":")
        rows = {row[0]: row for row in sheet.rows}
        found = choose(political.tables["decision"], plan=plan)
        for words, action in (("opened", "open"), ("closed", "close"), ("blocked", "blocked")):
            number = (found["action"] == action).sum() / 4
            assert rows[words][-1] == count(number) if number else words not in rows


# -- the levers


def test_levers_are_those_of_the_policies(political: Pretended) -> None:
    sheet = levers.levers(political)
    assert sheet is not None
    rows = {row[0]: row[1:] for row in sheet.rows}
    assert rows["Replace the weakest schools first"] == ["weakest_schools", "forgotten", "weakest_schools"]
    assert rows["Say in public how wide the gap is"] == ["forgotten"] * 3
    assert rows["Together"] == ["1 of 10", "1 of 10", "3 of 10"]
    assert levers.levers(make_ensemble(("status_quo",), seeds=1)) is None


def test_a_policy_that_is_not_enabled_pulls_nothing(political: Pretended) -> None:
    plan = political.plans[3]
    off = {name: policy.model_copy(update={"enabled": False}) for name, policy in plan.policies.items()}
    assert len(levers.pulled(plan)) == 3
    assert levers.pulled(replace(plan, policies=off)) == {}


# -- politics


def test_the_fate_of_the_strategy_by_hand(political: Pretended) -> None:
    # superintendents 3, 2, 1 and 1; seed 2 ends without a board; only in seed 0 had the first left by 2030; one refusal
    assert strategy.fate(political, political.plans[3]) == strategy.Fate(1.75, 0.75, 0.25, 0.25)


def test_a_successor_who_does_not_pursue_it_ends_it(political: Pretended) -> None:
    table = political.tables["politics_year"]
    early = replace(political, tables={**political.tables, "politics_year": table[table["year"] <= 2033]})
    plans = [replace(plan, years=replace(plan.years, last=2033)) for plan in political.plans]
    assert strategy.fate(replace(early, plans=plans), plans[3]).standing == 0.75
    (found,) = [one for one in politics.sheets(political) if one.title.startswith("Who succeeded")]
    assert [list(row[1:5]) for row in found.rows] == [
        ["1", "2027", "June 2029", "yes"],
        ["2", "2030", "June 2034", "no"],
        ["3", "2035", "still in post", "yes"],
    ]


def test_zones_stand_in_order_of_opposition_with_their_names(political: Pretended) -> None:
    (found,) = [one for one in politics.sheets(political) if one.title.startswith("Where families")]
    assert found.rows == [["Mill Hill", "40%", "100"], ["Old Town", "20%", "100"]]


def test_every_year_of_politics_is_told(political: Pretended) -> None:
    (sheet,) = politics.years(political)
    assert [row[0] for row in sheet.rows] == [str(year) for year in range(2027, 2038)]
    events = {row[0]: row[1] for row in sheet.rows}
    assert events["2027"] == "–"
    assert events["2029"] == "superintendent 1 leaves"
    assert events["2030"] == "superintendent 2 begins, strategy not pursued and election"


def test_without_politics_there_is_no_word_of_it(political: Pretended) -> None:
    without = make_ensemble(seeds=2)
    assert politics.sheets(without) == [] == politics.years(without)
    assert 'id="politics"' not in render(without)
    assert 'id="politics"' in render(political)
    assert "superintendents" not in answer(without)
    assert "superintendents 1.8, decisions refused 0.2; the strategy still stands in 75% of runs" in " ".join(
        answer(political).split()
    )
    with pytest.raises(ValueError, match="no plan meets politics"):
        figures.politics_figure(without)


def test_the_figure_of_politics_draws_the_means(political: Pretended) -> None:
    figure = figures.politics_figure(political)
    assert len(figure.axes) == 4
    (line,) = figure.axes[0].lines
    assert list(line.get_ydata()) == pytest.approx([31.5] * 11)
    assert figure.axes[2].get_ylim() == (0.0, 7.0)


# -- money


def test_who_pays_adds_up_to_the_cost(political: Pretended) -> None:
    sheet = money.payers(political)
    assert sheet is not None
    rows = {(row[0], row[1]): row[2:] for row in sheet.rows}
    assert rows["replicate", "start-up of new schools"] == ["$7.0 million", "$7.0 million (100%)", "–", "–"]
    cost = choose(political.tables["cost_year"], plan="full_portfolio", item="longer day")
    given = cost[cost["year"] <= 2031]["dollars"].sum() / cost["dollars"].sum()
    _, state, philanthropy, district = rows["full_portfolio", "longer day"]
    assert state == "–"
    assert f"({100 * given:.0f}%)" in philanthropy
    assert f"({100 * (1 - given):.0f}%)" in district
    assert not [key for key in rows if key[0] in ("status_quo", "close_weakest")]


def test_dollars_are_rounded_as_a_district_writes_them() -> None:
    assert [money.millions(one) for one in (311_449_000.0, -249_000.0, -1_000.0, float("nan"))] == [
        "311.4",
        "−0.2",
        "0.0",
        "–",
    ]
    assert money.tens(16_679.6) == "$16,680"
    assert [money.tens(one, plus=True) for one in (164.1, -27.0, 3.0)] == ["+$160", "−$30", "$0"]


def test_the_accounts_stand_year_by_year(political: Pretended) -> None:
    sheets = money.years(political)
    assert [len(sheet.rows) for sheet in sheets] == [11] * 4
    row = sheets[0].rows[-1]
    assert (row[0], row[2], row[3], row[6]) == ("2037", "250.0", "250.0", "$15,000")
    assert "money: $15,000 a district pupil, $0 more than on opening terms; reserve $0" in answer(political)


# -- operators


def turned_over(left: int, later: int) -> Pretended:
    """One charter school of `single_charter` that loses and takes in pupils in one year, of two."""
    made = make_ensemble(("status_quo",), seeds=1)
    rows = [
        {"plan": "status_quo", "draw": 0, "seed": 0, "year": year, "school": school, "could_stay": 100, "left": gone,
         "out_of_public": 1, "entered_later": new}
        for year, school, gone, new in ((2028, "s02", left, later), (2028, "s05", 10, 0), (2028, "*", 99, 99))
    ]  # fmt: skip
    return replace(made, tables={**made.tables, "turnover_year": pd.DataFrame(rows)})


def test_seats_are_filled_again_school_by_school() -> None:
    # s02 takes 40 for 20 who left, s05 none for 10: 20 of 30 seats are filled again, though 40 came
    sheet = operators.turnover(turned_over(20, 40))
    assert sheet is not None
    (row,) = sheet.rows
    years = 11  # the plan's: what happened in one of them is a mean over all
    counts = [count(number / years) for number in (200, 30, 2, 40)]
    assert row[1:] == ["Single charters", *counts[:2], "15%", *counts[2:], "67%", "+1"]


def test_who_came_and_who_declined_is_counted_by_operator(political: Pretended) -> None:
    sheet = operators.comings(political)
    assert sheet is not None
    rows = {(row[0], row[1]): row[2:] for row in sheet.rows}
    assert rows["full_portfolio", "KIPP"] == ["3", "0.2", "–"]
    assert rows["replicate", "Uncommon Schools"] == ["3", "–", "–"]
    found = operators.reasons(political)
    assert found is not None
    assert found.rows == [["full_portfolio", "2028", "KIPP needs a building"]]


# -- good seats


def test_good_seats_are_counted_and_shared() -> None:
    made = make_ensemble(("status_quo", "replicate"), seeds=2)
    rows = [
        {"plan": plan, "draw": 0, "seed": seed, "year": year, "group": group, "pupils": 1000, "top_half": n,
         "top_half_share": n / 1000, "top_quarter": n // 2, "top_quarter_share": n / 2000}
        for plan, gain in (("status_quo", 0), ("replicate", 100))
        for seed in (0, 1)
        for year in (2026, 2037)
        for group in ("*", *GROUPS)
        for n in [400 + (year == 2037) * (gain + 20 * seed * (gain > 0))]
    ]  # fmt: skip
    half, quarter = seats.good_seats(replace(made, tables={**made.tables, "access_year": pd.DataFrame(rows)}))
    black = next(row for row in half.rows if row[0] == "Black")
    assert black[1:5] == ["replicate", "400 (40.0%)", "400 (40.0%)", "510 (51.0%)"]
    assert black[5].startswith("+110 (+101 to +119)")
    assert black[6].startswith("+11.0% (+10.1% to +11.9%)")
    assert next(row for row in quarter.rows if row[0] == "Black")[4] == "255 (25.5%)"
    assert len(half.rows) == 1 + len(GROUPS)
