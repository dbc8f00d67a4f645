"""`portfolio play`: one June after another in the terminal. All rules are the game's; here are only words typed."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Console

from command import play_screens as screens
from command.running import progress_bar
from command.saying import complain, refuse, say, say_beyond
from results import words
from scenarios.play.asking import NotOnOffer, find_school, kind_of, operators_for
from scenarios.play.forecasts import GAP, Forecast, Question
from scenarios.play.game import Game
from scenarios.play.kinds import Kind, Move, kinds
from scenarios.play.starting import to_play
from scenarios.problems import nearest_name
from sim.city import SUBJECTS

OURS = "# Played with seed "
"""First words of a file that a game has written, and may write over."""
COMMANDS = ("look", "schools", "news", "moves", "undo", "forecast", "model", "next", "score", "help", "quit")
SHARE = re.compile(r"(\d+(?:\.\d+)?)%|(0?\.\d+)")
MOST_TRIES = 3
"""Wrong answers to one question before it is dropped."""


class Done(Exception):
    """The player has had enough."""


def play(
    name: str, seed: int, years: int | None, to: Path, lucks: int, workers: int | None, changes: Mapping[str, Any]
) -> None:
    """Play a scenario or district and write the moves to a file. Raises ProblemsFound for a wrong name."""
    _ready(to, lucks)
    found = to_play(name, years, changes)
    game = Game(found.plan, seed, folder=found.folder)
    say(f"{screens.welcome(game)}\n")
    say(screens.june_screen(game.state()))
    say_beyond([game.plan])
    try:
        _to_the_end(game, to, workers)
        game.export(to)
        _end(game, lucks, workers)
    except KeyboardInterrupt:
        # a year may have been broken off: there is no score of half a year
        say()
    where = game.export(to)
    complain(f"moves written to {where}; `portfolio describe {to}` says them, `portfolio run {to}` runs them")


def _to_the_end(game: Game, to: Path, workers: int | None) -> None:
    """One line after another until the years are played or the player has had enough."""
    try:
        while not game.over:
            _turn(game, _typed(f"\nJune {game.year}> "), to, workers)
    except Done:
        say()


def _end(game: Game, lucks: int, workers: int | None) -> None:
    """Score and debrief, if a year has been played."""
    if game.year < game.plan.years.first:
        return
    say()
    say(screens.score_screen(game.score()))
    say_beyond([game.plan])
    if lucks:
        say()
        with progress_bar(False) as progress:
            found = game.debrief(lucks, workers, progress)
        say(screens.debrief_screen(found, game))


def _ready(to: Path, lucks: int) -> None:
    if lucks == 1:
        raise refuse("--lucks 1: one other luck says nothing of luck; 0 for no debrief, or 2 and more")
    if to.is_dir() or to.suffix not in (".yaml", ".yml"):
        raise refuse(f"{to}: not a scenario file; allowed: names that end in .yaml")
    try:
        old = to.read_text(encoding="utf-8", errors="replace") if to.exists() else OURS
        to.absolute().parent.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise refuse(f"{to}: {problem.strerror}") from None
    if not old.startswith(OURS):
        raise refuse(f"{to}: there is a file that no game has written; name another with --to")


def _typed(prompt: str) -> str:
    """A line typed, or from a pipe. Raises Done at the end of it."""
    try:
        return Console(highlight=False).input(prompt, markup=False).strip()
    except EOFError:
        raise Done from None


def _turn(game: Game, line: str, to: Path, workers: int | None) -> None:
    """Do what one line asks; a wrong one is told with what is allowed, and nothing happens."""
    if not line:
        return
    try:
        first, *rest = shlex.split(line)
    except ValueError:
        say("A quotation mark is not closed.")
        return
    first = first.lower().replace("-", "_")
    try:
        if first in COMMANDS:
            _command(game, first, rest, to, workers)
        elif first in kinds():
            _move(game, kind_of(first), rest)
        else:
            known = (*COMMANDS, *kinds())
            raise NotOnOffer(f"nothing is called {first!r}", ", ".join(known), nearest_name(first, known))
    except NotOnOffer as wrong:
        say(screens.wrapped(f"Not done: {wrong}."))


def _command(game: Game, first: str, rest: list[str], to: Path, workers: int | None) -> None:
    june = game.state()
    match first:
        case "look":
            say(screens.june_screen(june))
        case "schools":
            say(screens.schools_screen(june, _whole(rest[0], "how many schools") if rest else None))
        case "news":
            say(screens.news_screen(june))
        case "moves":
            say(screens.moves_screen(game, game.moves()))
        case "undo":
            say(f"Taken back: {game.take_back().name}.")
        case "forecast":
            _forecast(game, rest)
        case "model":
            question, left = _question(game, rest)
            if left:
                raise NotOnOffer(f"{left[0]!r} says nothing here", "a group, math or reading, a June")
            own = game.forecast(question=question, workers=workers)
            say(f"The model, from eight other lucks with your moves so far: {_forecast_words(own)}")
        case "next":
            _next(game, to)
        case "score":
            say(screens.score_screen(game.score()))
            say_beyond([game.plan])
        case "help":
            say(screens.HELP)
        case _:
            raise Done


def _next(game: Game, to: Path) -> None:
    """Ask for the forecast that is due, play the year, keep the moves."""
    june = game.state()
    due = Question(GAP, "math", game.year + 1)
    if not any((one.made, one.question) == (game.year, due) for one in game.forecasts):
        gap = f"{june.ahead}-{june.behind} math gap in June {game.year + 1} (now {words.sd(june.headline.gap[0])})"
        _asked(game, f"Your forecast of the {gap}: point low high, or Enter for none> ")
    say(f"With {screens.plan_so_far(game.this_year)} ...")
    seen = game.resolve()
    game.export(to)
    say()
    say(screens.news_screen(seen))
    for one in game.forecasts:
        if one.question.year == game.year and one.outcome is not None:
            came = f"{words.sd(one.outcome)}: {'inside' if one.inside else 'outside'}"
            say(f"Your forecast of June {one.made}, {_forecast_words(one)}; it came to {came}.")
    say()
    say(screens.june_screen(seen))


def _asked(game: Game, prompt: str) -> None:
    for _ in range(MOST_TRIES):
        line = _typed(prompt)
        if not line:
            return
        try:
            return _forecast(game, line.split())
        except NotOnOffer as wrong:
            say(screens.wrapped(f"Not done: {wrong}."))
    say("No forecast is written down.")


def _forecast(game: Game, rest: list[str]) -> None:
    question, numbers = _question(game, rest)
    if len(numbers) != 3:
        raise NotOnOffer("a forecast is three numbers", "point low high, such as 0.91 0.88 0.94")
    point, low, high = (_number(text) for text in numbers)
    say(f"Written down: {_forecast_words(game.forecast(Forecast(question, point, low, high)))}")


def _forecast_words(one: Forecast) -> str:
    about = "gap" if one.question.about == GAP else f"level of {words.group_name(one.question.about)}"
    numbers = f"{words.sd(one.point)} ({words.sd(one.low)} to {words.sd(one.high)})"
    return f"{one.question.subject} {about} in June {one.question.year}: {numbers}"


def _question(game: Game, rest: list[str]) -> tuple[Question, list[str]]:
    """What a forecast is about, by the words in front, and what is left after them."""
    about, subject, year = GAP, "math", 0
    groups = {_plain(words.group_name(g.group)): g.group for g in game.state().groups} | {GAP: GAP}
    left = list(rest)
    while left:
        word = _plain(left[0])
        if word in groups:
            about = groups[word]
        elif word in SUBJECTS:
            subject = word
        elif re.fullmatch(r"\d{4}", word):
            year = int(word)
        elif re.fullmatch(r"[+−-]?[\d.]+", left[0]):
            break
        else:
            known = (*SUBJECTS, *groups)
            raise NotOnOffer(f"nothing called {left[0]!r} is forecast", ", ".join(known), nearest_name(word, known))
        left.pop(0)
    return Question(about, subject, year), left


def _move(game: Game, kind: Kind, rest: list[str]) -> None:
    """Make a move from the words after its name; what it needs and is not there is asked for."""
    if kind.whose and not rest:
        rest = shlex.split(_typed("At which schools (ids, or `weakest 3`, `neediest 3`, `all`)> "))
    elif kind.operator == "must" and not rest:
        rest = [_typed(f"Which operator ({', '.join(operators_for(kind))})> ")]
    elif kind.name == "enrollment" and not rest:
        rest = [_typed(f"Which ({', '.join(kind.choices)})> ")]
    made = game.make(_read(game, kind, rest))
    say(screens.chosen_line(made, game, kind.title))


def _read(game: Game, kind: Kind, rest: list[str]) -> Move:
    schools: list[str] = []
    operator, share, choice = "", None, ""
    left = list(rest)
    while left:
        word = left.pop(0)
        found = SHARE.fullmatch(word)
        choices = {_plain(one): one for one in kind.choices}
        if found:
            share = float(found[1]) / 100 if found[1] else float(found[2])
        elif _plain(word) in choices:
            choice = choices[_plain(word)]
        elif word.lower() in ("all", "weakest", "neediest") and kind.whose:
            many = None if word.lower() == "all" else _whole(left.pop(0) if left else "", f"how many after {word!r}")
            schools += _many(game, kind, word.lower(), many)
        elif kind.operator and not operator and _is_operator(word, kind, game):
            operator = word.lower()
        elif kind.whose:
            schools.append(word)
        elif kind.choices and not kind.operator:
            choice = word
        else:
            raise NotOnOffer(f"{word!r} says nothing to {kind.name}", _allowed(kind), nearest_name(word, choices))
    return Move(kind.name, tuple(schools), operator, share, choice)


def _is_operator(word: str, kind: Kind, game: Game) -> bool:
    """Whether a word means an operator, rightly or not quite rightly written, rather than a school."""
    if word.lower() in operators_for(kind) or not kind.whose:
        return True
    try:
        find_school(word, game.district)
    except NotOnOffer:
        return bool(nearest_name(word, operators_for(kind)))
    return False


def _allowed(kind: Kind) -> str:
    return ", ".join((*operators_for(kind), *(choice.replace(" ", "_") for choice in kind.choices)))


def _many(game: Game, kind: Kind, word: str, many: int | None) -> list[str]:
    able = game.schools_for(kind.name)
    if word == "neediest":
        share = {school.school: school.low_income_share or 0.0 for school in game.state().schools}
        able.sort(key=lambda school: (-share.get(school.key, 0.0), school.key))
    return [school.key for school in able[:many]]


def _plain(word: str) -> str:
    return word.lower().replace(" ", "_").replace("-", "_")


def _number(text: str) -> float:
    try:
        return float(text.replace("−", "-"))
    except ValueError:
        raise NotOnOffer(f"{text!r} is not a number", "numbers such as 0.91") from None


def _whole(text: str, what: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise NotOnOffer(f"{text!r} does not say {what}", "a whole number from 1 on")
    return int(text)
