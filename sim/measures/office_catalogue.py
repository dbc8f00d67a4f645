"""What the office, the money and the people of a run are measured by; part of `sim.measures.catalogue`."""

from __future__ import annotations

from sim.measures.measure import Measure

M = Measure

# fmt: off
OFFICE_MEASURES = (
    M("office.bargaining", "Whether the labor contract was bargained in the year, 1 or 0", "yes or no",
      "politics_year", "bargaining", "by definition"),
    M("office.board_for", "Seats of the board, of seven, that back the strategy", "seats", "politics_year",
      "board_for", "assumption"),
    M("office.capital", "Political capital for next year's review", "points of capital", "politics_year",
      "capital", "assumption"),
    M("office.capital_of_decision", "Political capital a decision cost", "points of capital", "decision",
      "capital", "assumption"),
    M("office.capital_spent", "Political capital spent in a year's review", "points of capital", "politics_year",
      "capital_spent", "assumption"),
    M("office.departures", "District schools that depart from the labor contract: freed, or with a longer day",
      "schools", "politics_year", "departures", "by definition"),
    M("office.departures_allowed", "District schools that the labor contract lets depart from it", "schools",
      "politics_year", "departures_allowed", "assumption"),
    M("office.election", "Whether board or mayor were elected in the year, 1 or 0", "yes or no", "politics_year",
      "election", "by definition"),
    M("office.families", "Share of families with an opinion who back the strategy", "share", "politics_year",
      "families", "S13-004: the quiet year"),
    M("office.flexibility", "Share of district schools that the labor contract lets depart from it", "share",
      "politics_year", "flexibility", "assumption"),
    M("office.gain_seen",
      "What the public saw in June: yearly rise of the mean score, and of the gap closed where it was acknowledged",
      "SD per year", "politics_year", "gain_seen", "by definition"),
    M("office.left", "Whether the superintendent left in June, 1 or 0", "yes or no", "politics_year", "left",
      "by definition"),
    M("office.opposition", "Share of a zone's families who oppose, what is left of former years included", "share",
      "opposition_year", "opposition", "S13-003: the sign"),
    M("office.opposition.affected", "Pupils of a zone whose school was told in the year that it closes",
      "children", "opposition_year", "affected", "by definition"),
    M("office.proven_share", "Share of all pupils in charters, restarted or freed schools with a good rating",
      "share", "politics_year", "proven_share", "by definition"),
    M("office.pursues", "Whether the superintendent pursues the strategy, 1 or 0", "yes or no", "politics_year",
      "pursues", "by definition"),
    M("office.superintendent", "The how-manyth superintendent since the plan began", "superintendents",
      "politics_year", "superintendent", "by definition"),
    M("office.teachers", "Share of teachers with an opinion who back the strategy", "share", "politics_year",
      "teachers", "S13-005: the quiet year"),
    M("office.voters", "Share of other voters with an opinion who back the strategy", "share", "politics_year",
      "voters", "S13-004: the quiet year"),
    M("office.votes", "Share of the votes for the board that would go to the strategy's friends", "share",
      "politics_year", "votes", "assumption"),
    M("office.years_in_post", "Years the superintendent has been in post in June", "years", "politics_year",
      "years_in_post", "by definition"),
)
"""Sorted by name."""
# fmt: on
