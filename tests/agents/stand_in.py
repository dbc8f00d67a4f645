"""A district small enough to hold in the hand, and the same children as agents of Mesa's own kind."""

from __future__ import annotations

from types import SimpleNamespace

import mesa
import numpy as np

from sim.agents.columns import Columns
from sim.agents.students import Everyone, Student, register_students

GROUPS = ("Black", "Hispanic", "White")
NAMES = ("math", "reading", "low_income", "zone", "trait")


def children(pupils: int) -> Columns:
    """Columns with ties, both kinds of float, a flag and a column of two dimensions."""
    rows = np.arange(pupils)
    return Columns(
        group=(rows % 3).astype(np.int8),
        math=np.round(np.sin(rows), 1),
        reading=np.cos(rows).astype(np.float32),
        low_income=rows % 2 == 0,
        zone=(rows * 7 % 5).astype(np.int16),
        trait=np.column_stack([rows / 4, rows / 8]),
    )


class School(mesa.Agent):
    """A registered agent like any other."""


class District(mesa.Model):
    """A model whose children are columns; `enrolled` is the window of rows enrolled now."""

    def __init__(self, pupils: int = 9, rng: int | None = 5) -> None:
        super().__init__(rng=rng)
        self.city = SimpleNamespace(groups=GROUPS)
        self.students = children(pupils)
        self.first, self.last = 0, pupils
        self.schools = [School(self), School(self)]
        register_students(self, self.enrolled)

    @property
    def agents(self) -> Everyone:
        return Everyone(self)

    def enrolled(self) -> np.ndarray:
        return np.arange(self.first, self.last)

    def grade_of(self, row: int) -> int:
        return row % 13

    def school_of(self, row: int) -> School | None:
        return self.schools[row % 2] if row % 4 else None

    def step(self) -> None:
        self.first += 1


class Child(mesa.Agent):
    """A child as Mesa would have it: an object with the same attributes."""

    def __init__(self, model: mesa.Model, view: Student) -> None:
        super().__init__(model)
        self.row, self.group, self.grade = view.row, view.group, view.grade
        for name in NAMES:
            setattr(self, name, getattr(view, name))

    def score(self, subject: str) -> float:
        return getattr(self, subject)


class Town(mesa.Model):
    """A model of `Child` objects."""

    def __init__(self, district: District) -> None:
        super().__init__(rng=5)
        self.children = [Child(self, view) for view in district.agents_by_type[Student]]
