"""Write the frozen tables anew and say what changed: `python -m tests.baselines.refresh`.

Do it only when the model was meant to change, and put what it says into the commit message.
"""

from __future__ import annotations

from tests.baselines.frozen import CITIES, KEEP, differences, path_of, read, tables_of


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


if __name__ == "__main__":
    main()
