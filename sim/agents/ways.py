"""How operators come to a school and how a new school fills up: the words plans and operators' files share."""

from __future__ import annotations

from typing import Literal

Way = Literal["new start", "restart"]
Grows = Literal["one grade a year", "two grades a year", "whole"]
GRADES_A_YEAR: dict[Grows, int | None] = {"one grade a year": 1, "two grades a year": 2, "whole": None}
"""Grades a new school adds in a year, from its lowest up; None for all at once."""
