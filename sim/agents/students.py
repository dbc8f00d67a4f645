"""Children: each one a row of the district's columns, seen as a Mesa agent by whoever looks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, NoReturn

import mesa
import numpy as np
import pandas as pd

from sim.agents.column_set import ColumnAgentSet
from sim.agents.columns import Columns, Rows
from sim.city import SUBJECTS

if TYPE_CHECKING:
    from sim.agents.schools import School
    from sim.district import District

ID_OFFSET = 1_000_001
"""`unique_id` of the child in row 0. Mesa numbers the agents it registers from 1, so the two never meet."""
NO_PANEL = (
    "This run kept no panel of its children, only tables of groups and schools. Ask for one before the run "
    "(`panel: true` in the plan) and the story has a line for every year."
)


class Student(mesa.Agent):
    """One child, a view of row `row`: every column of `district.students` reads, and writes, as an attribute.

    So `child.low_income`, `child.x_miles` and `child.engagement` are the child's cells, as plain Python
    values; only what is not simply a cell is defined here. Views are made afresh at each look, hold nothing
    themselves, and are equal when they show the same child of the same district. They are not registered
    with Mesa and cannot be: children come and go by the school year. `unique_id` is `ID_OFFSET` + row.
    Raises IndexError for a row there is not, AttributeError for a name that is neither.
    """

    # On the class, so that a column of the same name would not be read in their place.
    model: Any = None
    row: int = -1
    unique_id: int = 0
    pos = None

    def __init__(self, district: District, row: int) -> None:
        if not 0 <= row < len(district.students):
            raise IndexError(f"there is no child {row}; rows are 0 to {len(district.students) - 1}")
        # Agent.__init__ is not called: it would register the view and keep it, and its district, alive.
        self.__dict__.update(model=district, row=int(row), unique_id=ID_OFFSET + int(row))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or hasattr(type(self), name):
            return object.__getattribute__(self, name)  # raises the property's own error
        return self.model.students.value(name, self.row)

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in self.model.students or hasattr(type(self), name):
            raise AttributeError(f"cannot set {name!r} of a child: it is no column, and a view keeps nothing")
        self.model.students.write(name, self.row, value)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *self.model.students.names})

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and other.model is self.model and bool(other.row == self.row)

    def __hash__(self) -> int:
        return hash((id(self.model), self.row))

    def __repr__(self) -> str:
        return f"{type(self).__name__}(row={self.row})"

    @property
    def group(self) -> str:
        """The name of the child's group; the column holds its place in `district.city.groups`."""
        name: str = self.model.city.groups[self.model.students.value("group", self.row)]
        return name

    @property
    def grade(self) -> int:
        """The child's grade this year, 0 to 12."""
        return int(self.model.grade_of(self.row))

    @property
    def school(self) -> School | None:
        """The school the child attends, None outside the district's schools."""
        school: School | None = self.model.school_of(self.row)
        return school

    def score(self, subject: str) -> float:
        """The latent score, SD: the column of the subject. Raises ValueError for an unknown subject."""
        if subject not in SUBJECTS:
            raise ValueError(f"no subject {subject!r}; there are {', '.join(SUBJECTS)}")
        return float(self.model.students.value(subject, self.row))

    def story(self) -> list[str]:
        """The child's years in plain words, one line a year; how to ask for them if the run kept none.

        Reads `district.record.child(row)`: rows with `year` and any other facts, or None without a panel.
        """
        child = getattr(getattr(self.model, "record", None), "child", None)
        years = child(self.row) if child else None
        if years is None:
            return [NO_PANEL]
        if isinstance(years, pd.DataFrame):
            years = years.to_dict("records")
        return [_line(year) for year in years] or [f"Child {self.row} is in no year on record."]

    def step(self) -> None:
        """Nothing: the district steps all children at once, in `District.step`."""

    def remove(self) -> NoReturn:
        """Refused: a child leaves by the school year."""
        raise TypeError("Student.remove is refused: children come and go by the school year, not by hand")

    @classmethod
    def create_agents(cls, *args: Any, **kwargs: Any) -> NoReturn:
        """Refused: children are made as columns when the district opens."""
        raise TypeError("children are not created one by one: they are columns made when the district opens")

    from_dataframe = create_agents  # Mesa 3.5's other way to the same


def _line(year: Mapping[str, Any]) -> str:
    """One year: facts that are true or known, in the order given."""
    facts = []
    for name, value in year.items():
        flag = isinstance(value, bool | np.bool_)
        if name == "year" or pd.isna(value) or (flag and not value):
            continue
        shown = f"{value:.2f}" if isinstance(value, float | np.floating) else str(value)
        facts.append(name.replace("_", " ") + ("" if flag else f" {shown}"))
    return f"{year['year']}: {', '.join(facts)}"


class StudentSet(ColumnAgentSet):
    """Children of a district as an AgentSet: `rows` is an array, or a function giving one."""

    instead = "children come and go by the school year, not by hand; select() makes another set"

    def __init__(self, district: District, rows: Rows | Callable[[], Rows]) -> None:
        super().__init__(rows, partial(Student, district), district, kind=Student)

    @property
    def columns(self) -> Columns:
        """The district's columns of this moment."""
        columns: Columns = self.model.students
        return columns

    def _whole(self, name: str, rows: Rows) -> list[Any] | None:
        if name == "group":
            return [self.model.city.groups[code] for code in self.columns.values("group", rows)]
        return super()._whole(name, rows)


class Everyone(ColumnAgentSet):
    """All agents of a district: those Mesa registered, in their order, then the children enrolled now.

    Inside, a registered agent goes by minus its `unique_id` in place of a row. As in Mesa, an agent removed
    while the set is gone through is passed over.
    """

    instead = "children come and go by the school year, other agents by their own remove()"

    def __init__(self, district: District) -> None:
        super().__init__(partial(_everyone, district), partial(_anyone, district), district)

    def row_of(self, agent: Any) -> int | None:
        """The child's row, or minus the `unique_id` of a registered agent; None for anything else."""
        if not isinstance(agent, mesa.Agent) or agent.model is not self.model:
            return None
        return agent.row if isinstance(agent, Student) else -int(agent.unique_id)


def _everyone(district: District) -> Rows:
    registered = np.array([-agent.unique_id for agent in district._all_agents], dtype=np.int64)
    return np.concatenate([registered, district.agents_by_type[Student].rows])


def _anyone(district: District, row: int) -> mesa.Agent | None:
    if row >= 0:
        return Student(district, row)
    return next((agent for agent in district._all_agents if agent.unique_id == -row), None)


def register_students(district: District, rows: Callable[[], Rows]) -> StudentSet:
    """Show the children enrolled now as `district.agents_by_type[Student]`: `rows` gives their rows, int64.

    Call it once, after `Model.__init__`; `rows` should be a method of the district, which can be pickled
    where a lambda cannot. Mesa's own registering and removing of other agents, `remove_all_agents` included,
    goes on as before and never touches a child. `Model.agents` alone would still hold registered agents only;
    the district therefore defines

        @property
        def agents(self):
            return Everyone(self)
    """
    students = StudentSet(district, rows)
    district._agents_by_type[Student] = students
    return students


def release(district: District) -> None:
    """Let a finished district go: Mesa 3.3 counts agents in a dictionary on the class that keeps every model.

    Its tables and children can still be read; it takes no new agents, whose numbers would start again at 1.
    Memory comes back at the next garbage collection, since a Mesa model refers to itself.
    """
    counters = getattr(mesa.Agent, "_ids", None)  # Mesa 3.5 has none: it counts on the model
    if counters is not None:
        counters.pop(district, None)
