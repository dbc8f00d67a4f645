"""Real districts run again: opened as they were, with what was done imposed, and held against what came.

Every module in this folder that defines a `HISTORY` is found by `histories()`.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from calibration.histories.history import History

__all__ = ["History", "histories"]


@cache
def histories() -> dict[str, History]:
    """Every history by its name, sorted."""
    found: dict[str, History] = {}
    for module in pkgutil.iter_modules(__path__):
        history = getattr(importlib.import_module(f"{__name__}.{module.name}"), "HISTORY", None)
        if history is not None:
            if history.name in found:
                raise ValueError(f"two histories are called {history.name}")
            found[history.name] = history
    return dict(sorted(found.items()))
