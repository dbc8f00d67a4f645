"""Politics added to a pretended ensemble: one plan meets it, and two decisions of the first seed are refused."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from sim.record import RUN_TABLES, frame
from tests.results.pretend_city import FIRST, LAST
from tests.results.pretend_ensemble import Pretended

LEAVES = {0: (2029, 2034), 1: (2033,)}
"""By seed: the Junes in which a superintendent leaves; in other seeds the first stays to the end."""
TURNS = {2: 2035}
"""By seed: the first year in which the board is against the strategy."""
BLOCKED = "not to open: the board stands 3 to 4 (KIPP, where most children are in low-rated schools)"


def with_politics(ensemble: Pretended, plan: str = "full_portfolio") -> Pretended:
    """The ensemble with politics on in one plan. Seed 0: the second superintendent does not pursue the strategy, the
    third does."""
    politics, opposition = [], []
    for seed in ensemble.seeds:
        which, since = 1, FIRST
        for year in range(FIRST, LAST + 1):
            left = year in LEAVES.get(seed, ())
            politics.append(
                {
                    **{"year": year, "capital_spent": 3.0, "capital": 30.0 + seed, "families": 0.6, "teachers": 0.4},
                    **{"voters": 0.55, "votes": 0.52, "board_for": 3 if year >= TURNS.get(seed, 9999) else 5},
                    **{"gain_seen": 0.01, "proven_share": 0.1, "flexibility": 0.1, "departures": 2},
                    **{"departures_allowed": 3, "superintendent": which, "years_in_post": year - since + 1},
                    **{"pursues": int((seed, which) != (0, 2)), "left": int(left), "election": int(year % 2 == 0)},
                    **{"bargaining": int(year % 3 == 0)},
                }
            )
            if left:
                which, since = which + 1, year + 1
        for zone, share in (("z1", 0.2), ("z2", 0.4)):
            opposition.append({"year": 2029, "zone": zone, "affected": 100, "opposition": share})
    refused = [
        {
            **{"year": 2028, "policy": "strong_networks", "action": action, "school": "*", "effective": 2028},
            **{"because": because, "slate": "open", "capital": 0.0},
        }
        for action, because in (("blocked", BLOCKED), ("declined", "KIPP needs a building"))
    ]
    tables = dict(ensemble.tables)
    tables["politics_year"] = _of(plan, ensemble.seeds, "politics_year", politics)
    tables["opposition_year"] = _of(plan, ensemble.seeds, "opposition_year", opposition)
    tables["decision"] = pd.concat([tables["decision"], _of(plan, [0], "decision", refused)], ignore_index=True)
    plans = [replace(one, politics="on") if one.name == plan else one for one in ensemble.plans]
    return replace(ensemble, plans=plans, tables=tables)


def _of(plan: str, seeds: list[int], table: str, rows: list[dict[str, object]]) -> pd.DataFrame:
    """Rows of one plan, as many for each seed."""
    facts = frame(table, rows)
    assert list(facts.columns) == list(RUN_TABLES[table])
    facts.insert(0, "plan", pd.Series([plan] * len(rows), dtype="str"))
    facts.insert(1, "draw", 0)
    facts.insert(2, "seed", [seed for seed in seeds for _ in range(len(rows) // len(seeds))])
    return facts
