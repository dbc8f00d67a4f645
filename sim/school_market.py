"""The schools as families meet them: who teaches what, how far it is, who is there, and what is heard of it."""

from __future__ import annotations

import numpy as np

from sim.agents.operators import operator_files
from sim.agents.schools import School
from sim.city import GRADES, SUBJECTS
from sim.district_state import DistrictState
from sim.opening.codes import LEVELS, Floats, Ints
from sim.opening.families import SchoolsSeen, systematic_utility
from sim.year.choice import SchoolsOnOffer


class SchoolMarket(DistrictState):
    """The part of `District` that keeps the schools."""

    def open_market(self) -> None:
        """Make the opening schools and the constants families have for them."""
        codes, opening = self.codes, self.opening
        self.constants, self.pull = opening.demand.constants, opening.demand.pull
        self.miles = codes.miles_from_zone
        self.zone_school = codes.zone_school.copy()
        roll = opening.frozen.city.target.sum(axis=(0, 2))
        district = ~codes.charter
        self.opening_mean_quality = (opening.value_added * roll[:, None]).sum(axis=0) / roll.sum()
        nearest = np.argmin(codes.miles_from_zone, axis=0)
        for i, row in enumerate(self.city.schools.to_dict("records")):
            self.schools.append(
                School(
                    self,
                    key=row["school"],
                    name=row["name"],
                    operator=row["operator"],
                    sector=row["sector"],
                    x_miles=float(row["x_miles"]),
                    y_miles=float(row["y_miles"]),
                    zone=int(nearest[i]),
                    grades=range(int(row["first_grade"]), int(row["last_grade"]) + 1),
                    seats=opening.frozen.seats[i].copy(),
                    quality=opening.value_added[i].copy(),
                    usual_practices=operator_files()[str(row["operator"])].usual_practices,
                    opened=None if row["opened"] != row["opened"] or row["opened"] is None else int(row["opened"]),
                )
            )
            self.schools[-1].reputation = float(opening.seen.reputation[i])
        for key in self.city.schools["operator"].unique():
            self.operator(str(key))
        # a new school draws families as the mean charter does, or the mean school where there is no charter
        usual = codes.charter if codes.charter.any() else district
        weight = opening.frozen.city.target.sum(axis=0).T * usual[None, :]
        self.usual_constants = np.empty(self.constants.shape[:2])
        for level, grades in enumerate(LEVELS):
            stock = opening.frozen.city.target[list(grades)].sum(axis=0).T * usual[None, :]
            used = stock if stock.sum() > 0 else weight
            self.usual_constants[level] = (self.constants[level] * used).sum(axis=1) / np.maximum(
                used.sum(axis=1), 1e-12
            )
        each = opening.frozen.seats[:, None, :] * codes.offers[:, None, :] * usual[:, None, None]
        self.usual_seats = float(each.sum() / max((codes.offers * usual[:, None]).sum(), 1))
        self.usual_pull = float((self.pull * weight.sum(axis=0)).sum() / weight.sum())
        self.reference = self._reference()

    def add_school(
        self,
        *,
        key: str,
        name: str,
        operator: str,
        sector: str,
        x: float,
        y: float,
        zone: int,
        grades: range,
        seats: Ints,
        quality: Floats,
        opens: int,
        grades_a_year: int | None,
    ) -> School:
        """Add a planned school to the market."""
        school = School(
            self,
            key=key,
            name=name,
            operator=operator,
            sector=sector,
            x_miles=float(x),
            y_miles=float(y),
            zone=zone,
            grades=grades,
            seats=seats,
            quality=quality,
            opened=opens,
            usual_practices=operator_files()[operator].usual_practices,
            status="planned",
        )
        school.new, school.grades_a_year = True, grades_a_year
        known = [s for s in self.schools if s.status == "open" and s.sector == sector] or self.schools
        pupils = [max(s.pupils, 1) for s in known]
        school.reputation = sum(s.reputation * n for s, n in zip(known, pupils, strict=True)) / sum(pupils)
        self.schools.append(school)
        zones = self.city.zones
        dx = zones["x_miles"].to_numpy(float) - school.x_miles
        dy = zones["y_miles"].to_numpy(float) - school.y_miles
        self.miles = np.column_stack([self.miles, np.sqrt(dx * dx + dy * dy)])
        # twice the seats are twice the chances to be liked: the size term of a logit over unequal alternatives
        size = np.log(max(int(seats[grades.start]), 1) / self.usual_seats)
        self.constants = np.concatenate([self.constants, self.usual_constants[:, :, None] + size], axis=2)
        self.pull = np.append(self.pull, self.usual_pull)
        return school

    def like_for_size(self, before: list[Ints]) -> None:
        """Families' constants for schools with more or fewer seats than `before`, by school the seats by grade (13,):
        the size term new schools have, by level, times its weight."""
        weight = self.plan.parameters["families.size_weight"]
        for school, seats in zip(self.schools, before, strict=True):
            if np.array_equal(school.seats, seats):
                continue
            constants = self.constants.copy()
            for level, grades in enumerate(LEVELS):
                then, now = (int(some[list(grades)].sum()) for some in (seats, school.seats))
                if then and now:
                    constants[level, :, school.index] += weight * np.log(now / then)
            self.constants = constants

    def open_schools(self, sector: str = "all") -> list[School]:
        """Schools with pupils or about to have them, in the order they came into being."""
        return [
            school
            for school in self.schools
            if school.in_session
            and (sector in ("all", school.sector) or (sector == "district" and school.district_run))
        ]

    def school(self, key: str) -> School:
        """A school by its id. Raises KeyError."""
        found = self.school_or_none(key)
        if found is None:
            raise KeyError(f"no school {key!r}")
        return found

    def school_or_none(self, key: str) -> School | None:
        """A school by its id, or None: one that is only about to be planned, or the whole district."""
        return next((school for school in self.schools if school.key == key), None)

    def lasting_quality(self) -> Floats:
        """Lasting value added of every school, mean of the subjects, SD per school year, (S,)."""
        return np.array([school.quality.mean() for school in self.schools])

    def count_rolls(self) -> None:
        """Count every school's roll by grade."""
        place, grades = self.students.place[self.window], self.grades
        inside = place >= 0
        rolls = np.zeros((len(self.schools), len(GRADES)), dtype=np.int64)
        np.add.at(rolls, (place[inside], grades[inside]), 1)
        for school in self.schools:
            school.roll = rolls[school.index]

    def teaches(self) -> np.ndarray:
        """Which grades each school has pupils in this year, (S, 13)."""
        return np.array([[school.offers(grade) for grade in GRADES] for school in self.schools])

    def charter(self) -> np.ndarray:
        """Which schools are charters, (S,)."""
        return np.array([school.sector == "charter" for school in self.schools])

    def backfills(self) -> np.ndarray:
        """Whether each school takes newcomers in each grade that is not an entry grade, (S, 13)."""
        return self.rules.backfills(self.charter(), self.zone_school)

    def admits(self) -> np.ndarray:
        """In which grades each school takes newcomers this year, (S, 13)."""
        admits = self.teaches() & np.array([school.status == "open" for school in self.schools])[:, None]
        if self.rules.backfill_through < GRADES[-1]:
            # a grade is an entry grade where nobody was in the one below it last year
            admits[:, 1:] &= self.backfills()[:, 1:] | ~self.taught[:, :-1]
        return admits

    def on_offer(self) -> SchoolsOnOffer:
        """The schools as families see them this summer: reputation and mix of last June."""
        teaches = self.teaches()
        p, rules = self.plan.parameters, self.rules
        utility = systematic_utility(
            SchoolsSeen(
                rules.miles_felt(self.miles, p["families.transport_relief"]),
                np.array([school.reputation for school in self.schools]),
                self.group_share(),
            ),
            self.constants,
            p,
            self.office.information * p["politics.information"],
        )
        charter = self.charter()
        if rules.applications_cost != self.opening_rules.applications_cost:
            # the constants of charters hold what applying to them cost in the opening year
            saved = p["families.application_cost"] * (-1.0 if rules.applications_cost else 1.0)
            utility[..., charter] += saved
        return SchoolsOnOffer(
            utility=utility,
            pull=self.pull,
            admits=self.admits(),
            teaches=teaches,
            seats=np.array([school.seats for school in self.schools]),
            charter=charter,
            zone=np.array([school.zone for school in self.schools]),
            key_bits=np.array([school.key_bits for school in self.schools], dtype=np.uint64),
            zone_school=self.zone_school,
            miles=self.miles,
            transfer_cost=p["families.transfer_cost"] if rules.applications_cost else 0.0,
            rules=rules,
        )

    def group_share(self) -> Floats:
        """Share of each group in each school last June, (S, G); of the zone's residents for a school without pupils."""
        place = self.students.place
        inside = place >= 0
        count = np.zeros((len(self.schools), self.codes.n_groups))
        np.add.at(count, (place[inside], self.students.group[inside]), 1.0)
        total = count.sum(axis=1, keepdims=True)
        pupils = self.codes.roll.sum(axis=(0, 1))
        living = self.codes.residents * pupils
        living = living / living.sum(axis=1, keepdims=True)
        here = np.array([school.zone for school in self.schools])
        return np.where(total > 0, count / np.maximum(total, 1), living[here])

    def _reference(self) -> Floats:
        """Mean target of the opening pupils of each grade, SD, (13, 2)."""
        pupils = self.codes.roll.sum(axis=1)
        total = np.maximum(pupils.sum(axis=1, keepdims=True), 1e-12)
        return np.asarray((self.codes.target * pupils[:, :, None]).sum(axis=1) / total)

    def _background(self) -> Floats:
        """Mean background of each school's pupils beyond their grades' opening means, SD, (S, 2); 0 without pupils."""
        students, window, grades = self.students, self.window, self.grades
        place = students.place[window]
        inside = np.nonzero(place >= 0)[0]
        at, g = place[inside], grades[inside]
        rows = inside + window.start
        loading = self.opening.frozen.spread.loading
        count = np.maximum(np.bincount(at, minlength=len(self.schools)), 1)
        mean = np.zeros((len(self.schools), len(SUBJECTS)))
        for k in range(len(SUBJECTS)):
            m = self.opening.mu[g, students.group[rows], k] + students.flag_effect[rows]
            m = m + loading[g, k] * students.ability[rows, k] - self.reference[g, k]
            mean[:, k] = np.bincount(at, m, minlength=len(self.schools)) / count
        return mean

    def set_peer_norms(self) -> None:
        """Peers count as a change against those of the opening June."""
        mean = self._background()
        for school in self.schools:
            school.peer_norm = mean[school.index]

    def peers(self) -> Floats:
        """How far schoolmates' background lies above the school's norm, SD, (S, 2). A new school's norm are its first
        pupils: the published totals of its operator were measured with the peers such schools have."""
        mean = self._background()
        for school in self.schools:
            if school.peer_norm is None and school.pupils:
                school.peer_norm = mean[school.index]
        norm = np.array(
            [mean[school.index] if school.peer_norm is None else school.peer_norm for school in self.schools]
        )
        return np.where(np.array([school.pupils > 0 for school in self.schools])[:, None], mean - norm, 0.0)
