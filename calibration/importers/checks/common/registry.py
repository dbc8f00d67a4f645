"""All checks, found by a look into their folder, and one call that runs them."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from calibration.importers import checks as folder
from calibration.importers.checks.common.finding import SEVERITIES, Check, Finding, first_of
from calibration.importers.checks.common.frames import Tables, complete


@cache
def list_checks() -> dict[str, Check]:
    """Every check by the name of its module, sorted; TypeError for a module without a `check`."""
    found: dict[str, Check] = {}
    for module in sorted(pkgutil.iter_modules(folder.__path__), key=lambda one: one.name):
        if not module.ispkg:
            check = getattr(importlib.import_module(f"{folder.__name__}.{module.name}"), "check", None)
            if not callable(check):
                raise TypeError(f"calibration/importers/checks/{module.name}.py has no function `check`")
            found[module.name] = check
    return found


def run_checks(tables: Tables) -> list[Finding]:
    """What all checks find in the tables of district records, the most serious first; the tables are not changed.

    `tables`: table -> frame with the columns of `memory_columns`, and with `file` and `line` where rows carry them;
    tables that are not there count as empty.
    """
    ready = complete(tables)
    findings = [one for check in list_checks().values() for one in first_of(check(ready))]
    return sorted(findings, key=lambda one: SEVERITIES.index(one.severity))
