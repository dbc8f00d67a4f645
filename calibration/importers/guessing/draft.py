"""A draft of a mapping file as YAML, with comments that say what was guessed and from what."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from calibration.importers.guessing.columns import Guess
from calibration.importers.guessing.words import subject_of
from sim.city import ANY

_SINGLE = ("school", "year", "grade", "group", "subject")


@dataclass
class Draft:
    """All that a mapping is written from: uses of columns confirmed, words for groups and subjects, the year's rule.

    `groups`: cell or header -> our group, empty when the row is left out. `subjects`: cell -> math or reading, empty
    for another. `year`: the spring of a file that has no column of years. `wide`: field -> headers that are its values.
    """

    file: str
    name: str
    guesses: list[Guess]
    groups: dict[str, str] = field(default_factory=dict)
    subjects: dict[str, str] = field(default_factory=dict)
    of_fall: bool = False
    year: int | None = None
    wide: dict[str, list[str]] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    ranges: bool = False

    def of(self, use: str) -> list[Guess]:
        """The columns of one use."""
        return [one for one in self.guesses if one.use == use]

    def one(self, use: str) -> str | None:
        """The header of the first column of one use."""
        return next((one.seen.header for one in self.of(use)), None)


def lacking(draft: Draft) -> list[str]:
    """What a mapping cannot do without, in words."""
    found = []
    if draft.one("school") is None:
        found.append("no column is the school's id")
    if draft.one("year") is None and draft.year is None and _has_figures(draft):
        found.append("no column is the year, and none is said")
    if not _has_figures(draft) and draft.one("name") is None:
        found.append("no column counts pupils, tells of scores or names schools")
    return found


def _has_figures(draft: Draft) -> bool:
    return bool(draft.wide or any(draft.of(use) for use in ("pupils", "tested", "mean", "level")))


def _text(value: object) -> str:
    """A text in quotes that YAML reads as it stands."""
    return json.dumps(str(value), ensure_ascii=False)


def _flow(values: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{_text(key)}: {value}" for key, value in values.items()) + "}"


def _list(values: Iterable[str]) -> str:
    return "[" + ", ".join(_text(value) for value in values) + "]"


def draft_text(draft: Draft) -> str:
    """The mapping file."""
    lines = [
        f"# A draft made of {_text(draft.file)}. Every guess says what it was made from; look at each of them.",
        "format: 1",
        f"name: {draft.name}",
        f"title: {_text('Files such as ' + draft.file)}",
        'publisher: "not said"',
        f"files: {_list([draft.file])}",
    ]
    if draft.missing:
        lines += ["# texts among the numbers of some columns", f"missing: {_list(draft.missing)}"]
    if draft.ranges:
        lines += ["# some cells are ranges, such as < 5", "ranges: true"]
    groups = {cell: _text(ours) for cell, ours in draft.groups.items() if ours}
    if groups:
        lines += ["# groups of the file and ours, by their words; * is all together", f"groups: {_flow(groups)}"]
    if _scores(draft):
        lines += _test(draft)
    lines += ["layouts:", "  - name: only", f"    needs: {_list(_needed(draft))}", "    common:"]
    for guess in draft.guesses:
        if guess.use in ("school", "year"):
            lines.append(f"      # {guess.why}")
            rule = ", rule: fall" if guess.use == "year" and draft.of_fall else ""
            lines.append(f"      {guess.use}: {{column: {_text(guess.seen.header)}{rule}}}")
    lines.append("    rows:")
    lines += _schools(draft) + _rolls(draft) + _scores(draft)
    left = {one.seen.header: _text(one.why) for one in draft.guesses if one.use == "nothing" and one.seen.filled}
    wide = {header for headers in draft.wide.values() for header in headers}
    left = {header: why for header, why in left.items() if header not in wide}
    if left:
        lines.append("not_read:")
        lines += [f"  {_text(header)}: {why}" for header, why in left.items()]
    return "\n".join(lines) + "\n"


def _needed(draft: Draft) -> list[str]:
    wide = [header for headers in draft.wide.values() for header in headers[:1]]
    used = [one.seen.header for use in (*_SINGLE, "pupils", "tested", "mean", "level", "name") for one in draft.of(use)]
    return list(dict.fromkeys([*used, *wide]))[:6]


def _schools(draft: Draft) -> list[str]:
    """Rows of the table of schools, where the file tells more of a school than its id."""
    simple = [use for use in ("name", "operator", "area", "latitude", "longitude") if draft.one(use)]
    lines = [f"          {use}: {_text(draft.one(use))}  # {draft.of(use)[0].why}" for use in simple]
    if draft.one("charter"):
        codes = '{"yes": charter, "no": district}'
        column = _text(draft.one("charter"))
        lines.append(f"          sector: {{column: {column}, read_as: yes_no, codes: {codes}}}")
    if draft.one("grades"):
        for name, kind in (("first_grade", "lowest_grade"), ("last_grade", "highest_grade")):
            lines.append(f"          {name}: {{column: {_text(draft.one('grades'))}, read_as: {kind}}}")
    if draft.one("seats"):
        lines.append(f"          seats: {{column: {_text(draft.one('seats'))}, read_as: count}}")
    if not lines:
        return []
    return ["      - table: schools", "        take:", *lines, "        twice: last"]


def _constants(draft: Draft, table_has: Mapping[str, str]) -> str:
    """Fields that no column gives: all together, and the year that was said."""
    told = dict(table_has)
    if draft.one("year") is None and draft.year is not None:
        told["year"] = _text(draft.year)
    return _flow(told)


def _rolls(draft: Draft) -> list[str]:
    """Rows of enrolment: one of each row for each column of pupils, one for each column that is a group or a grade."""
    lines = []
    for guess in draft.of("pupils")[:1]:
        free = {name: _text(ANY) for name in ("grade", "group") if draft.one(name) is None} | {"flag": _text(ANY)}
        lines += ["      - table: enrollment", *_kept(draft, ("group",)), f"        set: {_constants(draft, free)}"]
        lines += ["        take:", f"          pupils: {_text(guess.seen.header)}  # {guess.why}"]
        lines += [f"          {name}: {_text(draft.one(name))}" for name in ("grade", "group") if draft.one(name)]
        lines += _summed(draft) if draft.one("group") else []
    for name, headers in draft.wide.items():
        other = "grade" if name == "group" else "group"
        pattern = f"(?P<{name}>{'|'.join(re.escape(header) for header in headers)})"
        lines += [
            "      - table: enrollment",
            f"        set: {_constants(draft, {other: _text(ANY), 'flag': _text(ANY)})}",
            f"        # columns whose headers are a {name}",
            f"        across: {{pattern: {_text(pattern)}, field: pupils}}",
            "        skip_empty: [pupils]",
            "        twice: sum  # several headers may be one of ours",
        ]
    return lines


def _summed(draft: Draft) -> list[str]:
    ours = [group for group in draft.groups.values() if group]
    return ["        twice: sum  # several groups of the file are one of ours"] if len(set(ours)) < len(ours) else []


def _kept(draft: Draft, names: Iterable[str]) -> list[str]:
    """Rows whose group or subject is none of ours are left out."""
    told = {"group": draft.groups, "subject": draft.subjects}
    kept = {}
    for name in names:
        column = draft.one(name)
        out = [cell for cell, ours in told[name].items() if not ours] if column else []
        if column and out:
            kept[column] = _list(f"!{cell}" for cell in out)
    return [f"        keep: {_flow(kept)}"] if kept else []


def _test(draft: Draft) -> list[str]:
    levels = len(_levels(draft)[0][1]) if _levels(draft) else 0
    facts = f", levels: {levels}" if 2 <= levels <= 6 else ""
    return ["tests:", f'  - {{test: {draft.name}, title: "the test of {draft.name}"{facts}}}']


def _levels(draft: Draft) -> list[tuple[str, list[Guess]]]:
    """Subject of the header -> its levels in the order of the file."""
    found: dict[str, list[Guess]] = {}
    for guess in draft.of("level"):
        found.setdefault(subject_of(guess.seen.header), []).append(guess)
    return [(subject, levels[:6]) for subject, levels in found.items()]


def _scores(draft: Draft) -> list[str]:
    """Rows of scores, for each subject that headers name; all of them where a column names it."""
    figures = [one for use in ("tested", "mean", "level") for one in draft.of(use)]
    if not figures:
        return []
    column = draft.one("subject")
    named = [""] if column else [s for s in ("math", "reading") if any(subject_of(g.seen.header) == s for g in figures)]
    lines = []
    for subject in named:
        mine = [one for one in figures if column or subject_of(one.seen.header) in (subject, "")]
        free = {name: _text(ANY) for name in ("grade", "group") if draft.one(name) is None} | {"flag": _text(ANY)}
        free |= {"test": draft.name} | ({"subject": subject} if subject else {})
        lines += ["      - table: scores", *_kept(draft, ("group", "subject") if column else ("group",))]
        lines += [f"        set: {_constants(draft, free)}", "        take:"]
        lines += [f"          {name}: {_text(draft.one(name))}" for name in ("grade", "group") if draft.one(name)]
        if column:
            codes = _flow({cell: ours for cell, ours in draft.subjects.items() if ours})
            lines.append(f"          subject: {{column: {_text(column)}, codes: {codes}}}")
        lines += _figures(mine)
    return lines


def _figures(guesses: list[Guess]) -> list[str]:
    lines = []
    tested = next((one.seen.header for one in guesses if one.use == "tested"), None)
    for use in ("tested", "mean"):
        one = next((guess for guess in guesses if guess.use == use), None)
        if one is not None:
            lines.append(f"          {use}: {_text(one.seen.header)}  # {one.why}")
    for number, guess in enumerate([one for one in guesses if one.use == "level"][:6], 1):
        seen = guess.seen
        unit = "percent" if seen.percents or seen.largest > 1 else "share"
        told = f"read_as: {unit}"
        if tested is not None and seen.counts >= seen.numbers and not seen.percents and seen.largest > 100:
            told = f"divide_by: {_text(tested)}"  # more than 100 is no percent
        column = f"column: {_text(seen.header)}"
        lines.append(f"          # level {number} from below by the order of the columns; {guess.why}")
        lines.append(f"          level_{number}: {{{column}, {told}}}")
    return lines
