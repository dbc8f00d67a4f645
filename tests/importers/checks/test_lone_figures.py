"""Single figures out of line, found without any series: measures, distances, standard errors, ends of intervals."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.importers.checks.frames_of import Tables, found, table


def measured(unit: str, values: list[float]) -> pd.DataFrame:
    columns = {"school": [f"{1000 + k}" for k in range(len(values))], "year": 2011, "measure": "time", "unit": unit}
    return table("measures", pd.DataFrame({**columns, "value": values}))


def test_a_figure_far_beyond_all_others_is_found_in_a_single_year(city: Tables) -> None:
    minutes = list(np.random.default_rng(2).normal(400, 30, 60))
    city["measures"] = measured("minutes", minutes)
    assert found(city, "lone values") == []
    city["measures"] = measured("minutes", [*minutes[:59], minutes[59] * 100])
    (hit,) = found(city, "lone values", "time of 2011")
    assert hit.place == "1059"


def test_a_share_beyond_one_is_found(city: Tables) -> None:
    city["measures"] = measured("share", [0.03, -0.02, 1.0, 3.4])
    (hit,) = found(city, "lone values", "is 3.4, which is no share")
    assert hit.place == "1003"


def test_a_distance_off_by_a_hundred_is_found(city: Tables) -> None:
    miles = np.random.default_rng(3).uniform(0.3, 9, 40)
    columns = {"school": "1001", "other": [f"{1010 + k}" for k in range(40)], "measure": "miles", "value": miles}
    city["pairs"] = table("pairs", pd.DataFrame(columns))
    assert found(city, "lone values") == []
    city["pairs"].loc[8, ["value_low", "value_high"]] *= 100
    (hit,) = found(city, "lone values", "miles is")
    assert hit.place == "1001 1018"


def test_a_standard_error_off_by_a_hundred_is_found(city: Tables) -> None:
    rows_of = [
        {"place": f"City {k}", "year": 2009, "grade": "4", "subject": "math", "measure": "scale", "value": 230.0}
        | {"se": 1.0 + k / 10}
        for k in range(12)
    ]
    city["targets"] = table("targets", pd.DataFrame(rows_of))
    assert found(city, "within a year", "standard error") == []
    city["targets"].loc[7, "se"] *= 100
    (hit,) = found(city, "within a year", "standard error of 170")
    assert hit.place == "City 7"


def test_a_figure_beyond_an_end_of_its_own_interval_is_found(city: Tables) -> None:
    """A sign that is lost, among places each of which has a figure and both ends of it."""
    figures = [
        {"place": f"{place:07}", "year": 2018, "measure": f"grade levels a year{end}", "value": 0.9 + by, "source": "S"}
        for place in range(20)
        for end, by in (("", 0.0), (", lower end of 95 in 100", -0.1), (", upper end of 95 in 100", 0.1))
    ]
    city["targets"] = table("targets", pd.DataFrame(figures))
    assert found(city, "interval ends") == []
    for end in ("low", "high"):
        city["targets"].loc[12, f"value_{end}"] *= -1
    (hit,) = found(city, "interval ends", "-0.9, beyond the lower end")
    assert hit.place == "0000004"
