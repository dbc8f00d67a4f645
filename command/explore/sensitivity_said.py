"""What a plan's effect hangs on, in one screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from command.explore.options import Where, running
from command.saying import beyond_column, beyond_words, say, say_beyond, say_json, wrapped

if TYPE_CHECKING:
    from calibration.sensitivity.analysis import Sensitivity
    from sim.plan import Plan

MOST_LINES = 10
UNSURE = 0.15
"""Half the interval of a share of variance from which on it is said to be unsure."""


def tell_sensitivity(
    plan: Plan, baseline: Plan, parameters: list[str], asked: dict[str, Any], where: Where, as_json: bool
) -> None:
    """Run the analysis, say it, and write the files; what cannot be asked: exit 2."""
    with running(where, as_json) as how:
        from calibration.sensitivity.analysis import Asked, check_asked, sensitivity
        from calibration.sensitivity.inputs import inputs_of

        wanted = Asked(**asked)
        check_asked(wanted, plan)
        found = sensitivity(plan, baseline, inputs_of(plan, parameters), wanted, how)
    if where.csv is not None:
        where.csv.parent.mkdir(parents=True, exist_ok=True)
        told = beyond_column([plan])[plan.name]
        table_of(found).assign(beyond_studied=told).to_csv(where.csv, index=False)
    if where.figure is not None:
        from calibration.sensitivity.figure import sensitivity_figure
        from results.extrapolation import marked, of_plans
        from results.figures import save_figure

        save_figure(sensitivity_figure(found, _main(found)[0], marked(of_plans([plan]))), where.figure)
    if as_json:
        say_json({**document(found), "beyond_studied": beyond_words([plan])})
        return
    say(sensitivity_text(found))
    say_beyond([plan])
    where.told()


def _main(found: Sensitivity) -> list[str]:
    from calibration.sensitivity.analysis import plain

    return [name for name in found.outcomes if plain(name, found.asked.subject) in found.asked.outcomes]


def table_of(found: Sensitivity) -> Any:
    """Every parameter that moved anything, by outcome, with its card's range, Morris and Sobol measures."""
    from sim.parameters import declared

    table = found.screening.merge(found.shares, on=["outcome", "name"], how="left")
    for column in ("value", "low", "high", "unit", "source"):
        table[column] = [getattr(declared()[name], column) for name in table["name"]]
    return table[["outcome", "name", *(c for c in table if c not in ("outcome", "name"))]]


def sensitivity_text(found: Sensitivity) -> str:
    """The shares first, then what moves the outcome most, then what moves nothing."""
    asked, runs = found.asked, sum(found.points.values()) * found.asked.seeds * 2
    lines = wrapped(
        f"What is not known about {found.plan} less {found.baseline}, {asked.subject}, grades 3-8, {found.year}: "
        f"{found.varied} parameters varied, the same {_seeds(asked.seeds)} at every point; "
        f"{sum(found.points.values()):,} points, {runs:,} runs."
    )
    for outcome in _main(found):
        lines += ["", *_shares(found, outcome), "", *_screening(found, outcome)]
    others = [name for name in found.outcomes if name not in _main(found)]
    lines += ["", "Most for the other outcomes:"]
    lines += [line for outcome in others for line in _most(found, outcome)]
    lines += ["", *_silent(found), *_left_out(found)]
    return "\n".join(lines)


def _shares(found: Sensitivity, outcome: str) -> list[str]:
    from results import words

    rows = found.shares[found.shares["outcome"] == outcome].dropna()
    if rows.empty:
        if not found.asked.samples:
            return ["The variance was not shared out (--samples 0)."]
        return [f"No parameter moves {outcome} by more than luck does; its variance was not shared out."]
    mean, sd = (float(found.spread.set_index("outcome").loc[outcome, column]) for column in ("mean", "sd"))
    rows = rows.sort_values("alone", ascending=False)
    parts = [
        f"{words.share(max(row['alone'], 0))} (±{100 * row['alone_error']:.0f}) is {row['name']}"
        for row in rows.to_dict("records")
        if row["alone"] > row["alone_error"]
    ]
    sure = f"{words.listed(parts)}" if parts else "no share is told apart from none"
    lines = wrapped(
        f"Of what is unknown about {_these(len(rows))} most to the {outcome} "
        f"({_size(outcome, mean)}, SD {_size(outcome, sd, sign=False)} over their priors, all others as declared), "
        f"{sure}."
    )
    for row in rows.to_dict("records"):
        lines.append(
            f"  {row['name']:{_width(rows)}}  alone {_part(row, 'alone')}, with all it does together with others "
            f"{_part(row, 'total')}"
        )
    if rows[["alone_error", "total_error"]].max(axis=None) > UNSURE:
        lines += wrapped(
            f"± is half the 90% interval: wide at {found.asked.samples} samples; ask for more with --samples."
        )
    return lines


def _seeds(number: int) -> str:
    return "seed" if number == 1 else f"{number} seeds"


def _these(number: int) -> str:
    return "the one parameter that matters" if number == 1 else f"the {number} parameters that matter"


def _part(row: dict[Any, Any], name: str) -> str:
    return f"{100 * row[name]:4.0f}% ±{100 * row[f'{name}_error']:.0f}"


def _screening(found: Sensitivity, outcome: str) -> list[str]:
    rows = found.screening[found.screening["outcome"] == outcome]
    rows = rows.sort_values(["net", "name"], ascending=[False, True])
    above = rows[rows["mu_star"] > rows["luck"].fillna(0.0)]
    lines = wrapped(
        f"How far the {outcome} moves when one parameter crosses its whole range ({found.asked.trajectories} starting "
        "points; mu* the mean size, luck what luck alone would show, mu the mean with its sign, sigma how uneven):"
    )
    shown = rows.head(MOST_LINES)
    for row in shown.to_dict("records"):
        lines.append(
            f"  {row['name']:{_width(shown)}}  mu* {_size(outcome, row['mu_star'], sign=False)} "
            f"±{_size(outcome, row['error'], sign=False)}, luck {_size(outcome, row['luck'], sign=False)}, "
            f"mu {_size(outcome, row['mu'])}, sigma {_size(outcome, row['sigma'], sign=False)}"
        )
    if len(rows) > len(shown):
        lines += wrapped(
            f"{len(rows) - len(shown)} more move it less; {len(above)} in all move it more than luck does."
        )
    return lines


def _most(found: Sensitivity, outcome: str) -> list[str]:
    rows = found.screening[found.screening["outcome"] == outcome]
    rows = rows[rows["net"] > 0].sort_values(["net", "name"], ascending=[False, True]).head(3)
    if rows.empty:
        return [f"  {outcome}: nothing moves it by more than luck does"]
    said = "; ".join(f"{row['name']} {_size(outcome, row['mu'])}" for row in rows.to_dict("records"))
    return [f"  {outcome}: {said}"]


def _silent(found: Sensitivity) -> list[str]:
    if not found.silent:
        return ["Every parameter that was varied moves something."]
    rooms: dict[str, int] = {}
    for name in found.silent:
        rooms[name.split(".")[0]] = rooms.get(name.split(".")[0], 0) + 1
    told = ", ".join(f"{room} {number}" for room, number in sorted(rooms.items(), key=lambda item: -item[1]))
    return wrapped(
        f"{len(found.silent)} of {found.varied} parameters move none of these outcomes by a single bit at the points "
        f"tried: {told}. Their names are in --json."
    )


def _left_out(found: Sensitivity) -> list[str]:
    lost = [f"{number} of {part}" for part, number in found.left_out.items() if number]
    return wrapped(f"Left out, impossible in this city or failed: {', '.join(lost)}.") if lost else []


def _size(outcome: str, value: float, sign: bool = True) -> str:
    from results import words

    if outcome == "displaced":
        return words.count(round(value)) if value == value else words.NONE
    return words.signed(value) if sign else words.sd(value, 3)


def _width(rows: Any) -> int:
    return int(rows["name"].str.len().max())


def document(found: Sensitivity) -> dict[str, Any]:
    """The same facts, all of them, as plain values."""
    return {
        "plan": found.plan,
        "baseline": found.baseline,
        "year": found.year,
        "asked": vars(found.asked),
        "varied": found.varied,
        "points": found.points,
        "left_out": found.left_out,
        "unit_is": "SD, plan less baseline, the same children; pupils for displaced",
        "screening_is": "effect of crossing the whole range of the card; luck is what mu_star would be by luck alone",
        "screening": found.screening.to_dict("records"),
        "moves_nothing": found.silent,
        "few": found.few,
        "shares_are": "of the variance over the priors of the few, others as declared; errors are half 90% intervals",
        "shares": found.shares.to_dict("records"),
        "spread": found.spread.to_dict("records"),
    }
