"""What a fit found, in one screen, and its files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from command.fitting.cross_check_said import checked, cross_check_lines, ready_to_check
from command.fitting.reading import pool_line, runs_of
from command.fitting.recover_said import coverage_lines, write_recovery
from command.saying import beyond_words, complain, say, say_beyond, say_json, wrapped

if TYPE_CHECKING:
    from calibration.fitting.fit_files import Fit
    from calibration.fitting.fitting import Fitted


def tell_fit(
    fit: Fit,
    to: Path | None,
    place: str,
    workers: int | None,
    cluster: str | None,
    as_json: bool,
    cross_check: int | None = None,
) -> None:
    """Fit, keep the posterior, write the files, and say what was found, with a second method of `cross_check` runs
    beside it if any; what cannot be asked: exit 2."""
    file = None
    if cross_check is not None:
        file = ready_to_check(fit, cross_check, place, to, cluster)
    with runs_of(place, to, workers, cluster, as_json) as where:
        from calibration.fitting.fitting import fit_city

        found = fit_city(fit, where)
        key = where.store.save_posterior(fit.title, found.about(), found.draws)
    if to is not None:
        write_fit(found, to, f"posterior {key} in {place}")
    facts = {"title": fit.title, "posterior_id": key, "pool": place, **found.about()}
    facts["beyond_studied"] = beyond_words([fit.plan])
    if not as_json:
        say(fit_text(found))
        say_beyond([fit.plan])
        complain(f"posterior {key}, {len(found.draws)} draws, kept in {place}" + (f"; files in {to}" if to else ""))
    if cross_check is not None and file is not None:
        check, beside = checked(found, cross_check, file, to, workers, as_json)
        facts["cross_check"] = {**check, "parameters": beside.to_dict("records")}
        if not as_json:
            say("\n".join(["", *cross_check_lines(check, beside)]))
    if as_json:
        say_json(facts)


def write_fit(found: Fitted, to: Path, kept: str) -> None:
    """Posterior draws for `--posterior`, tables and figures."""
    from calibration.fitting.coverage import not_trusted
    from calibration.fitting.figures import joint_figure, predictive_figure
    from calibration.fitting.posterior_files import CITY, write_posterior
    from results.extrapolation import marked, of_plans
    from results.figures import save_figure
    from sim.run import code_version

    to.mkdir(parents=True, exist_ok=True)
    fit, tested = found.fit, found.tested
    notes = [
        f"{fit.title}: {kept}, code {code_version()}",
        f"{fit.plan.name} in {fit.plan.city.title}; other parameters {fit.others}",
        f"targets: {', '.join(fit.targets.names)}",
        f"{CITY} {fit.plan.city.name}",
    ]
    if doubted := not_trusted(tested.coverage):
        notes.append(f"not to be taken as they stand, by their coverage: {', '.join(doubted)}")
    marks = marked(of_plans([fit.plan]))
    text = "\n".join([fit_text(found), *(line for mark in marks for line in ("", *wrapped(mark)))])
    (to / "fit.txt").write_text(text + "\n", encoding="utf-8")
    write_posterior(to / "posterior.csv", found.draws, [*notes, *marks])
    found.table().to_csv(to / "parameters.csv", index=False)
    values = [[draw[name] for name in fit.names] for draw in found.draws]
    prior = tested.posteriors.pool.values
    save_figure(joint_figure(fit.parameters, _array(values), prior, f"{fit.title}: joint posterior"), to / "joint.png")
    if len(found.misfit):
        found.misfit.to_csv(to / "targets.csv", index=False)
        figure = predictive_figure(found.misfit, f"{fit.title}: targets and runs at posterior draws")
        save_figure(figure, to / "targets.png")
    write_recovery(tested, fit, to)


def _array(values: Any) -> Any:
    import numpy as np

    return np.array(values)


def fit_text(found: Fitted) -> str:
    """Posterior by parameter, what is not told apart, misfit, coverage."""
    fit, table = found.fit, found.table()
    wide = int(table["name"].str.len().max())
    lines = [f"{fit.title}: {len(fit.names)} parameters, {len(fit.targets.all)} targets."]
    lines += wrapped(pool_line(found.tested.filled, fit))
    lines += ["", "Posterior: median, 90% interval; prior SD; posterior SD over prior SD"]
    for row in table.to_dict("records"):
        lines.append(
            f"  {row['name']:{wide}}  {row['q50']:.3g} ({row['q05']:.3g} to {row['q95']:.3g}) {row['unit']}; "
            f"prior SD {row['prior_sd']:.2g}; {row['sd_ratio']:.2f}"
        )
    lines += ["", *(line for text in found.not_told for line in wrapped(text))]
    if not found.not_told:
        lines += ["Every parameter is told by itself."]
    told, seen = found.farther
    lines += wrapped(
        f"The city lies inside the runs: {told:.0%} of them lie farther out by what their moments tell of the "
        f"parameters, {seen:.0%} by the moments themselves."
    )
    return "\n".join([*lines, "", *_misfit(found), "", *coverage_lines(found.tested)])


def _misfit(found: Fitted) -> list[str]:
    check = found.misfit
    if check.empty:
        return ["No posterior draw was run (predictive: 0)."]
    out = check[~check["fits"].astype(bool)]
    lines = wrapped(
        f"Targets within the 90% interval of {found.fit.predictive} runs at posterior draws: {len(check) - len(out)} "
        f"of {len(check)}; about {0.9 * len(check):.0f} would be by chance."
    )
    for row in out.to_dict("records"):
        lines += wrapped(
            f"missed: {row['target']}, seen {row['seen']:.3g}, runs {row['low']:.3g} to {row['high']:.3g} "
            f"{row['unit']}",
            "  ",
            "    ",
        )
    return lines
