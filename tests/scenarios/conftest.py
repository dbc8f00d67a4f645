"""A place to write scenario files, and what is said of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from scenarios.district_files import load_city, save_city
from scenarios.files import Checked, check
from scenarios.problems import Problem, ProblemsFound

Write = Callable[..., str]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Writes a file in the working folder and gives its name."""
    monkeypatch.chdir(tmp_path)

    def write(text: str | bytes, name: str = "mine.yaml") -> str:
        data = text.encode("utf-8") if isinstance(text, str) else text
        Path(name).write_bytes(data)
        return name

    return write


@pytest.fixture
def mistakes(write: Write, tmp_path: Path) -> Callable[..., list[Problem]]:
    """The mistakes of a text; finding them writes nothing."""

    def mistakes(text: str | bytes, overrides: dict[str, Any] | None = None, variant: str = "") -> list[Problem]:
        name = write(text)
        before = sorted(tmp_path.rglob("*"))
        with pytest.raises(ProblemsFound) as found:
            check(name + variant, overrides)
        assert sorted(tmp_path.rglob("*")) == before
        problems = list(found.value.problems)
        assert problems
        for problem in problems:
            assert "Input should" not in str(problem)
            assert "\n" not in str(problem)
        return problems

    return mistakes


@pytest.fixture
def plan_of(write: Write) -> Callable[..., Checked]:
    """A text checked."""
    return lambda text, overrides=None, variant="": check(write(text) + variant, overrides)


@pytest.fixture(scope="session")
def early_city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled city, moved to open in 2009."""
    city = load_city("harbor_city")
    by = 2009 - city.opening_year
    ratings = city.ratings.assign(year=city.ratings["year"] + by)
    schools = city.schools.assign(opened=city.schools["opened"] + by)
    moved = replace(city, name="early_city", opening_year=2009, ratings=ratings, schools=schools)
    return save_city(moved, tmp_path_factory.mktemp("cities") / "early_city")
