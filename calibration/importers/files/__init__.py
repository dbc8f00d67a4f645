"""From the files people have to rows of text with their line numbers; nothing is typed here."""

from calibration.importers.files.raw_table import RawTable
from calibration.importers.files.tables import peek, read_tables

__all__ = ["RawTable", "peek", "read_tables"]
