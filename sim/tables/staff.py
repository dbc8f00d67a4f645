"""The table of the schools' staffs."""

from __future__ import annotations

from sim.tables.columns import SCHOOL, YEAR
from sim.tables.columns import Column as C

STAFF: dict[str, dict[str, C]] = {
    "staff_year": {
        "year": YEAR,
        "school": SCHOOL,
        "teachers": C(float, "teachers, full-time"),
        "hired": C(float, "of them, hired from outside last summer"),
        "laid_off": C(float, "teachers laid off last summer"),
        "moved_in": C(float, "teachers taken over last summer from other schools the district runs"),
        "moved_out": C(float, "teachers handed over last summer to other schools the district runs"),
        "first_year_share": C(float, "share of the teachers in their first year of teaching", True),
        "second_year_share": C(float, "share of the teachers in their second year of teaching", True),
        "turnover": C(float, "share of last year's teachers who are gone", True),
        "effectiveness": C(float, "lasting effect of the teachers in math beside the school's norm, SD a year", True),
        "staff_value_math": C(float, "what the staff adds in math beside the school's norm, SD"),
    }
}
