"""From the merged scenario to a typed plan: every value checked, every mistake gathered, nothing guessed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from scenarios.cities import city_of, district_folder, list_cities
from scenarios.combining import POLICY_NAME
from scenarios.problems import Problem, ProblemsFound, nearest_name
from scenarios.schema import FIRST_YEAR, MOST_YEARS, ScenarioHead, head_schema, policy_schema
from scenarios.words import dotted, mistakes, stray_values, untold, without_mistakes
from scenarios.written import OVERRIDE, Place, Written
from sim.agents.operators import operator_files
from sim.city import City
from sim.measures.gaps import FLAG_GROUPS
from sim.parameters import Parameter, Parameters, declared
from sim.plan import Plan, Years
from sim.policies import policies
from sim.policies.policy import Policy

_NONE = Written({}, OVERRIDE)
_SHAPES = {
    "policies": "names of your own with settings, such as `weakest: {use: closure, ...}`",
    "parameters": "names with numbers, such as `learning.retention.math: 0.65`",
    "variants": "names of your own with changes, such as `bold: {policies.weakest.per_year: 4}`",
    "years": "`{first: 2027, last: 2037}`",
}
_OR_EXTEND = "or extend a plan that has it, such as `extends: status_quo`"


class Builder:
    """Builds one plan; `problems` grows with every mistake and `file` is the scenario asked for."""

    def __init__(self, tree: Written, file: str, problems: list[Problem]) -> None:
        self.tree = tree
        self.file = file
        self.problems = problems

    def plan(self, name: str) -> Plan | None:
        """The plan, or None when anything was wrong."""
        before = len(self.problems)
        for key in ("policies", "parameters", "variants", "years"):
            self._is_map(self.tree.map.get(key), key)
        head = self._head()
        city = self._city()
        years = self._years(city)
        found = {
            key: policy
            for key, node in self.tree.map.get("policies", _NONE).map.items()
            if node.value is not None and (policy := self._policy(key, node, years, city)) is not None
        }
        changes = self._parameters()
        if len(self.problems) > before or head is None or city is None or years is None:
            return None
        return Plan(
            name=name,
            city=city,
            years=years,
            policies=found,
            parameters=Parameters(changes),
            title=head.title or name,
            question=head.question,
            enrollment_system=head.enrollment_system,
            outside_option=head.outside_option,
            momentum=head.momentum,
            politics=head.politics,
            proof_points=head.proof_points,
        )

    def _say(self, place: Place, key: str, message: str, *about: Any, **more: Any) -> None:
        self.problems.append(place.problem(key, message, *about, **more))

    def _is_map(self, node: Written | None, key: str) -> None:
        if node is not None and not isinstance(node.value, dict):
            empty = node.value is None
            self._say(
                node.place,
                key,
                "names nothing" if empty else "not a map",
                node.plain(),
                f"{_SHAPES[key]}; leave the line out to change nothing",
            )

    def _head(self) -> ScenarioHead | None:
        entries = {key: node for key, node in self.tree.map.items() if key in ScenarioHead.model_fields}
        if "years" in entries and not isinstance(entries["years"].value, dict):
            some = Written(FIRST_YEAR, OVERRIDE)  # what stands there is told elsewhere
            entries["years"] = Written({"first": some, "last": some}, OVERRIDE)
        head = Written(entries, Place(self.file))
        stray = stray_values(head, head_schema(), "")
        self.problems += stray
        try:
            found = ScenarioHead.model_validate(head.plain())
        except ValidationError as error:
            found_wrong = mistakes(error, head, head_schema(), "")
            self.problems += [
                replace(one, allowed=f"{one.allowed}; {_OR_EXTEND}") if one.message == "is missing" else one
                for one in untold(found_wrong, stray)
            ]
            return None
        return None if stray else found

    def _city(self) -> City | None:
        node = self.tree.map.get("district")
        if node is None or not isinstance(node.value, str) or not node.value.strip():
            return None
        if len(node.value) > 1000:
            return None
        folder, cities = district_folder(node), list_cities()
        if folder is None:
            self._say(
                node.place,
                "district",
                "no such district",
                node.value,
                f"{', '.join(cities)}, or the path of a district folder",
                nearest_name(Path(node.value).name, cities),
            )
            return None
        try:
            return city_of(folder)
        except ProblemsFound as error:
            self.problems += error.problems
            return None

    def _years(self, city: City | None) -> Years | None:
        node = self.tree.map.get("years", _NONE)
        first, last = _whole(node.get("first")), _whole(node.get("last"))
        if first is None or last is None:
            return None
        if last < first:
            self._say(
                node.map["last"].place, "years.last", f"before the first year, {first}", last, f"{first} or later"
            )
            return None
        if last - first + 1 > MOST_YEARS:
            self._say(node.map["last"].place, "years.last", "too many years", last, f"at most {MOST_YEARS} years")
            return None
        if city is not None and first != city.opening_year + 1:
            at, district = node.map["first"].place, self.tree.map["district"].place
            # The line in the scenario asked for is the one a person would change.
            place = district if at.file != self.file and district.file == self.file else at
            self._say(
                place,
                "years.first",
                f"{city.name} opens in June {city.opening_year}; the plan starts a year later",
                first,
                str(city.opening_year + 1),
            )
            return None
        return Years(first, last)

    def _policy(self, name: str, node: Written, years: Years | None, city: City | None) -> Policy | None:
        key, where = f"policies.{name}", node.place
        if not POLICY_NAME.fullmatch(name):
            self._say(where, key, "not a name for a policy", name, "letters, digits, - and _, at most 60")
            return None
        if not isinstance(node.value, dict):
            self._say(where, key, "not a map of settings", node.plain(), "{use: closure, ...}")
            return None
        use = node.map.get("use")
        if use is None:
            others = [other for other, item in self.tree.map["policies"].map.items() if item.value and other != name]
            self._say(
                where,
                f"{key}.use",
                f"is missing; {where.note} changes a policy that this plan does not have"
                if where.note
                else "is missing, and no policy of this name is inherited",
                allowed=", ".join(policies()),
                nearest=nearest_name(name, others),
            )
            return None
        if not isinstance(use.value, str) or use.value not in policies():
            near = nearest_name(use.value, policies())
            self._say(use.place, f"{key}.use", "no such policy", use.plain(), ", ".join(policies()), near)
            if near and str(use.value).lower() == near:
                self._settings(key, near, node, years, city)  # the rest can be told as well
            return None
        return self._settings(key, use.value, node, years, city)

    def _settings(self, key: str, use: str, node: Written, years: Years | None, city: City | None) -> Policy | None:
        settings = Written({name: item for name, item in node.map.items() if name != "use"}, node.place)
        schema, wrong = policy_schema(use), self._policy_years(key, settings, years)
        wrong += untold(stray_values(settings, schema, key), wrong)
        plain, found = settings.plain(), None
        try:
            found = policies()[use].model_validate(plain)
        except ValidationError as error:
            wrong += untold(mistakes(error, settings, schema, key), wrong)
            # Names are checked even when another setting is wrong, so that all mistakes come at once.
            found = without_mistakes(policies()[use], plain, error)
        self.problems += wrong
        if found is not None:
            self._names(key, settings, "operators", found.operators_named(), operator_files())
            if city is not None:
                schools = city.schools["school"].astype(str)
                # a school that opens in the run has its operator's name and a number
                there = [name for name in found.schools_named() if not _opens_in_a_run(name)]
                self._names(key, settings, "schools", there, schools)
        if city is not None:
            # Groups stand inside triggers, which are no triggers yet when anything else in them is wrong.
            groups = [
                leaf.value for path, leaf in settings.leaves() if "groups" in path and isinstance(leaf.value, str)
            ]
            flagged = [name for pair in FLAG_GROUPS.values() for name in pair]
            self._names(key, settings, "groups", dict.fromkeys(groups), [*city.groups, *flagged])
        return None if wrong else found

    def _policy_years(self, key: str, settings: Written, years: Years | None) -> list[Problem]:
        asked = {name: year for name in ("first", "last") if (year := _whole(settings.get(name))) is not None}
        wrong = []
        if years is not None:
            for name, year in asked.items():
                if not years.first <= year <= years.last:
                    place = settings.map[name].place
                    span = f"{years.first} to {years.last}"
                    wrong.append(place.problem(f"{key}.{name}", "outside the years of the plan", year, span))
        if len(asked) == 2 and asked["last"] < asked["first"]:
            place, first = settings.map["last"].place, asked["first"]
            message = f"before its first year, {first}"
            wrong.append(place.problem(f"{key}.last", message, asked["last"], f"{first} or later"))
        return wrong

    def _names(self, key: str, settings: Written, sort: str, named: Iterable[str], known: Iterable[str]) -> None:
        names = list(known)
        for name in named:
            if name in names:
                continue
            path, place = next(
                ((path, leaf.place) for path, leaf in settings.leaves() if leaf.value == name),
                ((sort,), settings.place),
            )
            few = len(names) <= 12
            shown = ", ".join(names) if few else f"{len(names)} {sort}, such as {', '.join(names[:3])}"
            self._say(place, dotted(key, path), f"no such {sort[:-1]}", name, shown, nearest_name(name, names))

    def _parameters(self) -> dict[str, float]:
        changes = {}
        for name, node in self.tree.map.get("parameters", _NONE).map.items():
            key, value = f"parameters.{name}", node.value
            parameter = declared().get(name)
            if parameter is None:
                inside = [other for other in declared() if other.startswith(f"{name}.")]
                self._say(
                    node.place,
                    key,
                    "no such parameter",
                    allowed=", ".join(inside[:6]) or "a name shown by `portfolio list`",
                    nearest=inside[0] if inside else nearest_name(name, declared()),
                )
            elif value is None:
                continue  # back to the declared value
            elif isinstance(value, bool) or not isinstance(value, int | float):
                self._say(node.place, key, "not a number", node.plain(), range_of(parameter))
            elif not parameter.low <= value <= parameter.high:
                self._say(node.place, key, "out of range", value, range_of(parameter))
            else:
                changes[name] = float(value)
        return changes


def _opens_in_a_run(school: str) -> bool:
    operator, _, number = school.rpartition("-")
    return operator in operator_files() and number.isdecimal() and int(number) > 0


def range_of(parameter: Parameter) -> str:
    """The range of a parameter with its unit."""
    return f"{parameter.low:g} to {parameter.high:g} {parameter.unit}"


def _whole(node: Written | None) -> int | None:
    return node.value if node is not None and type(node.value) is int else None
