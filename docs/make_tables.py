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
        "(`sim/effects.py`). A prior is normal unless told otherwise: mode at the value, standard deviation a quarter",
        "of the range, cut off at its ends (`sim/draws.py`). The grade says what stands behind an effect; where",
        "sources differ, the weaker one.",
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


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
