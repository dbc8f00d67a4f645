"""A name the package gives is what it gives, whatever has been imported before."""

from __future__ import annotations

import importlib
import pkgutil

import sim


def test_no_lazy_name_is_also_a_module() -> None:
    modules = {module.name for module in pkgutil.iter_modules(sim.__path__)}
    assert not modules & set(sim.__all__)


def test_every_lazy_name_is_there() -> None:
    for module in pkgutil.iter_modules(sim.__path__):
        importlib.import_module(f"sim.{module.name}")
    for name in sim.__all__:
        assert callable(getattr(sim, name)), name
