"""The district folder described in words, from the same lists the reader checks."""

from __future__ import annotations

from scenarios.district_head import FILE
from scenarios.district_head import KEYS as HEAD
from scenarios.district_tables import KEYS, KINDS
from sim.city import TABLES


def folder_markdown() -> str:
    """A table of district.yaml's keys, then one for each CSV file: column, meaning, what is allowed."""
    lines = [f"### {FILE}", "", "| key | meaning | allowed |", "|---|---|---|"]
    lines += [
        f"| `{key}`{'' if rule.needed else ' (may be left out)'} | {rule.meaning} | {rule.allowed} |"
        for key, rule in HEAD.items()
    ]
    for table, columns in TABLES.items():
        one = ", ".join(f"`{name}`" for name in KEYS[table])
        lines += ["", f"### {table}.csv", "", f"One row for each {one}.", ""]
        lines += ["| column | meaning | allowed |", "|---|---|---|"]
        kinds = KINDS[table]
        lines += [f"| `{name}` | {meaning} | {kinds[name].allowed} |" for name, meaning in columns.items()]
    return "\n".join(lines) + "\n"
