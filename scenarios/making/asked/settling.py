"""Settles what a city is to be: what was said, and for all else what is assumed, with every assumption told."""

from __future__ import annotations

import math
from dataclasses import replace

from scenarios.making.asked import defaults
from scenarios.making.asked.defaults import Default, default_of
from scenarios.making.asked.reading import WrittenTotals
from scenarios.making.asked.settled import Settled
from scenarios.making.asked.settler import Settler
from scenarios.making.asked.settling_groups import settle_charter_mix, settle_segregation
from scenarios.making.asked.settling_schools import settle_schools
from scenarios.making.asked.settling_scores import settle_scores
from scenarios.making.asked.totals import EVERY, SECTORS
from scenarios.making.draws import Draws
from scenarios.problems import ProblemsFound


def settle(read: WrittenTotals, draws: Draws | None = None) -> Settled:
    """Every total as one number; with `draws` those written or assumed as ranges are drawn in them.

    Raises ProblemsFound where totals, each right by itself, cannot be of one city.
    """
    work = Settler(read, draws)
    totals = work.totals
    pupils = round(work.one("pupils", default_of("pupils")))
    charter_share = _charter_share(work)
    kinds = settle_schools(work, pupils, charter_share)
    name = totals.name or _name(totals.title)
    dissimilarity, isolation, asked = settle_segregation(work)
    settled = Settled(
        name=name,
        title=totals.title,
        seed=f"{name}/{totals.seed}",
        opening_year=work.told("opening_year", totals.opening_year, defaults.OPENING_YEAR, "the spring described"),
        pupils=pupils,
        groups=work.groups,
        reference=work.told("reference_group", totals.reference_group, work.reference, "the gap is measured from it"),
        focal=work.told("focal_group", totals.focal_group, work.focal, "its gap is the headline"),
        group_share=work.share,
        kinds=kinds,
        size_spread=work.one("size_spread", default_of("size_spread")),
        charter_share=charter_share,
        charter_mix=settle_charter_mix(work, charter_share, dissimilarity, asked),
        low_income=work.by_group("low_income"),
        english_learner=work.by_group("english_learner"),
        disability=work.by_group("disability"),
        dissimilarity=dissimilarity,
        isolation=isolation,
        asked=asked,
        scores=settle_scores(work),
        icc=work.one("icc", default_of("icc")),
        tested_grades=work.told("tested_grades", work.tested_grades, work.tested_grades, "grades with a test"),
        square_miles=_square_miles(work, pupils),
        density_falls=work.one("density_falls", default_of("density_falls")),
        dollars_per_pupil=round(work.one("dollars_per_pupil", default_of("dollars_per_pupil")), 2),
        enrollment_system=work.told(
            "enrollment_system", totals.enrollment_system, defaults.ENROLLMENT_SYSTEM, "how seats are given"
        ),
        list_limit=round(work.one("list_limit", default_of("list_limit"))),
        graduation=work.by_group("graduation"),
        dropout=work.by_group("dropout"),
        leave_rate=work.by_group("leave_rate"),
        public_share=work.by_group("public_share"),
        spare_seats=_spare_seats(work, charter_share),
    )
    if work.problems:
        raise ProblemsFound(sorted(work.problems, key=lambda one: one.line))
    return replace(settled, rows=tuple(work.picker.rows), notes=tuple(work.notes))


def _charter_share(work: Settler) -> float:
    schools = work.totals.schools.get("charter")
    if work.totals.charter_share is None and schools is not None and schools.high == 0:
        return work.told("charter_share", None, 0.0, "share of the pupils in charter schools", "there are no charters")
    return work.one("charter_share", default_of("charter_share"))


def _square_miles(work: Settler, pupils: int) -> float:
    """The city's area as given, across, or as its pupils would need it."""
    totals, about = work.totals, "area of the city"
    if totals.square_miles is not None:
        limits = Default(1, 1, 1, "square miles", about)
        return work.one("square_miles", limits)
    if totals.miles_across is not None:
        across = work.one("miles_across", Default(1, 1, 1, "miles", "across the city"))
        return math.pi * across**2 / 4
    density = work.one("pupils_per_square_mile", default_of("pupils_per_square_mile"))
    work.told("square_miles", None, round(pupils / density, 1), about, "pupils over pupils on a square mile")
    return pupils / density


def _spare_seats(work: Settler, charter_share: float) -> dict[str, float]:
    given = work.totals.spare_seats
    spare = {}
    for sector in SECTORS if charter_share else SECTORS[:1]:
        key, written = f"spare_seats.{sector}", given.get(sector, given.get(EVERY))
        spare[sector] = work.picker.pick(key, written, work.read.place("spare_seats", sector), default_of(key))
    return spare


def _name(title: str) -> str:
    plain = "".join(letter if letter.isascii() and letter.isalnum() else "_" for letter in title.lower())
    plain = "_".join(part for part in plain.split("_") if part)[:50].rstrip("_")
    return plain if plain.isidentifier() else f"city_{plain}".rstrip("_")
