"""Libraries that only some commands need, and what is said where they are missing."""

from __future__ import annotations

import importlib
import warnings
from types import ModuleType

EXPLORE, FIT, ABC = "explore", "fit", "abc"


class ExtraMissing(Exception):
    """A library of an extra is not installed; the message says how to get it."""


def module_of(name: str, extra: str) -> ModuleType:
    """A module of an optional library. Raises ExtraMissing with the extra to install."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of runners it looks for and that nobody asked for
            return importlib.import_module(name)
    except ModuleNotFoundError as missing:
        library = (missing.name or name).split(".")[0]
        raise ExtraMissing(
            f"this needs {library}: pip install 'district-portfolio-sim[{extra}]'; nothing was run"
        ) from missing
