"""A table of columns: arrays of one length under their names."""

from __future__ import annotations

import difflib
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Rows = NDArray[np.int64]


class Columns:
    """Arrays of one length under their names: `Columns(math=..., group=...)`, then `columns.math`.

    Arrays have one dimension, or two with the rows first. They are kept, not copied, so a slice of a larger
    array stays a view of it. `columns.math = array` replaces a column by one of the same shape.
    Raises ValueError for unequal lengths, shapes or a name that is taken, AttributeError for an unknown name.
    """

    def __init__(self, **arrays: ArrayLike) -> None:
        columns = {name: np.asarray(array) for name, array in arrays.items()}
        for name, column in columns.items():
            if name.startswith("_") or hasattr(type(self), name):
                raise ValueError(f"a column cannot be named {name!r}: choose another name")
            if column.ndim not in (1, 2):
                raise ValueError(f"column {name!r} has {column.ndim} dimensions; give one or two, rows first")
        if len({len(column) for column in columns.values()}) != 1:
            lengths = ", ".join(f"{name} {len(column)}" for name, column in columns.items())
            raise ValueError(f"columns must be of one length: {lengths or 'there are none'}")
        self.__dict__.update(columns)

    @property
    def names(self) -> tuple[str, ...]:
        """The columns in the order given."""
        return tuple(self.__dict__)

    def __len__(self) -> int:
        return len(next(iter(self.__dict__.values())))

    def __contains__(self, name: object) -> bool:
        return name in self.__dict__

    def __getattr__(self, name: str) -> NDArray[Any]:  # only reached when there is no such column
        near = difflib.get_close_matches(name, self.names, 1)
        hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(self.names)}"
        raise AttributeError(f"no column {name!r}; {hint}")

    def __setattr__(self, name: str, array: ArrayLike) -> None:
        shape, new = np.shape(getattr(self, name)), np.asarray(array)
        if name not in self or new.shape != shape:
            raise ValueError(f"{name!r} is no column, or of shape {shape} and cannot become {new.shape}")
        self.__dict__[name] = new

    def copy(self) -> Columns:
        """The same columns in arrays of their own."""
        return Columns(**{name: column.copy() for name, column in self.__dict__.items()})

    def value(self, name: str, row: int) -> Any:
        """One cell as a plain Python value; a tuple when the column has two dimensions."""
        return self.values(name, np.array([row]))[0]

    def values(self, name: str, rows: Rows) -> list[Any]:
        """The cells of the rows, as `value` gives them."""
        cells = getattr(self, name)[rows]
        return list(map(tuple, cells.tolist())) if cells.ndim == 2 else list(cells.tolist())

    def write(self, name: str, rows: Rows | int, value: Any) -> None:
        """Write one value into the cells of the rows; ValueError if the column cannot hold it."""
        column, given = getattr(self, name), np.asarray(value)
        if given.shape != column.shape[1:]:
            raise ValueError(f"a cell of column {name!r} has shape {column.shape[1:]}, not {given.shape}")
        new = given.astype(column.dtype)
        if column.dtype.kind != "f" and not np.all(new == given):  # a cast would cut or wrap it unnoticed
            raise ValueError(f"column {name!r} holds {column.dtype}; it cannot hold {value!r}")
        column[rows] = new
