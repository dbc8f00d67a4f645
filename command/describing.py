"""`portfolio describe`: a plan in plain words, from the facts of `scenarios.describe`."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Any

from results import words

WIDE = 100
MOST_GROUPS = 12


def described(facts: dict[str, Any]) -> str:
    """The plan as text of at most a hundred letters a line."""
    parts = [
        _head,
        _district,
        _rules,
        _policies,
        _levers,
        _years,
        _not,
        _variants,
        _parameters,
        _operators,
        _assumptions,
    ]
    return "\n".join(line for part in parts for line in part(facts))


def _say(text: str, indent: int = 0, hang: int = 2) -> list[str]:
    first, rest = " " * indent, " " * (indent + hang)
    return textwrap.wrap(
        text, WIDE, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    )


def _head(facts: dict[str, Any]) -> Iterator[str]:
    yield from _say(f"{facts['name']}: {facts['title']}" if facts["title"] != facts["name"] else facts["name"])
    if facts["question"]:
        yield from _say(facts["question"], 2, 0)


def _district(facts: dict[str, Any]) -> Iterator[str]:
    d = facts["district"]
    schools = words.listed([f"{number} {sector}" for sector, number in d["schools"].items()])
    yield ""
    yield from _say(
        f"District: {d['title']} in June {d['opening_year']}: {schools} schools, {words.count(d['pupils'])} pupils, "
        f"{words.count(d['seats'])} seats."
    )
    groups = d["pupils_by_group"]
    yield from _say(
        "Pupils: " + ", ".join(f"{group} {words.share(n / max(d['pupils'], 1))}" for group, n in groups.items()) + "; "
        f"{words.share(d['flag_shares']['low_income'])} low-income, "
        f"{words.share(d['flag_shares']['english_learner'])} English learners, "
        f"{words.share(d['flag_shares']['disability'])} with a disability.",
        2,
    )
    gaps = " and ".join(f"{words.sd(gap)} SD in {subject}" for subject, gap in d["gap"].items())
    yield from _say(f"Gap, {d['reference']} less {d['focal']}, grades {d['band']}: {gaps}.", 2)
    for subject, levels in d["levels"].items():
        # the pair of the gap first, so that its levels are never among those left out
        pair = (d["focal"], d["reference"])
        groups_shown = [*pair, *(group for group in levels if group not in pair)][:MOST_GROUPS]
        shown = ", ".join(f"{group} {words.sd(levels[group])}" for group in groups_shown)
        yield from _say(f"Levels in {subject}, SD: {shown}.", 2)


def _rules(facts: dict[str, Any]) -> Iterator[str]:
    first, last = facts["years"]
    moved = f", moved by {facts['moved_by_years']:+d} to suit the district" if facts["moved_by_years"] else ""
    yield ""
    yield from _say(f"Years: {first} to {last}{moved}; a year is the spring in which it ends.")
    if facts["changed_rules"]:
        yield from _say(f"Changed: {'; '.join(facts['changed_rules'])}.")
    yield from _say(f"Kept: {'; '.join(facts['kept'])}.")


def _policies(facts: dict[str, Any]) -> Iterator[str]:
    yield ""
    if not facts["policies"]:
        yield "No policy acts: the district goes on as it is."
        return
    yield "What the district does, in this order:" if len(facts["policies"]) > 1 else "What the district does:"
    for number, policy in enumerate(facts["policies"], 1):
        terms = f"; {policy['terms']}" if policy["terms"] else ""
        span = f"{policy['first']} to {policy['last']}" if policy["first"] < policy["last"] else f"{policy['first']}"
        yield from _say(
            f"{number}. {policy['name']} ({policy['use']}, {span}): {policy['does']}{terms}. "
            f"Evidence: {policy['evidence']}.",
            2,
            3,
        )
    if facts["order"]:
        yield from _say(facts["order"], 2, 0)


def _levers(facts: dict[str, Any]) -> Iterator[str]:
    pulled, forgotten = facts["levers"]["pulled"], facts["levers"]["forgotten"]
    yield ""
    if not pulled:
        yield "Of the ten levers of a portfolio strategy it pulls none."
        return
    yield f"Of the ten levers of a portfolio strategy it pulls {len(pulled)}:"
    for one in pulled:
        yield from _say(f"{one['lever']}: {one['words']} ({words.listed(one['by'])})", 2)
    if forgotten:
        yield "It forgets:"
    for one in forgotten:
        yield from _say(f"{one['lever']}: {one['words']}", 2)


def _years(facts: dict[str, Any]) -> Iterator[str]:
    if not facts["policies"]:
        return
    yield ""
    yield "Year by year:"
    spans: list[tuple[int, int, str]] = []
    for year in facts["by_year"]:
        said = _year(year)
        if spans and spans[-1][2] == said:
            spans[-1] = (spans[-1][0], year["year"], said)
        else:
            spans.append((year["year"], year["year"], said))
    for first, last, said in spans:
        yield from _say(f"{first if first == last else f'{first} to {last}'}: {said}", 2)


def _year(year: dict[str, Any]) -> str:
    def named(names: list[str]) -> str:
        return words.listed(
            [
                f"{name} ({year['phases'][name][0]} of {year['phases'][name][1]} parts)"
                if name in year["phases"]
                else name
                for name in names
            ]
        )

    parts = []
    going_on = [name for name in year["goes_on"] if name not in year["last_time"]]
    for names, one, many in (
        (year["begins"], "begins", "begin"),
        (going_on, "goes on", "go on"),
        (year["last_time"], "acts for the last time", "act for the last time"),
    ):
        if names:
            parts.append(f"{named(names)} {one if len(names) == 1 else many}")
    return "; ".join(parts) or "nothing is decided"


def _not(facts: dict[str, Any]) -> Iterator[str]:
    if facts["will_not_happen"]:
        yield ""
        yield "What will not happen:"
    for policy in facts["will_not_happen"]:
        yield from _say(f"{policy['name']}, since {policy['because']} ({policy['does']})", 2)


def _variants(facts: dict[str, Any]) -> Iterator[str]:
    if facts["variant"]:
        yield ""
        yield f"Variant {facts['variant']['name']}, which changes:"
        for key, value in facts["variant"]["changes"].items():
            yield from _say(f"{key}: {_value(value)}", 2)
    if facts["other_variants"]:
        yield ""
        yield from _say(
            f"{'Other variants' if facts['variant'] else 'Variants'}: {', '.join(facts['other_variants'])}."
        )


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {_value(item)}" for key, item in value.items())
    if isinstance(value, list):
        return ", ".join(_value(item) for item in value)
    if value is None or isinstance(value, bool):
        return {None: "none", True: "true", False: "false"}[value]
    return str(value)


def _parameters(facts: dict[str, Any]) -> Iterator[str]:
    if facts["parameters"]:
        yield ""
        yield "Numbers of the model that are not as declared:"
    for p in facts["parameters"]:
        yield from _say(
            f"{p['name']} = {p['value']:g} {p['unit']} instead of {p['declared']:g} "
            f"({p['range'][0]:g} to {p['range'][1]:g}): {p['meaning']}. Source: {p['source']}.",
            2,
        )


def _operators(facts: dict[str, Any]) -> Iterator[str]:
    if facts["operators"]:
        yield ""
        yield "Who opens schools, and what is known of them:"
    for o in facts["operators"]:
        years = f"over {o['years']:g} years" if o["years"] > 1 else "a year"
        yield from _say(
            f"{o['title']} ({o['name']}, {o['sector']}, grades {o['grades'][0] or 'K'} to {o['grades'][1]}): published "
            f"{words.signed(o['math'], 2)} SD in math ({words.interval(o['low'], o['high'], 2)}) and "
            f"{words.signed(o['reading'], 2)} in reading {years}, {o['estimand']}; {o['source']}. {o['about']}",
            2,
        )


def _assumptions(facts: dict[str, Any]) -> Iterator[str]:
    yield ""
    yield "What it leans on without evidence:"
    for assumption in facts["assumptions"]:
        yield from _say(assumption, 2)
    for beyond in facts["beyond_studied"]:
        yield from _say(f"extrapolated: {beyond}", 2)
    yield from _say(f"`portfolio list parameters` and `portfolio explain {facts['district']['name']}` name them.", 2, 0)
