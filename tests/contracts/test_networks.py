"""What every file in sim/networks owes the model, whichever it is. A new file is tested without another edit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import ValidationError

from sim.agents import operator_files as files
from sim.agents.operators import Fact, operator_files
from sim.district import District
from sim.parameters import ASSUMPTION
from sim.policies.office.recruit_operators import RecruitOperators
from sim.policies.replication import Replication
from tests.cities import plan_of
from tests.contracts.sources import is_named_or_assumed

FACTS = [(key, name) for key, file in operator_files().items() for name in file.facts]
NETWORKS = Path(files.__file__).parents[1] / "networks"


@pytest.mark.parametrize(("key", "name"), FACTS, ids=[f"{key}: {name}" for key, name in FACTS])
def test_fact_is_in_its_range_and_says_where_it_comes_from(key: str, name: str) -> None:
    fact = operator_files()[key].facts[name]
    assert fact.low <= fact.value <= fact.high
    assert is_named_or_assumed(fact.source), fact.source
    if fact.source == ASSUMPTION:
        assert fact.high - fact.low >= 0.25 * fact.value, "an assumption has a wide range"
        assert fact.high > fact.low


@pytest.mark.parametrize("key", operator_files())
def test_file_says_everything_that_decides_whether_it_comes(key: str) -> None:
    file = operator_files()[key]
    assert {"growth_a_year", "leaders_in_training", "school_size", "day_hours", "year_days", "fee_share"} <= set(
        file.facts
    )
    assert {"private_dollars_per_pupil", "start_up_dollars", "fill_needed", "cash"} <= set(file.facts)
    assert {"needs.revenue_share", "needs.autonomy", "needs.risk_tolerance"} <= set(file.facts)
    assert file.regions
    assert file.ways


def test_the_weak_network_is_weak_and_fast_and_minds_nothing() -> None:
    weak, others = operator_files()["weak_fast_network"], dict(operator_files())
    del others["weak_fast_network"]
    assert all(weak.total.math < file.total.math for file in others.values())
    assert all(weak.facts["growth_a_year"].value > file.facts["growth_a_year"].value for file in others.values())
    assert not weak.minds_leaders


def test_a_fact_outside_its_range_or_its_bounds_is_refused() -> None:
    with pytest.raises(ValidationError, match="lies outside"):
        Fact(value=1.2, low=0.0, high=1.0, source="assumption")
    whole = operator_files()["kipp"].model_dump()
    for name, wrong in (("fill_needed", 1.1), ("fee_share", 1.5), ("cash", -5.0), ("school_size", 5.0)):
        fact = {"value": wrong, "low": wrong, "high": wrong, "source": "assumption"}
        with pytest.raises(ValidationError, match="is not within"):
            files.OperatorFile.model_validate({**whole, name: fact})
    with pytest.raises(ValidationError, match="below first_grade"):
        files.OperatorFile.model_validate({**whole, "first_grade": 9, "last_grade": 5})


@pytest.fixture
def with_a_file_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The networks and one more, put there as a user would: the name of the new one."""
    for path in NETWORKS.glob("*.yaml"):
        (tmp_path / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    text = (tmp_path / "average_network.yaml").read_text(encoding="utf-8")
    text = text.replace("An average network", "Our own").replace("last_grade: 8", "last_grade: 5")
    (tmp_path / "our_own.yaml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(files, "FOLDER", tmp_path)
    operator_files.cache_clear()
    yield "our_own"
    operator_files.cache_clear()


def test_a_network_is_added_by_adding_a_file(with_a_file_more: str) -> None:
    for policy in (
        Replication(operators=(with_a_file_more,), lead_years=0, seats=120),
        RecruitOperators(operators=(with_a_file_more,), lead_years=0),
    ):
        plan = plan_of({"it": policy}).with_parameters({"networks.appetite": 1.0})
        district = District(plan, 1)
        district.step()
        (school,) = [school for school in district.schools if school.new]
        assert school.operator == with_a_file_more
        assert school.name == "Our own 1"
        assert school.grades_at_full_size == range(6)
        assert policy.in_words().count("Our own") == 1
