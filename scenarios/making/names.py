"""Invented names of neighbourhoods and schools, each once."""

from __future__ import annotations

from scenarios.making.draws import Draws

_FIRST = (
    *("Alder", "Amber", "Ash", "Bay", "Beacon", "Birch", "Bridge", "Brook", "Cedar", "Chapel", "Cherry", "Clay"),
    *("Clover", "Copper", "Cross", "Deer", "Dove", "Elm", "Fair", "Fern", "Forge", "Fox", "Garden", "Glen", "Grand"),
    *("Grove", "Hazel", "Heron", "Hill", "Iron", "Laurel", "Linden", "Maple", "Meadow", "Mill", "North", "Oak"),
    *("Orchard", "Park", "Pine", "Quarry", "River", "Rose", "South", "Spring", "Stone", "Summer", "West", "Willow"),
)
_SECOND = (
    *("bank", "bend", "brook", "court", "crest", "dale", "field", "ford", "gate", "green", "haven", "heights"),
    *("land", "lane", "market", "mere", "mont", "point", "ridge", "side", "view", "ward", "wood", "yard"),
)
_QUARTERS = ("", "Upper ", "Lower ", "Old ", "New ", "East ", "Far ", "Near ")
_CHARTERS = ("Sextant", "Lantern", "Bellwether", "Compass", "Meridian", "Keystone", "Harvest", "Lodestar", "Tern")


def neighbourhoods(number: int, draws: Draws) -> list[str]:
    """So many different names, the plain ones first."""
    plain = [first + second for first in _FIRST for second in _SECOND if first.lower() != second]
    plain.sort(key=lambda name: draws.uniform(f"name {name}"))
    return [quarter + name for quarter in _QUARTERS for name in plain][:number]


def charter(number: int, draws: Draws) -> str:
    """The name of a charter school or network before what it teaches; every number has its own."""
    again, place = divmod(number, len(_CHARTERS))
    order = sorted(_CHARTERS, key=lambda name: draws.uniform(f"charter {name}"))
    return order[place] + (f" {_FIRST[(again - 1) % len(_FIRST)]}" if again else "")
