"""How known values were found again, in one screen, and its files."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from command.fitting.reading import pool_line, runs_of
from command.saying import beyond_column, beyond_words, complain, say, say_beyond, say_json, wrapped

if TYPE_CHECKING:
    from calibration.fitting.fit_files import Fit
    from calibration.fitting.fitting import Tested

UNEVEN = 0.01
"""Chance below which ranks are called uneven."""


def tell_recovery(
    fit: Fit, to: Path | None, place: str, workers: int | None, cluster: str | None, as_json: bool
) -> None:
    """Recover known values, write the files and say how it went; what cannot be asked: exit 2."""
    with runs_of(place, to, workers, cluster, as_json) as where:
        from calibration.fitting.fitting import known_again

        found = known_again(fit, where)
    if to is not None:
        to.mkdir(parents=True, exist_ok=True)
        write_recovery(found, fit, to)
    if as_json:
        facts = {"title": fit.title, "pool": place, "coverage": found.coverage.to_dict("records")}
        say_json({**facts, "beyond_studied": beyond_words([fit.plan])})
        return
    lines = [f"{fit.title}: known values, fitted again.", *wrapped(pool_line(found.filled, fit)), ""]
    say("\n".join([*lines, *coverage_lines(found)]))
    say_beyond([fit.plan])
    if to is not None:
        complain(f"files in {to}")


def coverage_lines(found: Tested) -> list[str]:
    """Coverage, bias and ranks by parameter, then which posteriors are not to be taken as they stand."""
    from calibration.fitting.coverage import ALLOWED_90, not_trusted

    table = found.coverage
    wide, runs = int(table["name"].str.len().max()), int(table["runs"].iloc[0])
    lines = wrapped(
        f"{runs} runs of known values, never learned from, each fitted as if seen. Share of 90% and of 50% intervals "
        f"that hold the known value (by chance ±{100 * table['error_90'].iloc[0]:.1f} and "
        f"±{50 / runs**0.5:.1f} points); bias in SD of the prior; share of the variance told; chance of ranks this "
        "uneven:"
    )
    for row in table.to_dict("records"):
        lines.append(
            f"  {row['name']:{wide}}  {row['inside_90']:6.1%} {row['inside_50']:6.1%}; bias {row['bias_in_sd']:+.2f}; "
            f"told {max(row['told'], 0):.0%}; ranks {row['rank_chance']:.2f}"
        )
    doubted = not_trusted(table)
    low, high = ALLOWED_90
    if doubted:
        lines += wrapped(
            f"Not to be taken as they stand, coverage outside {low:.0%} to {high:.0%}: {', '.join(doubted)}. "
            "More draws may mend it."
        )
    uneven = list(table.loc[table["rank_chance"] < UNEVEN, "name"])
    if uneven:
        lines += wrapped(f"Ranks more uneven than chance allows: {', '.join(uneven)}.")
    return lines


def write_recovery(found: Tested, fit: Fit, to: Path) -> None:
    """The coverage table as CSV and as a page, and the ranks as a figure."""
    from calibration.fitting.figures import ranks_figure
    from results.figures import save_figure

    told = beyond_column([fit.plan])[fit.plan.name]
    found.coverage.assign(beyond_studied=told).to_csv(to / "coverage.csv", index=False)
    save_figure(ranks_figure(found.recovered, f"{fit.title}: ranks of known values"), to / "ranks.png")
    (to / "coverage.md").write_text(recovery_page(found, fit), encoding="utf-8")


def recovery_page(found: Tested, fit: Fit) -> str:
    """The table as Markdown, with date and code version."""
    from results.extrapolation import marked, of_plans
    from sim.run import code_version

    table = found.coverage
    lines = [
        f"{fit.title}. {datetime.now(UTC):%Y-%m-%d}, code {code_version()}. {pool_line(found.filled, fit)} "
        f"{int(table['runs'].iloc[0])} of the draws are held out.",
        "",
        "| parameter | in 90% interval | in 50% interval | bias, prior SD | told | SD over prior SD | ranks |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| `{row['name']}` | {row['inside_90']:.1%} | {row['inside_50']:.1%} | {row['bias_in_sd']:+.3f} | "
        f"{max(row['told'], 0):.0%} | {row['sd_ratio']:.2f} | {row['rank_chance']:.2f} |"
        for row in table.to_dict("records")
    ]
    marks = marked(of_plans([fit.plan]))
    return "\n".join([*lines, *(line for mark in marks for line in ("", mark)), ""])
