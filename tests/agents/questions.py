"""What a set of agents is asked: one or more questions for every name by which Mesa's AgentSet answers."""

from __future__ import annotations

import copy
import pickle
import random
from collections.abc import Callable
from typing import Any

import mesa
import numpy as np

Case = Callable[[Any], Any]


def a(item: Any, place: int) -> Any:
    """The agent at a place, without indexing."""
    return list(item)[place]


def some(agents: Any, *places: int) -> Any:
    """A set of the same kind with the agents at the places."""
    every = list(agents)
    return agents.select(lambda agent: agent.row in {every[place].row for place in places})


def log(do: Callable[..., Any]) -> list[int]:
    seen: list[int] = []
    do(lambda child: seen.append(child.row))
    return seen


CASES: dict[str, list[Case]] = {
    "__len__": [len, lambda s: len(s.select(at_most=0)), bool],
    "__iter__": [list, lambda s: next(iter(s))],
    "__reversed__": [lambda s: list(reversed(s))],
    "__contains__": [lambda s: a(s, 3) in s, lambda s: a(s, 3) in some(s, 1, 2), lambda s: 3 in s],
    "__getitem__": [
        lambda s: s[0],
        lambda s: s[-1],
        lambda s: s[2:7:2],
        lambda s: s[np.int64(4)],
        lambda s: s[::-1],
        lambda s: s[99],
        lambda s: s["a"],
        lambda s: random.Random(1).choice(s),
        lambda s: random.Random(1).sample(s, 3),
    ],
    "index": [
        lambda s: s.index(a(s, 4)),
        lambda s: s.index(a(s, 4), 5),
        lambda s: s.index("x"),
        lambda s: s.index(a(s, 4), -6, -1),
    ],
    "count": [lambda s: s.count(a(s, 4)), lambda s: s.count("x")],
    "to_list": [lambda s: s.to_list(), lambda s: type(s.to_list()) is list],
    "random": [lambda s: s.random.random(), lambda s: s.random is a(s, 0).model.random],
    "select": [
        lambda s: s.select(),
        lambda s: s.select() is s,
        lambda s: s.select(lambda c: c.math > 0),
        lambda s: s.select(lambda c: c.low_income, at_most=2),
        lambda s: s.select(at_most=3),
        lambda s: s.select(at_most=0.5),
        lambda s: s.select(at_most=1.0),
        lambda s: s.select(at_most=2.5),
        lambda s: s.select(at_most=0),
        lambda s: s.select(at_most=-1),
        lambda s: s.select(agent_type=mesa.Agent),
        lambda s: s.select(agent_type=mesa.Model),
        lambda s: s.select(lambda c: c.nothing),
    ],
    "shuffle": [
        lambda s: s.shuffle(),
        lambda s: s.shuffle().shuffle(),
        lambda s: (s.shuffle(), s)[1],
        lambda s: s.shuffle().select(at_most=3),
    ],
    "sort": [
        lambda s: s.sort("math"),
        lambda s: s.sort("math", ascending=True),
        lambda s: s.sort("group"),
        lambda s: s.sort(lambda c: -c.zone),
        lambda s: s.sort("grade", ascending=True),
        lambda s: s.sort("model.steps"),
        lambda s: s.sort("nothing"),
        lambda s: s.sort("trait"),
    ],
    "do": [
        lambda s: s.do("step") is s,
        lambda s: s.do(lambda c, seen: seen.append(c.row), []),
        lambda s: log(s.do),
        lambda s: s.do("nothing"),
        lambda s: s.do(setattr, "math", 2.0).get("math"),
    ],
    "shuffle_do": [
        lambda s: s.shuffle_do("step") is s,
        lambda s: log(s.shuffle_do),
        lambda s: (s.shuffle_do("step"), s.random.random(), s),
    ],
    "map": [
        lambda s: s.map("score", "math"),
        lambda s: s.map("score", subject="reading"),
        lambda s: s.map(lambda c, power: c.zone**power, power=2),
        lambda s: s.map("nothing"),
    ],
    "get": [
        lambda s: s.get("math"),
        lambda s: s.get("reading"),
        lambda s: s.get("low_income"),
        lambda s: s.get("group"),
        lambda s: s.get("grade"),
        lambda s: s.get("trait"),
        lambda s: s.get("row"),
        lambda s: [type(value) for value in s.get("zone") + s.get("reading") + s.get("low_income")],
        lambda s: s.get(["math", "group"]),
        lambda s: s.get(["math"]),
        lambda s: s.get([]),
        lambda s: s.get("nothing"),
        lambda s: s.get(["math", "nothing"]),
        lambda s: s.get("nothing", "default"),
        lambda s: s.get("nothing", "default", 4),
        lambda s: s.get(["nothing", "zone"], handle_missing="default", default_value=4),
        lambda s: s.get("math", "perhaps"),
        lambda s: s.select(at_most=0).get("math"),
        lambda s: s.sort("zone").get("math"),
    ],
    "agg": [
        lambda s: s.agg("math", np.mean),
        lambda s: s.agg("reading", [min, max, sum]),
        lambda s: s.agg("group", set),
        lambda s: s.agg("nothing", sum),
    ],
    "set": [
        lambda s: s.set("math", 0.25) is s,
        lambda s: s.set("math", 0.25).get("math"),
        lambda s: some(s, 1, 2).set("zone", 9) and s.get("zone"),
    ],
    "groupby": [
        lambda s: s.groupby("group").groups,
        lambda s: s.groupby(lambda c: c.grade % 4).groups,
        lambda s: s.groupby("zone", result_type="list").groups,
        lambda s: s.groupby("group").count(),
        lambda s: s.groupby("group").agg("math", max),
        lambda s: s.groupby("low_income").map(len),
        lambda s: s.groupby("group").map("get", "math"),
        lambda s: list(s.groupby("zone").do("do", "step")),
        lambda s: s.groupby("nothing"),
    ],
    "isdisjoint": [lambda s: s.isdisjoint(s), lambda s: some(s, 1).isdisjoint(some(s, 2))],
    "__and__": [lambda s: some(s, 1, 2, 3) & some(s, 2, 3, 4), lambda s: s & [a(s, 5), a(s, 1)], lambda s: s & set()],
    "__or__": [lambda s: some(s, 1, 2) | some(s, 0, 2), lambda s: some(s, 3) | [a(s, 1)]],
    "__sub__": [lambda s: s - some(s, 1, 2), lambda s: s - [a(s, 0)]],
    "__xor__": [lambda s: some(s, 1, 2) ^ some(s, 2, 3)],
    "__rand__": [lambda s: [a(s, 5), a(s, 1), 7] & s, lambda s: {a(s, 5)} & s],
    "__ror__": [lambda s: [a(s, 5)] | some(s, 1), lambda s: {a(s, 5)} | some(s, 1)],
    "__rsub__": [lambda s: [a(s, 5), a(s, 1)] - some(s, 1)],
    "__rxor__": [lambda s: [a(s, 5), a(s, 1)] ^ some(s, 1, 2)],
    "__eq__": [lambda s: s == s.select(), lambda s: s == some(s, 1), lambda s: s == set(s), lambda s: s == 1],
    "__ne__": [lambda s: s != s.shuffle(), lambda s: s != some(s, 1)],
    "__le__": [lambda s: some(s, 1) <= s, lambda s: s <= some(s, 1)],
    "__lt__": [lambda s: some(s, 1) < s, lambda s: s < s.select()],
    "__ge__": [lambda s: s >= some(s, 1), lambda s: some(s, 1) >= s],
    "__gt__": [lambda s: s > some(s, 1), lambda s: s > s.select()],
    "__hash__": [hash],
    "__getstate__": [
        lambda s: copy.copy(s),
        lambda s: copy.copy(s) is s,
        lambda s: len(copy.deepcopy(s)),
        lambda s: len(pickle.loads(pickle.dumps((s, list(s))))[0]),
    ],
    "__setstate__": [lambda s: pickle.loads(pickle.dumps((s, list(s))))[0].get("math")],
}
IN_PLACE: dict[str, list[Case]] = {
    "select": [
        lambda s: s.select(inplace=True) is s,
        lambda s: (s.select(at_most=2, inplace=True), s)[1],
        lambda s: s.select(lambda c: c.zone > 1, inplace=True).select(lambda c: c.low_income, inplace=True),
    ],
    "shuffle": [lambda s: s.shuffle(inplace=True) is s, lambda s: (s.shuffle(inplace=True), s)[1]],
    "sort": [lambda s: s.sort("zone", inplace=True) is s, lambda s: (s.sort("reading", inplace=True), s)[1]],
}
"""A fixed set does these as Mesa does; a live one refuses, since its order is the columns'."""
REFUSED: dict[str, Case] = {
    "add": lambda s: s.add(a(s, 0)),
    "discard": lambda s: s.discard(a(s, 0)),
    "remove": lambda s: s.remove(a(s, 0)),
    "pop": lambda s: s.pop(),
    "clear": lambda s: s.clear(),
    "_update": lambda s: s._update([]),
    "__iand__": lambda s: s.__iand__(s),
    "__ior__": lambda s: s.__ior__(s),
    "__isub__": lambda s: s.__isub__(s),
    "__ixor__": lambda s: s.__ixor__(s),
}
