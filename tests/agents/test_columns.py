"""Columns, and the parity of the set over columns with Mesa's own AgentSet on whichever Mesa is installed."""

from __future__ import annotations

import copy
import gc
import pickle
import warnings
from collections.abc import Iterable
from typing import Any

import numpy as np
import pytest
from mesa.agent import AgentSet
from questions import CASES, IN_PLACE, REFUSED, Case
from stand_in import Child, District, Town

from sim.agents.column_set import ColumnAgentSet
from sim.agents.columns import Columns
from sim.agents.students import Student, StudentSet

NOT_ASKED = {
    "__init__",
    "__new__",
    "__class__",
    "__class_getitem__",
    "__init_subclass__",
    "__subclasshook__",
    "_agents",
    "_from_iterable",
    "_hash",
    "_abc_impl",  # Mesa's and Python's own insides, tested by effect
}


def offered() -> list[str]:
    """Every name by which Mesa's set answers, but for those of any object and of classes as such."""
    agents = District().agents_by_type[Student]
    real = AgentSet([], agents.random)
    names = [
        name
        for name in dir(real)
        if (callable(value := getattr(real, name)) or not name.startswith("__"))
        and getattr(AgentSet, name, value) is not getattr(object, name, None)
    ]
    return sorted(set(names) - NOT_ASKED | {"__hash__"})


def plain(answer: Any) -> Any:
    """An answer with every agent told by its row, so that answers of the two kinds of set compare."""
    if isinstance(answer, Student | Child):
        return ("child", answer.row)
    if isinstance(answer, AgentSet):
        return ["set", *map(plain, answer)]
    if isinstance(answer, dict):
        return [(key, plain(value)) for key, value in answer.items()]
    if isinstance(answer, list | tuple):
        return [type(answer).__name__, *map(plain, answer)]
    return answer


def outcome(case: Case, agents: Any) -> Any:
    """What a case answers, or the kind of error it ends in.

    Mesa's set holds its agents weakly and a copy's agents are held by their own circle only, so the collector, should
    it run within a case, would empty the copy that is being asked.
    """
    agents.random.seed(11)
    gc.disable()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PendingDeprecationWarning)  # Mesa 3.5 when its own set is indexed
        warnings.filterwarnings("ignore", "No Agents specified")  # Mesa's own set when operators leave none
        try:
            return plain(case(agents))
        except Exception as error:
            return type(error)
        finally:
            gc.enable()


def pair() -> tuple[StudentSet, AgentSet, Any]:
    district = District()
    town = Town(district)
    return district.agents_by_type[Student].select(), AgentSet(town.children, town.random), (district, town)


@pytest.mark.parametrize("name", offered())
def test_every_name_of_mesas_set_behaves_or_refuses(name: str) -> None:
    assert (name in CASES) != (name in REFUSED), f"Mesa's AgentSet offers {name}: give it a case or a refusal"
    if name in REFUSED:
        agents, _, _ = pair()
        before = plain(agents)
        with pytest.raises(TypeError, match=f"StudentSet.{name} is refused: children come and go by"):
            REFUSED[name](agents)
        assert plain(agents) == before
    for number, case in enumerate(CASES.get(name, []) + IN_PLACE.get(name, [])):
        ours, real, _keep = pair()
        assert outcome(case, ours) == outcome(case, real), f"{name}, case {number}"


@pytest.mark.parametrize("name", sorted(set(CASES) & set(offered())))
def test_the_live_set_behaves_too_but_keeps_its_order(name: str) -> None:
    for number, case in enumerate(CASES[name]):
        _, real, (district, _town) = pair()
        live = district.agents_by_type[Student]
        assert outcome(case, live) == outcome(case, real), f"{name}, case {number}"
    for case in IN_PLACE.get(name, []):
        live = District().agents_by_type[Student]
        with pytest.raises(TypeError, match="inplace is refused"):
            case(live)
        assert live.rows.tolist() == list(range(9))


def test_the_sets_a_mesa_model_keeps_offer_nothing_ours_does_not() -> None:
    ours, _, (district, town) = pair()  # Mesa 3.5 keeps a class of its own in the model, with copy()
    offered_there = {name for name in dir(town.agents_by_type[Child]) if not name.startswith("_")}
    assert offered_there <= set(dir(ours))
    assert plain(district.agents_by_type[Student].copy()) == plain(ours)


def test_shuffling_spends_the_same_random_numbers_as_mesa() -> None:
    ours, real, _keep = pair()
    for agents in (ours, real):
        agents.random.seed(3)
    assert [c.row for c in ours.shuffle().shuffle()] == [c.row for c in real.shuffle().shuffle()]
    assert ours.random.random() == real.random.random()


def test_whole_columns_are_read_without_making_an_agent() -> None:
    made = []

    def look(row: int) -> Any:
        made.append(row)
        return Student(district, row)

    district = District()
    agents = ColumnAgentSet([4, 1, 4], look, district, district.students, Student)
    assert agents.rows.tolist() == [4, 1]
    agents.get(["math", "trait"])
    agents.agg("math", np.mean)
    agents.sort("math").set("zone", 3).groupby("zone")
    agents.shuffle().select(at_most=1)
    assert len(agents) == 2
    assert made == []
    assert agents.get("grade") == [4, 1]
    assert made == [4, 1]
    assert agents[-1] == Student(district, 1)  # and without the warning of Mesa 3.5's own set
    assert made == [4, 1, 1]


def test_set_writes_the_column_and_refuses_what_no_view_could_keep() -> None:
    district = District()
    some_of_them = district.agents_by_type[Student].select(at_most=2)
    some_of_them.set("math", 1)
    assert district.students.math[:2].tolist() == [1, 1]
    assert district.students.math[2] != 1
    for name in ("nothing", "group", "grade", "row"):
        with pytest.raises(AttributeError, match=f"'{name}'.*no column"):
            some_of_them.set(name, 1)
    for name, value in (("zone", 1.5), ("zone", 70_000), ("low_income", 2), ("math", [1.0]), ("trait", 1.0)):
        with pytest.raises(ValueError, match=name):
            some_of_them.set(name, value)


def test_operators_with_a_real_set_never_come_out_empty() -> None:
    district = District()
    ours = district.agents_by_type[Student].select(at_most=2)
    held = ours.to_list()
    real = AgentSet(held, district.random)
    assert plain(real | ours) == plain(ours) == plain(real & ours)
    assert len(real - ours) == len(real ^ ours) == 0
    assert plain(real - ours.select(at_most=1)) == plain(ours.select(lambda child: child.row == 1))
    assert plain(real ^ ours.select(at_most=1)) == plain(ours.select(lambda child: child.row == 1))
    with pytest.raises(TypeError, match="cannot hold"):
        AgentSet(district.schools, district.random) | ours
    with pytest.raises(TypeError, match="cannot hold"):
        ours | District().agents_by_type[Student]


def test_rows_that_are_no_rows_are_refused() -> None:
    district = District()
    for rows in (np.array([True, False]), np.array([0.5]), np.zeros((2, 2), int)):
        with pytest.raises(TypeError, match="whole numbers"):
            StudentSet(district, rows)
    with pytest.raises(TypeError, match="whole numbers"):
        len(StudentSet(district, lambda: np.ones(3, bool)))


def test_columns_are_kept_named_and_copied() -> None:
    both = np.arange(6.0).reshape(3, 2)
    columns = Columns(math=both[:, 0], reading=both[:, 1], trait=both)
    both[0, 0] = 9
    assert columns.math[0] == 9
    assert (columns.names, len(columns), "math" in columns) == (("math", "reading", "trait"), 3, True)
    other = columns.copy()
    columns.math[0] = 7
    assert other.math[0] == 9
    assert (columns.value("math", 0), columns.value("trait", 1)) == (7.0, (2.0, 3.0))
    columns.math = np.zeros(3)
    assert columns.math.sum() == 0
    assert pickle.loads(pickle.dumps(columns)).names == copy.copy(columns).names == columns.names


@pytest.mark.parametrize(
    ("arrays", "words"),
    [
        ({}, "there are none"),
        ({"math": [1, 2], "reading": [1]}, "math 2, reading 1"),
        ({"names": [1]}, "cannot be named 'names'"),
        ({"_math": [1]}, "cannot be named '_math'"),
        ({"math": 3.0}, "0 dimensions"),
        ({"math": np.zeros((1, 1, 1))}, "3 dimensions"),
    ],
)
def test_columns_that_do_not_fit_are_refused(arrays: dict[str, Iterable[Any]], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Columns(**arrays)


def test_a_misspelt_column_is_answered_with_the_nearest() -> None:
    columns = Columns(low_income=[True])
    with pytest.raises(AttributeError, match="did you mean 'low_income'"):
        _ = columns.low_incom
    with pytest.raises(AttributeError, match="did you mean 'low_income'"):
        columns.low_incom = [False]
    with pytest.raises(ValueError, match="cannot become"):
        columns.low_income = [True, False]
