"""The declarations. Ids such as S02-010 are rows of the evidence table; `assumption` marks what nobody measured.

Where a published effect is a cumulative one, `estimand` says so and `sim.effects` converts it with the retention
of the run: retention first, then the yearly value, so that the published effect is met whatever the retention.
"""

from __future__ import annotations

from sim.parameter_table import children, families, money, office, politics, schools, staff

TABLE = (
    *(*children.TABLE, *schools.TABLE, *staff.TABLE, *families.TABLE),
    *(*office.TABLE, *money.TABLE, *politics.TABLE),
)
