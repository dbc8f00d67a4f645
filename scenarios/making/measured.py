"""What a made city has of what was asked: every total asked for beside the one that came out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from scenarios.making.asked.settled import Row, Settled, lines_of, shown
from scenarios.making.draws import Floats
from scenarios.making.kinds import cohort_shares
from scenarios.making.marks import Marks
from scenarios.making.sorting import dissimilarity, isolation
from sim.city import ANY, FLAGS, SUBJECTS, City

APART_WITHIN = 0.03
"""How far segregation may be from what was asked."""


@dataclass(frozen=True)
class Compared:
    """One total: what was asked or assumed, what was made, and how far apart they may be."""

    key: str
    asked: float
    made: float
    within: float
    given: bool
    unit: str

    @property
    def met(self) -> bool:
        """Whether the total came out; one that cannot be measured (no pupils) counts as met."""
        return not abs(self.made - self.asked) > self.within + 1e-9


@dataclass(frozen=True)
class MakingReport:
    """Asked against made for every total, what was missed and why, and all that was assumed."""

    title: str
    lines: tuple[Compared, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...]

    @property
    def missed(self) -> tuple[Compared, ...]:
        """Totals that did not come out."""
        return tuple(line for line in self.lines if not line.met)

    def __str__(self) -> str:
        """The report as Markdown."""
        text = [f"# {self.title}: what was asked and what was made", ""]
        text += ["| total | asked | made | unit | |", "|---|---|---|---|---|"]
        for line in self.lines:
            asked = shown(line.asked) + ("" if line.given else " (assumed)")
            off = "" if line.met else f"**off by more than {shown(line.within)}**"
            text.append(f"| {line.key} | {asked} | {shown(line.made)} | {line.unit} | {off} |")
        if self.notes:
            text += ["", "## What to know", "", *(f"- {note}" for note in self.notes)]
        text += ["", "## Given", "", *(f"- {line}" for line in lines_of(self.rows, given=True))]
        text += ["", "## Assumed", "", *(f"- {line}" for line in lines_of(self.rows, given=False))]
        return "\n".join(text) + "\n"

    def facts(self) -> dict[str, Any]:
        """The same as plain values."""
        return {
            "totals": [
                {
                    "total": line.key,
                    "asked": line.asked,
                    "made": line.made,
                    "met": line.met,
                    "given": line.given,
                    "unit": line.unit,
                }
                for line in self.lines
            ],
            "notes": list(self.notes),
            "assumed": lines_of(self.rows, given=False),
        }


def compared(settled: Settled, city: City, marks: Sequence[Marks]) -> MakingReport:
    """Every total of the settled ones beside what the city's own tables have."""
    made, lines = measures(city), []
    given = {row.key for row in settled.rows if row.given}
    for key, asked, within, unit in _asked(settled):
        lines.append(Compared(key, asked, made.get(key, float("nan")), within, key in given, unit))
    for subject, one in zip(SUBJECTS, marks, strict=True):
        lines.append(Compared(f"icc.{subject}", settled.icc, one.icc, 0.02, "icc" in given, "share"))
    notes = [*settled.notes, *_why(settled, lines, marks)]
    return MakingReport(settled.title, tuple(lines), settled.rows, tuple(notes))


def _asked(settled: Settled) -> list[tuple[str, float, float, str]]:
    """Total, what was asked, how far off it may be, unit."""
    pupils, rounding = settled.pupils, 1.0 / settled.pupils
    asked = [("pupils", float(pupils), 0.0, "pupils")]
    for sector in dict.fromkeys(kind.sector for kind in settled.kinds):
        schools = sum(kind.number for kind in settled.kinds if kind.sector == sector)
        part = sum(kind.pupils for kind in settled.kinds if kind.sector == sector)
        asked.append((f"schools.{sector}", float(schools), 0.0, "schools"))
        asked.append(
            (f"spare_seats.{sector}", settled.spare_seats[sector], 0.002 + schools / part, "share of the pupils")
        )
    asked.append(("charter_share", settled.charter_share, 0.01 + 10 * rounding, "share"))
    for k, group in enumerate(settled.groups):
        share = float(settled.group_share[k])
        few = 3 / max(share * pupils, 1)
        asked.append((f"groups.{group}", share, rounding, "share"))
        if settled.charter_share:
            mix = float(settled.charter_mix[k])
            asked.append((f"charter_groups.{group}", mix, 0.01 + 20 * rounding / settled.charter_share, "share"))
        if not share:
            continue
        asked.append((f"low_income.{group}", float(settled.low_income[k]), 0.002, "share"))
        for name, wanted in (("dissimilarity", settled.dissimilarity), ("isolation", settled.isolation)):
            if not np.isnan(wanted[k]) and share < 1:
                asked.append((f"{name}.{group}", float(wanted[k]), APART_WITHIN, "share"))
        for name, rates in (("english_learner", settled.english_learner), ("disability", settled.disability)):
            asked.append((f"{name}.{group}", float(rates[k]), 0.0001, "share"))
        for place, subject in enumerate(SUBJECTS):
            tested = list(settled.tested_grades)
            weights = [cohort_shares()[grade] for grade in tested]
            mean = float(np.average(settled.scores[place, tested, k], weights=weights))
            asked.append((f"scores.{subject}.{group}", mean, 0.005 + few, "SD"))
    for k, group in enumerate(settled.groups):
        asked.append((f"graduation.{group}", float(settled.graduation[k]), 0.0001, "share"))
        asked.append((f"dropout.{group}", float(settled.dropout[k]), 0.0001, "share"))
    for flag, rates in zip(FLAGS, (settled.low_income, settled.english_learner, settled.disability), strict=True):
        asked.append((flag, float(settled.group_share @ rates), 0.003, "share"))
    for place, subject in enumerate(SUBJECTS):
        tested = list(settled.tested_grades)
        weights = [cohort_shares()[grade] for grade in tested]
        mean = float(np.average(settled.scores[place, tested] @ settled.group_share, weights=weights))
        asked.append((f"scores.{subject}", mean, 0.01 + 20 * rounding, "SD"))
    asked.append(("dollars_per_pupil", settled.dollars_per_pupil, 0.01, "dollars"))
    return asked


def measures(city: City) -> dict[str, float]:
    """The totals that a city's own tables have, by the names of a totals file."""
    rolls = city.enrollment.pivot_table(index="school", columns="group", values="pupils", aggfunc="sum", fill_value=0)
    rolls = rolls.reindex(index=city.schools["school"], columns=list(city.groups), fill_value=0)
    cells: Floats = rolls.to_numpy(dtype=float)
    total, charter = cells.sum(), (city.schools["sector"] == "charter").to_numpy()
    found = {"pupils": total, "charter_share": cells[charter].sum() / total}
    for sector in ("district", "charter"):
        mine = (city.schools["sector"] == sector).to_numpy()
        found[f"schools.{sector}"] = float(mine.sum())
        seats = float(city.schools.loc[mine, "seats"].sum())
        found[f"spare_seats.{sector}"] = seats / max(cells[mine].sum(), 1) - 1
    apart, alone = dissimilarity(cells), isolation(cells)
    for k, group in enumerate(city.groups):
        found[f"groups.{group}"] = cells[:, k].sum() / total
        found[f"charter_groups.{group}"] = cells[charter, k].sum() / max(cells[charter].sum(), 1)
        found[f"dissimilarity.{group}"], found[f"isolation.{group}"] = apart[k], alone[k]
    found |= _flag_shares(city, cells)
    scores = city.scores[(city.scores["school"] == ANY) & (city.scores["pupils"] > 0)]
    for subject, rows in scores.groupby("subject"):
        found[f"scores.{subject}"] = float(np.average(rows["mean"], weights=rows["pupils"]))
        for group, mine in rows.groupby("group"):
            found[f"scores.{subject}.{group}"] = float(np.average(mine["mean"], weights=mine["pupils"]))
    for column, key in (("graduation_rate", "graduation"), ("dropout_rate", "dropout")):
        found |= {f"{key}.{g}": float(v) for g, v in zip(city.outcomes["group"], city.outcomes[column], strict=True)}
    return found | {"dollars_per_pupil": city.dollars_per_pupil}


def _flag_shares(city: City, cells: Floats) -> dict[str, float]:
    """Share of each flag, of every group and of all; cells: rolls (S, G)."""
    found = {}
    by_school = pd.Series(range(len(city.schools)), index=city.schools["school"])
    for flag in FLAGS:
        share = np.zeros_like(cells)
        rows = city.flags[city.flags["flag"] == flag]
        for row in rows.to_dict("records"):
            schools: Any = slice(None) if row["school"] == ANY else by_school[row["school"]]
            share[schools, city.groups.index(row["group"])] = row["share"]
        for k, group in enumerate(city.groups):
            found[f"{flag}.{group}"] = float((cells[:, k] * share[:, k]).sum() / max(cells[:, k].sum(), 1))
        found[flag] = float((cells * share).sum() / cells.sum())
    return found


def _why(settled: Settled, lines: Sequence[Compared], marks: Sequence[Marks]) -> list[str]:
    """What was missed, and why it is so, in a sentence each."""
    why = []
    few = {f"{key}.{g}" for key in ("dissimilarity", "isolation") for g in _small_groups(settled)}
    for line in (line for line in lines if not line.met):
        text = (
            f"{line.key}: {shown(line.asked)} was {'asked' if line.given else 'assumed'}, {shown(line.made)} was made."
        )
        if line.key in few:
            text += " The group is too small for so many schools: whole pupils alone set it apart."
        elif line.key.startswith(("dissimilarity", "isolation")):
            schools = sum(kind.number for kind in settled.kinds)
            text += f" {schools} schools of these sizes, these charters and the other groups leave no more room."
        elif line.key.startswith("icc"):
            scale = marks[SUBJECTS.index(line.key.split(".")[1])].scale
            text += f" Composition decides it: selection and value added were already scaled by {scale:.2f}."
        why.append(text)
    return why


def _small_groups(settled: Settled) -> list[str]:
    schools = sum(kind.number for kind in settled.kinds)
    return [g for g, s in zip(settled.groups, settled.group_share, strict=True) if s * settled.pupils < 10 * schools]
