"""Numbers as a district writes them."""

from __future__ import annotations

import pytest

from results import words


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0.034, 2, ".03"),
        (-0.21, 2, "−.21"),
        (1.2, 2, "1.20"),
        (-0.0001, 3, ".000"),
        (float("nan"), 2, "–"),
        (0, 2, ".00"),
    ],
)
def test_scores(value: float, digits: int, text: str) -> None:
    assert words.sd(value, digits) == text


@pytest.mark.parametrize(("value", "text"), [(0.0214, "+.021"), (-0.0214, "−.021"), (0.0001, ".000"), (1.5, "+1.500")])
def test_differences_have_a_sign(value: float, text: str) -> None:
    assert words.signed(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(1240.2, "1,240"), (3.2, "3.2"), (3.0, "3"), (-12.4, "−12"), (-0.01, "0"), (float("nan"), "–")]
)
def test_counts(value: float, text: str) -> None:
    assert words.count(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (12_400_000, "$12.4 million"),
        (830_000, "$830,000"),
        (-2e6, "−$2.0 million"),
        (999_999, "$1.0 million"),
        (3.25e9, "$3.2 billion"),
        (-0.2, "$0"),
    ],
)
def test_money(value: float, text: str) -> None:
    assert words.money(value) == text


def test_directions_in_words() -> None:
    assert words.how_much(-0.021, "larger", "smaller") == ".021 SD smaller"
    assert words.how_much(0.0001, "larger", "smaller") == "the same"
    assert words.how_sure(-0.03, -0.012, "larger", "smaller") == ".012 to .030 SD smaller"
    assert words.how_sure(-0.01, 0.004, "larger", "smaller") == "between .010 SD smaller and .004 SD larger"
    assert words.how_sure(0.002, 0.004, "larger", "smaller") == ".002 to .004 SD larger"


def test_lists() -> None:
    assert [words.listed([]), words.listed(["a"]), words.listed(["a", "b", "c"])] == ["", "a", "a, b and c"]
