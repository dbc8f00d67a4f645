"""What a file is by its first bytes, when it is not the table its name promises."""

from __future__ import annotations

import re

GZIP = b"\x1f\x8b"
ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")

_SAVE = "save it as .xlsx or as CSV in UTF-8"
_EXPORT = "export it as CSV in UTF-8"
_UNPACK = "unpack it first, or pack it as .zip or .gz"
_AGAIN = "fetch the table itself again"

_SIGNS: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF", "is a PDF, not a table", "the table behind it, as CSV or .xlsx"),
    (b"{\\rtf", "is a text document, not a table", _SAVE),
    (b"PAR1", "is a Parquet file", _EXPORT),
    (b"SQLite format 3", "is an SQLite database", _EXPORT),
    (b"$FL2", "is an SPSS file", _EXPORT),
    (b"<stata_dta>", "is a Stata file", _EXPORT),
    (b"RDX", "is an R data file", _EXPORT),
    (b"\x89PNG", "is a picture, not a table", _EXPORT),
    (b"\xff\xd8\xff", "is a picture, not a table", _EXPORT),
    (b"GIF8", "is a picture, not a table", _EXPORT),
    (b"7z\xbc\xaf\x27\x1c", "is a 7z archive", _UNPACK),
    (b"Rar!", "is a RAR archive", _UNPACK),
    (b"BZh", "is packed by bzip2", _UNPACK),
    (b"\xfd7zXZ", "is packed by xz", _UNPACK),
    (b"\x28\xb5\x2f\xfd", "is packed by zstd", _UNPACK),
    (b"version https://git-lfs", "is a pointer of Git LFS; the data are elsewhere", "fetch the data: git lfs pull"),
)
_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_PAGE = re.compile(rb"\s*(<!doctype|<html|<head|<body|<table|<div|<script|<\?xml|<!--)", re.IGNORECASE)
_JSON = re.compile(rb"\s*(\{\s*\"[^\"\r\n]*\"\s*:|\[\s*[\[{]|\{\s*\}\s*\Z)")
_BOM = b"\xef\xbb\xbf"


def why_no_table(data: bytes) -> tuple[str, str] | None:
    """Why bytes are no table, with the remedy; None when nothing speaks against a table of text."""
    for sign, reason, remedy in _SIGNS:
        if data.startswith(sign):
            return reason, remedy
    if data.startswith(_OLD_WORKBOOK):
        if _LOCKED in data:
            return "is a workbook locked by a password", "save it without the password"
        return "is a workbook of the old .xls kind (or another old Office file)", _SAVE
    head = data[:4096].removeprefix(_BOM)
    if _PAGE.match(head):
        kind = "an XML file" if head.lstrip().startswith(b"<?xml") and b"<html" not in head.lower() else "a web page"
        return f"is {kind}, not a table, whatever its name says", _AGAIN
    if _JSON.match(head):
        return "is JSON, not a table, whatever its name says", _EXPORT
    if data[257:262] == b"ustar":
        return "is a tar archive", _UNPACK
    return None
