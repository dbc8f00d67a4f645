"""What came out of the experiments, as text, CSV, Markdown or JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from command.running import STOPPED, progress_bar, ready_to_write
from command.saying import complain, refuse, say, say_json, wrapped

if TYPE_CHECKING:
    from calibration.experiments import Experiment


@contextmanager
def _asked() -> Iterator[None]:
    """Names there are not, and missing libraries, end with exit code 2."""
    from calibration.experiments import NoExperiment
    from calibration.extras import ExtraMissing

    try:
        yield
    except (NoExperiment, ExtraMissing) as wrong:
        raise refuse(str(wrong)) from None


def list_experiments(names: Sequence[str], as_json: bool) -> None:
    """What the experiments are, without running any."""
    from calibration.experiments import named

    with _asked():
        chosen = named(names)
    if as_json:
        say_json([_card(one) for one in chosen])
        return
    say("\n\n".join("\n".join(_in_words(one)) for one in chosen))


def _card(one: Experiment) -> dict[str, Any]:
    return {
        "name": one.name,
        "question": one.question,
        "setting": one.setting,
        "estimand": one.estimand,
        "estimator": one.estimator,
        "city": one.city,
        "numbers": {name: vars(figure) for name, figure in one.numbers.items()},
        "also": dict(one.also),
    }


def _in_words(one: Experiment) -> list[str]:
    lines = [one.name, *wrapped(one.question, "  ", "  ")]
    for label, text in (("setting", one.setting), ("estimand", one.estimand), ("estimator", one.estimator)):
        lines += wrapped(f"{label}: {text}", "  ", "    ")
    for name, figure in one.numbers.items():
        lines += wrapped(
            f"{name}: {_published(vars(figure))} {figure.unit} [{figure.key}; {figure.source}; {figure.population}]",
            "  ",
            "    ",
        )
    return lines


def _published(row: dict[str, Any], value: str = "value") -> str:
    """A published value with its range, or what is known of it."""
    at, low, high = row[value], row["low"], row["high"]
    if low is None or high is None:
        side = f"above {low:g}" if low is not None else f"below {high:g}"
        return side if at is None else f"{at:g}, {side}"
    spread = f"{low:g} to {high:g}"
    return spread if at is None else f"{at:g} ({spread})"


def tell_experiments(
    names: Sequence[str], seeds: int, workers: int, csv: Path | None, markdown: Path | None, as_json: bool
) -> None:
    """Run them, say the table, and write the files; what cannot be asked: exit 2 and nothing is written."""
    from calibration.experiments import named, table_of, trials
    from calibration.experiments.printed import markdown_of, text_of

    with _asked():
        chosen = named(names)
        for file in (csv, markdown):
            ready_to_write(file, None)
        try:
            with progress_bar(as_json) as progress:
                done = trials(chosen, range(seeds), workers, progress)
        except KeyboardInterrupt:
            complain("stopped; nothing was written")
            raise typer.Exit(STOPPED) from None
    table = table_of(done)
    for file, text in ((csv, table.to_csv(index=False)), (markdown, markdown_of(done))):
        if file is not None:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
    if as_json:
        say_json({"seeds": seeds, "table": table.to_dict("records")})
    else:
        say(text_of(done))
    for file in (csv, markdown):
        if file is not None:
            complain(f"table: {file}")
