"""Cities of any size for the benchmarks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from sim.city import ANY, City


def scaled_city(city: City, factor: float) -> City:
    """The city with `factor` times the pupils: each school stands that many times, rounded, a little apart, and its
    pupils and seats are shared out; the zones that one school served are divided among its copies."""
    copies = max(1, round(factor))

    def named(keys: pd.Series, copy: int) -> pd.Series:
        return keys.where((keys == ANY) | (copy == 0), keys.astype(str) + f"+{copy}")

    def repeated(table: pd.DataFrame) -> pd.DataFrame:
        every = pd.concat([table.assign(school=named(table["school"], copy)) for copy in range(copies)])
        return every.drop_duplicates(ignore_index=True)

    def shares(pupils: pd.Series) -> list[np.ndarray]:
        whole = np.floor(pupils.to_numpy(float) * factor + 0.5).astype(np.int64)
        return [(whole + copy) // copies for copy in range(copies)]

    schools = pd.concat(
        [
            city.schools.assign(
                school=named(city.schools["school"], copy), seats=seats, x_miles=city.schools["x_miles"] + 0.1 * copy
            )
            for copy, seats in enumerate(shares(city.schools["seats"]))
        ],
        ignore_index=True,
    )
    enrollment = pd.concat(
        [
            city.enrollment.assign(school=named(city.enrollment["school"], copy), pupils=pupils)
            for copy, pupils in enumerate(shares(city.enrollment["pupils"]))
        ],
        ignore_index=True,
    )
    copy_of_zone = city.zone_schools["zone"].map({zone: i % copies for i, zone in enumerate(city.zones["zone"])})
    guaranteed = city.zone_schools["school"].astype(str) + copy_of_zone.map(lambda copy: f"+{copy}" if copy else "")
    return replace(
        city,
        name=f"{city.name}_times_{factor:.3g}".replace(".", "_"),
        schools=schools,
        enrollment=enrollment,
        flags=repeated(city.flags),
        scores=repeated(city.scores),
        ratings=repeated(city.ratings),
        zone_schools=city.zone_schools.assign(school=guaranteed),
    )
