"""What is said where a question cannot be asked or answered as it stands."""

from __future__ import annotations


class NotPossible(ValueError):
    """The question cannot be asked so; the message says why, for people."""
