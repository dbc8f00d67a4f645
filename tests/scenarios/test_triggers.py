"""Triggers in scenario files: what they may be, where they come from, and their mistakes."""

from __future__ import annotations

from collections.abc import Callable

from scenarios.problems import Problem

HEAD = "district: harbor_city\nyears: {first: 2027, last: 2037}\n"
Mistakes = Callable[..., list[Problem]]


def test_mistakes_in_triggers_come_at_their_lines_and_all_at_once(mistakes: Mistakes) -> None:
    text = """policies:
  a:
    use: closure
    when:
      - {rating_below: 30, gap_above: 0.5, groups: [Blak, White]}
      - {years: 2}
      - {rating_belo: 3}
    if_district:
      gap_above: 0.9
      gap_below: 0.4
  b:
    use: extended_day
    if_district: {gap_above: 0.7, groups: [Black, wite], years: 9}
    phase_in_years: 20
  c: {use: extended_day, if_district: {rating_below: 30}}
  d: {use: extended_day, if_district: []}
"""
    told = [(p.line - 2, p.key.removeprefix("policies."), p.nearest) for p in mistakes(HEAD + text)]
    assert told == [
        (5, "a.when.groups", "Black"),
        (6, "a.when", ""),
        (7, "a.when.rating_belo", "rating_below"),
        (9, "a.if_district", ""),
        (13, "b.if_district.years", ""),
        (13, "b.if_district.groups", "White"),
        (14, "b.phase_in_years", ""),
        (15, "c.if_district.rating_below", "gap_below"),
        (16, "d.if_district", ""),
    ]
