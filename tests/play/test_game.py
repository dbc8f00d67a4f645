"""The game is the engine: what is played is an ordinary plan, repeated bit for bit, and nothing hidden is shown."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scenarios.district_files import save_city
from scenarios.files import load
from scenarios.play.asking import NotOnOffer
from scenarios.play.game import Game
from scenarios.play.kinds import KINDS, Move, kinds
from scenarios.play.seen import june
from sim.district import District
from sim.run import run, tables_fingerprint
from tests.cities import all_policies, city, differing_tables, finished, plan_of, seat_policies

YEARS = 4


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The tiny city on file."""
    return str(save_city(city(), tmp_path_factory.mktemp("districts") / "tiny"))


def any_move(game: Game, kind: str, pick: int) -> Move | None:
    """A move of a kind that is on offer now, or None."""
    offer = next(one for one in game.moves() if one.kind.name == kind)
    schools = tuple(school.key for school in offer.schools)
    if offer.kind.whose and not schools:
        return None
    many = 1 if offer.kind.structural else 2
    mine = schools[pick % len(schools) :][:many] if schools else ()
    operator = offer.operators[pick % len(offer.operators)] if offer.kind.operator == "must" else ""
    choice = offer.kind.choices[pick % len(offer.kind.choices)] if offer.kind.choices else ""
    return Move(kind, mine, operator, choice=choice)


def played(moves: list[list[tuple[str, int]]], **more: Any) -> Game:
    """A game on the tiny city, with moves for every year."""
    game = Game(plan_of(years=len(moves), **more), seed=3)
    for year in moves:
        for kind, pick in year:
            move = any_move(game, kind, pick)
            if move is not None:
                game.make(move)
        game.resolve()
    return game


SOME = [
    [("close", 0), ("tutoring", 2), ("open", 3)],
    [("restart", 0), ("longer_day", 1), ("enrollment", 2)],
    [("phase_out", 1), ("free", 0), ("expand", 3), ("culture", 0)],
    [("close", 9), ("smaller_classes", 0), ("coaching", 1)],
]


def test_every_kind_of_move_is_played_above() -> None:
    assert {kind for year in SOME for kind, _ in year} == set(kinds())


def test_the_plan_run_anew_is_the_game_june_by_june() -> None:
    game = played(SOME)
    assert len(game.chosen) == sum(len(year) for year in SOME)
    again = District(game.plan, 3)
    for seen in game.history[1:]:
        again.step()
        assert june(again) == seen or _same_but_nan(june(again), seen)
    assert differing_tables(game.district, again) == []


def _same_but_nan(one: Any, other: Any) -> bool:
    return repr(one) == repr(other)


def test_every_move_is_carried_out_or_its_reason_is_in_the_record() -> None:
    game = played(SOME)
    decided = {row["policy"] for row in game.district.record.rows["decision"]}
    assert {one.name for one in game.chosen} == decided


YEARLY = st.lists(st.tuples(st.sampled_from(sorted(kinds())), st.integers(0, 20)), max_size=4)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(YEARLY, min_size=2, max_size=3))
def test_any_game_is_repeated_by_its_plan(moves: list[list[tuple[str, int]]]) -> None:
    game = played(moves)
    assert differing_tables(game.district, finished(game.plan, 3)) == []


def test_moves_come_after_what_the_starting_plan_does() -> None:
    game = played(SOME[:2], policies=all_policies() | seat_policies())
    assert list(game.plan.policies)[:7] == list(all_policies() | seat_policies())
    assert differing_tables(game.district, finished(game.plan, 3)) == []


def test_what_people_see_holds_nothing_of_the_truth() -> None:
    """The truth is made another and the state stays the same, in every June of a game with everything going on."""
    game = Game(plan_of(years=3), seed=3)
    for year in SOME[:3]:
        for kind, pick in year:
            move = any_move(game, kind, pick)
            assert move is not None
            game.make(move)
        game.resolve()
        before = repr(june(game.district))
        secret = game.district
        kept = [secret.students.truth.copy(), secret.value_added, [school.quality for school in secret.schools]]
        secret.students.truth[:] += 5.0
        secret.value_added = replace(secret.value_added, value=secret.value_added.value + 9.0)
        for school in secret.schools:
            school.quality = school.quality - 7.0
        rows = secret.record.rows
        hidden = {
            "level_year": ("true_mean",),
            "gap_year": ("true_gap",),
            "school_year": ("value_added_math", "value_added_reading", "reputation"),
            "displaced": ("better", "equal", "worse"),
        }
        original = {table: [dict(row) for row in rows[table]] for table in hidden}
        for table, names in hidden.items():
            for row in rows[table]:
                row.update(dict.fromkeys(names, 77))
        assert repr(june(secret)) == before
        rows.update(original)
        secret.students.truth[:], secret.value_added = kept[0], kept[1]
        for school, quality in zip(secret.schools, kept[2], strict=True):
            school.quality = quality
    assert game.score().truth is not None, "the game is over"
    assert Game(plan_of(years=3), seed=3).score().truth is None


def test_the_exported_moves_repeat_the_game(folder: str, tmp_path: Path) -> None:
    game = Game(load_tiny(folder, tmp_path), seed=3, folder=folder)
    for year in SOME:
        for kind, pick in year:
            move = any_move(game, kind, pick)
            assert move is not None
            game.make(move)
        game.resolve()
    path = game.export(tmp_path / "moves.yaml")
    plan = load(path)
    assert plan.fingerprint == game.plan.fingerprint
    again = run(plan, 3)
    tables = game.district.record.tables()
    mine = {name: table for name, table in tables.items() if name != "school"}
    theirs = {name: table for name, table in again.tables.items() if name != "school"}
    assert tables_fingerprint(mine) == tables_fingerprint(theirs)
    assert len(again.tables["decision"]) > 10
    assert [file.name for file in tmp_path.glob("*moves*")] == ["moves.yaml"]


def load_tiny(folder: str, tmp_path: Path) -> Any:
    """The tiny city as a plan from a file, with everything a head can say."""
    path = tmp_path / "start.yaml"
    path.write_text(
        f"title: 'Start: here'\ndistrict: {folder!r}\nyears: {{first: 2027, last: 2030}}\noutside_option: false\n"
        "enrollment_system: unified\nmomentum: true\nparameters: {learning.retention.math: 0.65}\n"
        "policies: {longer: {use: extended_day, where: {low_income_share_above: 60 percent}}}\n",
        encoding="utf-8",
    )
    return load(path)


def test_a_game_from_a_file_knows_its_district(folder: str, tmp_path: Path) -> None:
    load_tiny(folder, tmp_path)
    game = Game(str(tmp_path / "start.yaml"), years=2)
    assert load(game.export(tmp_path / "again.yaml")).fingerprint == game.plan.fingerprint
    from_folder = Game(folder, years=2)
    assert from_folder.plan.policies == {}
    assert load(from_folder.export(tmp_path / "folder.yaml")).fingerprint == from_folder.plan.fingerprint


def test_a_district_without_a_folder_is_not_exported(tmp_path: Path) -> None:
    with pytest.raises(NotOnOffer, match="cannot be written"):
        Game(plan_of(years=2)).export(tmp_path / "moves.yaml")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("move", "said"),
    [
        (Move("clsoe"), "nearest: close"),
        (Move("close"), "needs a school"),
        (Move("close", ("nroth",)), r"nearest: north"),
        (Move("restart", ("north",)), "needs an operator"),
        (Move("restart", ("north",), "kip"), "nearest: kipp"),
        (Move("longer_day", ("north",), share=0.9), "5% to 50% of the usual day"),
        (Move("enrollment"), "needs a choice"),
        (Move("enrollment", choice="unifed"), "nearest: unified"),
        (Move("close", ("north",), share=0.5), "has no amount"),
        (Move("open", ("north",), "kipp"), "names no schools"),
        (Move("tutoring", ("north",), "kipp"), "names no operator"),
        (Move("close", ("north",), choice="soon"), "nothing to choose"),
    ],
)
def test_a_wrong_move_is_told_and_changes_nothing(move: Move, said: str) -> None:
    game = fresh()
    before = game.plan.fingerprint
    with pytest.raises(NotOnOffer, match=said):
        game.make(move)
    assert game.plan.fingerprint == before
    assert not game.this_year


_GAMES: list[Game] = []


def fresh() -> Game:
    """A game in its opening June, in which no move has been made."""
    if not _GAMES:
        _GAMES.append(Game(plan_of(years=2), seed=3))
    return _GAMES[0]


def test_one_structural_move_a_school_a_year_and_none_while_it_is_held() -> None:
    game = Game(plan_of(years=3), seed=3)
    game.make(Move("restart", ("north",), "kipp"))
    with pytest.raises(NotOnOffer, match="has a move this year already"):
        game.make(Move("close", ("North",)))
    game.make(Move("tutoring", ("north",)))
    game.take_back()
    game.take_back()
    with pytest.raises(NotOnOffer, match="no move of this year"):
        game.take_back()
    game.make(Move("close", ("north",)))
    assert list(game.plan.policies) == ["close_2027"]
    game.resolve()
    for kind in KINDS:
        if kind.whose:
            assert "north" not in [school.key for school in game.schools_for(kind.name)], kind.name
    assert next(school for school in game.state().schools if school.school == "north").standing == "last year over"
    with pytest.raises(NotOnOffer, match="no move of this year"):
        game.take_back()


def test_prices_are_what_the_books_then_show() -> None:
    game = Game(plan_of(years=1), seed=3)
    pupils = {school.key: school.pupils for school in game.district.schools}
    made = game.make(Move("longer_day", ("north",), share=0.3))
    price = made.price.dollars_a_year
    assert price == pytest.approx(pupils["north"] * 0.10 * city().dollars_per_pupil)
    assert game.make(Move("close", ("first",))).price.dollars_a_year is None, "not counted is not free"
    june = game.resolve()
    now = next(school.pupils for school in june.schools if school.school == "north")
    assert june.dollars["extended day"] == pytest.approx(price * now / pupils["north"])


def test_nothing_can_be_done_when_the_game_is_over() -> None:
    game = played([[]])
    assert game.over
    for act in (game.resolve, game.forecast, lambda: game.make(Move("close", ("north",)))):
        with pytest.raises(NotOnOffer, match="over"):
            act()


def test_levels_stand_beside_every_gap() -> None:
    state = fresh().state()
    levels = {group.group: group.level for group in state.groups}
    assert len(state.gaps) > 3
    for gap in state.gaps:
        ahead, behind = levels[gap.ahead], levels[gap.behind]
        assert np.allclose(gap.gap, np.subtract(ahead, behind), equal_nan=True)
    assert state.headline.behind == city().focal_group


def test_politics_are_seen_priced_and_written_out(folder: str, tmp_path: Path) -> None:
    """Capital and what a move takes of it, refusals in the newspaper, and a file that repeats it all."""
    plain = load_tiny(folder, tmp_path)
    game = Game(replace(plain, politics="on", proof_points=False), seed=3, folder=folder)
    assert Game(plain, seed=3, folder=folder).state().capital is None
    before = game.state().capital
    assert before is not None
    made = game.make(Move("close", ("first",)))
    assert made.price.capital is not None
    game.make(Move("longer_day", ("north",), share=0.2))
    after = game.resolve()
    spent = game.district.record.rows["politics_year"][-1]["capital_spent"]
    assert spent == pytest.approx(made.price.capital if made.price.capital <= before else 0.0, abs=0.6)
    news = [line.text for line in after.news]
    # the contract of a city of so few schools lets none depart from it
    assert any("contract lets 0 of" in text for text in news)
    assert after.in_office == (game.district.office.superintendent == 1)
    again = load(game.export(tmp_path / "moves.yaml"))
    assert (again.politics, again.proof_points) == ("on", False)
    assert again.fingerprint == game.plan.fingerprint
