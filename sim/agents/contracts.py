"""Performance contracts: for how long a school may be run before it is decided whether it goes on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Contract:
    """A school's contract: its id, and the first and the last spring of the term."""

    school: str
    first: int
    last: int

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"the contract of {self.school} ends in {self.last}, before it begins in {self.first}")
