"""What the runs rest on: plans and their settings, assumptions, sources, fingerprints, and what to beware of."""

from __future__ import annotations

from results.report.sheets import Sheet
from results.tables import Ensemble, run_named, runs_named
from results.words import MINUS, listed
from sim.parameters import ASSUMPTION, declared
from sim.plan import Plan
from sim.policies.policy import Policy


def warnings(ensemble: Ensemble) -> list[str]:
    """What a reader must know before reading a number."""
    found = []
    if len(ensemble.cells) < 5:
        found.append(f"Only {runs_named(ensemble)}: intervals over so few say little.")
    if len({plan.parameters.fingerprint for plan in ensemble.plans}) > 1:
        found.append("The plans run under different parameters: differences are not those of the policies alone.")
    if len({plan.city.fingerprint for plan in ensemble.plans}) > 1:
        found.append("The plans run in different cities: differences are not those of the policies alone.")
    if any(plan.momentum for plan in ensemble.plans):
        found.append("Momentum is on: gaps move by themselves as young cohorts grow up, under the baseline too.")
    return found


def policies(ensemble: Ensemble) -> list[tuple[Plan, list[str]]]:
    """Every plan with its policies in words."""
    return [(plan, [f"{name}: {_words(policy)}" for name, policy in plan.policies.items()]) for plan in ensemble.plans]


def _words(policy: Policy) -> str:
    if not policy.enabled:
        return f"{policy.use.replace('_', ' ')}, not enabled"
    years = [f"{word} {year}" for word, year in (("from", policy.first), ("to", policy.last)) if year is not None]
    return "; ".join(part for part in (policy.in_words(), policy.terms_in_words(), " ".join(years)) if part)


def changed_parameters(ensemble: Ensemble) -> list[str]:
    """Parameters the plans set to something else than the declared value."""
    found: dict[str, list[str]] = {}
    for plan in ensemble.plans:
        for name, value in plan.parameters.changes.items():
            text = f"{name} = {value:g} {declared()[name].unit} (declared: {declared()[name].value:g})"
            found.setdefault(text, []).append(plan.name)
    return [
        f"{text}, in {'every plan' if len(names) == len(ensemble.plans) else listed(names)}"
        for text, names in found.items()
    ]


def parameters(assumed: bool) -> Sheet:
    """The declared parameters that nobody measured, or the others with their sources."""
    chosen = [one for one in declared().values() if (ASSUMPTION in one.source) == assumed]
    rows = [
        [one.meaning, _plain(one.value), f"{_plain(one.low)} to {_plain(one.high)}", one.unit, one.name, one.source]
        for one in chosen
    ]
    title = "Parameters that rest on an assumption" if assumed else "Parameters with a source"
    return Sheet(title, ["Meaning", "Declared value", "Range", "Unit", "Name", "Source"], rows, 6)


def _plain(value: float) -> str:
    return f"{value:g}".replace("-", MINUS)


def evidence(ensemble: Ensemble) -> list[str]:
    """What the policies rest on: rows of the evidence table, or an assumption."""
    found = {
        f"{policy.use.replace('_', ' ')}: {policy.evidence}"
        for plan in ensemble.plans
        for policy in plan.policies.values()
    }
    return sorted(found)


def record(ensemble: Ensemble) -> Sheet:
    """Fingerprints of every plan."""
    rows = [
        [
            plan.name,
            f"{plan.years.first} to {plan.years.last}",
            plan.system,
            plan.fingerprint,
            plan.city.fingerprint,
            plan.parameters.fingerprint,
        ]
        for plan in ensemble.plans
    ]
    return Sheet(
        "Plans",
        ["Plan", "Years", "Enrolment", "Plan fingerprint", "City fingerprint", "Parameters fingerprint"],
        rows,
        6,
    )


def runs(ensemble: Ensemble) -> Sheet:
    """The hash of every run's tables: run again with the same code, it must be the same."""
    rows = [
        [run_named(*cell), *(ensemble.fingerprints.get((plan.name, *cell), "–") for plan in ensemble.plans)]
        for cell in ensemble.cells
    ]
    return Sheet("Result of every run", ["Run", *(plan.name for plan in ensemble.plans)], rows, 1 + len(ensemble.plans))
