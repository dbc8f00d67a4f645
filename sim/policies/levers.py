"""The ten levers of a portfolio strategy: what a plan may pull, and what it may forget.

They are tags on policies, not mechanisms. After the ten steps of the white paper; the names and words are the model's.
"""

from __future__ import annotations

from typing import Literal, get_args

Lever = Literal[
    "acknowledge_gap",
    "reform_mandate",
    "common_yardstick",
    "performance_contracts",
    "recruit_operators",
    "fair_terms",
    "replace_weakest",
    "renewals",
    "proof_to_district",
    "build_political_will",
]
LEVERS: dict[Lever, str] = {
    "acknowledge_gap": "say in public how wide the gap is",
    "reform_mandate": "get a mandate to try new things",
    "common_yardstick": "measure every school by one yardstick",
    "performance_contracts": "make every school's existence depend on results",
    "recruit_operators": "bring in operators and people, and create more of what works",
    "fair_terms": "give partners buildings, money that follows pupils, and freedom",
    "replace_weakest": "replace the weakest schools first",
    "renewals": "hold partners to their contracts",
    "proof_to_district": "use the proof to free and improve the district's own schools",
    "build_political_will": "build political will among families and in the city",
}
assert tuple(LEVERS) == get_args(Lever)

Slate = Literal["open", "close", "restart", "renew", "expand", "freeze", "contract", "rules", "practice"]
"""Items of the annual slate: what a decision is about."""
SLATE: tuple[Slate, ...] = get_args(Slate)

Mandate = Literal["none", "board", "mayor", "state"]
"""Who stands behind the office: nobody in particular, an elected board, a mayor, or the state."""
