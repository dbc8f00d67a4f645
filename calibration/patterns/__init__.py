"""What must be seen to emerge: published patterns that nobody put into the model, each with what the model shows.

Every module in this folder that defines a `PATTERNS` tuple is found by `patterns()`.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from calibration.patterns.pattern import Pattern, Seen, board

__all__ = ["Pattern", "Seen", "board", "patterns"]


@cache
def patterns() -> dict[str, Pattern]:
    """Every pattern by its name, sorted."""
    found: dict[str, Pattern] = {}
    for module in pkgutil.iter_modules(__path__):
        for pattern in getattr(importlib.import_module(f"{__name__}.{module.name}"), "PATTERNS", ()):
            if pattern.name in found:
                raise ValueError(f"two patterns are called {pattern.name}")
            found[pattern.name] = pattern
    return dict(sorted(found.items()))
