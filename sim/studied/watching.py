"""Which plans are run while somebody watches: work that makes its districts by itself can be asked what it ran."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.plan import Plan

_watched: ContextVar[list[Plan] | None] = ContextVar("_watched", default=None)


@contextmanager
def plans_opened() -> Iterator[list[Plan]]:
    """The plans of all districts that are opened inside, in order; the list grows as they are."""
    found: list[Plan] = []
    token = _watched.set(found)
    try:
        yield found
    finally:
        _watched.reset(token)


def note(plan: Plan) -> None:
    """A district of this plan is opened."""
    watched = _watched.get()
    if watched is not None:
        watched.append(plan)
