"""What policies can ask of a district and do to it. A policy decides; this is how the district enacts it."""

from __future__ import annotations

import numpy as np

from sim.agents.contracts import Contract
from sim.agents.operators import Operator, operator_files
from sim.agents.payers import Payer, Payment
from sim.agents.schools import School
from sim.city import FLAGS, GRADES
from sim.levers.seats import SeatLevers
from sim.year.bills import START_UP
from sim.year.proposals import Terms


class Levers(SeatLevers):
    """The part of `District` that policies use."""

    def flag_share(self, school: School, flag: str) -> float:
        """Share of the school's pupils with a flag; 0 without pupils."""
        if flag not in FLAGS:
            raise KeyError(f"no flag {flag!r}; there are {', '.join(FLAGS)}")
        mine = self.students.place == school.index
        return float(getattr(self.students, flag)[mine].mean()) if mine.any() else 0.0

    def may_open(self, operator: str) -> bool:
        """Whether no school of the operator is on watch at the renewal of its contract."""
        return not any(school.frozen and school.operator == operator for school in self.open_schools())

    def give_contract(self, key: str, first: int, last: int) -> None:
        """Give a school a performance contract from one spring to another, in place of any it has."""
        self.contracts[key] = Contract(key, first, last)

    def openings_of(self, policy: str) -> int:
        """Schools a policy of the plan has planned or opened so far."""
        return self.openings.get(policy, 0)

    def next_key(self, operator: str) -> str:
        """The id of an operator's next school: the same under every plan, so that plans share its luck."""
        return f"{operator}-{self.operator(operator).openings + 1}"

    def operator(self, key: str) -> Operator:
        """The operator's agent, made when first asked for."""
        if key not in self.operators:
            self.operators[key] = Operator(self, key)
        return self.operators[key]

    def terms_offered(self) -> Terms:
        """What the district offers this year to whoever runs schools for it."""
        office, risk = self.office, self.plan.parameters["terms.risk"]
        if office.politics == "on":
            risk = max(risk, 1.0 - float(office.board.mean()) if office.pursues else 1.0)
        return Terms(office.revenue_share, office.autonomy, risk, office.buildings)

    def vacant_sites(self, opens: int) -> list[School]:
        """Schools whose building stands empty, or will by the September before the spring of `opens`."""
        found = []
        for school in self.schools:
            leaves = not school.grade_by_grade and school.closes_after is not None and school.closes_after < opens
            if not school.site_reused and (school.status == "closed" or (school.status == "closing" and leaves)):
                found.append(school)
        return found

    def vacant_site(self, opens: int) -> School | None:
        """The first of them, or None."""
        return next(iter(self.vacant_sites(opens)), None)

    def find_site(self, rule: str, prefer_closed: bool, operator: str, opens: int) -> tuple[int, str]:
        """Zone for a new school, and why: a closed school's site first where preferred, else by the rule."""
        vacant = self.vacant_site(opens) if prefer_closed else None
        if vacant:
            return vacant.zone, f"on the site of {vacant.name}"
        file = operator_files()[operator]
        usual = range(file.first_grade, file.last_grade + 1)
        grade = self.year - 1 - self.students.cohort
        child = (self.students.place >= 0) & (grade >= usual.start) & (grade < usual.stop)
        zone, place = self.students.zone[child], self.students.place[child]
        pupils = np.bincount(zone, minlength=len(self.zone_school)).astype(float)
        new = np.zeros(len(pupils))
        for school in self.schools:
            if school.new or school.status == "planned":
                new[school.zone] += 1
        if rule == "low income":
            score = np.bincount(zone, self.students.low_income[child], minlength=len(pupils))
            because = "where most low-income children live"
        elif rule == "spread":
            charters = [school for school in self.schools if school.sector == "charter" and school.status != "closed"]
            nearest = np.min([self.miles[:, school.index] for school in charters], axis=0) if charters else 1.0
            score = nearest * np.sqrt(pupils)
            because = "far from other charters"
        else:
            rating = np.array([50.0 if np.isnan(school.rating) else school.rating for school in self.schools])
            score = np.bincount(zone, np.maximum(0.0, 50.0 - rating[place]), minlength=len(pupils))
            because = "where most children are in low-rated schools"
        best = int(np.argmax(score / (1 + new)))
        return best, because

    def plan_school(
        self,
        policy: str,
        key: str,
        operator: str,
        zone: int,
        opens: int,
        seats: int,
        grades_a_year: int | None,
        use_closed_site: bool,
        replaces: School | None = None,
        paid_by: Payer = "state",
        start_up_dollars: float | None = None,
        name: str | None = None,
        grade_ends: tuple[int | None, int | None] = (None, None),
    ) -> None:
        """Plan a school of an operator that opens in the September before the spring of `opens`.

        `start_up_dollars` is what its start costs whoever pays; the usual cost if None. `grade_ends` are its lowest and
        highest grade at full size; the operator's usual ones where None, moved where they would be out of order.
        One that `replaces` another takes its site, its grades and its seats instead of the operator's usual ones.
        """
        self.openings[policy] = self.openings.get(policy, 0) + 1
        agent = self.operator(operator)
        quality = agent.copy_quality(opens)
        grades = _grades(agent.file.first_grade, agent.file.last_grade, *grade_ends)
        each = np.zeros(len(GRADES), dtype=np.int64)
        each[list(grades)] = max(1, seats // len(grades))
        if replaces:
            grades, each = replaces.grades_at_full_size, replaces.seats.copy()
        x, y = self.codes.city.zones[["x_miles", "y_miles"]].to_numpy(float)[zone]
        vacant = replaces or (self.vacant_site(opens) if use_closed_site else None)
        if vacant:
            vacant.site_reused = True
            x, y = vacant.x_miles, vacant.y_miles
        school = self.add_school(
            key=key,
            name=name or f"{agent.file.title} {agent.openings}",
            operator=operator,
            sector=agent.file.sector,
            x=x,
            y=y,
            zone=zone,
            grades=grades,
            seats=each,
            quality=quality,
            opens=opens,
            grades_a_year=grades_a_year,
        )
        school.payers[START_UP] = Payment(paid_by, opens)
        school.start_up_dollars = start_up_dollars


def _grades(usual_first: int, usual_last: int, first: int | None, last: int | None) -> range:
    """The grades of a school at full size, of which one end or both may be asked for."""
    first = min(usual_first, usual_last if last is None else last) if first is None else first
    return range(first, (max(usual_last, first) if last is None else last) + 1)
