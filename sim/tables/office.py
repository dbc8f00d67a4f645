"""The tables of the office: politics and operators, year by year."""

from __future__ import annotations

from sim.tables.columns import YEAR
from sim.tables.columns import Column as C

OFFICE: dict[str, dict[str, C]] = {
    "politics_year": {
        "year": YEAR,
        "capital_spent": C(float, "capital spent in the year's review, points"),
        "capital": C(float, "capital for next year's review, points"),
        "families": C(float, "share of families who back the strategy"),
        "teachers": C(float, "share of teachers who back the strategy"),
        "voters": C(float, "share of other voters who back the strategy"),
        "votes": C(float, "share of the votes for the board that would go to the strategy's friends"),
        "board_for": C(int, "seats of the board, of seven, that back the strategy"),
        "gain_seen": C(float, "what the public saw: yearly rise of the mean score, and of the gap closed where it was "
                              "acknowledged, SD"),
        "proven_share": C(float, "share of all pupils in charters, restarted or freed schools with a good rating"),
        "flexibility": C(float, "share of district schools that the labor contract lets depart from it"),
        "departures": C(int, "district schools that depart from it: freed, or with a longer day"),
        "departures_allowed": C(int, "district schools that may"),
        "superintendent": C(int, "the how-manyth superintendent since the plan began"),
        "years_in_post": C(int, "years in post this June"),
        "pursues": C(int, "1 while the superintendent pursues the strategy, else 0"),
        "left": C(int, "1 when the superintendent left this June, else 0"),
        "election": C(int, "1 when board or mayor were elected this year, else 0"),
        "bargaining": C(int, "1 when the labor contract was bargained this year, else 0"),
    },
    "operator_year": {
        "year": YEAR,
        "operator": C(str, "who runs schools"),
        "schools": C(int, "schools it runs with pupils"),
        "pupils": C(int, "in them"),
        "seats": C(int, "in the grades they offer"),
        "rating": C(float, "mean rating of its schools by pupils, points of 100", True),
        "openings": C(int, "schools it has planned or opened since the plan began"),
        "takeovers": C(int, "schools it has taken over since the plan began"),
        "leaders": C(float, "trained leaders it has not used yet"),
        "leaders_given": C(int, "leaders the district has trained for it since the plan began"),
        "cash": C(float, "cash when its books were last closed, dollars"),
        "deficit_years": C(int, "years in a row with a deficit that counts, when its books were last closed"),
    },
    "opposition_year": {
        "year": YEAR,
        "zone": C(str, "zone of homes"),
        "affected": C(int, "its pupils whose school was told this year that it closes"),
        "opposition": C(float, "share of its families who oppose, what is left of former years included"),
    },
}  # fmt: skip
