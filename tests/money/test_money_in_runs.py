"""Money in whole runs: it balances in every plan, answers to policy, and does nothing in a city left alone."""

from __future__ import annotations

import numpy as np
import pytest

from scenarios.files import list_scenarios, load
from sim.agents.students import release
from sim.district import District
from sim.effects import yearly_value
from sim.parameters import Parameters
from sim.plan import Plan
from sim.policies.teaching.extended_day import ExtendedDay
from sim.year.money import money_value
from tests.cities import all_policies, plan_of, same_panel

PLANS = list(list_scenarios())


def finished_on(plan: Plan, revenue_share: float | None = None) -> District:
    """A finished run; with a share, charters get that much of the revenue from the first year on."""
    district = District(plan, 1)
    if revenue_share is not None:
        district.share_revenue(revenue_share)
    district.run_to_end()
    release(district)
    return district


def assert_balanced(district: District) -> None:
    """Every year of the record, in whole cents."""
    money, years = district.record.rows["money_year"], district.record.rows["account_year"]
    for year in range(district.plan.years.opening, district.year + 1):
        mine = [(row["account"], round(row["dollars"] * 100)) for row in money if row["year"] == year]
        assert sum(cents for _, cents in mine) == 0
        for row in (row for row in years if row["year"] == year):
            flow = sum(cents for account, cents in mine if account == row["account"])
            before, after = (round(row[name] * 100) for name in ("opening_balance", "closing_balance"))
            assert after - before == flow == round(row["income"] * 100) - round(row["spending"] * 100)
        enrolled = sum(
            row["pupils"]
            for row in district.record.rows["place_year"]
            if row["year"] == year and row["place"] == "enrolled"
        )
        assert sum(row["pupils"] for row in years if row["year"] == year) == enrolled


@pytest.mark.parametrize("name", PLANS)
def test_every_plan_of_the_library_balances(name: str) -> None:
    assert_balanced(finished_on(load(name, {} if name == "full_portfolio" else {"years.last": 2030})))


def test_city_left_alone_has_the_money_it_had() -> None:
    """Eleven years: no school has a dollar more or less than at opening terms, so the size of money's effect does not
    matter to any child."""
    plan = load("status_quo")
    strong, weak = (finished_on(plan.with_parameters({"money.effect": effect})) for effect in (0.067, -0.004))
    assert {row["change_per_pupil"] for row in strong.record.rows["account_year"]} == {0.0}
    assert all(same_panel(june, weak.record.panel[year]) for year, june in strong.record.panel.items())


def district_rows(district: District, column: str) -> list[float]:
    return [row[column] for row in district.record.rows["account_year"] if row["account"] == "district"]


def test_money_that_follows_pupils_squeezes_the_district() -> None:
    """District schools close and charters grow; where those get all that their pupils bring, the district's own schools
    spend less on a pupil."""
    plan = plan_of(all_policies(), years=6)
    usual, fair = finished_on(plan), finished_on(plan, 1.0)
    assert district_rows(usual, "pupils")[-1] < 0.9 * district_rows(usual, "pupils")[0]
    assert district_rows(fair, "spending_per_pupil")[-1] < district_rows(usual, "spending_per_pupil")[-1] - 200
    assert min(district_rows(fair, "change_per_pupil")) < -200
    charters = [row for row in fair.record.rows["account_year"] if row["account"] == "charters"][1:]
    assert all(row["change_per_pupil"] / row["spending_per_pupil"] == pytest.approx(0.29, abs=1e-6) for row in charters)


def test_district_that_pays_for_longer_days_itself_gains_less() -> None:
    """The same day, once bought by the state and once out of what schools spend."""
    longer = {"extra_time": 0.25, "where": {"sector": "district"}}
    truth = []
    for payer in ("state", "district"):
        plan = plan_of({"it": ExtendedDay.model_validate(longer | {"paid_by": payer})}, years=6)
        panel = finished_on(plan).record.panel[2032]
        truth.append(panel.truth.astype(np.float64).mean())
    assert truth[1] < truth[0] - 0.002


def test_thousand_dollars_for_four_years_gain_what_was_measured() -> None:
    """.0316 SD for a child who stays, in both subjects, whatever the retention; a charter has its own money."""
    district = District(plan_of(), 1)
    for retention in (0.5, 0.7, 0.85):
        p = Parameters({f"learning.retention.{subject}": retention for subject in ("math", "reading")})
        value = money_value(district.schools, {"district": 1000.0, "charters": -500.0}, p)
        gained = 0.0
        for _ in range(4):
            gained = gained * retention + value[0, 0]
        assert gained == pytest.approx(0.0316)
        assert (value[:, 0] == value[:, 1]).all()
        charter = district.charter()
        assert value[charter] == pytest.approx(-0.5 * yearly_value(0.0316, retention, "cumulative", 4))
        assert (value[~charter] == value[0]).all()
    release(district)


def test_share_of_revenue_is_a_share() -> None:
    district = District(plan_of(), 1)
    for wrong in (-0.1, 1.1):
        with pytest.raises(ValueError, match="not between 0 and 1"):
            district.share_revenue(wrong)
    release(district)
