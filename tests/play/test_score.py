"""Scores, forecasts and the debrief, against cases worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenarios.play.asking import NotOnOffer
from scenarios.play.debrief import choice_and_luck
from scenarios.play.forecasts import Forecast, Question, checked_answer, from_draws, interval_score
from scenarios.play.game import Game
from scenarios.play.kinds import Move
from scenarios.play.newspaper import Landed
from scenarios.play.scoring import skill_of, total
from tests.cities import city, plan_of

HERE = Question("gap", "math", 2027)
small = st.floats(-2, 2)


def test_the_interval_score_is_width_and_ten_for_every_sd_missed() -> None:
    assert interval_score(0.6, 0.8, 0.7) == pytest.approx(0.2)
    assert interval_score(0.6, 0.8, 0.83) == pytest.approx(0.2 + 10 * 0.03)
    assert interval_score(0.6, 0.8, 0.55) == pytest.approx(0.2 + 10 * 0.05)


@given(small, small, small, st.floats(0, 1))
def test_a_wider_interval_never_scores_better_than_one_that_holds_as_well(
    a: float, b: float, came: float, by: float
) -> None:
    low, high = min(a, b, came), max(a, b, came)
    assert interval_score(low, high, came) <= interval_score(low - by, high + by, came)


def test_skill_by_hand() -> None:
    one = Forecast(HERE, 0.70, 0.60, 0.80, made=2026, seen=0.75).came(0.78)
    other = Forecast(replace(HERE, about="Black"), -0.5, -0.52, -0.48, made=2026, seen=-0.55).came(-0.55)
    waiting = Forecast(replace(HERE, year=2030), 0.7, 0.6, 0.8, made=2026, seen=0.75)
    skill = skill_of([one, other, waiting])
    assert (skill.forecasts, skill.inside) == (2, 1)
    assert skill.interval_score == pytest.approx((0.2 + 0.04 + 10 * 0.03) / 2)
    assert skill.miss == pytest.approx((0.08 + 0.05) / 2)
    assert skill.miss_of_no_change == pytest.approx((0.03 + 0.0) / 2)
    assert np.isnan(skill_of([waiting]).interval_score)


def test_a_forecast_of_one_draw_has_no_width_and_of_two_is_wide() -> None:
    assert from_draws(0.7, [0.1]) == pytest.approx((0.8, 0.8, 0.8))
    point, low, high = from_draws(0.7, [0.0, 0.2])
    # 90 percent point of Student's t with one degree of freedom: 3.0777; SD of the two draws .1414
    assert point == pytest.approx(0.8)
    assert high - point == pytest.approx(3.0777 * 0.2 / 2**0.5 * 1.5**0.5, rel=1e-4)
    assert point - low == pytest.approx(high - point)


def test_choice_and_luck_by_hand() -> None:
    # the moves change every outcome by exactly .2: the difference has no luck of its own
    share, difference, luck = choice_and_luck([0.5, 0.7, 0.9], [0.7, 0.9, 1.1])
    assert difference == pytest.approx(-0.2)
    assert luck == pytest.approx(0.2)
    assert share == pytest.approx(0.01 / (0.01 + 0.04))
    same = [0.5, 0.7, 0.9]
    assert choice_and_luck(same, same)[0] == 0.0
    assert np.isnan(choice_and_luck([0.5, 0.5], [0.5, 0.5])[0])
    assert choice_and_luck([0.5, 0.5], [0.7, 0.7])[0] == pytest.approx(1.0)
    # a difference that is nothing but luck is not choice: mean .1, variance .08, less .04
    assert choice_and_luck([0.3, 0.3], [0.0, 0.4])[0] == 0.0


@given(st.lists(st.tuples(small, small), min_size=2, max_size=9))
def test_the_share_of_choice_is_a_share_and_is_the_same_both_ways(pairs: list[tuple[float, float]]) -> None:
    one, other = [a for a, _ in pairs], [b for _, b in pairs]
    share = choice_and_luck(one, other)[0]
    assert np.isnan(share) or 0 <= share <= 1
    assert choice_and_luck(other, one)[0] == pytest.approx(share, nan_ok=True)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Forecast(Question(year=2026), 0.7, 0.6, 0.8), "2027 to 2030"),
        (Forecast(Question(year=2031), 0.7, 0.6, 0.8), "2027 to 2030"),
        (Forecast(Question(subject="art"), 0.7, 0.6, 0.8), "math, reading"),
        (Forecast(Question(about="Blue"), 0.7, 0.6, 0.8), "gap, Black"),
        (Forecast(Question(), 0.9, 0.6, 0.8), "low <= point <= high"),
        (Forecast(Question(), 0.7, 0.6, float("inf")), "low <= point <= high"),
    ],
)
def test_wrong_forecasts_are_told(answer: Forecast, said: str) -> None:
    with pytest.raises(NotOnOffer, match=said):
        checked_answer(answer, 2026, 2030, ["Black"])


@pytest.fixture(scope="module")
def finished_game() -> Game:
    """Three years with a closing and two forecasts."""
    game = Game(plan_of(years=3), seed=3)
    game.make(Move("close", ("north",)))
    game.forecast(Forecast(Question(), 0.5, 0.4, 0.6))
    game.forecast(Forecast(Question(), 0.6, 0.4, 0.8))
    game.forecast(Forecast(Question("Black", "reading", 2028), -0.5, -0.6, -0.4))
    while not game.over:
        game.resolve()
    return game


def test_the_score_is_what_the_junes_showed(finished_game: Game) -> None:
    game, score = finished_game, finished_game.score()
    first, last = game.history[0], game.history[-1]
    for k, subject in enumerate(("math", "reading")):
        gap = next(one for one in score.gaps if one.subject == subject)
        assert gap.change == pytest.approx(last.headline.gap[k] - first.headline.gap[k])
        for group in last.groups:
            level = next(one for one in score.levels if (one.name, one.subject) == (group.group, subject))
            assert level.last == group.level[k]
    assert score.dollars == 0
    assert score.in_office is None
    assert score.skill.forecasts == 2
    assert [one.point for one in game.forecasts] == [0.6, -0.5], "a second answer takes the place of the first"
    assert game.forecasts[0].outcome == game.history[1].headline.gap[0]


def test_displaced_pupils_are_counted_with_where_they_landed(finished_game: Game) -> None:
    score, moved = finished_game.score(), finished_game.landings[1]
    record = finished_game.district.record.rows["displaced"]
    assert moved.pupils == sum(row["pupils"] for row in record) > 0
    assert moved.pupils == moved.better + moved.not_better + moved.unrated + moved.outside
    assert score.landed == moved
    assert score.truth is not None
    assert moved.pupils == sum(vars(score.truth).values())
    ratings = {school.school: school.rating for school in finished_game.history[1].schools}
    students = finished_game.district.students
    mine = np.nonzero(students.displaced_in == 2028)[0]
    panel = finished_game.district.record.panel[2028]
    schools = finished_game.district.schools
    better = 0
    for row in mine:
        at = int(np.searchsorted(panel.rows, row))
        if at < len(panel.rows) and panel.rows[at] == row:
            now, then = ratings[schools[panel.place[at]].key], ratings["north"]
            better += now is not None and then is not None and now > then
    assert moved.better == better
    text = next(str(line) for line in finished_game.history[2].news if "had to find another school" in line.text)
    assert text.startswith(f"September 2027: {moved.pupils:,} pupils had to find another school; {moved.better:,} are")


def test_landings_add_up() -> None:
    assert total([Landed(5, 1, 2, 1, 1), Landed(3, 3, 0, 0, 0)]) == Landed(8, 4, 2, 1, 1)
    assert total([]) == Landed()


def test_the_newspaper_tells_every_closing_and_the_gap_with_levels(finished_game: Game) -> None:
    lines = [str(line) for seen in finished_game.history for line in seen.news]
    name = finished_game.district.school("north").name
    assert f"Summer 2026: It is announced that {name} will close in June 2027." in lines
    assert f"September 2027: {name} has closed its doors." in lines
    for line in lines:
        if " gap in " in line:
            assert f"levels: {city().focal_group}" in line
        assert "nan" not in line
        assert len(line) < 240


def test_the_debrief_puts_the_game_beside_itself(finished_game: Game) -> None:
    game, found = finished_game, finished_game.debrief(lucks=3, workers=1)
    gap = found.table[(found.table["about"] == "gap") & (found.table["subject"] == "math")]
    assert gap["played"].tolist() == [seen.headline.gap[0] for seen in game.history]
    alone = Game(game.start, seed=3)
    while not alone.over:
        alone.resolve()
    assert gap["left_alone"].tolist() == [seen.headline.gap[0] for seen in alone.history]
    assert (found.table["low"] <= found.table["median"]).all()
    assert (found.table["median"] <= found.table["high"]).all()
    groups = {group.group for group in game.state().groups}
    assert set(found.table["about"]) == {"gap"} | groups
    assert 0 <= found.choice_share <= 1
    assert "was choice" in found.in_words
    assert "was luck" in found.in_words
    with pytest.raises(NotOnOffer, match="too few"):
        game.debrief(lucks=1)


def test_a_game_left_early_is_set_beside_itself_too() -> None:
    game = Game(plan_of(years=4), seed=3)
    game.make(Move("close", ("north",)))
    game.resolve()
    game.make(Move("close", ("ash",)))
    found = game.debrief(lucks=2, workers=1)
    assert found.table["year"].max() == 2027
    for k, subject in enumerate(("math", "reading")):
        for group in game.state().groups:
            rows = found.table[(found.table["about"] == group.group) & (found.table["subject"] == subject)]
            assert rows["played"].tolist()[-1] == group.level[k]


def test_the_games_own_forecast_is_an_interval_around_what_was_seen() -> None:
    game = Game(plan_of(years=2), seed=3)
    own = game.forecast(lucks=3)
    assert own.low < own.point < own.high
    assert abs(own.point - game.seen(own.question)) < 0.2
    assert game.forecasts == [], "only what the player writes down is scored"
    level = game.forecast(question=Question("Black", "reading", 2028), lucks=3)
    assert level.low < level.point < level.high
    assert level.seen == game.seen(level.question)
    with pytest.raises(NotOnOffer, match="no year has been played"):
        game.debrief()
