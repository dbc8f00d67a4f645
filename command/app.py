"""The commands. Each imports what it needs when it runs, so that `--help` answers at once."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from command.app_shares import shares
from command.districts.app_folders import databases, districts
from command.districts.app_import import import_
from command.experiments.app_experiments import experiments
from command.experiments.app_scoreboard import scoreboard
from command.explore.app_explore import explore
from command.explore.app_sensitivity import sensitivity
from command.fitting.app_fit import fit, recover
from command.histories.app_backtest import backtest
from command.options import (
    Changes,
    Cluster,
    Discount,
    District,
    Draws,
    Evidence,
    Json,
    Place,
    Posterior,
    Report,
    Resume,
    Scenario,
    Seeds,
    Split,
    Subject,
    Trust,
    Workers,
)
from command.running import STORE, How
from command.saying import bad_input, complain, say, say_json
from command.stored import app as stored_runs

app = typer.Typer(
    name="portfolio",
    help="School districts run as portfolios: what a plan does to the gap and to every group's level.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("import")(import_)
app.add_typer(districts, name="district")
app.add_typer(databases, name="database")
app.command()(shares)
app.command()(sensitivity)
app.command()(explore)
app.command()(fit)
app.command()(recover)
app.command()(experiments)
app.command()(backtest)
app.command()(scoreboard)

Panel = Annotated[Path | None, typer.Option(help="Write every run's children here, Parquet; runs each once more.")]


@app.command()
def check(
    files: Annotated[list[str], typer.Argument(help="Scenario files or library names.", metavar="FILE...")],
    origins: Annotated[bool, typer.Option("--origins", help="Show where every value comes from.")] = False,
    district: District = None,
    set_: Changes = None,
    json: Json = False,
) -> None:
    """Every mistake at once: file, line, value, what is allowed, nearest name."""
    from command.checking import check_files

    with bad_input():
        check_files(files, set_ or [], district, origins, json)


@app.command()
def describe(scenario: Scenario, district: District = None, set_: Changes = None, json: Json = False) -> None:
    """The plan in plain words, year by year, before anything runs."""
    from command.describing import described
    from command.plans import checked_one, overrides_of
    from scenarios.describe import description

    with bad_input():
        facts = description(checked_one(scenario, overrides_of(set_ or [], district)))
    if json:
        say_json(facts)
    else:
        say(described(facts))


@app.command()
def run(
    scenario: Scenario,
    seeds: Seeds = None,
    draws: Draws = 0,
    posterior: Posterior = None,
    district: District = None,
    workers: Workers = None,
    cluster: Cluster = None,
    resume: Resume = False,
    evidence: Evidence = Trust.all,
    discount: Discount = 0.0,
    store: Place = STORE,
    set_: Changes = None,
    report: Report = None,
    panel: Panel = None,
    json: Json = False,
) -> None:
    """Run a plan beside the same district with nothing changed, and say what it does."""
    from command.plans import checked_all, overrides_of, with_baseline
    from command.sides import side_by_side

    with bad_input():
        (checked,) = checked_all([scenario], overrides_of(set_ or [], district))
    if checked.moved_by:
        complain(f"years moved by {checked.moved_by:+d} to suit {checked.plan.city.name}")
    how = How(seeds, draws, workers, cluster, resume, evidence.value, discount, posterior)
    side_by_side(with_baseline(checked.plan), how, store, report=report, panel=panel, as_json=json)


@app.command()
def compare(
    baseline: Annotated[str, typer.Argument(help="The plan that is subtracted.")],
    plans: Annotated[list[str], typer.Argument(help="The plans it is subtracted from.", metavar="PLAN...")],
    seeds: Seeds = None,
    draws: Draws = 0,
    posterior: Posterior = None,
    district: District = None,
    workers: Workers = None,
    cluster: Cluster = None,
    resume: Resume = False,
    evidence: Evidence = Trust.all,
    discount: Discount = 0.0,
    store: Place = STORE,
    by: Annotated[Split | None, typer.Option(help="Show the level of every group.")] = None,
    subject: Annotated[Subject, typer.Option(help="Which subject.")] = Subject.both,
    figure: Annotated[Path | None, typer.Option(help="Write the figure of the gap here (PNG).")] = None,
    report: Report = None,
    set_: Changes = None,
    json: Json = False,
) -> None:
    """Run plans side by side under the same luck: each plan less the baseline."""
    from command.plans import checked_all, comparable, overrides_of
    from command.sides import side_by_side

    with bad_input():
        ready = comparable(checked_all([baseline, *plans], overrides_of(set_ or [], district)))
    side_by_side(
        ready,
        How(seeds, draws, workers, cluster, resume, evidence.value, discount, posterior),
        store,
        report=report,
        figure=figure,
        as_json=json,
        subjects=subject.names,
        every_group=by is Split.race,
    )


@app.command()
def demo(
    seeds: Seeds = None,
    workers: Workers = None,
    to: Annotated[Path, typer.Option(help="Folder for the report and the runs.")] = Path("runs/demo"),
) -> None:
    """Four plans against the status quo on the bundled city: the answer in one screen, and a report."""
    from command.plans import checked_all, comparable
    from command.sides import DEMO, side_by_side

    with bad_input():
        ready = comparable(checked_all(DEMO, {}))
    side_by_side(ready, How(seeds, workers=workers), str(to / "results.sqlite"), report=to / "report.html")


class Like(StrEnum):
    """Which child a story is of."""

    displaced = "displaced"
    opened = "opened"
    longest = "longest"
    changed = "most changed"


@app.command()
def story(
    scenario: Scenario,
    baseline: Annotated[str | None, typer.Option(help="The plan beside it; nothing changed if absent.")] = None,
    child: Annotated[int | None, typer.Option(min=0, help="A child by its number.")] = None,
    like: Annotated[Like, typer.Option(help="Which child, where no number is given.")] = Like.changed,
    school: Annotated[str | None, typer.Option(help="A school by its id, in place of a child.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="The luck.")] = 0,
    district: District = None,
    set_: Changes = None,
    json: Json = False,
) -> None:
    """One child's years, or one school's, under two plans side by side."""
    from command.plans import checked_all, comparable, overrides_of, with_baseline
    from command.telling import tell

    with bad_input():
        changes = overrides_of(set_ or [], district)
        if baseline is None:
            (checked,) = checked_all([scenario], changes)
            plans = with_baseline(checked.plan)
        else:
            plans = comparable(checked_all([baseline, scenario], changes))
    tell(plans, seed, child, like.value, school, json)


@app.command()
def play(
    scenario: Annotated[
        str, typer.Argument(help="A scenario, or a district by name or folder that goes on as it is.")
    ] = "harbor_city",
    seed: Annotated[int, typer.Option(min=0, help="The luck.")] = 0,
    years: Annotated[
        int | None, typer.Option(min=1, max=60, help="School years; ten, or fewer if it has fewer.")
    ] = None,
    to: Annotated[Path, typer.Option(help="Write the moves here, as a scenario that repeats them.")] = Path(
        "moves.yaml"
    ),
    lucks: Annotated[int, typer.Option(min=0, max=1000, help="Other lucks in the debrief; 0 for none.")] = 30,
    workers: Workers = None,
    district: District = None,
    set_: Changes = None,
) -> None:
    """Lead the district yourself, a school year at a time: look, move, forecast, and see what was luck."""
    from command.plans import overrides_of
    from command.playing import play

    with bad_input():
        play(scenario, seed, years, to, lucks, workers, overrides_of(set_ or [], district))


@app.command("list")
def list_(
    what: Annotated[
        str | None,
        typer.Argument(help="scenarios, variants, policies, operators, districts, measures or parameters; or all."),
    ] = None,
    json: Json = False,
) -> None:
    """What there is: scenarios, variants, policies, operators, districts, measures, parameters."""
    from command.listing import everything, listed

    with bad_input():
        found = everything(what)
    if json:
        say_json(found)
    else:
        say(listed(found))


@app.command()
def explain(
    name: Annotated[str, typer.Argument(help="A parameter, policy, operator, measure, scenario, variant or district.")],
    json: Json = False,
) -> None:
    """The card of a parameter, policy, operator, measure, scenario or district."""
    from command.explaining import card, explained

    with bad_input():
        found = explained(name)
    if json:
        say_json(found)
    else:
        say(card(found))


@app.command()
def schema() -> None:
    """The JSON Schema of scenario files, for editors."""
    from scenarios.schema import json_schema

    say_json(json_schema())


stored_runs.add_to(app)


def main() -> None:
    """The entry point of `portfolio`."""
    app()
