"""Where a plan fails and which of its settings are worth a choice, in one screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from command.explore.explore_text import document, explored_text
from command.explore.options import Where, running
from command.saying import beyond_column, beyond_words, complain, refuse, say, say_beyond, say_json

if TYPE_CHECKING:
    from calibration.explore.candidates import Candidate
    from calibration.explore.levers import Lever
    from calibration.explore.search import Explored
    from sim.plan import Plan


@dataclass(frozen=True)
class Question:
    """What is asked, as it was typed."""

    scenario: str
    changes: Mapping[str, Any]
    lever: Sequence[str]
    levers: Path | None
    points: int
    draws: int
    seeds: int
    wanted: Mapping[str, Any]
    parameters: Sequence[str]


def files_of(texts: Sequence[str]) -> dict[str, Path]:
    """`NAME=FILE` texts as files by the name of a candidate; another text: exit 2."""
    found: dict[str, Path] = {}
    for text in texts:
        name, equals, file = text.partition("=")
        if not equals or not name.strip() or not file.strip() or name.strip() in found:
            raise refuse(f"--write {text}: NAME=FILE, each name once, such as p07=picked.yaml; nothing was run")
        found[name.strip()] = Path(file.strip())
    return found


def tell_exploration(
    question: Question, baseline: Plan, files: Mapping[str, Path], where: Where, as_json: bool
) -> None:
    """Explore, say what was found and write the files; what cannot be asked: exit 2, before anything runs."""
    found_levers, choices = _choices(question, files)
    with running(where, as_json) as how:
        from calibration.explore.search import Wanted, check_asked, explore
        from calibration.sensitivity.inputs import inputs_of
        from sim.draws import possible_draws

        wanted = Wanted(**question.wanted)
        check_asked(wanted, choices[0].plan)
        unknowns = inputs_of(choices[0].plan, question.parameters).names
        draws = _possible(possible_draws, question.draws, choices[0].plan)
        found = explore(choices, baseline, found_levers, draws, question.seeds, wanted, unknowns, how)
    _write(found, question, files, where)
    plans = [choice.plan for choice in choices]
    if as_json:
        say_json({**document(found), "beyond_studied": beyond_words(plans)})
        return
    say(explored_text(found))
    say_beyond(plans)
    where.told()
    for name, file in files.items():
        complain(f"{name}: {file}")


def _choices(question: Question, files: Mapping[str, Path]) -> tuple[list[Lever], list[Candidate]]:
    from calibration.explore.candidates import candidates
    from calibration.explore.levers import read_levers
    from scenarios.problems import nearest_name

    levers = read_levers(question.scenario, question.changes, question.lever, question.levers)
    found = candidates(question.scenario, question.changes, levers, question.points)
    names = [one.name for one in found]
    for name in files:
        if name not in names:
            near = nearest_name(name, names)
            raise refuse(
                f"--write {name}: there is no such plan; there are {names[0]} and {names[1]} to {names[-1]}"
                + (f"; nearest: {near}" if near else "")
            )
    return levers, found


def _possible(draws_of: Any, count: int, plan: Plan) -> Any:
    from calibration.points.refused import NotPossible

    try:
        return draws_of(count, [plan])
    except ValueError as wrong:
        raise NotPossible(f"{wrong}; nothing was run") from None


def _write(found: Explored, question: Question, files: Mapping[str, Path], where: Where) -> None:
    from calibration.explore.writing import NotWritten, write_candidate

    if where.csv is not None:
        where.csv.parent.mkdir(parents=True, exist_ok=True)
        told = beyond_column([one.plan for one in found.candidates])
        found.plans.assign(beyond_studied=found.plans["plan"].map(told)).to_csv(where.csv, index=False)
    if where.figure is not None:
        from calibration.explore.figure import explore_figure
        from results.figures import save_figure

        save_figure(explore_figure(found), where.figure)
    for name, file in files.items():
        one = found.candidate(name)
        notes = [
            f"Found by exploring {question.scenario}: {question.draws} draws, {question.seeds} seeds a draw.",
            *(f"Beyond what has been studied: {text}" for text in beyond_words([one.plan]).get(name, [])),
        ]
        try:
            write_candidate(one, file, question.scenario, question.changes, notes)
        except NotWritten as wrong:
            raise refuse(str(wrong)) from None
