"""Prices that are paid once."""

from __future__ import annotations

import pytest

from scenarios.play.game import Game
from scenarios.play.kinds import Move
from tests.cities import plan_of


def test_starts_and_takeovers_have_a_price() -> None:
    game = Game(plan_of(years=3), seed=3)
    opened = game.price(Move("open", operator="kipp", choice="low rated"))
    assert opened.dollars_once == game.plan.parameters["money.start_up"]
    pupils = next(school.pupils for school in game.district.schools if school.key == "north")
    taken = game.price(Move("restart", ("north",), "kipp"))
    assert taken.dollars_once == pytest.approx(3 * 1500 * pupils)
