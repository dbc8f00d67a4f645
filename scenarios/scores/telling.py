"""What was assumed on the way to standard means, in sentences with their numbers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from scenarios.records.columns import STATE
from scenarios.scores.from_levels import SCHOOL_ICC, WITHIN_SCHOOL_SD
from scenarios.scores.ordered_probit import LOG_SD_PRIOR
from scenarios.scores.rows import UNKNOWN_PUPILS, ScoreRows
from sim.city import ANY


def assumptions_of(rows: ScoreRows, means: pd.DataFrame, sittings: pd.DataFrame) -> tuple[str, ...]:
    """One sentence for everything assumed of at least one row, with the number of rows."""
    how = means["how"].value_counts()

    def ways(start: str) -> int:
        return int(sum(count for name, count in how.items() if str(name).startswith(start)))

    own = int((means["reference"] == ANY).sum())
    unknown = int((np.isnan(rows.pupils) & ~means["mean"].isna()).sum())
    alone = int((sittings["number"] == 1).sum())
    leaning = int((means["sd_lean"].between(0.5, 1, inclusive="left")).sum())
    told = (
        (own, f"{own:,} scores are referred to the city's own pupils, for no row of {STATE} stands beside them"),
        (
            ways("levels"),
            f"{ways('levels'):,} means by ordered probit: scores are normal within a group or school, with cut points "
            "common to all of one test, year, grade and subject",
        ),
        (
            leaning,
            "a unit's SD is held near that of its kind, as near as those of larger units are (else an SD of the log of "
            f"{LOG_SD_PRIOR}): {leaning:,} rows, of few pupils, lean on it for half or more",
        ),
        (
            ways("two levels"),
            f"{ways('two levels'):,} means from one cut point: all units have one SD within, which two levels "
            "cannot tell",
        ),
        (
            alone,
            f"in {alone} sittings the reference is known as one: it is taken as normal, pupils of a school or group "
            f"at first spread by {WITHIN_SCHOOL_SD:.2f} of it",
        ),
        (
            ways("levels, all in an end"),
            f"{ways('levels, all in an end'):,} rows have all pupils in an end level: half a pupil is put outside",
        ),
        (
            ways("scale, SD from cut"),
            f"{ways('scale, SD from cut'):,} means of a test's scale: its SD from level shares and cut scores, as of "
            "normal scores",
        ),
        (
            ways("scale, SD from schools"),
            f"{ways('scale, SD from schools'):,} means of a test's scale: its SD from means of schools, the share of "
            "variance between schools being that of the test's level shares, or where it has none "
            f"{SCHOOL_ICC[1]} ({SCHOOL_ICC[0]} to {SCHOOL_ICC[2]} in the bounds)",
        ),
        (
            int(rows.from_roll.sum()),
            f"{int(rows.from_roll.sum()):,} scores do not tell their pupils: the roll's are taken",
        ),
        (
            unknown,
            f"{unknown:,} scores tell no pupils, nor does the roll: weighted as {UNKNOWN_PUPILS:.0f}, without a "
            "standard error",
        ),
    )
    return tuple(sentence for count, sentence in told if count)
