"""What the record says a district decided."""

from __future__ import annotations

from typing import Any

from sim.district import District


def decisions(district: District, action: str) -> list[dict[str, Any]]:
    """The decisions of one kind, in their order."""
    return [row for row in district.record.rows["decision"] if row["action"] == action]
