"""Misprinted plans through `check`: a plan or a list of mistakes each time, and never a value that is not the file's.

`python -m benchmarks.misprints [--copies 10000] [--first 0] [--workers 2]`. A misprint is taken wrongly where `check`
takes it though YAML's own reader, the JSON Schema or common sense refuse it, or where a setting of the plan is not what
the file says by a reader of numbers and units written here on its own. Every one is printed and fails the command.
"""

from __future__ import annotations

import argparse
import random
import re
import tempfile
import traceback
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from benchmarks.misprinting import Misprint, misprinted
from scenarios.combining import LIBRARY
from scenarios.files import Checked, check, json_schema
from scenarios.problems import ProblemsFound

KILOMETERS_IN_A_MILE = 1.609344


@dataclass
class Outcome:
    """What became of a misprinted plan; `wrong` says what is wrong with that, if anything."""

    seed: int
    file: str
    what: str
    end: str = "refused"
    wrong: list[str] = field(default_factory=list)


@cache
def texts() -> dict[str, str]:
    """The library's plans by name."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(LIBRARY.glob("*.yaml"))}


@cache
def _schema() -> Any:
    from jsonschema import Draft202012Validator

    return Draft202012Validator(json_schema())


def misprint(seed: int) -> tuple[str, Misprint]:
    """The misprint of a number, and the plan it is of; one in five has a second slip."""
    luck = random.Random(seed)
    name = luck.choice(list(texts()))
    made = misprinted(texts()[name], luck)
    if luck.random() < 0.2:
        try:
            second = misprinted(made.text, luck)
        except (YAMLError, IndexError, ValueError):
            return name, made
        return name, Misprint(f"{made.what}, {second.what}", second.text, None, made.wrong or second.wrong)
    return name, made


def judge(seed: int) -> Outcome:
    """Check one misprinted plan and judge what comes of it."""
    name, made = misprint(seed)
    outcome = Outcome(seed, name, made.what)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "misprinted.yaml"
        file.write_text(made.text, encoding="utf-8", newline="")
        try:
            checked = check(file)
        except ProblemsFound as found:
            outcome.wrong = list(_badly_refused(found, made.text))
        except Exception:
            outcome.end = "traceback"
            outcome.wrong = [traceback.format_exc().strip().splitlines()[-1]]
        else:
            same = made.text == texts()[name]
            outcome.end = "taken as it was" if same else "taken"
            outcome.wrong = [] if same else list(badly_taken(checked, made))
        if [one.name for one in Path(folder).iterdir()] != ["misprinted.yaml"]:
            outcome.wrong.append("something was written")
    return outcome


def _badly_refused(found: ProblemsFound, text: str) -> Iterator[str]:
    """A refusal without a reason, or with a line that the file does not have."""
    if not found.problems:
        yield "refused without a reason"
    for problem in found.problems:
        if not problem.message or "\n" in str(problem).strip():
            yield f"no reason on one line: {problem!r}"
        if not 0 <= problem.line <= len(text.splitlines()) + 1 and "misprinted" in str(problem):
            yield f"line {problem.line} of {len(text.splitlines())}"


def badly_taken(checked: Checked, made: Misprint) -> Iterator[str]:
    """Why a plan should not have been taken, or what it holds that the file does not say."""
    if made.wrong:
        yield f"taken though {made.wrong}"
    try:
        document = YAML(typ="safe", pure=True).load(made.text)
    except YAMLError as error:
        yield f"taken though no YAML: {str(error).splitlines()[0]}"
        return
    for error in list(_schema().iter_errors(document))[:1]:
        yield f"taken against the schema: {error.json_path}: {error.message[:80]}"
    settings = checked.plan.settings()
    policies = settings["policies"]
    for name, asked in (document.get("policies") or {}).items():
        if asked is None:
            if name in policies:
                yield f"{name} is switched off in the file"
        elif asked.get("enabled", True) is not False:
            yield from _unlike(asked, policies.get(name), name)
    for key in ("enrollment_system", "outside_option", "momentum", "politics", "proof_points"):
        if key in document:
            yield from _unlike(document[key], settings[key], key)
    for key, place in (("first", 0), ("last", 1)):
        if key in (document.get("years") or {}):
            yield from _unlike(document["years"][key], settings["years"][place], f"years.{key}")
    for name, value in (document.get("parameters") or {}).items():
        yield from _unlike(value, checked.plan.parameters.changes.get(name), name)


def _unlike(asked: Any, held: Any, path: str) -> Iterator[str]:
    """Where a plan does not hold what a file asks."""
    if isinstance(asked, Mapping) and isinstance(held, Mapping):
        for key, value in asked.items():
            if key not in held:
                yield f"{path}.{key} is not in the plan"
            else:
                yield from _unlike(value, held[key], f"{path}.{key}")
    elif isinstance(asked, list) and isinstance(held, list | tuple):
        if len(asked) != len(held):
            yield f"{path}: {len(held)} for {len(asked)}"
        for number, (one, other) in enumerate(zip(asked, held, strict=False)):
            yield from _unlike(one, other, f"{path}.{number}")
    elif isinstance(asked, list) and isinstance(held, Mapping) and "any_of" in held:
        yield from _unlike(asked, held["any_of"], path)
    elif not _same(asked, held):
        yield f"{path}: {held!r} for {asked!r}"


def _same(asked: Any, held: Any) -> bool:
    """Whether a value of the plan is the file's, a number with a unit turned into shares or miles."""
    if isinstance(asked, bool) or isinstance(held, bool) or asked is None:
        return asked is held
    if isinstance(asked, str) and isinstance(held, int | float):
        match = re.fullmatch(r"([-+]?[0-9]*\.?[0-9]+) *(%|percent|miles?|mi|km|kilometers?)?", asked.strip().lower())
        if match is None:
            return False
        number = float(match[1])
        unit = match[2] or ""
        if unit in ("%", "percent"):
            number /= 100
        elif unit.startswith("k"):
            number /= KILOMETERS_IN_A_MILE
        return abs(number - held) <= 1e-12 * max(1.0, abs(held))
    if isinstance(asked, int | float) and isinstance(held, int | float):
        return float(asked) == float(held)
    return bool(asked == held)


def run(copies: int, first: int, workers: int) -> list[Outcome]:
    """Judge so many misprints from a number on."""
    seeds = range(first, first + copies)
    if workers == 1:
        return [judge(seed) for seed in seeds]
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        return list(pool.map(judge, seeds, chunksize=50))


def main() -> None:
    """Print what became of the misprints, and every one that was taken or refused wrongly."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--copies", type=int, default=10_000)
    parser.add_argument("--first", type=int, default=0, help="number of the first misprint")
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    outcomes = run(asked.copies, asked.first, asked.workers)
    wrong = [outcome for outcome in outcomes if outcome.wrong]
    print(
        f"{len(outcomes):,} misprinted plans: {dict(Counter(outcome.end for outcome in outcomes))}; {len(wrong)} wrong"
    )
    for outcome in wrong:
        print(f"{outcome.seed} {outcome.file} ({outcome.what}): {outcome.wrong[0]}")
    raise SystemExit(1 if wrong else 0)


if __name__ == "__main__":
    main()
