"""A plan in plain words, year by year, before anything runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.agents.operators import operator_files
from sim.city import SUBJECTS
from sim.measures.gaps import BANDS
from sim.opening.codes import CityCodes
from sim.parameters import ASSUMPTION, declared

if TYPE_CHECKING:
    from sim.plan import Plan
    from sim.policies.policy import Policy

ORDER = (
    "Policies act in the order in which the plan names them. The first decision that settles what becomes of a school "
    "stands until it is carried out; a later one on the same school is set aside, and the record says so."
)


def describe(plan: Plan) -> dict[str, Any]:
    """What the plan is and does: title, question, district, years, policies, operators, changed parameters."""
    return {
        "name": plan.name,
        "title": plan.title,
        "question": plan.question,
        "district": _district(plan),
        "years": [
            {"year": year, "what": what}
            for year in plan.years
            if (what := [line for name, policy in plan.policies.items() for line in _in_year(plan, name, policy, year)])
        ],
        "never": [f"{name} is switched off" for name, policy in plan.policies.items() if not policy.enabled],
        "order": ORDER if len(plan.policies) > 1 else "",
        "operators": _operators(plan),
        "parameters": [
            f"{name} is {value:g} in place of {declared()[name].value:g} {declared()[name].unit}: "
            f"{declared()[name].meaning[:1].lower()}{declared()[name].meaning[1:]}"
            for name, value in plan.parameters.changes.items()
        ],
        "leans_on": _leans_on(plan),
    }


def _district(plan: Plan) -> list[str]:
    city = plan.city
    pupils = city.enrollment.groupby("group")["pupils"].sum()
    shares = ", ".join(f"{group} {pupils[group] / pupils.sum():.0%}" for group in city.groups if group in pupils)
    charters = int((city.schools["sector"] == "charter").sum())
    lines = [
        f"{city.title}, as it was in June {city.opening_year}: {pupils.sum():,.0f} pupils ({shares}) in "
        f"{len(city.schools)} schools, {charters} of them charters",
        f"the plan acts from {plan.years.first} to {plan.years.last}; families choose in a {plan.system} system"
        + ("" if plan.outside_option else " and cannot leave the public schools"),
    ]
    return lines + _opening_gap(plan)


def _opening_gap(plan: Plan) -> list[str]:
    """Levels of both groups in the opening June, grades 3-8, weighted by pupils."""
    codes, city = CityCodes(plan.city), plan.city
    grades = list(BANDS["3-8"])
    pupils = codes.roll.sum(axis=1)[grades]
    levels = (codes.target[grades] * pupils[:, :, None]).sum(axis=0) / pupils.sum(axis=0)[:, None]
    focal, reference = (city.groups.index(group) for group in (city.focal_group, city.reference_group))
    return [
        f"{subject}, grades 3-8: {city.focal_group} {levels[focal, k]:+.2f} SD, {city.reference_group} "
        f"{levels[reference, k]:+.2f} SD, a gap of {levels[reference, k] - levels[focal, k]:.2f}"
        for k, subject in enumerate(SUBJECTS)
    ]


def _in_year(plan: Plan, name: str, policy: Policy, year: int) -> list[str]:
    """What happens with a policy in a year: it begins, goes on in another measure, or has ended."""
    first = max(policy.first or plan.years.first, plan.years.first)
    last = min(policy.last or plan.years.last, plan.years.last)
    if not policy.enabled:
        return []
    if year == first:
        condition = (
            "" if policy.if_district is None else f", but only after a year with {policy.if_district.in_words()}"
        )
        grows = (
            f"; its yearly limit grows to the full one over {policy.phase_in_years} years"
            if policy.phase_in_years > 1
            else ""
        )
        until = f"until {last}" if last < plan.years.last else "to the end"
        every = "in this year only" if first == last else f"every year {until}"
        return [f"{name} begins: {policy.in_words()}{condition}; {every}{grows}"]
    if year == first + policy.phase_in_years - 1 and policy.phase_in_years > 1 and year <= last:
        return [f"{name} reaches its full yearly limit"]
    if year == last + 1:
        return [f"{name} takes no more decisions; what it has begun goes on"]
    return []


def _operators(plan: Plan) -> list[str]:
    named = dict.fromkeys(key for policy in plan.policies.values() for key in policy.operators_named())
    lines = []
    for key in named:
        file = operator_files()[key]
        first = "K" if file.first_grade == 0 else str(file.first_grade)
        over = f" over {file.total.years:g} years" if file.total.years > 1 else ""
        lines.append(
            f"{file.title} ({key}), grades {first}-{file.last_grade}: pupils gain {file.total.math:+.2f} SD in math "
            f"({file.total.estimand}{over}, {file.total.low:+.2f} to {file.total.high:+.2f}; {file.total.source})"
        )
    return lines


def _leans_on(plan: Plan) -> list[str]:
    """Where the evidence is thin: policies and operators that rest on assumptions."""
    lines = [
        f"{name} ({policy.use}) rests on an assumption, not on a study"
        for name, policy in plan.policies.items()
        if policy.enabled and policy.evidence == ASSUMPTION
    ]
    for key in dict.fromkeys(key for policy in plan.policies.values() for key in policy.operators_named()):
        if ASSUMPTION in operator_files()[key].total.source:
            lines.append(f"the effect of {operator_files()[key].title} is an assumption")
    return lines


def in_words(facts: dict[str, Any]) -> str:
    """The description as text."""
    lines = [f"{facts['title'] or facts['name']} ({facts['name']})"]
    if facts["question"]:
        lines.append(facts["question"])
    lines += ["", *facts["district"], ""]
    for one in facts["years"]:
        lines += [f"{one['year']}", *(f"  {line}" for line in one["what"])]
    if not facts["years"]:
        lines.append("Nothing is changed.")
    for title, key in (
        ("Not at work", "never"),
        ("Who runs the schools", "operators"),
        ("Numbers changed from the declared ones", "parameters"),
        ("Where the evidence is thin", "leans_on"),
    ):
        if facts[key]:
            lines += ["", title, *(f"  {line}" for line in facts[key])]
    if facts["order"]:
        lines += ["", facts["order"]]
    return "\n".join(lines)
