"""`portfolio story`: one child or one school under two plans."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from typer.testing import Result

Portfolio = Callable[..., Result]


def test_story_of_a_child_and_of_a_school(portfolio: Portfolio) -> None:
    """The real engine, two years: a child under the plan and under nothing, and a school the plan lengthens days at."""
    short = ("--set", "years.last=2028")
    done = portfolio("story", "extended_day", *short)
    assert done.exit_code == 0
    assert done.stdout.startswith("Child ")
    assert done.stdout.index("Under nothing_changed") < done.stdout.index("Under extended_day")
    document = json.loads(portfolio("story", "extended_day", "--child", "20000", *short, "--json").stdout)
    assert document["child"] == 20000
    assert set(document["years"]) == {"nothing_changed", "extended_day"}
    school = portfolio("story", "extended_day", "--school", "0129", "--baseline", "status_quo", *short)
    assert "longer_day: lengthen day" in school.stdout.partition("Under extended_day")[2]


@pytest.mark.parametrize("words", [("--school", "9999"), ("--child", "99999999"), ("--like", "displaced")])
def test_story_of_nobody_is_refused(portfolio: Portfolio, words: tuple[str, ...]) -> None:
    done = portfolio("story", "extended_day", *words, "--set", "years.last=2027")
    assert done.exit_code == 2
    assert done.stderr.startswith(("no school '9999'", "there is no child 99999999", "no child is displaced"))
    assert not done.stdout
