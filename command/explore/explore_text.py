"""The words and the document of an exploration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from command.saying import wrapped

if TYPE_CHECKING:
    from calibration.explore.search import Explored


def explored_text(found: Explored) -> str:
    """Plans to pick from, then where plans fail, then what the figures do not hold."""
    wanted, number = found.wanted, len(found.candidates)
    lines = wrapped(
        f"{number} plans in {found.draws} draws of the parameters, {found.seeds} "
        f"{'seed' if found.seeds == 1 else 'seeds'} a draw, less {found.baseline}; {wanted.subject}, grades 3-8, "
        f"{found.year}. Tried:"
    )
    lines += [f"  {lever.in_words()}" for lever in found.levers]
    lines += ["", *_picks(found), "", *_failures(found)]
    if found.failed:
        lines += ["", *wrapped(f"{found.failed} cells failed and are left out.")]
    return "\n".join(lines)


def _picks(found: Explored) -> list[str]:
    from results import words

    wanted, limits = found.wanted, _limits(found)
    if found.picks.empty:
        cheapest = found.plans.sort_values("dollars").iloc[0]
        return wrapped(
            f"No plan stays within {limits}; the cheapest, {cheapest['plan']}, costs {words.money(cheapest['dollars'])}"
            + (f" and {words.count(cheapest['capital'])} points of capital" if wanted.capital is not None else "")
            + "."
        )
    within = f" of the {int(found.plans['within'].sum())} within {limits}" if limits else ""
    lines = wrapped(
        f"To pick from{within}: no other plan is as good in all of gap closed, level of the group that fares worst, "
        "regret, cost and displaced pupils. Regret: how far it falls short of the best plan, or of doing nothing, in "
        "the same world, exceeded in one draw of ten."
    )
    for row in found.picks.to_dict("records"):
        one = found.candidate(str(row["plan"]))
        lines += ["", f"  {one.name}: {one.in_words() or 'the plan as it is'}"]
        capital = f", capital {words.count(row['capital'])}" if row["capital"] == row["capital"] else ""
        text = (
            f"closes {words.signed(row['closes'])} SD (in nine draws of ten at least "
            f"{words.signed(row['closes_bad'])}), worst level {words.signed(row['worst_level'])}, regret "
            f"{words.sd(row['regret_bad'], 3)}, cost {words.money(row['dollars'])}{capital}, displaced "
            f"{words.count(round(row['displaced']))}; does not fail in {words.share(row['satisfies'])} of draws"
        )
        lines += wrapped(text, "    ", "    ")
    return lines


def _limits(found: Explored) -> str:
    from results import words

    wanted = found.wanted
    parts = [f"the budget of {words.money(wanted.budget)}"] if wanted.budget is not None else []
    parts += [f"{words.count(wanted.capital)} points of capital"] if wanted.capital is not None else []
    return words.listed(parts)


def _failures(found: Explored) -> list[str]:
    from calibration.explore.discovery import NEARLY_ALL, in_words
    from results import words

    wanted, rate = found.wanted, float(found.fails.mean())
    falls = f" by more than {words.sd(wanted.falls, 3)}" if wanted.falls else ""
    lines = wrapped(
        f"A plan fails when the gap closes by less than {words.sd(wanted.closes)} or a group's level falls{falls}. It "
        f"does in {words.share(rate)} of the {len(found.fails):,} pairs of plan and draw: {_why(found)}."
    )
    if rate >= NEARLY_ALL:
        return [*lines, *wrapped("Nearly all fail: ask with --closes or --falls for what tells the plans apart.")]
    if found.box is None:
        return [*lines, *wrapped("No corner of settings and unknowns fails more often than the rest.")]
    box = found.box
    lines += ["", "Fails when"]
    clauses = in_words(box, found.columns)
    for number, clause in enumerate(clauses):
        text = clause + (" and" if number < len(clauses) - 1 else "")
        lines += wrapped(text, "  ", "    ")
    lines += wrapped(
        f"{words.share(box.density)} of the {box.points:,} pairs in this corner fail (density); "
        f"{words.share(box.coverage)} of all failures lie in it (coverage)."
    )
    return [*lines, *_accident(found)]


def _why(found: Explored) -> str:
    from results import words

    by_gap = float((found.table["closes"] < found.wanted.closes).mean())
    parts = [f"the gap closes too little in {words.share(by_gap)}"]
    for group in found.groups:
        rate = float((found.table[group] < -found.wanted.falls).mean())
        if rate > 0:
            parts.append(f"the {group.removesuffix(f' {found.wanted.subject}')} falls in {words.share(rate)}")
    return ", ".join(parts)


def _accident(found: Explored) -> list[str]:
    from results import words

    checked = found.checked
    if checked is None:
        return wrapped("Too few draws to see whether this corner is an accident.")
    text = (
        f"Found anew on half the draws and met by the other half, {checked.halves} times: "
        f"{words.share(checked.density)} of the corner fail there against {words.share(checked.rate)} of all; the "
        f"corner fails more often than all in {checked.better} of {checked.halves} halves. "
    )
    if not checked.holds:
        return wrapped(text + "It may be an accident of these draws: ask for more with --draws.")
    limits = found.box.limits if found.box is not None else {}
    rare = [name for name in limits if checked.limited.get(name, 0) < checked.halves / 2]
    text += "It is no accident"
    text += f", but {words.listed(rare)} limits fewer than half of these corners." if rare else "."
    return wrapped(text)


def document(found: Explored) -> dict[str, Any]:
    """The same facts, all plans, as plain values."""
    from calibration.explore.discovery import in_words

    box, checked = found.box, found.checked
    return {
        "baseline": found.baseline,
        "year": found.year,
        "wanted": vars(found.wanted),
        "levers": [lever.in_words() for lever in found.levers],
        "draws": found.draws,
        "seeds": found.seeds,
        "failed_cells": found.failed,
        "unit_is": "SD, plan less baseline, the same children, mean over draws; dollars and pupils up to the year",
        "plans": [
            {**row, "settings": dict(one.settings), "changes": dict(one.changes)}
            for row, one in zip(found.plans.to_dict("records"), found.candidates, strict=True)
        ],
        "to_pick_from": list(found.picks["plan"]),
        "fails": float(found.fails.mean()),
        "box": box
        and {
            "in_words": in_words(box, found.columns),
            "limits": {name: list(ends) for name, ends in box.limits.items()},
            **{"coverage": box.coverage, "density": box.density, "points": box.points, "of": box.of},
        },
        "checked_on_the_other_half": checked and {**vars(checked), "holds": checked.holds},
    }
