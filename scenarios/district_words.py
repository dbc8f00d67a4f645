"""The district folder described in words, from the same lists the reader checks."""

from __future__ import annotations

from collections.abc import Mapping

from scenarios.district_head import FILE, Key
from scenarios.district_head import KEYS as HEAD
from scenarios.district_tables import KEYS, KINDS
from sim.city import TABLES


def folder_markdown() -> str:
    """A table of district.yaml's keys, then one for each CSV file: column, meaning, what is allowed."""
    lines = [f"### {FILE}", "", *head_rows(HEAD)]
    for table, columns in TABLES.items():
        one = ", ".join(f"`{name}`" for name in KEYS[table])
        lines += ["", f"### {table}.csv", "", f"One row for each {one}.", ""]
        lines += ["| column | meaning | allowed |", "|---|---|---|"]
        kinds = KINDS[table]
        lines += [f"| `{name}` | {meaning} | {kinds[name].allowed} |" for name, meaning in columns.items()]
    return "\n".join(lines) + "\n"


def head_rows(keys: Mapping[str, Key]) -> list[str]:
    """The Markdown table of district.yaml's keys, line by line."""
    rows = [
        f"| `{key}`{'' if rule.needed else ' (may be left out)'} | {rule.meaning} | {rule.allowed} |"
        for key, rule in keys.items()
    ]
    return ["| key | meaning | allowed |", "|---|---|---|", *rows]
