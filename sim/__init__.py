"""District portfolio simulation. `from sim import District, ensemble, compare` (loaded when first used).

No name given here may also be a module of the package: importing the module would hide it.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOMES = {
    "City": "sim.city",
    "District": "sim.district",
    "Draw": "sim.draws",
    "Ensemble": "sim.run",
    "Parameters": "sim.parameters",
    "Plan": "sim.plan",
    "Years": "sim.plan",
    "compare": "sim.run",
    "ensemble": "sim.run",
    "possible_draws": "sim.draws",
    "prior_draws": "sim.draws",
}
__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        value = getattr(import_module(_HOMES[name]), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
