"""The politics of a portfolio: what decisions cost, who backs them, who leaves, and what the contract allows.

Little of this is measured: the coefficients are assumptions with wide ranges, and `politics: on` is a stress test.
"""

from __future__ import annotations

from sim.parameters import ASSUMPTION, Parameter

P = Parameter
POINTS = "points of capital"
SHARE = "share"
LOG_ODDS = "log odds"

# fmt: off

CAPITAL = (
    P("politics.capital_opening", "Political capital a superintendent begins with", 20.0, POINTS, 8.0, 40.0,
      ASSUMPTION),
    P("politics.capital_a_year", "Capital that comes in a year when support is even", 12.0, POINTS, 6.0, 25.0,
      ASSUMPTION),
    P("politics.capital_most", "Most capital that can be kept", 40.0, POINTS, 20.0, 80.0, ASSUMPTION),
    P("politics.price.close", "Price of closing a school, beside its pupils", 3.0, POINTS, 1.0, 8.0, ASSUMPTION),
    P("politics.price.restart", "Price of handing a school over", 3.0, POINTS, 1.0, 6.0, ASSUMPTION),
    P("politics.price.open", "Price of a new school of an operator", 1.5, POINTS, 0.5, 4.0, ASSUMPTION),
    P("politics.price.contract", "Price of a district school freed of the labor contract or with a longer day", 0.5,
      POINTS, 0.1, 2.0, ASSUMPTION),
    P("politics.price.rules", "Price of a rule for the whole district: enrolment, terms for operators, contracts", 5.0,
      POINTS, 2.0, 12.0, ASSUMPTION),
    P("politics.price_of_pupils", "Price of closing for each percent of the city's pupils in the school", 2.0,
      "points of capital per percent", 0.5, 4.0, ASSUMPTION),
    P("politics.price_most", "Most that a single decision costs", 25.0, POINTS, 15.0, 40.0, ASSUMPTION,
      "so that a district of few schools can close one at all"),
    P("politics.capital_of_gain", "Capital earned by scores that rise by a tenth of an SD in a year", 10.0, POINTS,
      2.0, 25.0, ASSUMPTION),
    P("politics.mandate", "Capital under a mandate beside that without one", 1.5, "ratio", 1.0, 2.5, ASSUMPTION),
)

SUPPORT = (
    P("politics.backing.families", "Share of families with an opinion who back the strategy in a quiet year", 0.60,
      SHARE, 0.45, 0.70, "S13-004", "51 percent of parents for; those without an opinion left out: assumption"),
    P("politics.backing.teachers", "Share of teachers with an opinion who back it in a quiet year", 0.40, SHARE,
      0.25, 0.50, "S13-005", "33 percent of teachers for charters; those without an opinion left out: assumption"),
    P("politics.backing.voters", "Share of other voters with an opinion who back it in a quiet year", 0.56, SHARE,
      0.45, 0.68, "S13-004", "45 for to 36 against"),
    P("politics.vote.families", "Share of the votes for the board that families cast", 0.35, SHARE, 0.2, 0.5,
      ASSUMPTION),
    P("politics.vote.teachers", "Share of the votes for the board that teachers and their households cast", 0.20, SHARE,
      0.1, 0.4, ASSUMPTION),
    P("politics.mood_kept", "Share of this year's mood that is left a year later", 0.6, "share per year", 0.3, 0.9,
      ASSUMPTION),
    P("politics.mood_of_displaced", "Fall of families' backing when all the city's pupils are displaced in a year",
      2.0, SHARE, 0.5, 4.0, "S13-003: the sign; the size is an assumption"),
    P("politics.mood_of_growth", "Fall of teachers' backing when the charter share grows by all pupils", 1.0, SHARE,
      0.0, 3.0, "S13-005: the sign; the size is an assumption"),
    P("politics.mood_of_gain", "Rise of everybody's backing when scores rise by one SD in a year", 1.0, SHARE,
      0.0, 3.0, ASSUMPTION),
    P("politics.opposition_kept", "Share of a zone's opposition that is left a year later", 0.5, "share per year",
      0.2, 0.9, ASSUMPTION),
    P("politics.opposition_weight", "How much dearer a closing is where every family of the zone was affected", 1.0,
      "ratio", 0.0, 3.0, "S13-003: the sign; the size is an assumption"),
    P("politics.engagement_relief", "Share of anger that full engagement of families takes away", 0.4, SHARE, 0.0, 0.7,
      ASSUMPTION),
    P("politics.coalition_lift", "Rise of other voters' backing by a full coalition", 0.06, SHARE, 0.0, 0.15,
      ASSUMPTION),
    P("politics.will_cost", "Cost of full engagement, information or coalition work", 25.0, "dollars per pupil",
      5.0, 100.0, ASSUMPTION),
    P("politics.information", "Way of low-income families' weight on scores to others' with full information", 0.3,
      SHARE, 0.0, 0.7, "S09-013: letter grades raised the weight; the size is an assumption"),
    P("politics.gap_seen", "Weight of a closing gap beside a rising mean once the gap is acknowledged", 0.5, "ratio",
      0.0, 1.0, ASSUMPTION),
)

OFFICE = (
    P("politics.board_for", "Share of the board's seats for the strategy when it begins", 0.71, SHARE, 0.57, 1.0,
      ASSUMPTION),
    P("politics.election_slope", "Log odds of winning a board seat for each unit of support above half", 8.0,
      "log odds per share", 2.0, 16.0, ASSUMPTION),
    P("politics.leaving", "Chance that a superintendent leaves in a quiet year", 0.20, "share per year", 0.12, 0.30,
      "S13-001,002", "3.2 years in post, 5.1 years completed"),
    P("politics.leaving_of_displaced", "Log odds of leaving for each 5 percent of pupils displaced in two years", 0.405,
      LOG_ODDS, 0.1, 0.9, "S13-010: out or flipped in four years .6; the size is an assumption", "odds ratio 1.5"),
    P("politics.leaving_of_gain", "Fall of the log odds of leaving for a gain of .05 SD seen last June", 0.2, LOG_ODDS,
      0.0, 0.6, "assumption: half as strong as displacement"),
    P("politics.leaving_of_board", "Log odds of leaving under a board that has turned", 1.0, LOG_ODDS, 0.0, 2.0,
      ASSUMPTION),
)

CONTRACT = (
    P("politics.flexibility_opening", "Share of district schools that the labor contract lets depart from it", 0.10,
      SHARE, 0.0, 0.4, ASSUMPTION),
    P("politics.flexibility_lost", "Flexibility lost at each bargaining by itself", 0.03, SHARE, 0.0, 0.10, ASSUMPTION),
    P("politics.flexibility_most", "Most flexibility a contract gives", 0.8, SHARE, 0.4, 1.0, ASSUMPTION),
    P("politics.flexibility_of_proof", "Flexibility won at a bargaining when all pupils sit in proven new seats", 2.0,
      SHARE, 0.0, 4.0, "assumption: the white paper's own mechanism"),
    P("politics.flexibility_of_coalition", "Flexibility won at a bargaining by a full coalition", 0.05, SHARE, 0.0,
      0.15, ASSUMPTION),
    P("politics.proven_rating", "Rating from which on a charter, restarted or freed school is proof", 50.0,
      "points of 100", 35.0, 65.0, ASSUMPTION),
)

TABLE = (*CAPITAL, *SUPPORT, *OFFICE, *CONTRACT)
# fmt: on
