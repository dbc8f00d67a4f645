"""Pieces of a policy's words that several policies need."""

from __future__ import annotations

from collections.abc import Iterable

from sim.policies.policy import Sector
from sim.policies.quantities import Site


def titles(operators: Iterable[str]) -> str:
    """Operators by their titles: `KIPP, Uncommon Schools`."""
    # imported late: reading a plan's policies must not load Mesa
    from sim.agents.operators import operator_files

    return ", ".join(operator_files()[key].title for key in operators)


def whose(sector: Sector) -> str:
    """What stands before `schools`: `charter `, or nothing for all of them."""
    return "" if sector == "all" else f"{sector} "


def only(schools: tuple[str, ...] | None) -> str:
    """The schools a policy is limited to, in brackets; nothing where it is not."""
    return f" ({', '.join(schools)})" if schools else ""


def starting(schools_per_year: int | None) -> str:
    """How many schools start in a year; nothing where all do."""
    return "" if schools_per_year is None else f", {schools_per_year} schools a year, neediest first"


def notice(years: int) -> str:
    """How long before the last June a school is told."""
    return {0: "without notice", 1: "with a year's notice"}.get(years, f"with {years} years' notice")


def at_site(rule: Site, closed_first: bool) -> str:
    """Where new schools go: `where most low-income children live, on the site of a closed school first`."""
    where = {
        "low rated": "where most children are in low-rated schools",
        "low income": "where most low-income children live",
        "spread": "far from other charters",
    }[rule]
    return f"{where}, on the site of a closed school first" if closed_first else where
