"""Settles how many schools of which grades there are: as said, or as schools of the usual sizes would be."""

from __future__ import annotations

from scenarios.making.asked.defaults import ASSUMPTION, GRADE_PATHS, default_of
from scenarios.making.asked.settler import Settler
from scenarios.making.asked.totals import EVERY, KINDS, SECTORS, spans_of_path
from scenarios.making.kinds import KindOfSchool, Paths, kind_of, kinds_of, shared_out, shares_of_spans, usual_number
from scenarios.written import DEFAULT

FEWEST_A_SCHOOL, MOST_A_SCHOOL = 20, 8_000
LEAST_OF_A_SCHOOL = 0.5
"""A kind of school that would be smaller than this part of its usual size is not assumed."""
_KEYS = {"district": "grade_paths", "charter": "charter_grade_paths"}


def settle_schools(work: Settler, pupils: int, charter_share: float) -> tuple[KindOfSchool, ...]:
    """Every kind of school of both sectors. What cannot be goes to the settler's problems."""
    share = {"district": 1 - charter_share, "charter": charter_share}
    sectors = [sector for sector in SECTORS if share[sector] > 0]
    sizes = _sizes(work, bool(charter_share), pupils, share)
    numbers = _numbers(work, sectors, {s: pupils * share[s] / sizes[s]["k8"] for s in sectors})
    found: list[KindOfSchool] = []
    for sector in sectors:
        paths = _paths(work, sector, pupils * share[sector], sizes[sector], numbers[sector])
        least = len(shares_of_spans(paths))
        if numbers[sector] is not None and numbers[sector] < least:  # type: ignore[operator]
            key = ["schools", sector] if sector in work.totals.schools else ["schools"]
            kinds = ", ".join(f"{first or 'K'}-{last}" for first, last in shares_of_spans(paths))
            message = f"too few {sector} schools for the grades {kinds}"
            work.problems.append(work.read.problem(key, message, numbers[sector], f"at least {least}"))
            continue
        schools = shared_out(paths, pupils * share[sector], sizes[sector], numbers[sector])
        kinds_found = kinds_of(sector, paths, pupils * share[sector], schools, share[sector])
        found += kinds_found
        _tell(work, sector, numbers[sector], kinds_found)
    used = {kind_of(kind.first, kind.last) for kind in found} | set(work.totals.pupils_per_school)
    idle = {f"pupils_per_school.{kind}" for kind in KINDS if kind not in used}
    work.picker.rows = [row for row in work.picker.rows if row.key not in idle]
    return tuple(found)


def _sizes(work: Settler, charters: bool, pupils: int, share: dict[str, float]) -> dict[str, dict[str, float]]:
    """Sector -> kind of school -> its usual size, pupils."""
    given, picker = work.totals.pupils_per_school, work.picker
    ratio = picker.pick("charter_size", None, DEFAULT, default_of("charter_size")) if charters else 1.0
    used = {
        kind: picker.pick(
            f"pupils_per_school.{kind}",
            given.get(kind),
            work.read.place("pupils_per_school", kind),
            default_of(f"pupils_per_school.{kind}"),
        )
        for kind in KINDS
    }
    sizes = {"district": used, "charter": {kind: size * ratio for kind, size in used.items()}}
    if EVERY not in given:
        return sizes
    place = work.read.place("pupils_per_school")
    wanted = picker.pick("pupils_per_school", given[EVERY], place, default_of("pupils_per_school.k8"))
    schools = sum(
        sum(usual_number(_first_paths(work, sector), pupils * share[sector], sizes[sector]).values())
        for sector in SECTORS
        if share[sector]
    )
    factor = wanted / (pupils / schools)
    return {sector: {kind: size * factor for kind, size in of.items()} for sector, of in sizes.items()}


def _numbers(work: Settler, sectors: list[str], usual: dict[str, float]) -> dict[str, int | None]:
    """Schools of each sector where they are given; one number for all is shared out by the usual sizes."""
    given = work.totals.schools
    found: dict[str, int | None] = dict.fromkeys(SECTORS)
    for sector in sectors:
        if sector in given:
            spread = given[sector]
            found[sector] = round(work.picker.number(f"schools.{sector}", spread.middle, spread))
    if EVERY in given:
        total = round(work.picker.number("schools", given[EVERY].middle, given[EVERY]))
        charter = max(1, round(total * usual["charter"] / sum(usual.values()))) if "charter" in sectors else 0
        found = {"district": total - charter, "charter": charter}
        if total - charter < 1:
            message = "too few schools for two sectors" if charter else "a city has at least one school"
            work.problems.append(work.read.problem(["schools"], message, total, f"at least {1 + bool(charter)}"))
            return dict.fromkeys(SECTORS)
    return found


def _options(work: Settler, sector: str) -> list[Paths]:
    """What the schools' grades may be, in the order of preference: what is written, else what is assumed."""
    given = getattr(work.totals, _KEYS[sector])
    if given:
        shares = {spans_of_path(path): one.middle for path, one in given.items()}
        return [{spans: share / sum(shares.values()) for spans, share in shares.items()}]
    return [{spans_of_path(path): share for path, share in paths.items()} for paths in GRADE_PATHS[sector]]


def _first_paths(work: Settler, sector: str) -> Paths:
    return _options(work, sector)[0]


def _paths(work: Settler, sector: str, pupils: float, sizes: dict[str, float], number: int | None) -> Paths:
    """The first grades for which there are schools enough, or pupils enough where schools are not given."""
    options = _options(work, sector)
    for paths in options:
        usual = usual_number(paths, pupils, sizes)
        if number is None and min(usual.values()) >= LEAST_OF_A_SCHOOL:
            return paths
        if number is not None and number >= len(usual):
            return paths
    return options[-1]


def _tell(work: Settler, sector: str, number: int | None, kinds: list[KindOfSchool]) -> None:
    """The schools among the settled totals; too small or too large ones among the problems."""
    given, key = number is not None, f"schools.{sector}"
    path = ["schools", sector] if sector in work.totals.schools else ["schools"]
    place = work.read.place(*path) if given else DEFAULT
    total = sum(kind.number for kind in kinds)
    source = str(place) if given else "pupils over the usual size of a school"
    work.picker.tell(key, float(total), f"{sector} schools", place, source)
    words = ", ".join(f"{kind.number} of grades {kind.first or 'K'}-{kind.last}" for kind in kinds)
    paths = getattr(work.totals, _KEYS[sector])
    place = work.read.place(_KEYS[sector]) if paths else DEFAULT
    work.picker.tell(_KEYS[sector], words, f"{sector} schools by grades", place, str(place) if paths else ASSUMPTION)
    least = min(kinds, key=lambda kind: kind.pupils / kind.number)
    most = max(kinds, key=lambda kind: kind.pupils / kind.number)
    for kind in dict.fromkeys((least, most)):
        mean = kind.pupils / kind.number
        if not FEWEST_A_SCHOOL <= mean <= MOST_A_SCHOOL:
            message = f"schools of grades {kind.first or 'K'}-{kind.last} would have {mean:,.0f} pupils on average"
            allowed = f"{FEWEST_A_SCHOOL} to {MOST_A_SCHOOL:,} pupils a school"
            work.problems.append(work.read.problem(path if given else ["pupils"], message, total, allowed))
