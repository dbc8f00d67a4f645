"""What policies have in common that change how some schools teach: which schools, how many a year, and whose proof."""

from __future__ import annotations

from pydantic import Field

from sim.policies.levers import Lever
from sim.policies.paid import PaidPolicy
from sim.policies.where import Where


class InSchools(PaidPolicy):
    """A policy that schools take up, neediest first where there is a yearly limit."""

    where: Where = Field(default=Where(), description="which schools")
    schools_per_year: int | None = Field(None, ge=1, le=500, description="schools that start in a year; all if absent")

    def schools_named(self) -> tuple[str, ...]:
        """The schools to be checked against the city."""
        return self.where.schools or ()

    def levers_pulled(self) -> tuple[Lever, ...]:
        """Proof that reaches the district's own schools, where it is they that take part."""
        mine = self.enabled and self.where.sector in ("district", "innovation", "all")
        return ("proof_to_district",) if mine else ()
