"""Operators, parameters and their sources: every number says what it is and where it comes from."""

from __future__ import annotations

import re

import pytest

from sim.agents.operators import OperatorFile, operator_files
from sim.parameters import ASSUMPTION, Parameter, Parameters, UnknownParameter, declared
from sim.policies import policies
from tests.contracts.sources import evidence, is_named_or_assumed, is_well_written, rows_by_id, rows_named
from tests.real_data import not_at_hand

DATA = ("student-level moments",)
"""Sources beside the evidence table."""


@pytest.mark.parametrize("key", operator_files())
def test_operator_file_is_whole(key: str) -> None:
    file = operator_files()[key]
    assert OperatorFile.model_validate(file.model_dump()) == file
    assert file.total.low <= file.total.math <= file.total.high
    assert file.first_grade <= file.last_grade
    assert file.title
    assert file.about, "say in a line what these schools are"
    assert is_named_or_assumed(file.total.source), file.total.source
    for source in file.sources:
        assert is_named_or_assumed(source), source


def test_the_operators_of_the_white_paper_are_there() -> None:
    asked = {"aspire", "yes_prep", "mastery", "rocketship", "uncommon", "kipp"}
    others = {"district", "single_charter", "average_network", "weak_fast_network"}
    assert asked | others <= set(operator_files())


@pytest.mark.parametrize("parameter", declared().values(), ids=declared())
def test_parameter_is_declared_in_full(parameter: Parameter) -> None:
    assert parameter.unit
    assert parameter.meaning
    assert parameter.meaning[0].isupper()
    assert not parameter.meaning.endswith(".")
    assert parameter.low < parameter.high, "a number that cannot vary is no parameter"
    assert parameter.low <= parameter.value <= parameter.high
    assert parameter.estimand
    assert is_well_written(parameter.source), parameter.source
    assert is_named_or_assumed(parameter.source) or parameter.source.startswith(DATA), parameter.source
    if parameter.source == ASSUMPTION:
        assert parameter.high - parameter.low >= 0.25 * abs(parameter.value), "an assumption has a wide range"


def test_parameters_refuse_what_is_not_declared_or_out_of_range() -> None:
    with pytest.raises(UnknownParameter, match=r"nearest: learning\.error_sd"):
        Parameters({"learning.eror_sd": 0.3})
    with pytest.raises(UnknownParameter):
        Parameters()["no.such"]
    for name, parameter in declared().items():
        step = parameter.high - parameter.low
        for outside in (parameter.low - step / 10, parameter.high + step / 10):
            with pytest.raises(ValueError, match="outside its range"):
                Parameters({name: outside})
        assert Parameters({name: parameter.low})[name] == parameter.low


def test_fingerprint_tells_parameters_apart() -> None:
    seen = {Parameters().fingerprint}
    for name, parameter in declared().items():
        seen.add(Parameters({name: parameter.low if parameter.value != parameter.low else parameter.high}).fingerprint)
    assert len(seen) == len(declared()) + 1


@pytest.mark.shared_data
def test_every_row_named_is_in_the_evidence() -> None:
    known = evidence()
    if known is None:
        not_at_hand("the evidence table is not at hand")
    sources = {f"parameter {name}": parameter.source for name, parameter in declared().items()}
    sources |= {f"policy {use}": policy.evidence for use, policy in policies().items()}
    for key, file in operator_files().items():
        named = [file.total.source, *file.sources, *(fact.source for fact in file.facts.values())]
        sources |= {f"operator {key}/{number}": source for number, source in enumerate(named)}
    unknown = {where: row for where, source in sources.items() for row in rows_named(source) if row not in known}
    assert unknown == {}


@pytest.mark.shared_data
def test_what_is_graded_a_lottery_is_one_in_the_evidence() -> None:
    """Every effect has a grade, and the best one only where every row named tells of an experiment."""
    known = rows_by_id()
    if known is None:
        not_at_hand("the evidence table is not at hand")
    graded = {name: (p.grade, p.source) for name, p in declared().items() if p.grade}
    graded |= {key: (file.total.grade, file.total.source) for key, file in operator_files().items()}
    experiments = re.compile(r"\blotter|\bRCTs?\b|Tennessee STAR")
    for name, (grade, source) in graded.items():
        texts = [" ".join(known[row].values()) for row in rows_named(source)]
        if grade == "lottery":
            assert texts, name
            assert all(experiments.search(text) for text in texts), name
        elif grade == "assumption":
            assert ASSUMPTION in source, name
        elif grade is None:
            assert source.startswith("by definition"), name
        else:
            assert texts, name


def test_how_sources_are_read() -> None:
    assert rows_named("S04-008..011,028; S12-004") == ["S04-008", "S04-011", "S04-028", "S12-004"]
    assert is_named_or_assumed("S03-079: none in Boston; S03-085: assumption")
    assert is_named_or_assumed("assumption")
    for wrong in ("S3-079", "S03-79", "somebody said so", "S03-0791"):
        assert not is_named_or_assumed(wrong), wrong
