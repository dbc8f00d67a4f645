"""`portfolio play` from piped lines: whole games, wrong answers, quitting, and the file that is left."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from command.app import app
from scenarios.district_files import save_city
from scenarios.files import load
from scenarios.play.game import Game
from sim.run import run
from tests.cities import city

Player = Callable[..., Result]


@pytest.fixture
def player(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Player:
    """Plays the tiny city by the lines given, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    save_city(city(), tmp_path / "tiny")

    def play(*lines: str, options: tuple[str, ...] = ("--years", "2", "--lucks", "0")) -> Result:
        words = ["play", "tiny", "--seed", "3", *options]
        return CliRunner().invoke(app, words, input="".join(f"{line}\n" for line in lines), catch_exceptions=False)

    return play


def test_a_whole_short_game_and_the_file_that_repeats_it(player: Player) -> None:
    done = player(
        *("look", "schools 3", "news", "moves", "help"),
        *("close north", "tutoring weakest 2 20%", "longer_day neediest 1", "open kipp", "score"),
        *("next", "0.6 0.5 0.7", "restart south average_network", "enrollment unified", "undo"),
        *("forecast White reading 0.2 -0.1 0.3", "next", ""),
        options=("--years", "2", "--lucks", "2", "--workers", "1", "--to", "mine/moves.yaml"),
    )
    assert done.exit_code == 0, done.output
    said = " ".join(done.stdout.split())
    for words in (
        "Tiny City (invented), June 2026. You lead the district for 2 school years",
        "will close in June 2027",
        "Taken back: enrollment_2028.",
        "Written down: math gap in June 2027: .60 (.50 to .70)",
        "Written down: reading level of White in June 2028: .20 (−.10 to .30)",
        "Your final score, June 2028",
        "of 2 fell inside your interval",
        "status quo",
        "was choice and",
    ):
        assert words in said, words
    plan = load("mine/moves.yaml")
    assert list(plan.policies) == ["close_2027", "tutoring_2027", "longer_day_2027", "open_2027", "restart_2028"]
    assert "portfolio run mine/moves.yaml" in done.stderr
    assert run(plan, 3).fingerprint == run(load("mine/moves.yaml"), 3).fingerprint
    assert "Not done" not in done.stdout


def test_the_levels_of_both_groups_stand_beside_the_gap_each_june(player: Player) -> None:
    done = player("next", "", "next", "")
    gap = f"{city().reference_group} less {city().focal_group}"
    assert done.stdout.count(f"  {gap} ") == 3
    for group in city().groups:
        assert len(re.findall(rf"\n  {group} +[\d,]+ ", done.stdout)) == 3


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("clsoe north", "nearest: close"),
        ("close nroth", "nearest: north"),
        ("close", "no school 'nowhere'"),
        ("restart north kip", "nearest: kipp"),
        ("restart north", "needs an operator"),
        ("tutoring north 200%", "5% to 100% of the pupils"),
        ("tutoring weakest", "how many"),
        ("open kipp everywhere", "says nothing to open"),
        ("enrollment unifed", "nearest: unified"),
        ("forecast 0.9", "point low high"),
        ("forecast 0.9 0.95 0.8", "low <= point <= high"),
        ("forecast Whiet 0.9 0.8 0.95", "nearest: white"),
        ("model 2050", "2027 to 2028"),
        ("schools many", "whole number"),
        ("undo", "no move of this year"),
        ('close "north', "quotation mark"),
    ],
)
def test_wrong_lines_are_told_with_a_way_out_and_the_game_goes_on(player: Player, line: str, told: str) -> None:
    done = player(line, *(["nowhere"] if line == "close" else []), "free north", "quit")
    assert done.exit_code == 0
    said = " ".join(done.stdout.split())
    assert told in said
    assert "Noted for 2026-27: Free a school of rules: north" in said
    assert list(load("moves.yaml").policies) == ["free_2027"]


def test_a_wrong_forecast_is_asked_again_and_then_dropped(player: Player) -> None:
    done = player("next", "much", "0.6 0.5 0.7", "next", "x", "y", "z", "quit")
    assert done.stdout.count("Your forecast of the") == 2 + 3
    assert "Written down" in done.stdout
    assert "No forecast is written down." in done.stdout
    assert done.exit_code == 0


def test_the_end_of_the_pipe_is_quitting_and_the_moves_are_kept(player: Player) -> None:
    done = player("close north", "next", "", "free south")
    assert done.exit_code == 0
    assert "Your score, June 2027" in done.stdout
    text = Path("moves.yaml").read_text(encoding="utf-8")
    assert text.startswith("# Played with seed 3.\n# Played to June 2027 of 2028")
    assert "# 2028 (not played): " in text
    assert list(load("moves.yaml").policies) == ["close_2027", "free_2028"]
    assert player("quit").exit_code == 0, "a file of a game may be written over"


@pytest.mark.parametrize(
    "options", [("--to", "moves.txt"), ("--to", "tiny"), ("--lucks", "1"), ("--to", "mine.yaml"), ("--years", "99")]
)
def test_what_cannot_be_played_or_written_is_refused_before_the_game(player: Player, options: tuple[str, ...]) -> None:
    Path("mine.yaml").write_text("title: Mine\n", encoding="utf-8")
    done = player("quit", options=options)
    assert done.exit_code == 2
    assert not done.stdout
    assert Path("mine.yaml").read_text(encoding="utf-8") == "title: Mine\n"


def test_a_wrong_name_is_told_with_the_nearest(player: Player) -> None:
    done = CliRunner().invoke(app, ["play", "replicat"])
    assert done.exit_code == 2
    assert "nearest: replicate" in done.stderr


def test_the_model_forecasts_too(player: Player) -> None:
    done = player("model low_income reading 2028", "quit")
    assert "reading level of low income in June 2028: " in done.stdout


def test_schools_of_the_bundled_city_can_be_named_in_full() -> None:
    game = Game("harbor_city", seed=1, years=3)
    assert game.plan.years.last == 2029
    assert game.schools_for("close")[0].name
