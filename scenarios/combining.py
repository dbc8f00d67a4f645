"""How a scenario is put together: what it extends, its variant, and the changes of a command. Later wins."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from scenarios.problems import Problem, nearest_name
from scenarios.reading import read_file
from scenarios.schema import KEYS
from scenarios.written import DEFAULT, Place, Written

LIBRARY = Path(__file__).parent / "library"
MOST_FILES = 30
POLICY_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,59}")


def list_scenarios() -> list[str]:
    """The names of the library's scenarios, sorted."""
    return sorted(path.stem for path in LIBRARY.glob("*.yaml"))


def shown_path(path: Path) -> str:
    """A path as messages show it: short when it lies in the working folder."""
    try:
        return str(path.absolute().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def split_variant(name_or_path: str) -> tuple[str, str]:
    """`replicate:bold` as name and variant; a file whose own name holds a colon is left whole."""
    name, colon, variant = name_or_path.rpartition(":")
    if not colon or _is_file(Path(name_or_path)):
        return name_or_path, ""
    return name, variant


def find(name_or_path: str, folder: Path | None = None) -> Path | None:
    """The file of a library name, or of a path seen from `folder`; None when there is none."""
    if name_or_path in list_scenarios():
        return LIBRARY / f"{name_or_path}.yaml"
    path = (folder or Path()) / name_or_path
    for candidate in (path, path.with_name(f"{path.name}.yaml") if path.name else path):
        if _is_file(candidate):
            return candidate
    # Something is there, but no file: reading it says what is wrong with it.
    return path if name_or_path.strip() and _exists(path) else None


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


class Combiner:
    """Reads a scenario and everything it extends, each file once; what is wrong goes to `problems`."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        self.files: dict[Path, Written | None] = {}
        self.broken = False
        """Whether something it extends could not be read, so that what is missing may stand there."""

    def read(self, path: Path, chain: tuple[Path, ...] = ()) -> Written | None:
        """The merged map of a file and of what it extends, without `extends`."""
        key = path.resolve()
        if key in self.files:
            return self.files[key]
        if len(self.files) >= MOST_FILES:
            message = f"more than {MOST_FILES} files in one scenario"
            self.problems.append(Problem(shown_path(path), 0, "extends", message))
            return None
        shown = shown_path(path)
        own = read_file(path, shown, self.problems)
        self.files[key] = own
        if own is None:
            return None
        for name, item in own.map.items():
            if name not in KEYS:
                self.problems.append(
                    Problem(
                        shown,
                        item.place.line,
                        name[:60],
                        "unknown key",
                        allowed=", ".join(KEYS),
                        nearest=nearest_name(name, KEYS),
                    )
                )
        base: Written | None = None
        for parent in self._parents(own):
            part = self._parent(parent, path, (*chain, key))
            if part is None:
                self.broken = True
            else:
                base = part if base is None else merged(base, part)
        own = Written({name: item for name, item in own.map.items() if name != "extends"}, own.place)
        self._switched_off(own, base)
        self.files[key] = own if base is None else replace(merged(base, own), place=own.place)
        return self.files[key]

    def _parents(self, own: Written) -> list[Written]:
        extends = own.map.get("extends")
        if extends is None:
            return []
        parents = extends.value if isinstance(extends.value, list) else [extends]
        good = [parent for parent in parents if isinstance(parent.value, str) and parent.value.strip()]
        for parent in parents:
            if parent not in good:
                self.problems.append(
                    parent.place.problem(
                        "extends", "not a scenario", parent.plain(), "a name, a path, or a list of them"
                    )
                )
        return good

    def _parent(self, parent: Written, path: Path, chain: tuple[Path, ...]) -> Written | None:
        name, variant = split_variant(str(parent.value))
        where = parent.place
        found = find(name, path.parent)
        if found is None:
            names = list_scenarios()
            self.problems.append(
                where.problem(
                    "extends",
                    "no such scenario",
                    parent.value,
                    f"{', '.join(names)}, or the path of a file",
                    nearest_name(Path(name).stem, names),
                )
            )
            return None
        if found.resolve() in chain:
            circle = [*chain[chain.index(found.resolve()) :], found.resolve()]
            self.problems.append(
                where.problem("extends", "a circle: " + " extends ".join(link.name for link in circle), parent.value)
            )
            return None
        tree = self.read(found, chain)
        if tree is not None and variant:
            tree = with_variant(tree, variant, where, self.problems)
        return tree

    def _switched_off(self, own: Written, base: Written | None) -> None:
        """A policy set to null must be one that is inherited; a mistyped name would switch off nothing."""
        inherited = base.map.get("policies", _NONE).map if base else {}
        for name, item in own.map.get("policies", _NONE).map.items():
            if item.value is None and name not in inherited:
                self.problems.append(_nothing_to_switch_off(name, item.place, inherited))


_NONE = Written(None, DEFAULT)


def _nothing_to_switch_off(name: str, place: Place, names: Iterable[str]) -> Problem:
    message = "switched off, but there is no policy of this name"
    return place.problem(
        f"policies.{name}",
        message,
        allowed=", ".join(names) or "nothing is inherited",
        nearest=nearest_name(name, names),
    )


def merged(base: Written, over: Written, path: tuple[str, ...] = ()) -> Written:
    """`over` laid on `base`: maps by key, anything else whole. A policy with another `use` starts afresh."""
    if not isinstance(base.value, dict) or not isinstance(over.value, dict):
        return over
    if len(path) == 2 and path[0] == "policies":
        old, new = base.get("use"), over.get("use")
        if old and new and old.value != new.value:
            return over
    entries = dict(base.value)
    for key, item in over.value.items():
        entries[key] = merged(entries[key], item, (*path, key)) if key in entries else item
    # A variant belongs to the file that last named it; of any other map, where it begins is the nearer place.
    return Written(entries, over.place if path[:1] == ("variants",) else base.place)


def with_variant(tree: Written, variant: str, asked: Place, problems: list[Problem]) -> Written:
    """The scenario with the changes of one of its variants."""
    variants = tree.get("variants")
    names = variants.map if variants else {}
    if variant not in names:
        problems.append(
            asked.problem(
                "variants",
                "no such variant",
                variant,
                ", ".join(names) or "this scenario has none",
                nearest_name(variant, names),
            )
        )
        return tree
    if not isinstance(names[variant].value, dict):
        return tree  # the shape of variants is checked with the file
    changes = names[variant].noted(f"variant {variant}").map.items()
    return with_changes(tree, changes, problems)


def with_changes(tree: Written, changes: Iterable[tuple[str, Written]], problems: list[Problem]) -> Written:
    """The scenario with dotted changes laid on it, such as `policies.longer_day.extra_time`, in order."""
    named = tree.map.get("policies", _NONE).map
    for dotted, value in changes:
        head, _, rest = dotted.partition(".")
        # Names of parameters hold dots themselves.
        parts = [head, *([rest] if head == "parameters" else rest.split("."))] if rest else [head]
        where = value.place
        changeable = [key for key in KEYS if key not in ("extends", "variants")]
        if head not in changeable:
            problems.append(
                where.problem(
                    dotted[:80],
                    "no such key to change",
                    allowed=", ".join(changeable),
                    nearest=f"policies.{dotted}" if rest and head in named else nearest_name(head, changeable),
                )
            )
            continue
        if not all(part.strip() for part in parts) or dotted.endswith(".") or len(parts) > 8:
            problems.append(
                where.problem(dotted[:80], "not a name with dots", allowed="such as policies.longer_day.extra_time")
            )
            continue
        policies = tree.map.get("policies", _NONE).map
        if head == "policies" and len(parts) == 2 and value.value is None and parts[1] not in policies:
            problems.append(_nothing_to_switch_off(parts[1], where, policies))
            continue
        for part in reversed(parts):
            value = Written({part: value}, where)
        tree = merged(tree, value)
    return tree


def moved_to(tree: Written, opening_year: int) -> tuple[Written, int]:
    """The scenario with its years and those of its policies moved, so that it starts after `opening_year`."""
    first = tree.get("years", "first")
    if first is None or type(first.value) is not int:
        return tree, 0
    by = opening_year + 1 - first.value
    entries = dict(tree.map)
    if by:
        entries["years"] = _moved(entries["years"], by)
        if "policies" in entries:
            policies = entries["policies"]
            entries["policies"] = replace(
                policies, value={name: _moved(policy, by) for name, policy in policies.map.items()}
            )
    return replace(tree, value=entries), by


def _moved(years: Written, by: int) -> Written:
    def move(key: str, item: Written) -> Written:
        if key in ("first", "last") and type(item.value) is int:
            return Written(item.value + by, item.place.noted(f"moved by {by:+d} years to suit the district"))
        return item

    if not isinstance(years.value, dict):
        return years
    return replace(years, value={key: move(key, item) for key, item in years.map.items()})
