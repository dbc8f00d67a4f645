"""Whether operators answer a call: each thing that holds one back, and nothing else, and never more than it can."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.agents.operators import OperatorFile, operator_files
from sim.year.proposals import Call, Declined, Proposal, Standing, answer

SHARES = st.floats(0, 1)
CALLS = st.builds(
    Call,
    year=st.just(2030),
    schools=st.integers(1, 10),
    ways=st.sampled_from([("new start",), ("restart",), ("new start", "restart")]),
    revenue_share=SHARES,
    building=st.booleans(),
    autonomy=SHARES,
    risk=SHARES,
    start_up_grant=st.sampled_from([0.0, 250_000.0, 5_000_000.0]),
    leaders=st.integers(0, 3),
)
STANDINGS = st.builds(
    Standing, operator=st.just("it"), cash=st.floats(-1e6, 3e7), leaders=st.floats(0, 8), opening=st.integers(0, 3)
)
FILES = st.sampled_from(list(operator_files().values()))
BEST = Call(2030, 10, ("new start", "restart"), 1.0, True, 1.0, 0.0, 5_000_000.0)
ABLE = Standing("it", 0.0, 20.0)


def offers(file: OperatorFile, standing: Standing, call: Call) -> int:
    """Schools offered by an operator with the appetite."""
    found = answer(file, standing, call, 0.0, 0.5)
    return found.schools if isinstance(found, Proposal) else 0


@given(FILES, STANDINGS, CALLS)
def test_an_offer_keeps_within_every_limit(file: OperatorFile, standing: Standing, call: Call) -> None:
    found = answer(file, standing, call, 0.0, 0.5)
    if isinstance(found, Declined):
        assert found.because
        assert found.kinds
        return
    assert 1 <= found.schools <= min(call.schools, round(file.growth_a_year.value) - standing.opening)
    assert found.way in file.ways
    assert found.way in call.ways
    assert call.revenue_share >= file.needs.revenue_share.value
    assert call.autonomy >= file.needs.autonomy.value
    assert call.risk <= file.needs.risk_tolerance.value
    assert call.building or not file.needs.building
    if file.minds_leaders:
        assert found.schools <= standing.leaders + call.leaders
    assert found.schools * (file.start_up_dollars.value - call.start_up_grant) <= max(0.0, standing.cash)


@given(FILES, STANDINGS, CALLS, SHARES)
def test_better_terms_never_bring_fewer_schools(
    file: OperatorFile, standing: Standing, call: Call, more: float
) -> None:
    before = offers(file, standing, call)
    for better in (
        replace(call, revenue_share=min(1.0, call.revenue_share + more)),
        replace(call, building=True),
        replace(call, autonomy=min(1.0, call.autonomy + more)),
        replace(call, risk=max(0.0, call.risk - more)),
        replace(call, start_up_grant=call.start_up_grant + 1e6 * more),
        replace(call, leaders=call.leaders + 1),
        replace(call, schools=call.schools + 1),
    ):
        assert offers(file, standing, better) >= before


@pytest.mark.parametrize("file", operator_files().values(), ids=operator_files())
def test_on_the_best_terms_everybody_comes_as_fast_as_it_grows(file: OperatorFile) -> None:
    assert offers(file, ABLE, BEST) == round(file.growth_a_year.value)


def told(**changes: object) -> Declined:
    """What a strict operator says when one thing is otherwise than on the best terms."""
    file = operator_files()["uncommon"]
    standing = replace(ABLE, **{k: v for k, v in changes.items() if hasattr(ABLE, k)})  # type: ignore[arg-type]
    call = replace(BEST, **{k: v for k, v in changes.items() if not hasattr(ABLE, k)})  # type: ignore[arg-type]
    found = answer(file, standing, call, 0.0, 0.5)
    assert isinstance(found, Declined)
    return found


def test_each_refusal_says_what_is_wrong_and_nothing_else() -> None:
    cases = {
        "way": (told(ways=("restart",)), "comes by new start, is asked for restart"),
        "building": (told(building=False), "needs a building, is offered none"),
        "revenue": (told(revenue_share=0.71), "needs 85% of per-pupil revenue, is offered 71%"),
        "autonomy": (told(autonomy=0.8), "needs 90% of all autonomy, is offered 80%"),
        "risk": (told(risk=0.5), "bears 30% of all political risk, meets 50%"),
        "leaders": (told(leaders=0.9), "has no trained leader left"),
        "pace": (told(opening=1), "opens as many schools as it can already"),
        "money": (
            told(start_up_grant=300_000.0, cash=1_000_000.0),
            "has $1,000,000 for a start-up of $1,500,000, is given $300,000",
        ),
    }
    for kind, (found, words) in cases.items():
        assert (found.kinds, found.because) == (kind, words)


def test_several_reasons_are_all_told() -> None:
    found = told(building=False, revenue_share=0.5)
    assert found.kinds == "building, revenue"
    assert found.because == "needs a building, is offered none; needs 85% of per-pupil revenue, is offered 50%"


@given(SHARES, SHARES)
def test_appetite_decides_only_when_all_else_suits(draw: float, appetite: float) -> None:
    file = operator_files()["kipp"]
    found = answer(file, ABLE, BEST, draw, appetite)
    assert isinstance(found, Proposal) == (draw < appetite)
    if isinstance(found, Declined):
        assert found.kinds == "appetite"
    unsuited = answer(file, ABLE, replace(BEST, autonomy=0.0), draw, appetite)
    assert isinstance(unsuited, Declined)
    assert unsuited.kinds == "autonomy"


def test_one_that_does_not_mind_opens_without_leaders() -> None:
    weak, strong = operator_files()["weak_fast_network"], operator_files()["kipp"]
    without = replace(ABLE, leaders=0.0)
    assert offers(weak, without, BEST) == 4
    assert offers(strong, without, BEST) == 0
    assert offers(strong, without, replace(BEST, leaders=1)) == 1
