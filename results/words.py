"""Numbers as a district writes them: .03 SD, 1,240 pupils, $12.4 million; and directions in words."""

from __future__ import annotations

import math
from collections.abc import Sequence

MINUS = "−"
NONE = "–"
SMALL = 0.0005
"""SD; a difference that rounds to nothing at three digits."""


def sd(value: float, digits: int = 2) -> str:
    """.03 or −.21 or 1.20; a dash for nothing."""
    if value is None or math.isnan(value):
        return NONE
    text = f"{abs(value):.{digits}f}"
    negative = value < 0 and float(text) != 0
    return (MINUS if negative else "") + (text[1:] if text.startswith("0.") else text)


def signed(value: float, digits: int = 3) -> str:
    """+.021 or −.021; .000 has no sign."""
    text = sd(value, digits)
    return "+" + text if value > 0 and float(f"{value:.{digits}f}") != 0 else text


def interval(low: float, high: float, digits: int = 3) -> str:
    """+.010 to +.031."""
    return f"{signed(low, digits)} to {signed(high, digits)}"


def count(value: float) -> str:
    """1,240; one digit behind the point below ten when it is no whole number."""
    if value is None or math.isnan(value):
        return NONE
    whole = abs(value - round(value)) < 0.05 or abs(value) >= 10
    text = f"{abs(value):,.0f}" if whole else f"{abs(value):.1f}"
    return (MINUS if value < 0 and float(text.replace(",", "")) != 0 else "") + text


def share(value: float) -> str:
    """38%."""
    return NONE if value is None or math.isnan(value) else f"{100 * value:.0f}%"


def money(dollars: float) -> str:
    """$12.4 million, $830,000, −$2.0 million."""
    if dollars is None or math.isnan(dollars):
        return NONE
    sign, size = (MINUS if dollars < 0 else ""), abs(dollars)
    if size >= 999.95e6:
        return f"{sign}${size / 1e9:.1f} billion"
    if size >= 999.5e3:
        return f"{sign}${size / 1e6:.1f} million"
    text = f"{size:,.0f}"
    return f"{sign if text != '0' else ''}${text}"


def tens(dollars: float, plus: bool = False) -> str:
    """$16,850, +$170, −$30: to ten dollars, as far as spending on a pupil is known."""
    if dollars is None or math.isnan(dollars):
        return NONE
    ten = round(dollars / 10) * 10
    return f"{MINUS if ten < 0 else '+' if plus and ten > 0 else ''}${abs(ten):,}"


def listed(words: Sequence[str], last: str = "and") -> str:
    """a, b and c."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}" if words else ""


def how_much(value: float, more: str, less: str, same: str = "the same") -> str:
    """.021 SD smaller, .004 SD larger, or the same."""
    if abs(value) < SMALL:
        return same
    return f"{sd(abs(value), 3)} SD {more if value > 0 else less}"


def how_sure(low: float, high: float, more: str, less: str) -> str:
    """.012 to .030 SD smaller, or between .010 SD smaller and .004 SD larger."""
    if low > -SMALL and high > -SMALL:
        return f"{sd(max(low, 0.0), 3)} to {sd(max(high, 0.0), 3)} SD {more}"
    if low < SMALL and high < SMALL:
        return f"{sd(max(-high, 0.0), 3)} to {sd(-low, 3)} SD {less}"
    return f"between {sd(-low, 3)} SD {less} and {sd(high, 3)} SD {more}"


def grades(band: str) -> str:
    """grades 3-8, or high school."""
    return "high school" if band == "high" else f"grades {band}"


def group_name(group: str) -> str:
    """The group as the city names it; everybody for `*`."""
    return "all pupils" if group == "*" else group
