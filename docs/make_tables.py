"""Write docs/parameters.md from the declarations: `make docs`."""

from __future__ import annotations

from pathlib import Path

from sim.parameters import ASSUMPTION, declared

PAGE = Path(__file__).with_name("parameters.md")


def page() -> str:
    """The table of every parameter as Markdown."""
    lines = [
        "# Parameters",
        "",
        "Made by `make docs` from `sim/parameter_table/`; do not edit. Ids such as S02-010 are rows of the",
        "evidence table the project rests on. Retention is drawn first, then every effect is converted with it",
        "(`sim/effects.py`).",
        "",
        "| parameter | meaning | value | range | unit | estimand | source |",
        "|---|---|---|---|---|---|---|",
    ]
    for parameter in declared().values():
        source = f"**{parameter.source}**" if ASSUMPTION in parameter.source else parameter.source
        lines.append(
            f"| `{parameter.name}` | {parameter.meaning} | {parameter.value:g} | "
            f"{parameter.low:g} to {parameter.high:g} | {parameter.unit} | {parameter.estimand} | {source} |"
        )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
