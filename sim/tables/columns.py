"""What a column of the record is, and the columns that many tables share."""

from __future__ import annotations

from dataclasses import dataclass

Kind = type[int] | type[float] | type[str]


@dataclass(frozen=True)
class Column:
    """One column: its type, its meaning with unit, and whether it may be empty."""

    kind: Kind
    meaning: str
    optional: bool = False


YEAR = Column(int, "spring in which the school year ends")
SUBJECT = Column(str, "math or reading")
BAND = Column(str, "grades together: K-2, 3-5, 6-8, 3-8 or high")
GROUP = Column(str, "group of pupils; * is everybody")
SCHOOL = Column(str, "school id")
PLAN = Column(str, "the plan")
BASELINE = Column(str, "the plan subtracted from it")
DRAW = Column(int, "draw of the parameters of both; 0 is the declared values")
SEED = Column(int, "luck of both, together with the draw")
FOCAL = Column(str, "group that lies behind when the gap is positive")
REFERENCE = Column(str, "group it is compared with")
LEVEL = {
    "pupils": Column(int, "enrolled in the band"),
    "tested": Column(int, "tested in the band"),
    "mean": Column(float, "mean observed score, SD", True),
    "true_mean": Column(float, "mean score without test error of all enrolled, SD", True),
    "sd": Column(float, "spread of observed scores, SD", True),
    "se": Column(float, "standard error of the mean over pupils, SD", True),
}
"""What is told of the scores of some children in a band of grades."""
