"""Real files spoilt the way files are spoilt on their way: by spreadsheets, editors, transfers and hands.

Every mangle takes the bytes of a plain text table and gives others, with its name. A digit is never made another digit:
that is a different true file, which nobody can tell.
"""

from __future__ import annotations

import csv
import gzip
import io
import random
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

Rows = list[list[str]]


@dataclass(frozen=True)
class Mangled:
    """A spoilt copy: what was done to it, the name it is written under, its bytes."""

    what: str
    name: str
    data: bytes


def _write(rows: Rows, delimiter: str = ",", end: str = "\n") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=end).writerows(rows)
    return out.getvalue().encode("utf-8")


def _place(rows: Rows, luck: random.Random) -> tuple[int, int]:
    """A row below the header and a column of it with something in it, where there is one."""
    for _ in range(50):
        row = luck.randrange(1, len(rows))
        column = luck.randrange(len(rows[row]))
        if rows[row][column].strip():
            break
    return row, column


def _number(rows: Rows, luck: random.Random) -> tuple[int, int] | None:
    """The place of a whole or decimal number other than nought, not in the first column."""
    for _ in range(200):
        row = luck.randrange(1, len(rows))
        column = luck.randrange(len(rows[row]))
        text = rows[row][column].strip()
        if text.replace(".", "", 1).isdigit() and float(text) != 0:
            return row, column
    return None


def _cell(change: Callable[[str, random.Random], str]) -> Callable[[Rows, random.Random], Rows]:
    def mangle(rows: Rows, luck: random.Random) -> Rows:
        row, column = _place(rows, luck)
        rows[row][column] = change(rows[row][column], luck)
        return rows

    return mangle


def _number_cell(change: Callable[[str], str]) -> Callable[[Rows, random.Random], Rows]:
    def mangle(rows: Rows, luck: random.Random) -> Rows:
        place = _number(rows, luck)
        if place is not None:
            row, column = place
            rows[row][column] = change(rows[row][column].strip())
        return rows

    return mangle


def _column(change: Callable[[str], str]) -> Callable[[Rows, random.Random], Rows]:
    def mangle(rows: Rows, luck: random.Random) -> Rows:
        column = luck.randrange(len(rows[0]))
        for row in rows[1:]:
            if column < len(row) and row[column].strip():
                row[column] = change(row[column])
        return rows

    return mangle


def _scientific(text: str) -> str:
    plain = text.strip()
    return f"{float(plain):.2E}" if plain.isdigit() and len(plain) > 3 else text


def _is_number(text: str) -> bool:
    return text.strip().replace(".", "", 1).isdigit()


def _decimal_comma(text: str) -> str:
    return text.replace(".", ",") if _is_number(text) else text


def _no_leading_zeros(text: str) -> str:
    return text.strip().lstrip("0") or "0" if text.strip().isdigit() else text


def _drop_column(rows: Rows, luck: random.Random) -> Rows:
    column = luck.randrange(len(rows[0]))
    return [row[:column] + row[column + 1 :] for row in rows]


def _rename_column(rows: Rows, luck: random.Random) -> Rows:
    column = luck.randrange(len(rows[0]))
    rows[0][column] = luck.choice(["Unnamed: 3", "", rows[0][column] + "_x", "value", rows[0][column][:3]])
    return rows


def _shift_row(rows: Rows, luck: random.Random) -> Rows:
    row = luck.randrange(1, len(rows))
    rows[row] = ["", *rows[row][:-1]] if luck.random() < 0.5 else [*rows[row][1:], ""]
    return rows


def _lose_cell(rows: Rows, luck: random.Random) -> Rows:
    row, column = _place(rows, luck)
    del rows[row][column]
    return rows


def _extra_cell(rows: Rows, luck: random.Random) -> Rows:
    row, column = _place(rows, luck)
    rows[row].insert(column, luck.choice(["", "1", "x"]))
    return rows


def _twice(rows: Rows, luck: random.Random) -> Rows:
    row = luck.randrange(1, len(rows))
    rows.insert(luck.randrange(1, len(rows)), list(rows[row]))
    return rows


def _twice_unlike(rows: Rows, luck: random.Random) -> Rows:
    place = _number(rows, luck)
    if place is not None:
        row, column = place
        other = list(rows[row])
        other[column] = str(round(float(other[column]) * 2 + 1, 2))
        rows.insert(luck.randrange(1, len(rows)), other)
    return rows


def _header_again(rows: Rows, luck: random.Random) -> Rows:
    rows.insert(luck.randrange(1, len(rows)), list(rows[0]))
    return rows


def _titles(rows: Rows, luck: random.Random) -> Rows:
    blank = [""] * (len(rows[0]) - 1)
    return [["Office of Data and Accountability", *blank], ["School year report", *blank], [""] * len(rows[0]), *rows]


def _footer(rows: Rows, luck: random.Random) -> Rows:
    blank = [""] * (len(rows[0]) - 1)
    notes = ["Source: the state's own files", "Note: cells below 10 are hidden", "* preliminary"]
    return [*rows, [""] * len(rows[0]), [luck.choice(notes), *blank]]


def _blank_rows(rows: Rows, luck: random.Random) -> Rows:
    for _ in range(3):
        rows.insert(luck.randrange(1, len(rows)), [""] * len(rows[0]))
    return rows


def _shuffle_rows(rows: Rows, luck: random.Random) -> Rows:
    body = rows[1:]
    luck.shuffle(body)
    return [rows[0], *body]


def _shuffle_columns(rows: Rows, luck: random.Random) -> Rows:
    order = list(range(len(rows[0])))
    luck.shuffle(order)
    return [[row[k] for k in order] if len(row) == len(order) else row for row in rows]


def _lower_header(rows: Rows, luck: random.Random) -> Rows:
    return [[f"  {name.lower()} " for name in rows[0]], *rows[1:]]


JUNK = (
    *("#REF!", "#DIV/0!", "see note", "1.2.3", "--", "12,5,7", "O", "l2"),
    *("1O0", "∞", "nan", "None", "5 or 6", "~40", "(12)"),
)

ROWS: dict[str, Callable[[Rows, random.Random], Rows]] = {
    "a column dropped": _drop_column,
    "a column renamed": _rename_column,
    "a row shifted by a cell": _shift_row,
    "a cell lost": _lose_cell,
    "a cell too many": _extra_cell,
    "a row twice": _twice,
    "a row twice with another number": _twice_unlike,
    "the header again": _header_again,
    "titles above the header": _titles,
    "a footer": _footer,
    "blank rows": _blank_rows,
    "rows in another order": _shuffle_rows,
    "columns in another order": _shuffle_columns,
    "header in small letters with blanks": _lower_header,
    "junk in a cell": _cell(lambda text, luck: luck.choice(JUNK)),
    "a cell emptied": _cell(lambda text, luck: ""),
    "blanks around a cell": _cell(lambda text, luck: f"  {text}\t"),
    "a line break in a cell": _cell(lambda text, luck: f"{text}\n"),
    "a column in scientific notation": _column(_scientific),
    "a column with .0": _column(lambda text: f"{text.strip()}.0" if text.strip().isdigit() else text),
    "a column without leading zeros": _column(_no_leading_zeros),
    "a column with decimal commas": _column(_decimal_comma),
    "a column with thousands separators": _column(lambda text: f"{int(text):,}" if text.strip().isdigit() else text),
    "a column with dollar signs": _column(lambda text: f"${text.strip()}" if _is_number(text) else text),
    "a column with percent signs": _column(lambda text: f"{text.strip()}%" if _is_number(text) else text),
    "a column negative": _column(lambda text: f"-{text.strip()}" if text.strip().isdigit() else text),
    "a number times a hundred": _number_cell(lambda text: f"{float(text) * 100:g}"),
    "a number through a hundred": _number_cell(lambda text: f"{float(text) / 100:g}"),
    "a number negative": _number_cell(lambda text: f"-{text}"),
}


def _torn(data: bytes, luck: random.Random) -> bytes:
    return data[: luck.randrange(1, len(data))]


def _flipped(data: bytes, luck: random.Random) -> bytes:
    """A few bytes changed; digits and points are left, since a file with other digits is another file."""
    spoilt = bytearray(data)
    for _ in range(luck.randrange(1, 6)):
        at = luck.randrange(len(spoilt))
        fresh = luck.randrange(256)
        if chr(spoilt[at]) in "0123456789.-" or chr(fresh) in "0123456789.-":
            continue
        spoilt[at] = fresh
    return bytes(spoilt)


def _nuls(data: bytes, luck: random.Random) -> bytes:
    at = luck.randrange(len(data))
    return data[:at] + b"\0\0" + data[at:]


def _quote(data: bytes, luck: random.Random) -> bytes:
    at = luck.randrange(len(data))
    return data[:at] + b'"' + data[at:]


BYTES: dict[str, Callable[[bytes, random.Random], bytes]] = {
    "torn": _torn,
    "bytes flipped": _flipped,
    "nul bytes": _nuls,
    "a stray quote": _quote,
    "a byte order mark": lambda data, luck: b"\xef\xbb\xbf" + data,
    "UTF-16": lambda data, luck: data.decode("utf-8").encode("utf-16"),
    "Latin-1": lambda data, luck: data.decode("utf-8").encode("latin-1", "replace"),
    "line ends of a carriage return": lambda data, luck: data.replace(b"\r\n", b"\n").replace(b"\n", b"\r"),
    "mixed line ends": lambda data, luck: data.replace(b"\n", b"\r\n", data.count(b"\n") // 2),
    "empty": lambda data, luck: b"",
    "only the header": lambda data, luck: data.split(b"\n", 1)[0] + b"\n",
    "a web page": lambda data, luck: b"<!DOCTYPE html><html><body>404 Not Found</body></html>",
}


def mangle(name: str, data: bytes, luck: random.Random) -> Mangled:
    """A spoilt copy of a table's text: one or two faults in rows, bytes or packing, drawn with `luck`."""
    rows = list(csv.reader(io.StringIO(data.decode("utf-8"))))
    done: list[str] = []
    if luck.random() < 0.75:
        for what in luck.sample(sorted(ROWS), luck.choice((1, 1, 2))):
            rows = ROWS[what](rows, luck)
            done.append(what)
        delimiter = luck.choice((",", ",", ",", ";", "\t"))
        if delimiter != ",":
            done.append(f"delimiter {delimiter!r}")
        data = _write(rows, delimiter, luck.choice(("\n", "\n", "\r\n")))
    if not done or luck.random() < 0.2:
        what = luck.choice(sorted(BYTES))
        data = BYTES[what](data, luck)
        done.append(what)
    plain = name.removesuffix(".gz")
    packing = luck.choice(("plain", "gz", "zip", "torn gz")) if luck.random() < 0.3 else "plain"
    if packing != "plain":
        done.append(packing)
    if packing.endswith("gz"):
        packed = gzip.compress(data, mtime=0)
        return Mangled(", ".join(done), f"{plain}.gz", packed if packing == "gz" else _torn(packed, luck))
    if packing == "zip":
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr(plain, data)
        return Mangled(", ".join(done), f"{plain}.zip", out.getvalue())
    return Mangled(", ".join(done), plain, data)
