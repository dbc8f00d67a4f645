"""The bytes of a file, unpacked from .gz and .zip within stated limits; nothing is ever written to disk."""

from __future__ import annotations

import gzip
import io
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from calibration.importers.files import kinds
from calibration.importers.files.raw_table import Told
from calibration.importers.log import ImportLog
from scenarios.problems import Problem

MOST_BYTES = 500_000_000
"""Bytes of a file once unpacked, all files of an archive together: the largest state file known is about 300 MB."""
MOST_MEMBERS = 200
MOST_LAYERS = 2
"""Packing within packing: a .csv.gz in a .zip."""

_TABLE_NAMES = (".csv", ".tsv", ".txt", ".tab", ".psv", ".dat", ".xlsx", ".xlsm", ".gz")
_ZIP_FAULTS = (
    *(zipfile.BadZipFile, RuntimeError, OSError, EOFError, ValueError, OverflowError, struct.error),
    *(zlib.error, lzma.LZMAError, KeyError, IndexError, AssertionError),
)
"""What Python's zipfile raises on damaged archives."""
_OUTSIDE = re.compile(r"\.\.|/|[A-Za-z]:")


@dataclass(frozen=True)
class Member:
    """One file of bytes: a whole file, or one of an archive. `asked`: its name is that of a table."""

    file: str
    data: bytes
    is_workbook: bool = False
    asked: bool = True


def unpack(path: Path, log: ImportLog, problems: list[Problem]) -> list[Member]:
    """The files of bytes in a file; what cannot be had goes to `problems`."""
    file = path.name or str(path)
    try:
        if not path.is_file():
            problems.append(Problem(str(path), 0, "", "the file is missing" if not path.is_dir() else "is a folder"))
            return []
        size = path.stat().st_size
        data = path.read_bytes() if size <= MOST_BYTES else b""
    except (OSError, ValueError) as error:
        problems.append(Problem(file, 0, "", f"cannot be read: {getattr(error, 'strerror', None) or error}"))
        return []
    if size > MOST_BYTES:
        problems.append(Problem(file, 0, "", "the file is too large", f"{size:,} bytes", _allowed()))
        return []
    return list(_Unpacking(log, problems).members(file, data, 0, asked=True))


def _allowed() -> str:
    return f"{MOST_BYTES:,} bytes unpacked"


class _Unpacking:
    """One file on its way: how many bytes may still come out of it."""

    def __init__(self, log: ImportLog, problems: list[Problem]) -> None:
        self.log = log
        self.problems = problems
        self.room = MOST_BYTES

    def refuse(self, file: str, message: str, allowed: str = "") -> None:
        """One more reason why there is no table."""
        self.problems.append(Problem(file, 0, "", message, allowed=allowed))

    def members(self, file: str, data: bytes, layer: int, asked: bool) -> Iterator[Member]:
        """What some bytes hold, archives opened."""
        packed = data.startswith(kinds.GZIP) or data.startswith(kinds.ZIP)
        if packed and layer >= MOST_LAYERS:
            self.refuse(file, "is packed again and again", "unpack it first")
        elif data.startswith(kinds.GZIP):
            inner = self._gunzip(file, data)
            if inner is not None:
                yield from self.members(file, inner, layer + 1, asked)
        elif data.startswith(kinds.ZIP):
            yield from self._zip(file, data, layer, asked)
        elif reason := kinds.why_no_table(data):
            if asked:
                self.refuse(file, *reason)
            else:
                Told(self.log, file).note("left out", reason[0])
        elif not data:
            self.refuse(file, "the file is empty")
        else:
            yield Member(file, data, asked=asked)

    def _gunzip(self, file: str, data: bytes) -> bytes | None:
        try:
            with gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
                inner = stream.read(self.room + 1)
        except EOFError:
            self.refuse(file, "the packed file ends too early: it was cut while being copied", "fetch it again")
            return None
        except (OSError, zlib.error) as error:
            self.refuse(file, f"the packed file is damaged: {error}", "fetch it again")
            return None
        if len(inner) > self.room:
            self.refuse(file, "the file is too large", _allowed())
            return None
        self.room -= len(inner)
        return inner

    def _zip(self, file: str, data: bytes, layer: int, asked: bool) -> Iterator[Member]:
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                entries = [entry for entry in archive.infolist() if not entry.is_dir()]
                names = {entry.filename for entry in entries}
                if not self._may_open(file, entries):
                    return
                if "[Content_Types].xml" in names or "mimetype" in names:
                    yield from self._office(file, data, names, asked)
                    return
                inner = list(self._read(file, archive, entries))
        except _ZIP_FAULTS as error:
            self.refuse(file, f"the archive is damaged: {str(error) or type(error).__name__}", "fetch it again")
            return
        if not inner:
            self.refuse(file, "the archive holds no file")
        for name, content in inner:
            table = name.lower().endswith(_TABLE_NAMES) or len(inner) == 1
            yield from self.members(f"{file}!{name}", content, layer + 1, asked=table)

    def _may_open(self, file: str, entries: list[zipfile.ZipInfo]) -> bool:
        """Whether an archive stays within the limits, holds no path that leads out of it, and needs no password."""
        before = len(self.problems)
        size = sum(entry.file_size for entry in entries)
        if size > self.room:
            self.refuse(file, f"the archive is too large: {size:,} bytes unpacked", _allowed())
        if len(entries) > MOST_MEMBERS:
            self.refuse(file, f"the archive holds {len(entries):,} files", f"at most {MOST_MEMBERS}")
        for entry in entries[:MOST_MEMBERS]:
            parts = entry.orig_filename.replace("\\", "/").split("/")
            if ".." in parts or _OUTSIDE.match(entry.orig_filename.replace("\\", "/")) or "\0" in entry.orig_filename:
                self.refuse(file, f"holds a path that leads out of the archive: {entry.orig_filename[:80]!r}")
            if entry.flag_bits & 1:
                self.refuse(f"{file}!{entry.filename}", "is locked by a password", "an archive without a password")
        return len(self.problems) == before

    def _read(self, file: str, archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> Iterator[tuple[str, bytes]]:
        for entry in entries:
            last = entry.filename.rsplit("/", 1)[-1]
            if last.startswith(".") or entry.filename.startswith("__MACOSX/") or last == "Thumbs.db":
                continue  # litter of the system that packed it
            content = archive.read(entry)
            self.room -= len(content)
            yield entry.filename, content

    def _office(self, file: str, data: bytes, names: set[str], asked: bool) -> Iterator[Member]:
        if "xl/workbook.xml" in names:
            yield Member(file, data, is_workbook=True, asked=asked)
        else:
            self.refuse(file, "is an office document that is no .xlsx workbook", "save it as .xlsx or as CSV in UTF-8")
