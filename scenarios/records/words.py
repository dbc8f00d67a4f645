"""The records folder described in words, from the same lists the reader checks."""

from __future__ import annotations

from scenarios.district_head import FILE
from scenarios.district_words import head_rows
from scenarios.records.cells import kind_of
from scenarios.records.columns import TABLES
from scenarios.records.head import KEYS


def records_markdown() -> str:
    """A table of district.yaml's keys, then one for each CSV file: column, meaning, what is allowed."""
    lines = [f"### {FILE} of records", "", *head_rows(KEYS)]
    for name, table in TABLES.items():
        key = ", ".join(f"`{column}`" for column in table.key)
        lines += ["", f"### {name}.csv of records", "", f"One row for each {key}: {table.row}.", ""]
        lines += ["| column | meaning | allowed |", "|---|---|---|"]
        lines += [
            f"| `{column}`{' (may be left out)' if rule.empty else ''} | {rule.meaning} | {kind_of(rule).allowed} |"
            for column, rule in table.columns.items()
        ]
    return "\n".join(lines) + "\n"
