"""A Mesa AgentSet over the rows of a table of columns that makes an agent only when somebody looks at one.

Forty thousand children as objects would cost more memory and time than the rest of a run together. They are
rows; `ColumnAgentSet` shows the rows through the interface Mesa users know. What it cannot honour it refuses
by name, because the inherited methods keep weak references to agents nobody else holds and so come out empty.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator
from random import Random
from typing import Any, NoReturn, Self

import mesa
import numpy as np
from numpy.typing import ArrayLike

from sim.agents.columns import Columns, Rows

try:
    from mesa.agentset import AgentSet, GroupBy
except ImportError:  # Mesa 3.3 keeps both in mesa.agent
    from mesa.agent import AgentSet, GroupBy


def _row_numbers(rows: ArrayLike, distinct: bool = True) -> Rows:
    """Rows as int64 without duplicates; a mask is refused, since it would read as rows 0 and 1."""
    array = np.asarray(rows)
    if array.ndim != 1 or (array.size and array.dtype.kind not in "iu"):
        raise TypeError(f"rows must be whole numbers in one dimension, not {array.dtype} {array.shape}")
    array = array.astype(np.int64)
    return array[np.sort(np.unique(array, return_index=True)[1])] if distinct else array


def _refused(name: str) -> Callable[..., NoReturn]:
    """A method of Mesa's that a set over columns cannot honour."""

    def method(self: ColumnAgentSet, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError(f"{type(self).__name__}.{name} is refused: {self.instead}")

    method.__name__, method.__doc__ = name, "Refused: the rows of the set are not changed one by one."
    return method


class ColumnAgentSet(AgentSet):
    """An AgentSet over rows of columns; each look at a row makes a fresh agent, equal to the last one.

    `rows` is an array of row numbers (duplicates are dropped), or a function giving one, and then the set is
    *live*: it always shows the rows of that moment, and its order cannot be changed in place. `look(row)`
    makes the agent, or None if it is gone; it has `row` and `model`, and agents are equal when those are.
    `kind` is their class, and decides what they have of their own.
    A result that is a set is a fixed one over rows, in the order given. `get`, `agg`, `sort` and `groupby`
    read whole columns where the agents' class has nothing of its own under the name.
    Unlike Mesa 3.5's, indexing does not warn: a row has a place. Do not wrap the set in a plain
    `mesa.agent.AgentSet`, which holds agents weakly and would be empty: `select()` makes a copy.
    """

    instead = "its rows belong to the columns; select() makes another set"

    def __init__(
        self,
        rows: ArrayLike | Callable[[], Rows],
        look: Callable[[int], Any],
        model: Any,
        columns: Columns | None = None,
        kind: type[Any] = mesa.Agent,
    ) -> None:
        self._rows = rows if callable(rows) else _row_numbers(rows)
        self.look, self.model, self.kind, self._columns = look, model, kind, columns
        self.random: Random = model.random

    @property
    def rows(self) -> Rows:
        """The row numbers now, int64."""
        return _row_numbers(self._rows(), distinct=False) if callable(self._rows) else self._rows

    @property
    def columns(self) -> Columns | None:
        """The columns the agents are rows of."""
        return self._columns

    def row_of(self, agent: Any) -> int | None:
        """The row of one of these agents; None for anything else."""
        return agent.row if isinstance(agent, self.kind) and agent.model is self.model else None

    def _of(self, rows: list[int], inplace: bool = False) -> Self:
        if inplace and callable(self._rows):
            raise TypeError(f"inplace is refused: a live {type(self).__name__} keeps its order; drop inplace")
        other = self if inplace else object.__new__(type(self))
        other.__dict__.update(self.__dict__, _rows=_row_numbers(rows))
        return other

    def _from_iterable(self, agents: Iterable[Any]) -> Self:
        rows = []
        for agent in agents:
            if (row := self.row_of(agent)) is None:
                raise TypeError(f"a {type(self).__name__} cannot hold {agent!r}: combine lists instead")
            rows.append(row)
        return self._of(rows)

    def _whole(self, name: str, rows: Rows) -> list[Any] | None:
        """What the agents of the rows give for the name, without making them; None if only they can tell."""
        if self.columns is None or name not in self.columns or hasattr(self.kind, name):
            return None
        return self.columns.values(name, rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Any]:
        return (agent for row in self.rows.tolist() if (agent := self.look(row)) is not None)

    def __reversed__(self) -> Iterator[Any]:
        return map(self.look, self.rows[::-1].tolist())

    def __contains__(self, agent: object) -> bool:
        row = self.row_of(agent)
        return row is not None and bool(np.any(self.rows == row))

    def __getitem__(self, item: Any) -> Any:
        chosen = self.rows.tolist()[item]
        return list(map(self.look, chosen)) if isinstance(chosen, list) else self.look(chosen)

    def to_list(self) -> list[Any]:
        """Every agent, made now, in a list that keeps it."""
        return list(self)

    # Mesa's own set on the left would build a weak set of fresh agents; redefined, ours answer first.
    def __rand__(self, other: Any) -> Any:
        return self & other

    def __ror__(self, other: Any) -> Any:
        return self | other

    def __rxor__(self, other: Any) -> Any:
        return self ^ other

    def __rsub__(self, other: Any) -> Self:
        return self._from_iterable(agent for agent in other if agent not in self)

    add, discard, remove = _refused("add"), _refused("discard"), _refused("remove")
    pop, clear, _update = _refused("pop"), _refused("clear"), _refused("_update")
    __iand__, __ior__ = _refused("__iand__"), _refused("__ior__")
    __isub__, __ixor__ = _refused("__isub__"), _refused("__ixor__")

    def copy(self) -> Self:
        """A fixed set of the rows of this moment."""
        return self._of(self.rows.tolist())

    __copy__ = copy
    __getstate__ = object.__getstate__

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)

    def select(
        self,
        filter_func: Callable[[Any], bool] | None = None,
        at_most: int | float = float("inf"),
        inplace: bool = False,
        agent_type: type | None = None,
    ) -> Self:
        """The first `at_most` agents (a number, or a share if a float up to 1) that pass, seen one by one."""
        rows, chosen = self.rows.tolist(), list[int]()
        if isinstance(at_most, float) and at_most <= 1.0:
            at_most = int(len(rows) * at_most)
        for row in rows:
            if len(chosen) >= at_most:
                break
            agent = self.look(row) if filter_func or agent_type else None
            if (not filter_func or filter_func(agent)) and (not agent_type or isinstance(agent, agent_type)):
                chosen.append(row)
        return self._of(chosen, inplace)

    def shuffle(self, inplace: bool = False) -> Self:
        """The agents in a random order: the very order Mesa's own set would draw."""
        rows = self.rows.tolist()
        self.random.shuffle(rows)
        return self._of(rows, inplace)

    def sort(self, key: Callable[[Any], Any] | str, ascending: bool = False, inplace: bool = False) -> Self:
        """The agents by a function or attribute, largest first unless `ascending`; ties keep their order."""
        rows = self.rows.tolist()
        values = self._whole(key, self.rows) if isinstance(key, str) else None
        if values is None:
            values = self.map(operator.attrgetter(key) if isinstance(key, str) else key)
        order = sorted(range(len(rows)), key=values.__getitem__, reverse=not ascending)
        return self._of([rows[place] for place in order], inplace)

    def do(self, method: str | Callable[..., Any], *args: Any, **kwargs: Any) -> Self:
        """Call a method by name, or a function, on every agent; what they write to columns stays."""
        self.map(method, *args, **kwargs)
        return self

    def shuffle_do(self, method: str | Callable[..., Any], *args: Any, **kwargs: Any) -> Self:
        """`do` in a random order: the very order Mesa's own set would draw."""
        self.shuffle().map(method, *args, **kwargs)
        return self

    def map(self, method: str | Callable[..., Any], *args: Any, **kwargs: Any) -> list[Any]:
        """The answers of a method by name, or of a function, for every agent."""
        if isinstance(method, str):
            return [getattr(agent, method)(*args, **kwargs) for agent in self]
        return [method(agent, *args, **kwargs) for agent in self]

    def get(self, attr_names: Any, handle_missing: str = "error", default_value: Any = None) -> list[Any]:
        """One attribute of every agent, or several in a list each; whole columns at once where possible."""
        if handle_missing not in ("error", "default"):
            raise ValueError(f"Unknown handle_missing option: {handle_missing}, use 'error' or 'default'")
        if not isinstance(attr_names, str):
            each = [self.get(name, handle_missing, default_value) for name in attr_names]
            return list(map(list, zip(*each, strict=True))) if each else [[] for _ in self.rows]
        whole = self._whole(attr_names, self.rows)
        if whole is not None:
            return whole
        default = () if handle_missing == "error" else (default_value,)
        return [getattr(agent, attr_names, *default) for agent in self]

    def agg(self, attribute: str, func: Callable[..., Any] | Iterable[Callable[..., Any]]) -> Any:
        """A function, or each of several, of the list of one attribute of all agents."""
        values = self.get(attribute)
        return func(values) if callable(func) else [each(values) for each in func]

    def set(self, attr_name: str, value: Any) -> Self:
        """Write one value into the column for every agent; an attribute that is no column is refused."""
        if self.columns is None or attr_name not in self.columns or hasattr(self.kind, attr_name):
            raise AttributeError(f"cannot set {attr_name!r}: no column, and fresh agents would forget it")
        self.columns.write(attr_name, self.rows, value)
        return self

    def groupby(self, by: Callable[[Any], Any] | str, result_type: str = "agentset") -> GroupBy:
        """Mesa's GroupBy of sets over rows, or of lists of agents for any `result_type` but "agentset"."""
        groups: dict[Any, list[int]] = {}
        keys = self.get(by) if isinstance(by, str) else self.map(by)
        for key, row in zip(keys, self.rows.tolist(), strict=True):
            groups.setdefault(key, []).append(row)
        pack = self._of if result_type == "agentset" else lambda rows: list(map(self.look, rows))
        return GroupBy({key: pack(rows) for key, rows in groups.items()})
