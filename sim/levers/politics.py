"""What politics lets through, what it costs, and how a year of it ends."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim.agents.office import BARGAINING_YEARS, ELECTION_YEARS, MAYOR_YEARS, SEATS_ON_BOARD
from sim.agents.payers import Payer, Payment
from sim.levers.networks import NetworkLevers
from sim.policies.levers import Mandate, Slate
from sim.policies.policy import DISTRICT_WIDE, Decision, Policy
from sim.year import politics
from sim.year.rules import StaffRules

HEADLINE_BAND = "3-8"


class PoliticalLevers(NetworkLevers):
    """The part of `District` in which the office deals with board, families, teachers and voters."""

    # -- what office policies do ----------------------------------------------------------------------------------

    def acknowledge_gap(self) -> None:
        """Say in public how wide the gap is: from now on closing it counts as a success, and widening it as none."""
        self.office.gap_acknowledged = True

    def take_mandate(self, mandate: Mandate) -> None:
        """Work under a mandate of the board, a mayor or the state."""
        self.office.mandate = mandate

    def build_will(self, engagement: float, information: float, coalition: float, paid_by: Payer) -> None:
        """Engage families, inform them, and keep a coalition together; each a share of the whole of it."""
        office = self.office
        self.will_paid = Payment(paid_by, self.year)
        office.engagement, office.information, office.coalition = engagement, information, coalition

    def offer_terms(self, revenue_share: float, autonomy: float, buildings: bool) -> None:
        """Offer whoever runs schools for the district other terms from this year on."""
        office = self.office
        office.revenue_share, office.autonomy, office.buildings = revenue_share, autonomy, buildings
        self.share_revenue(revenue_share)

    # -- the slate ------------------------------------------------------------------------------------------------

    def price(self, policy: Policy, decision: Decision) -> float:
        """Political capital a decision costs, points; 0 without politics, and for leaving things as they are."""
        if self.office.politics == "off" or not decision.changes_something:
            return 0.0
        return self.asking_price(policy, policy.slate_of(decision), decision.school)

    def asking_price(self, policy: Policy, item: Slate, key: str) -> float:
        """Political capital an item of the slate would cost at a school, an id or all of them, points."""
        item = "contract" if self._under_contract(policy, key) else item
        school, share, opposition = self.school_or_none(key), 0.0, 0.0
        if school is not None:
            share = school.pupils / max(sum(other.pupils for other in self.schools), 1)
            opposition = float(self.office.opposition[school.zone])
        return politics.price_of(item, share, opposition, self.office.engagement, self.plan.parameters)

    def refusal(self, policy: Policy, decision: Decision, price: float, passed: int) -> Decision | None:
        """What is written down of a decision that politics does not let through this year, or None.

        `price` in points of capital; `passed`: decisions of the policy that have passed this year. Without board or
        superintendent a decision is `blocked`, and so is one the labor contract does not allow; without capital it is
        `delayed`, or, when others of the policy have passed, `trimmed`.
        """
        office = self.office
        if price == 0:
            return None
        if not office.pursues:
            why = (
                f"superintendent {office.superintendent}, in office since {office.since}, does not pursue the strategy"
            )
            return self._refused(decision, "blocked", why)
        if not office.majority and office.mandate != "state":
            yes = int(office.board.sum())
            board = f"the board stands {yes} to {SEATS_ON_BOARD - yes}"
            return self._refused(decision, "blocked", "the mayor is against it" if office.mandate == "mayor" else board)
        if self._under_contract(policy, decision.school):
            free, most = self.departures(), self.departures_allowed()
            if free >= most and not self._departs(decision.school):
                why = f"the labor contract lets {most} of {len(self.open_schools('district'))} district schools depart"
                return self._refused(decision, "blocked", f"{why} from it, and {free} do")
        if price > office.capital + 1e-9:
            action = "trimmed" if passed else "delayed"
            return self._refused(
                decision, action, f"it costs {price:.1f} of capital, and {office.capital:.1f} are left"
            )
        return None

    def pay(self, price: float) -> None:
        """Spend capital, points."""
        self.office.capital -= price
        self.office.spent += price

    def _refused(self, decision: Decision, action: str, why: str) -> Decision:
        known = self.school_or_none(decision.school) is not None
        return replace(
            decision,
            action=action,
            school=decision.school if known else DISTRICT_WIDE,
            effective=decision.year,
            because=f"not to {decision.action}: {why} ({decision.because})",
        )

    def _under_contract(self, policy: Policy, key: str) -> bool:
        """Whether it asks a district school that is not freed yet to depart from the labor contract."""
        if not policy.departs_from_contract() or key == DISTRICT_WIDE:
            return False
        return self.school(key).sector == "district"

    def staffing_allowed(self) -> StaffRules:
        """The staffing rules as far as the labor contract lets the district keep them: layoffs by effectiveness only in
        the share of schools that may depart from it."""
        if self.office.politics == "off":
            return self.staff_rules
        asked = self.staff_rules.layoffs_by_effectiveness
        return replace(self.staff_rules, layoffs_by_effectiveness=min(asked, self.office.flexibility))

    def departures(self) -> int:
        """District-run schools that are free of the labor contract or have a longer day than they always had."""
        return sum(self._departs(school.key) for school in self.open_schools("district"))

    def _departs(self, key: str) -> bool:
        school = self.school(key)
        return school.sector == "innovation" or school.levels["extended_time"] > school.usual["extended_time"]

    def departures_allowed(self) -> int:
        """District-run schools that the labor contract lets depart from it."""
        return int(self.office.flexibility * len(self.open_schools("district")) + 1e-9)

    # -- the end of the year --------------------------------------------------------------------------------------

    def see_june(self) -> None:
        """What the public sees of a June: the mean score and the gap."""
        rows = [row for row in self.record.rows["level_year"] if row["year"] == self.year]
        means = [row["mean"] for row in rows if row["band"] == HEADLINE_BAND and row["group"] == "*"]
        gap = self.gap_history()
        self.office.seen.append((float(np.mean(means)) if means else np.nan, gap[-1] if gap else np.nan))

    def settle_politics(self) -> None:
        """End a political year: moods, capital, the contract, the board, and whether the superintendent stays."""
        office, p, year = self.office, self.plan.parameters, self.year
        if office.politics == "off":
            return
        self.see_june()
        on = office.politics == "on"
        place = self.students.place[self.window]
        zone = self.students.zone[self.window]
        enrolled = max(int((place >= 0).sum()), 1)
        displaced = float(self.displaced_now.sum()) / enrolled
        told = np.array([school.announced == year for school in self.schools])
        zones = len(office.opposition)
        affected = np.bincount(zone[(place >= 0) & told[place]], minlength=zones).astype(float)
        children = np.bincount(zone[place >= 0], minlength=zones).astype(float)
        office.opposition = politics.next_opposition(office.opposition, affected, children, p)
        gain = politics.visible_gain(office.seen, office.gap_acknowledged, p)
        office.displaced_shares.append(displaced)
        proven = self.proven_share()
        lift = 1.0
        if on:
            office.mood = politics.next_mood(office.mood, displaced, self._charter_growth(), gain, office.engagement, p)
            lift = self.votes() / 0.5
        bargaining = (year - self.plan.years.opening) % BARGAINING_YEARS == 0
        if bargaining:
            loop = max(0.0, proven - office.proven_at_opening) if self.plan.proof_points else 0.0
            office.flexibility = politics.bargained(office.flexibility, loop, office.coalition, p)
        mandate = office.mandate != "none"
        office.capital = politics.next_capital(office.capital, lift, gain if on else 0.0, mandate, p)
        in_post = year - office.since + 1
        election = on and self._elections()
        left = on and self._superintendent_leaves(gain)
        self._write_politics(
            gain=gain, proven_share=proven, bargaining=int(bargaining), election=int(election), left=int(left),
            affected=affected, years_in_post=in_post,
        )  # fmt: skip
        if left:
            self._successor()
        office.spent = 0.0

    def votes(self) -> float:
        """Share of the votes for the board that would go to the strategy's friends now."""
        office, p = self.office, self.plan.parameters
        return politics.support(politics.backing(office.mood, office.coalition, p), p)

    def proven_share(self) -> float:
        """Share of all pupils who sit in proven new seats: charters, restarted or freed schools with a good rating."""
        enough = self.plan.parameters["politics.proven_rating"]
        proven = sum(s.pupils for s in self.schools if s.sector != "district" and s.pupils and s.rating >= enough)
        return proven / max(sum(school.pupils for school in self.schools), 1)

    def _charter_growth(self) -> float:
        """By how much the share of pupils in charters and restarted schools has grown since last June."""
        shares = []
        for june in (self.year - 1, self.year):
            place = self.record.panel[june].place
            charter = np.array([school.sector in ("charter", "restart") for school in self.schools])
            shares.append(float(charter[place].mean()) if len(place) else 0.0)
        return shares[1] - shares[0]

    def _elections(self) -> bool:
        """Hold the year's election, if there is one; returns whether there was."""
        office, p, age = self.office, self.plan.parameters, self.year - self.plan.years.opening
        luck, slope = politics.PoliticalLuck(self.seed_used), p["politics.election_slope"]
        if office.mandate == "state":
            return False
        if office.mandate == "mayor":
            if age % MAYOR_YEARS:
                return False
            one = politics.elect(
                office.board[:1], np.array([0]), self.votes(), luck.seats(self.year, np.array([0])), slope
            )
            office.board = np.repeat(one, SEATS_ON_BOARD)
            return True
        if age % ELECTION_YEARS:
            return False
        half = (SEATS_ON_BOARD + 1) // 2
        seats = np.arange(half) if age % (2 * ELECTION_YEARS) else np.arange(half, SEATS_ON_BOARD)
        office.board = politics.elect(office.board, seats, self.votes(), luck.seats(self.year, seats), slope)
        return True

    def _superintendent_leaves(self, gain: float) -> bool:
        office = self.office
        shielded = office.mandate == "state"
        chance = politics.chance_of_leaving(
            sum(office.displaced_shares[-2:]), gain, office.majority, shielded, self.plan.parameters
        )
        return politics.PoliticalLuck(self.seed_used).leaves(self.year) < chance

    def _successor(self) -> None:
        """The board appoints a successor, who goes on with the strategy with a chance of the board's share for it."""
        office = self.office
        office.superintendent += 1
        office.since = self.year + 1
        office.pursues = politics.PoliticalLuck(self.seed_used).continues(self.year) < office.board.mean()
        office.capital = min(office.capital, self.plan.parameters["politics.capital_opening"])

    def _write_politics(
        self, *, gain: float, proven_share: float, bargaining: int, election: int, left: int, affected: np.ndarray,
        years_in_post: int,
    ) -> None:  # fmt: skip
        office, p = self.office, self.plan.parameters
        families, teachers, voters = politics.backing(office.mood, office.coalition, p)
        self.record.add(
            "politics_year",
            year=self.year,
            capital_spent=office.spent,
            capital=office.capital,
            families=float(families),
            teachers=float(teachers),
            voters=float(voters),
            votes=self.votes(),
            board_for=int(office.board.sum()),
            gain_seen=gain,
            proven_share=proven_share,
            flexibility=office.flexibility,
            departures=self.departures(),
            departures_allowed=self.departures_allowed(),
            superintendent=office.superintendent,
            years_in_post=years_in_post,
            pursues=int(office.pursues),
            left=left,
            election=election,
            bargaining=bargaining,
        )
        for zone in np.nonzero((office.opposition > 0) | (affected > 0))[0]:
            self.record.add(
                "opposition_year",
                year=self.year,
                zone=str(self.city.zones["zone"].iloc[zone]),
                affected=int(affected[zone]),
                opposition=float(office.opposition[zone]),
            )
