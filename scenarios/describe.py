"""What a plan is going to do, before anything runs: plain facts for people to read, nothing simulated."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from scenarios.files import Checked
from sim.agents.operators import OperatorFile, operator_files
from sim.city import FLAGS, SUBJECTS, City
from sim.measures.gaps import BANDS
from sim.opening.codes import CityCodes, codes_of
from sim.parameters import ASSUMPTION, declared
from sim.plan import Plan
from sim.policies.levers import LEVERS
from sim.policies.policy import Policy
from sim.studied.guard import beyond

BAND = "3-8"

ORDER = (
    "Every summer the policies decide in this order, seen from the last June. Each decision is carried out before the "
    "next is taken, so where two want the same school, seat or site, the earlier one has it."
)
"""The rule for conflicts."""


def description(checked: Checked) -> dict[str, Any]:
    """Everything a reader wants to know of a plan, as plain values; shares are of 1, levels and gaps in SD."""
    plan = checked.plan
    active = {name: policy for name, policy in plan.policies.items() if policy.enabled}
    return {
        "name": plan.name,
        "title": plan.title,
        "question": plan.question,
        "district": _district(plan.city),
        "years": [plan.years.first, plan.years.last],
        "moved_by_years": checked.moved_by,
        "variant": {"name": checked.variant, "changes": dict(checked.changes)} if checked.variant else None,
        "other_variants": [name for name in checked.variants if name != checked.variant],
        "kept": list(_kept(plan)),
        "changed_rules": list(_changed_rules(plan)),
        "policies": [_policy(name, policy, plan) for name, policy in active.items()],
        "order": ORDER if len(active) > 1 else "",
        "levers": _levers(active),
        "by_year": [_year(year, active, plan) for year in plan.years],
        "will_not_happen": _will_not_happen(checked),
        "parameters": [_parameter(name, value) for name, value in plan.parameters.changes.items()],
        "operators": [_operator(name, operator_files()[name]) for name in _operators(active)],
        "assumptions": list(_assumptions(plan, active)),
        "beyond_studied": [thing.in_words() for thing in beyond(plan)],
    }


def _district(city: City) -> dict[str, Any]:
    codes = codes_of(city)
    pupils = codes.roll.sum(axis=(0, 1))
    total = float(pupils.sum())
    flags = (codes.flag_share_by_grade * codes.roll.sum(axis=1)[:, :, None]).sum(axis=(0, 1)) / max(total, 1.0)
    levels = _levels(codes)
    ahead, behind = city.reference_group, city.focal_group
    return {
        "name": city.name,
        "title": city.title,
        "opening_year": city.opening_year,
        "schools": {str(sector): int(n) for sector, n in city.schools["sector"].value_counts().items()},
        "seats": int(city.schools["seats"].sum()),
        "pupils": int(total),
        "pupils_by_group": {group: int(n) for group, n in zip(city.groups, pupils, strict=True)},
        "flag_shares": {flag: float(share) for flag, share in zip(FLAGS, flags, strict=True)},
        "reference": ahead,
        "focal": behind,
        "band": BAND,
        "levels": levels,
        "gap": {subject: levels[subject][ahead] - levels[subject][behind] for subject in SUBJECTS},
    }


def _levels(codes: CityCodes) -> dict[str, dict[str, float]]:
    """True mean of each group in the opening June, by subject, SD; NaN without pupils."""
    grades = list(BANDS[BAND])
    pupils = codes.roll.sum(axis=1)[grades]
    with np.errstate(invalid="ignore"):
        mean = (codes.target[grades] * pupils[:, :, None]).sum(axis=0) / pupils.sum(axis=0)[:, None]
    return {
        subject: {group: float(mean[g, k]) for g, group in enumerate(codes.city.groups)}
        for k, subject in enumerate(SUBJECTS)
    }


def _kept(plan: Plan) -> Iterator[str]:
    if plan.system == plan.city.enrollment_system:
        yield f"seats are given as the district does it now ({plan.system})"
    if plan.outside_option:
        yield "families may leave the public schools, or come to them, as the schools on offer change"
    if plan.politics == "off":
        yield "there is no politics: every decision passes"
    if not plan.momentum:
        yield "cohorts are sorted over the schools alike, so that the gap does not move by itself"
    yield "the children, the families and the luck are the same as under any other plan with the same seed"


def _changed_rules(plan: Plan) -> Iterator[str]:
    if plan.system != plan.city.enrollment_system:
        own = plan.city.enrollment_system
        yield f"seats are given by {plan.system} enrolment from the first year on, not {own} as now"
    if not plan.outside_option:
        yield "nobody leaves the public schools, or comes to them, because the schools on offer change"
    if plan.politics == "fixed":
        yield "politics is a yearly budget of political capital, and a labor contract bargained every three years"
    if plan.politics == "on":
        yield "politics is on: capital, opposition, board elections, a labor contract, superintendents who may leave"
    if plan.politics != "off" and not plan.proof_points:
        yield "good new seats do not make the labor contract more flexible"
    if plan.momentum:
        yield "each cohort keeps the sorting the file has, so that gaps move by themselves"


def _levers(active: dict[str, Policy]) -> dict[str, Any]:
    """The ten levers: those the plan pulls, each with its words and the policies that pull it, and those it leaves."""
    by: dict[str, list[str]] = {}
    for name, policy in active.items():
        for lever in policy.levers_pulled():
            by.setdefault(lever, []).append(name)
    return {
        "pulled": [{"lever": one, "words": LEVERS[one], "by": by[one]} for one in LEVERS if one in by],
        "forgotten": [{"lever": one, "words": LEVERS[one]} for one in LEVERS if one not in by],
    }


def _span(policy: Policy, plan: Plan) -> tuple[int, int]:
    first = plan.years.first if policy.first is None else policy.first
    return first, plan.years.last if policy.last is None else policy.last


def _policy(name: str, policy: Policy, plan: Plan) -> dict[str, Any]:
    first, last = _span(policy, plan)
    return {
        "name": name,
        "use": policy.use,
        "first": first,
        "last": last,
        "does": policy.in_words(),
        "terms": policy.terms_in_words(),
        "evidence": policy.evidence,
    }


def _year(year: int, active: dict[str, Policy], plan: Plan) -> dict[str, Any]:
    spans = {name: _span(policy, plan) for name, policy in active.items()}
    return {
        "year": year,
        "begins": [name for name, (first, _) in spans.items() if first == year],
        "goes_on": [name for name, (first, last) in spans.items() if first < year <= last],
        "last_time": [name for name, (_, last) in spans.items() if last == year < plan.years.last],
        "phases": {
            name: [year - spans[name][0] + 1, policy.phase_in_years]
            for name, policy in active.items()
            if spans[name][0] <= year <= spans[name][1] and year - spans[name][0] + 1 < policy.phase_in_years
        },
    }


def _will_not_happen(checked: Checked) -> list[dict[str, str]]:
    off = [
        {"name": name, "does": f"{policy.use}: {policy.in_words()}", "because": "it is not enabled"}
        for name, policy in checked.plan.policies.items()
        if not policy.enabled
    ]
    return off + [
        {"name": name, "does": "an inherited policy", "because": "it is set to null"} for name in checked.switched_off
    ]


def _parameter(name: str, value: float) -> dict[str, Any]:
    p = declared()[name]
    return {
        "name": name,
        "meaning": p.meaning,
        "value": value,
        "declared": p.value,
        "unit": p.unit,
        "range": [p.low, p.high],
        "source": p.source,
    }


def _operators(active: dict[str, Policy]) -> list[str]:
    return list(dict.fromkeys(name for policy in active.values() for name in policy.operators_named()))


def _operator(name: str, file: OperatorFile) -> dict[str, Any]:
    return {
        "name": name,
        "title": file.title,
        "sector": file.sector,
        "grades": [file.first_grade, file.last_grade],
        **file.total.model_dump(include={"math", "reading", "estimand", "years", "low", "high", "source"}),
        "about": file.about,
    }


def _assumptions(plan: Plan, active: dict[str, Policy]) -> Iterator[str]:
    for name, policy in active.items():
        if ASSUMPTION in policy.evidence:
            yield f"{name}: what {policy.use} does is an assumption ({policy.evidence})"
    for name in _operators(active):
        source = operator_files()[name].total.source
        if ASSUMPTION in source or "low confidence" in source:
            yield f"{name}: its effect is not well known ({source})"
    for name in plan.parameters.changes:
        if ASSUMPTION in declared()[name].source:
            yield f"{name}: nobody has measured it"
    assumed = sum(ASSUMPTION in parameter.source for parameter in declared().values())
    yield f"{assumed} of the {len(declared())} parameters of the model are assumptions in whole or part"
    if plan.city.assumptions:
        yield f"{len(plan.city.assumptions)} assumptions about the district"
