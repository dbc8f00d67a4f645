"""Policies. Every module in this folder or one inside it that defines a `Policy` with a `use` is found by
`policies()`.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from sim.policies.policy import Decision, Policy, When

__all__ = ["Decision", "Policy", "When", "policies"]


@cache
def policies() -> dict[str, type[Policy]]:
    """Every policy class by its name in a plan (`use`), sorted."""
    for module in pkgutil.walk_packages(__path__, f"{__name__}."):
        importlib.import_module(module.name)
    found: dict[str, type[Policy]] = {}
    todo = list(Policy.__subclasses__())
    while todo:
        policy = todo.pop()
        todo += policy.__subclasses__()
        if policy.use:
            if policy.use in found:
                raise ValueError(f"two policies are called {policy.use}")
            found[policy.use] = policy
    return dict(sorted(found.items()))
