"""Write docs/parameters.md, and the tables of docs/districts.md, from the declarations: `make docs`."""

from __future__ import annotations

import re
from pathlib import Path

from scenarios.district_words import folder_markdown
from scenarios.records.words import records_markdown
from sim.parameters import ASSUMPTION, declared

PAGE = Path(__file__).with_name("parameters.md")
DISTRICTS = Path(__file__).with_name("districts.md")
TABLES = {"The files": folder_markdown, "The files of records": records_markdown}
"""Section of docs/districts.md -> what makes it."""


def page() -> str:
    """The table of every parameter as Markdown."""
    lines = [
        "# Parameters",
        "",
        "Made by `make docs` from `sim/parameter_table/`; do not edit. Ids such as S02-010 are rows of the",
        "evidence table the project rests on. Retention is drawn first, then every effect is converted with it",
        "(`sim/effects.py`). A prior is normal unless told otherwise: mode at the value, standard deviation a quarter",
        "of the range, cut off at its ends (`sim/draws.py`). The grade says what stands behind an effect; where",
        "sources differ, the weaker one.",
        "",
        "Every parameter moves something, and does nothing it should not (`tests/contracts/`): what no policy of a",
        "plan wakes leaves that plan's runs as they were, bit for bit; costs move dollars alone; what only measures",
        "moves no true score; none moves the opening June away from the file. `tests/contracts/rooms.py` says what",
        "each may do.",
        "",
        "| parameter | meaning | value | range | prior | unit | estimand | source | grade |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for parameter in declared().values():
        source = f"**{parameter.source}**" if ASSUMPTION in parameter.source else parameter.source
        lines.append(
            f"| `{parameter.name}` | {parameter.meaning} | {parameter.value:g} | "
            f"{parameter.low:g} to {parameter.high:g} | {parameter.prior if parameter.prior != 'normal' else ''} | "
            f"{parameter.unit} | {parameter.estimand} | {source} | {parameter.grade or ''} |"
        )
    return "\n".join(lines) + "\n"


def districts_page(text: str) -> str:
    """docs/districts.md with its sections of tables made anew; all other sections stay."""
    parts = re.split(r"^## (.+)\n\n", text, flags=re.MULTILINE)
    made = parts[0]
    for title, body in zip(parts[1::2], parts[2::2], strict=True):
        made += f"## {title}\n\n{TABLES[title]() if title in TABLES else body.rstrip()}".rstrip() + "\n\n"
    return made.rstrip() + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    DISTRICTS.write_text(districts_page(DISTRICTS.read_text(encoding="utf-8")), encoding="utf-8")
