"""The scoreboard of patterns that must be seen to emerge: `python -m benchmarks.patterns [--seeds 12] [NAME ...]`."""

from __future__ import annotations

import argparse

import pandas as pd

from calibration.patterns import board, patterns


def main() -> None:
    """Print it."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("names", nargs="*", help="patterns whose name holds one of these words; all if absent")
    options.add_argument("--seeds", type=int, default=12)
    chosen = options.parse_args()
    names = [name for name in patterns() if not chosen.names or any(word in name for word in chosen.names)]
    for name in names:
        lines = board(patterns()[name], range(chosen.seeds))
        with pd.option_context("display.width", 200, "display.max_colwidth", 60):
            print(f"{patterns()[name].claim} [{patterns()[name].evidence}]")
            print(lines.drop(columns="pattern").round(4).to_string(index=False), "\n", flush=True)


if __name__ == "__main__":
    main()
