"""Write the frozen tables anew and say what changed: `python -m tests.baselines.refresh`.

Do it only when the model was meant to change, and put what it says into the commit message.
"""

from __future__ import annotations

import pandas as pd

from tests.baselines.frozen import CITIES, KEEP, differences, path_of, read, tables_of
from tests.baselines.frozen_board import FROZEN, found, moved


def main() -> None:
    """Refresh every table."""
    for city in CITIES:
        tables = tables_of(city)
        for table in KEEP:
            path = path_of(city, table)
            changed = differences(read(city, table), tables[table]) if path.is_file() else ["new"]
            print(f"{path.name}: {'unchanged' if not changed else ''}")
            for line in changed:
                print(f"  {line}")
            if changed:
                tables[table].to_csv(path, index=False)
    board = found()
    told = moved(board, pd.read_csv(FROZEN)) if FROZEN.is_file() else ["new"]
    print(f"{FROZEN.name}: {'by luck at most' if not told else ''}")
    for line in told:
        print(f"  {line}")
    board.to_csv(FROZEN, index=False)


if __name__ == "__main__":
    main()
