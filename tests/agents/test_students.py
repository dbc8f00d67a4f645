"""Children as Mesa agents: the view of a row, the live set in the model, Mesa's tools, and memory."""

from __future__ import annotations

import copy
import gc
import pickle
import weakref
from types import SimpleNamespace

import mesa
import numpy as np
import pandas as pd
import pytest
from stand_in import District, School

from sim.agents.students import ID_OFFSET, NO_PANEL, Everyone, Student, StudentSet, register_students, release


class Observed(District):
    """A district that Mesa's own collector watches."""

    def __init__(self, pupils: int = 9, rng: int | None = 5) -> None:
        super().__init__(pupils, rng)
        self.datacollector = mesa.DataCollector(
            model_reporters={"enrolled": lambda district: len(district.agents_by_type[Student])},
            agenttype_reporters={Student: {"score": "math", "group": "group"}},
        )

    def step(self) -> None:
        super().step()
        self.datacollector.collect(self)


def test_a_child_shows_its_row() -> None:
    district = District()
    child = Student(district, 4)
    assert (child.row, child.unique_id, child.group, child.grade) == (4, ID_OFFSET + 4, "Hispanic", 4)
    assert child.school is None
    assert Student(district, 5).school is district.schools[1]
    assert child.low_income is True
    assert type(child.reading) is float
    assert child.trait == (1.0, 0.5)
    assert child.score("math") == child.math == district.students.math[4]
    assert child.random is district.random
    assert child.pos is None
    assert {"math", "grade", "story"} <= set(dir(child))
    assert repr(child) == "Student(row=4)"
    child.step()
    child.advance()


def test_views_of_one_child_are_equal_and_of_others_are_not() -> None:
    district, twin = District(), District()
    assert Student(district, 4) == Student(district, 4) != Student(district, 5)
    assert Student(district, 4) != Student(twin, 4)
    assert len({Student(district, 4), Student(district, 4), Student(twin, 4), Student(district, 5)}) == 3
    child, twins_child = (pickle.loads(pickle.dumps(pair)) for pair in [Student(district, 4)] * 2)
    assert child.math == twins_child.math == Student(district, 4).math
    assert copy.copy(Student(district, 4)) == Student(district, 4)


def test_writing_a_child_writes_its_column_and_nothing_else() -> None:
    district = District()
    child = Student(district, 4)
    child.math = 2
    assert district.students.math[4] == 2.0 == Student(district, 4).math
    for name in ("maths", "group", "grade", "row", "unique_id", "model"):
        with pytest.raises(AttributeError, match=f"cannot set '{name}'"):
            setattr(child, name, 1)


def test_mistakes_are_answered_in_words() -> None:
    district = District()
    with pytest.raises(AttributeError, match="did you mean 'low_income'"):
        _ = Student(district, 0).low_incom
    with pytest.raises(ValueError, match="there are math, reading"):
        Student(district, 0).score("maths")
    for row in (-1, 9):
        with pytest.raises(IndexError, match="rows are 0 to 8"):
            Student(district, row)
    for act in (
        Student(district, 0).remove,
        lambda: Student.create_agents(district, 2, [0, 1]),
        lambda: Student.from_dataframe(district, pd.DataFrame({"row": [1]})),
    ):
        with pytest.raises(TypeError, match="children"):
            act()
    del district.city
    with pytest.raises(AttributeError, match="city"):  # the property's own error, not "no column 'group'"
        _ = Student(district, 0).group


def test_the_story_needs_a_panel() -> None:
    district = District()
    child = Student(district, 3)
    assert child.story() == [NO_PANEL]
    panel = [
        {"year": 2027, "grade": 3, "school": "Lincoln", "math": -0.254, "displaced": False, "reading": None},
        {
            "year": 2028,
            "grade": 4,
            "school": "Harbor",
            "math": np.float32(0.1),
            "displaced": np.True_,
            "reading": np.nan,
        },
    ]
    told = ["2027: grade 3, school Lincoln, math -0.25", "2028: grade 4, school Harbor, math 0.10, displaced"]
    for kept in (panel, pd.DataFrame(panel)):
        district.record = SimpleNamespace(child=lambda row, kept=kept: kept if row == 3 else [])
        assert child.story() == told
    assert Student(district, 4).story() == ["Child 4 is in no year on record."]
    district.record = SimpleNamespace(child=lambda row: None)
    assert child.story() == [NO_PANEL]


def test_the_set_in_the_model_always_shows_the_children_enrolled_now() -> None:
    district = District()
    live = district.agents_by_type[Student]
    assert isinstance(live, StudentSet)
    before = live.select()
    assert Student in district.agent_types
    district.step()
    assert live.rows.tolist() == list(range(1, 9))
    assert Student(district, 0) not in live
    assert before.rows.tolist() == list(range(9))
    district.students = district.students.copy()
    district.students.math[1] = 5.0
    assert live.get("math")[0] == 5.0
    gc.collect()
    assert len(list(live)) == len(live) == 8


def test_the_agents_of_the_district_are_all_of_them() -> None:
    district = District()
    agents = district.agents
    assert isinstance(agents, Everyone)
    assert len(agents) == 11
    assert [type(agent) for agent in agents] == [School] * 2 + [Student] * 9
    assert len(set(agents.get("unique_id"))) == 11
    assert agents.select(agent_type=Student) == district.agents_by_type[Student]
    assert agents.select(agent_type=School).to_list() == district.schools
    assert agents.groupby(type).count() == {School: 2, Student: 9}
    assert district.schools[0] in agents
    assert Student(district, 3) in agents
    assert District().schools[0] not in agents
    assert agents.shuffle_do("step") is agents
    assert agents.get("math", "default")[:3] == [None, None, 0.0]
    new = School(district)
    assert new in agents
    agents.do(lambda agent: isinstance(agent, School) and agent.remove())
    assert list(agents) == list(district.agents_by_type[Student])
    with pytest.raises(AttributeError):
        district.agents = []
    with pytest.raises(TypeError, match="other agents by their own remove"):
        agents.remove(new)


def test_mesas_own_register_of_agents_goes_on_as_before() -> None:
    district = District()
    school = School(district)
    assert school in district.agents_by_type[School]
    school.remove()
    assert school not in district.agents_by_type[School]
    district.deregister_agent(district.schools[0])
    district.register_agent(district.schools[0])
    district.remove_all_agents()
    assert len(district.agents_by_type[School]) == 0
    assert len(district.agents_by_type[Student]) == len(district.agents) == 9


def test_a_child_is_not_registered_or_taken_out_by_hand() -> None:
    district = District()
    for act in (district.register_agent, district.deregister_agent):
        with pytest.raises((TypeError, AttributeError, KeyError)):
            act(Student(district, 3))
    assert len(district.agents_by_type[Student]) == 9


def test_mesas_collector_and_batch_run_see_the_children() -> None:
    district = Observed()
    district.step()
    district.step()
    table = district.datacollector.get_agenttype_vars_dataframe(Student)
    assert list(table.columns) == ["score", "group"]
    assert len(table) == 8 + 7
    last = table.xs(2, level=0)
    assert last.index.tolist() == [ID_OFFSET + row for row in range(2, 9)]
    assert last.score.tolist() == district.students.math[2:].tolist()
    assert last.group.tolist() == district.agents_by_type[Student].get("group")
    runs = mesa.batch_run(Observed, {"pupils": [5, 7]}, max_steps=2, display_progress=False)
    assert {run["RunId"] for run in runs} == {0, 1}
    assert all(0 < run["enrolled"] < run["pupils"] for run in runs)


def test_agent_reporters_reach_everyone() -> None:
    district = District()
    collector = mesa.DataCollector(agent_reporters={"kind": lambda agent: type(agent).__name__})
    collector.collect(district)
    assert collector.get_agent_vars_dataframe().kind.value_counts().to_dict() == {"Student": 9, "School": 2}


def test_a_district_is_pickled_with_its_children() -> None:
    district = District()
    other = pickle.loads(pickle.dumps(district.agents_by_type[Student]))
    assert other.model is not district
    assert other.model.agents_by_type[Student] is other
    assert other.get("group") == district.agents_by_type[Student].get("group")
    assert other.random is other.model.random


def test_registering_needs_only_a_model_that_is_made() -> None:
    district = District()
    live = register_students(district, lambda: np.array([2, 3]))
    assert district.agents_by_type[Student] is live
    assert live.get("row") == [2, 3]


def test_a_thousand_released_models_do_not_stay_alive() -> None:
    kept = []
    for _ in range(1000):
        district = District(pupils=3)
        district.step()
        district.agents_by_type[Student].shuffle_do("step")
        kept.append(weakref.ref(district))
        release(district)
        release(district)  # twice does no harm
    assert len(district.agents_by_type[Student]) == 2
    del district
    gc.collect()
    assert sum(model() is not None for model in kept) == 0
