"""The staffs in the June record, and what staffing by other rules costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from sim.district import District


def write_staffs(district: District) -> None:
    """Add the staff of every school with teachers, or that let the last of them go."""
    record, year = district.record, district.year
    for school in district.schools:
        staff = school.staff
        there = staff.teachers > 0
        if there or staff.laid_off or staff.moved_out:
            record.add(
                "staff_year",
                year=year,
                school=school.key,
                teachers=staff.teachers,
                hired=staff.hired,
                laid_off=staff.laid_off,
                moved_in=staff.moved_in,
                moved_out=staff.moved_out,
                first_year_share=staff.first_year if there else np.nan,
                second_year_share=staff.second_year if there else np.nan,
                turnover=staff.turnover,
                effectiveness=staff.effectiveness if there else np.nan,
                staff_value_math=float(district.staff_added[school.index, 0]),
            )
