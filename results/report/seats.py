"""Who gets the good seats: every group's count and share, in the opening June and at the horizon."""

from __future__ import annotations

import pandas as pd

from results import tables as summaries
from results.report.sheets import Sheet
from results.tables import EVERYBODY, Ensemble, choose
from results.words import MINUS, NONE, count, group_name
from sim.comparison import over_runs

SEATS = {"top_half": "upper half", "top_quarter": "upper quarter"}


def good_seats(ensemble: Ensemble) -> list[Sheet]:
    """A table each for schools of the upper half and of the upper quarter; none in runs older than the measure."""
    table = ensemble.tables.get("access_year", pd.DataFrame())
    return [] if table.empty else [_seats(ensemble, table, name) for name in SEATS]


def _seats(ensemble: Ensemble, table: pd.DataFrame, name: str) -> Sheet:
    base = summaries.baseline_plan(ensemble)
    first, last = base.years.opening, summaries.horizon(ensemble)
    others = summaries.compared(ensemble)
    rows = []
    for group in (EVERYBODY, *base.city.groups):
        own = choose(table, group=group)
        if own.empty:
            continue
        for plan in others or [base]:
            at = {
                "opening": choose(own, plan=base.name, year=first),
                "base": choose(own, plan=base.name, year=last),
                "plan": choose(own, plan=plan.name, year=last),
            }
            shown = [_count_and_share(at[when], name) for when in ("opening", "base", *(["plan"] if others else []))]
            rows.append([group_name(group), *([plan.name] if others else []), *shown])
            if others:
                rows[-1] += _differences(at["plan"], at["base"], name)
    plan_heads = (["Plan"], [f"{last}, plan", "Pupils, plan less baseline", "Share, plan less baseline"])
    return Sheet(
        f"Who sits in schools of the {SEATS[name]}",
        [
            "Pupils",
            *(plan_heads[0] if others else []),
            f"June {first}",
            f"{last}, {base.name}",
            *(plan_heads[1] if others else []),
        ],
        rows,
        2 if others else 1,
        f"Pupils of the group in schools whose lasting value added is that of the {SEATS[name]} of the opening June's "
        "pupils or more, and their share of the group. Good seats can become more or fewer. Mean over runs; in "
        "brackets of the difference 5 to 95 percent of the runs.",
    )


def _count_and_share(rows: pd.DataFrame, name: str) -> str:
    pupils = rows[name].mean()
    return NONE if pd.isna(pupils) else f"{count(round(pupils))} ({_percent(rows[f'{name}_share'].mean())})"


def _percent(value: float, plus: bool = False) -> str:
    """12.4%, −0.3%."""
    if pd.isna(value):
        return NONE
    text = f"{100 * abs(value):.1f}%"
    sign = "" if text == "0.0%" else MINUS if value < 0 else "+" if plus else ""
    return sign + text


def _differences(plan: pd.DataFrame, base: pd.DataFrame, name: str) -> list[str]:
    """Pupils and share, run by run less the baseline's."""
    run = list(summaries.RUN)
    both = plan.set_index(run)[[name, f"{name}_share"]] - base.set_index(run)[[name, f"{name}_share"]]
    both = both.assign(all="").reset_index()
    cells = []
    for column, words in ((name, _whole), (f"{name}_share", lambda value: _percent(value, plus=True))):
        one = summaries.one(over_runs(both, column, ["all"]), all="")
        cells.append(f"{words(one['mean'])} ({words(one['low'])} to {words(one['high'])})" if one else NONE)
    return cells


def _whole(pupils: float) -> str:
    return ("+" if round(pupils) > 0 else "") + count(round(pupils))
