"""Imports point one way: from the year as it is lived down to luck and parameters, never up."""

from __future__ import annotations

import ast
from graphlib import CycleError, TopologicalSorter

import pytest

from tests.architecture.modules import Import, imports, sources, tree_of

LAYERS: tuple[tuple[str, ...], ...] = (
    # what is given: luck, numbers, the city's tables, the list of the record's tables
    (
        *("sim.luck", "sim.effects", "sim.city", "sim.parameters", "sim.parameter_table", "sim.networks"),
        *("sim.record", "sim.tables", "sim.studied.ranges"),
    ),
    ("sim.agents",),
    ("sim.opening", "sim.year", "sim.measures"),
    ("sim.policies",),
    ("sim.plan", "sim.draws"),
    (
        *(
            "sim.decisions",
            "sim.district_state",
            "sim.school_market",
            "sim.rated_schools",
            "sim.levers",
            "sim.stocktaking",
            "sim.review",
            "sim.district",
        ),
        *("sim.studied", "sim.comparison", "sim.pairing", "sim.running", "sim.run", "sim.shares", "sim"),
    ),
    ("scenarios", "results"),
    ("calibration",),
    ("command",),
)
"""Lowest first. A module imports from its own layer or a lower one."""
STRANGERS = (("scenarios", "results"),)
"""Packages of one layer that do not know each other."""
EXCEPTIONS = {
    # the opening is asked for by a whole plan, since what decides it is spread over the plan: city, years,
    # parameters, enrolment system and momentum
    ("sim.opening.opening", "sim.plan"),
    ("sim.opening.population", "sim.plan"),
}
"""Imports that point up, each with its reason; the list is exact."""
MECHANISMS = ("sim.year", "sim.measures", "sim.opening")
DISTRICT = (
    "sim.district",
    "sim.decisions",
    "sim.district_state",
    "sim.school_market",
    "sim.levers.accounts",
    "sim.rated_schools",
    "sim.levers.teaching",
    "sim.levers.seats",
    "sim.levers.openings",
    "sim.levers.networks",
    "sim.levers.politics",
    "sim.stocktaking.accounts",
    "sim.stocktaking.june",
    "sim.stocktaking.measures",
    "sim.review",
    "sim.pairing",
    "sim.running",
    "sim.run",
)


def layer_of(module: str) -> int:
    """The layer of the longest name that fits."""
    fitting = [
        (len(name), number)
        for number, layer in enumerate(LAYERS)
        for name in layer
        if module == name or (module.startswith(name + ".") and name != "sim")
    ]
    assert fitting, f"{module} belongs to no layer: say where it stands in tests/architecture/test_imports.py"
    return max(fitting)[1]


def pointing_up(found: tuple[Import, ...]) -> set[tuple[str, str]]:
    """Imports from a higher layer, those for types only left out."""
    return {
        (one.importer, one.imported)
        for one in found
        if one.when != "types" and layer_of(one.imported) > layer_of(one.importer)
    }


def test_every_module_has_a_layer() -> None:
    assert len(sources()) > 50
    for name in sources():
        layer_of(name)


def test_imports_point_one_way() -> None:
    assert pointing_up(imports()) == EXCEPTIONS


def test_an_import_pointing_up_is_seen() -> None:
    for wrong in (Import("sim.luck", "sim.agents.schools", "loaded"), Import("sim.year.june", "sim.district", "later")):
        assert pointing_up((wrong,))
    assert not pointing_up((Import("sim.year.june", "sim.district", "types"),))


def test_strangers_do_not_know_each_other() -> None:
    for one, other in STRANGERS:
        pairs = {(one, other), (other, one)}
        found = [
            (i.importer, i.imported) for i in imports() if (i.importer.split(".")[0], i.imported.split(".")[0]) in pairs
        ]
        assert found == []


def test_no_circle_while_loading() -> None:
    """Modules can be loaded in some order; what is imported inside functions comes later."""
    graph: dict[str, set[str]] = {name: set() for name in sources()}
    for one in imports():
        if one.when == "loaded":
            graph[one.importer].add(one.imported)
    try:
        order = list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))
    assert set(sources()) <= set(order)


@pytest.mark.parametrize("name", [name for name in sources() if name.startswith(MECHANISMS)])
def test_mechanism_takes_tables_not_the_district(name: str) -> None:
    """It neither imports the district, for types included, nor takes one: three children are enough to test it."""
    assert not [one.imported for one in imports() if one.importer == name and one.imported in DISTRICT]
    for node in ast.walk(tree_of(name)):
        if isinstance(node, ast.arg) and node.annotation is not None:
            mentioned = {part.id for part in ast.walk(node.annotation) if isinstance(part, ast.Name)}
            mentioned |= {str(part.value) for part in ast.walk(node.annotation) if isinstance(part, ast.Constant)}
            assert not mentioned & {
                "District",
                "DistrictState",
                "Levers",
                "NetworkLevers",
                "AccountLevers",
                "PracticeLevers",
                "SeatLevers",
                "SchoolMarket",
                "PoliticalLevers",
                "RatedSchools",
                "Reviewing",
            }, f"{name}: {node.arg}"
            assert node.arg not in ("district", "model"), f"{name}: {node.arg}"


def test_policies_use_levers_only() -> None:
    """A policy decides and the district enacts: no policy reaches into mechanisms or the opening."""
    for one in imports():
        if one.importer.startswith("sim.policies.") and one.when != "types":
            assert one.imported.startswith(("sim.policies", "sim.agents", "sim.studied.ranges")), one


@pytest.mark.parametrize("name", sources())
def test_imports_are_absolute(name: str) -> None:
    for node in ast.walk(tree_of(name)):
        assert not (isinstance(node, ast.ImportFrom) and node.level), name
