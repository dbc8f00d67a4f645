"""What is wrong with a move that is asked for, in words, with what is allowed and the nearest name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from scenarios.play.kinds import KINDS, MOST_SCHOOLS, Kind, Move, kinds
from scenarios.problems import nearest_name
from sim.agents.operators import operator_files
from sim.agents.schools import School
from sim.district import District


class NotOnOffer(ValueError):
    """A move or an answer that cannot be taken; the text says what is allowed and names the nearest."""

    def __init__(self, what: str, allowed: str = "", nearest: str = "") -> None:
        asides = [f"allowed: {allowed}"] if allowed else []
        asides += [f"nearest: {nearest}"] if nearest else []
        super().__init__(what + (f" ({'; '.join(asides)})" if asides else ""))


def kind_of(name: str) -> Kind:
    """The kind of a move. Raises NotOnOffer."""
    found = kinds().get(name)
    if found is None:
        names = [kind.name for kind in KINDS]
        raise NotOnOffer(f"no move {name!r}", ", ".join(names), nearest_name(name, names))
    return found


def find_school(text: str, district: District) -> School:
    """A school by its id or its name, letters of any size. Raises NotOnOffer."""
    wanted = " ".join(text.lower().split())
    by_name = {name.lower(): school for school in district.schools for name in (school.name, school.key)}
    if wanted not in by_name:
        near = nearest_name(wanted, by_name)
        shown = f"{by_name[near].key} ({by_name[near].name})" if near else ""
        raise NotOnOffer(f"no school {text!r}", "an id or a name of the list of schools", shown)
    return by_name[wanted]


def may_have(kind: Kind, district: District, busy: Iterable[str] = ()) -> list[School]:
    """Schools on which a move of a kind can be made, without those that have a structural move this year already
    where that counts, lowest rating first and the unrated last."""
    taken = set(busy) if kind.structural else set()
    found = [s for s in district.schools if s.key not in taken and kind.may_have(s, district)] if kind.whose else []
    return sorted(found, key=lambda s: (s.rating if s.rating >= 0 else 100.0, s.key))


def operators_for(kind: Kind) -> tuple[str, ...]:
    """Operators a move of a kind can name."""
    return tuple(operator_files()) if kind.operator else ()


def checked(move: Move, district: District, busy: Iterable[str] = ()) -> Move:
    """The move with ids for names and what is usual for what is left out. Raises NotOnOffer."""
    kind = kind_of(move.kind)
    return replace(
        move,
        schools=_schools(move, kind, district, busy),
        operator=_operator(move, kind),
        share=_share(move, kind),
        choice=_choice(move, kind),
    )


def _schools(move: Move, kind: Kind, district: District, busy: Iterable[str]) -> tuple[str, ...]:
    if not kind.whose:
        if move.schools:
            raise NotOnOffer(f"{kind.name} names no schools")
        return ()
    if not move.schools:
        raise NotOnOffer(f"{kind.name} needs a school", "ids or names of the list of schools")
    asked = list(dict.fromkeys(find_school(text, district).key for text in move.schools))
    if len(asked) > MOST_SCHOOLS:
        raise NotOnOffer(f"{len(asked)} schools are too many for one move", f"at most {MOST_SCHOOLS}")
    able = [school.key for school in may_have(kind, district, busy)]
    for key in asked:
        if key not in able:
            raise NotOnOffer(
                f"{kind.name} is not possible at {key}, {district.school(key).name}: {_why(key, kind, district, busy)}",
                f"{len(able)} schools, such as {', '.join(able[:3])}" if able else "no school at present",
            )
    return tuple(asked)


def _why(key: str, kind: Kind, district: District, busy: Iterable[str]) -> str:
    school = district.school(key)
    if school.status != "open" or school.told_to_go:
        return f"it is {'closing' if school.status == 'open' else school.status}"
    if kind.whose != "any" and not school.district_run:
        return "the district does not run it"
    if kind.whose == "bound":
        return "it is free already"
    if key in set(busy):
        return "it has a move this year already"
    return "something decided earlier is still to happen there" if school.pupils else "it has no pupils"


def _operator(move: Move, kind: Kind) -> str:
    names = operators_for(kind)
    if not move.operator:
        if kind.operator == "must":
            raise NotOnOffer(f"{kind.name} needs an operator", ", ".join(names))
        return ""
    if not names:
        raise NotOnOffer(f"{kind.name} names no operator")
    if move.operator not in names:
        raise NotOnOffer(f"no operator {move.operator!r}", ", ".join(names), nearest_name(move.operator, names))
    return move.operator


def _share(move: Move, kind: Kind) -> float | None:
    if kind.amount is None:
        if move.share is not None:
            raise NotOnOffer(f"{kind.name} has no amount")
        return None
    share = kind.amount.usual if move.share is None else move.share
    if not kind.amount.low <= share <= kind.amount.high:
        allowed = f"{kind.amount.low:.0%} to {kind.amount.high:.0%} of {kind.amount.of}"
        raise NotOnOffer(f"{share:.0%} is out of range", allowed)
    return share


def _choice(move: Move, kind: Kind) -> str:
    if not kind.choices:
        if move.choice:
            raise NotOnOffer(f"{kind.name} has nothing to choose, and {move.choice!r} is no school")
        return ""
    if not move.choice and kind.name != "enrollment":
        return kind.choices[0]
    if move.choice not in kind.choices:
        near = nearest_name(move.choice, kind.choices) if move.choice else ""
        what = f"no such choice {move.choice!r}" if move.choice else f"{kind.name} needs a choice"
        raise NotOnOffer(what, ", ".join(kind.choices), near)
    return move.choice
