"""Cells of text into values: a number, an interval, nothing known, or a refusal with its reason."""
