"""How many schools of which grades a city has, and how many pupils are in each kind of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from scenarios.making.asked.defaults import SIZE_OF_GRADE

Span = tuple[int, int]
Paths = Mapping[tuple[Span, ...], float]
"""Schools that pupils go through from K to 12 -> share of the pupils."""


@dataclass(frozen=True)
class KindOfSchool:
    """Schools of one sector and span of grades: how many, with how many pupils together, and of every cohort."""

    sector: str
    first: int
    last: int
    number: int
    pupils: float
    of_cohort: float


def kind_of(first: int, last: int) -> str:
    """The name of a span of grades, as in `pupils_per_school`."""
    if first <= 3:
        return "all_grades" if last >= 10 else "k8" if last >= 7 else "elementary"
    if first <= 8:
        return "secondary" if last >= 10 else "middle"
    return "high"


def cohort_shares() -> tuple[float, ...]:
    """Share of the pupils in each grade, kindergarten first."""
    return tuple(size / sum(SIZE_OF_GRADE) for size in SIZE_OF_GRADE)


def shares_of_spans(paths: Paths) -> dict[Span, float]:
    """Share of every cohort that is in schools of each span, in the order in which the paths name them."""
    shares: dict[Span, float] = {}
    for spans, share in paths.items():
        for span in spans:
            shares[span] = shares.get(span, 0.0) + share
    return {span: share for span, share in shares.items() if share > 0}


def pupils_of_spans(paths: Paths, pupils: float) -> dict[Span, float]:
    """Pupils in schools of each span, when `pupils` go through the paths."""
    cohorts = cohort_shares()
    return {
        span: pupils * share * sum(cohorts[span[0] : span[1] + 1]) for span, share in shares_of_spans(paths).items()
    }


def usual_number(paths: Paths, pupils: float, sizes: Mapping[str, float]) -> dict[Span, float]:
    """Schools of each span, as a fraction, when they have their usual sizes (pupils by kind)."""
    return {span: number / sizes[kind_of(*span)] for span, number in pupils_of_spans(paths, pupils).items()}


def shared_out(paths: Paths, pupils: float, sizes: Mapping[str, float], number: int | None) -> dict[Span, int]:
    """Whole schools of each span: as their usual sizes have it, or so many in all, at least one of each."""
    usual = usual_number(paths, pupils, sizes)
    if number is None:
        return {span: max(1, round(schools)) for span, schools in usual.items()}
    schools = dict.fromkeys(usual, 1)
    for _ in range(number - len(usual)):
        schools[max(usual, key=lambda span: usual[span] / (schools[span] + 0.5))] += 1
    return schools


def kinds_of(sector: str, paths: Paths, pupils: float, schools: Mapping[Span, int], share: float) -> list[KindOfSchool]:
    """The kinds of school of one sector, which has `share` of every cohort."""
    of_cohort, inside = shares_of_spans(paths), pupils_of_spans(paths, pupils)
    return [
        KindOfSchool(sector, *span, number, inside[span], share * of_cohort[span]) for span, number in schools.items()
    ]
