"""The report: one self-contained page with answer, figures, tables, assumptions and the record of the runs."""

from results.report.page import render, write_report

__all__ = ["render", "write_report"]
