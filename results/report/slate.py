"""The slate of every year: what was done, what was refused and what was left as it is, with the reasons."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from results import tables as summaries
from results.report.sheets import Sheet
from results.tables import EVERYBODY, Ensemble, choose
from results.words import NONE, count, listed
from sim.plan import Plan
from sim.policies.levers import SLATE
from sim.policies.policy import UNCHANGED

DONE = {
    "open": "opened",
    "close": "closed",
    "phase out": "phased out",
    "merge": "merged",
    "withdraw": "given up, its operator leaves",
    "do not renew": "contract not renewed",
    "restart": "handed to another operator",
    "renew": "contract renewed",
    "renew and expand": "renewed and expanded",
    "renew on watch": "renewed on watch",
    "add seats": "expanded",
    "contract": "put under contract",
    "free of rules": "freed of rules",
    "lengthen day": "longer day",
    "make classes smaller": "smaller classes",
    "take up practices": "practices taken up",
    "change yardstick": "yardstick changed",
    "redraw zone": "zone redrawn",
    "acknowledge gap": "gap acknowledged",
    "take mandate": "mandate taken",
    "offer terms": "terms offered",
    "build will": "political will built",
    "set aside": "set aside, another decision holds the school",
    "delayed": "delayed, no capital",
    "trimmed": "trimmed, capital spent",
    "blocked": "blocked",
    "declined": "declined",
    "keep": "looked at, left as it is",
}
"""How the page words an action; one that is not here stands as the policy calls it."""
ITEMS = {
    "open": "opened",
    "close": "closed",
    "restart": "restarted",
    "renew": "renewed",
    "expand": "expanded",
    "freeze": "frozen",
    "contract": "freed from the contract",
    "rules": "rules changed",
    "practice": "practice begun",
}
"""How the page words what was done under an item of the slate."""
REFUSED = tuple(action for action in UNCHANGED if action != "keep")
SHORT = 8
"""Lines of a year up to which it stands open on the screen."""


@dataclass(frozen=True)
class SlateYear:
    """A year of the slate: in a line, in full, and whether it is short enough to stand open."""

    title: str
    sheet: Sheet

    @property
    def short(self) -> bool:
        """Whether it stands open on the screen; in print every year does."""
        return len(self.sheet.rows) <= SHORT


@dataclass(frozen=True)
class Slate:
    """The slate of one plan in the first run, year by year."""

    plan: Plan
    run: str
    years: list[SlateYear]


def per_year(ensemble: Ensemble) -> list[Sheet]:
    """For every plan that decides anything: mean number a year over all runs, by item of the slate."""
    return [
        sheet for plan in ensemble.plans for sheet in [_per_year(ensemble, plan)] if sheet is not None and sheet.rows
    ]


def _per_year(ensemble: Ensemble, plan: Plan) -> Sheet | None:
    found = choose(ensemble.tables["decision"], plan=plan.name)
    if found.empty:
        return None
    years = list(range(plan.years.first, summaries.horizon(ensemble) + 1))
    done = found[~found["action"].isin(UNCHANGED)]
    lines = [(ITEMS[item], choose(done, slate=item)) for item in SLATE]
    lines += [(_worded(action), choose(found, action=action)) for action in (*REFUSED, "keep")]
    rows = []
    for words, own in lines:
        number = own.groupby("year").size() / len(ensemble.cells)
        if len(own):
            each = [float(number.get(year, 0.0)) for year in years]
            rows.append([words, *(count(one) if one else NONE for one in each), count(sum(each))])
    return Sheet(
        f"The slate of {plan.name}: decisions a year, mean over {summaries.runs_named(ensemble)}",
        ["Decision", *map(str, years), "Together"],
        rows,
        1,
        "A decision counts in the year in which it is taken; most hold from a later year. Contracts that are not "
        "renewed and schools that an operator gives up count as closed. A dash: never.",
    )


def in_full(ensemble: Ensemble) -> list[Slate]:
    """The first run's slate of every plan that decides anything, each decision with its whole reason."""
    first = summaries.first_run(ensemble)
    slates = []
    for plan in ensemble.plans:
        found = choose(ensemble.tables["decision"], plan=plan.name, **first)
        names = choose(ensemble.tables["school"], plan=plan.name, **first).set_index("school")["name"]
        years = [_year(int(str(year)), own, names, plan) for year, own in found.groupby("year")]
        if years:
            slates.append(Slate(plan, summaries.run_named(**first), years))
    return slates


def _worded(action: str) -> str:
    return DONE.get(action, action)


def _place(action: str) -> int:
    """What is done first, then what is refused, then what is left as it is."""
    return 0 if action not in UNCHANGED else 2 if action == "keep" else 1


def _year(year: int, found: pd.DataFrame, names: pd.Series[str], plan: Plan) -> SlateYear:
    ranked = sorted(
        found.to_dict("records"), key=lambda row: (_place(row["action"]), SLATE.index(row["slate"]), row["action"])
    )
    capital = plan.politics != "off"
    rows = []
    for row in ranked:
        cells = [_worded(row["action"]), _school(row, names), str(row["because"]), str(row["effective"])]
        rows.append([*cells, str(row["policy"]), *([_points(row["capital"])] if capital else [])])
    head = ["What", "School", "Because", "Holds from", "Policy", *(["Capital, points"] if capital else [])]
    return SlateYear(f"{year}: {_in_a_line(ranked)}", Sheet(f"{year}", head, rows, len(head)))


def _school(row: dict[Hashable, Any], names: pd.Series[str]) -> str:
    """The school's name; a refused opening has none yet."""
    if row["school"] != EVERYBODY:
        return str(names.get(row["school"], row["school"]))
    if row["action"] == "declined":
        return NONE
    return "a new school" if row["slate"] == "open" else "the whole district"


def _points(capital: float) -> str:
    return f"{capital:.1f}" if capital else NONE


def _in_a_line(ranked: list[dict[Hashable, Any]]) -> str:
    """opened 2, closed 1 and blocked 3."""
    number: dict[str, int] = {}
    for row in ranked:
        words = _worded(row["action"]).split(",")[0]
        number[words] = number.get(words, 0) + 1
    return listed([f"{many} {words}" for words, many in number.items()])
