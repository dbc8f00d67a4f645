"""Plans misprinted the way people misprint them: a slip in a number, a unit, a name, a key, an indent, a line.

Every misprint takes a place in the text of a plan and gives another text, with its name. Which of them are wrong is not
decided here: `benchmarks.misprints` asks that of libraries, and of what the plan then holds.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode


@dataclass(frozen=True)
class Spot:
    """A key or a single value in a text: the keys that lead to it, where it begins and ends."""

    path: tuple[str, ...]
    start: int
    end: int
    is_key: bool


@dataclass(frozen=True)
class Misprint:
    """A misprinted text; `spot` is what was misprinted, where that is a value or a key; `wrong` says why it can be
    nothing else than refused."""

    what: str
    text: str
    spot: Spot | None = None
    wrong: str = ""


def spots(text: str) -> list[Spot]:
    """Every key and every single value of a plan's text."""
    return list(_spots(YAML(typ="safe", pure=True).compose(text), ()))


def _spots(node: Node, path: tuple[str, ...]) -> Iterator[Spot]:
    if isinstance(node, MappingNode):
        for key, value in node.value:
            yield Spot((*path, key.value), key.start_mark.index, key.end_mark.index, True)
            yield from _spots(value, (*path, key.value))
    elif isinstance(node, SequenceNode):
        for number, item in enumerate(node.value):
            yield from _spots(item, (*path, str(number)))
    elif isinstance(node, ScalarNode):
        yield Spot(path, node.start_mark.index, node.end_mark.index, False)


def _slip(word: str, luck: random.Random) -> str:
    """A word with one letter lost, doubled or changed places with the next."""
    at = luck.randrange(max(1, len(word) - 1))
    forms = [word[:at] + word[at + 1 :], word[: at + 1] + word[at:]]
    if len(word) > at + 1:
        forms.append(word[:at] + word[at + 1] + word[at] + word[at + 2 :])
    return luck.choice([form for form in forms if form and form != word] or [word + "x"])


def _number(value: str) -> str:
    """The first word of a value where it is a number, else a number."""
    first = value.split(" ")[0].strip("%")
    return first if first.replace(".", "", 1).lstrip("-").isdigit() else "7"


NUMBERS: dict[str, Callable[[str], str]] = {
    "a digit too many": lambda v: v.replace(_number(v), _number(v) + "0", 1),
    "a digit lost": lambda v: v.replace(_number(v), _number(v)[:-1] or "0", 1),
    "ten times": lambda v: v.replace(_number(v), f"{float(_number(v)) * 10:g}", 1),
    "a hundredth": lambda v: v.replace(_number(v), f"{float(_number(v)) / 100:g}", 1),
    "a sign": lambda v: f"-{v}",
    "nought": lambda v: v.replace(_number(v), "0", 1),
    "a decimal comma": lambda v: v.replace(_number(v), _number(v).replace(".", ",") if "." in v else "1,5", 1),
    "thousands with commas": lambda v: v.replace(_number(v), "12,000", 1),
    "thousands with blanks": lambda v: v.replace(_number(v), "12 000", 1),
    "a percent sign": lambda v: f"{v}%",
    "the word percent": lambda v: f"{v} percent",
    "no unit": lambda v: v.split(" ")[0],
    "another unit": lambda v: f"{_number(v)} miles",
    "kilometers": lambda v: f"{_number(v)} km",
    "a unit misspelt": lambda v: f"{_number(v)} precent",
    "years as a word": lambda v: f"{_number(v)} years",
    "in quotes": lambda v: f'"{v}"',
    "a letter O": lambda v: v.replace("0", "O") if "0" in v else f"{v}O",
    "a letter l": lambda v: v.replace("1", "l") if "1" in v else f"l{v}",
    "base sixteen": lambda v: f"0x{v}",
    "base eight": lambda v: f"0o{v}",
    "a leading nought": lambda v: f"0{v}",
    "an underscore": lambda v: f"{v[:1]}_{v[1:]}" if len(v) > 1 else f"{v}_0",
    "minutes": lambda v: f"{_number(v)}:30",
    "a date": lambda v: f"{v}-09-01",
    "an exponent": lambda v: f"{_number(v)}e3",
    "no number": lambda v: ".nan",
    "endless": lambda v: "-.inf",
    "far too large": lambda v: "1e999",
    "thirty digits": lambda v: "9" * 30,
    "full-width digits": lambda v: v.translate(str.maketrans("0123456789", "０１２３４５６７８９")),
    "Arabic digits": lambda v: v.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")),
    "a no-break space": lambda v: v.replace(" ", "\u00a0") if " " in v else f"{v}\u00a0",
    "a half": lambda v: f"{_number(v)}.5",
    "a range": lambda v: f"{_number(v)}-{_number(v)}",
    "about": lambda v: f"~{v}",
}
VALUES: dict[str, Callable[[str], str]] = {
    "nothing": lambda v: "null",
    "empty": lambda v: "",
    "yes": lambda v: "yes",
    "true": lambda v: "true",
    "off": lambda v: "off",
    "a word": lambda v: "some",
    "a list": lambda v: f"[{v}]",
    "an empty list": lambda v: "[]",
    "twice in a list": lambda v: f"[{v}, {v}]",
    "a map": lambda v: f"{{value: {v}}}",
    "an empty map": lambda v: "{}",
    "capitals": str.upper,
    "a remark without its blank": lambda v: f"{v}# note",
    "a colon": lambda v: f"{v}: {v}",
    "a tag": lambda v: f"!!str {v}",
    "an anchor": lambda v: f"&it {v}",
    "an alias": lambda v: "*it",
    "a block": lambda v: "|",
    "a quote left open": lambda v: f'"{v}',
    "a bracket left open": lambda v: f"[{v}",
}
ALWAYS_WRONG = ("no number", "endless", "far too large", "a tag", "an anchor", "an alias", "a quote left open")
LINES = ("lost", "doubled", "moved", "indented", "outdented", "with a tab", "a remark", "cut off", "glued")
"""What is done to a line, or to all of them."""
FREE = ("title", "question")
"""Keys under which any text is right."""


def misprinted(text: str, luck: random.Random) -> Misprint:
    """One misprint of a plan's text."""
    kind = luck.choice(["number", "number", "number", "value", "value", "word", "key", "key", "swap", "line", "line"])
    places = spots(text)
    if kind == "line":
        return _line(text, luck)
    if kind == "key":
        return _key(text, luck.choice([spot for spot in places if spot.is_key]), places, luck)
    values = [spot for spot in places if not spot.is_key and spot.path[0] not in FREE]
    spot = luck.choice(values)
    written = text[spot.start : spot.end]
    if kind == "swap":
        other = text[(place := luck.choice(values)).start : place.end]
        return Misprint("another setting's value", _with(text, spot, other), spot)
    if kind == "word" and any(letter.isalpha() for letter in written.strip("\"'")):
        slipped = _slip(written, luck)
        return Misprint("a word misspelt", _with(text, spot, slipped), spot)
    forms = NUMBERS if kind == "number" and any(letter.isdigit() for letter in written) else VALUES
    name = luck.choice(list(forms))
    wrong = "no such value may be read" if name in ALWAYS_WRONG else ""
    return Misprint(name, _with(text, spot, forms[name](written)), spot, wrong)


def _with(text: str, spot: Spot, written: str) -> str:
    return text[: spot.start] + written + text[spot.end :]


def _key(text: str, spot: Spot, places: list[Spot], luck: random.Random) -> Misprint:
    """A key misspelt, in capitals, lost, written twice, or another's."""
    written = text[spot.start : spot.end]
    what = luck.choice(["misspelt", "misspelt", "in capitals", "lost", "twice", "another's", "without its colon"])
    if what == "misspelt":
        return Misprint("a key misspelt", _with(text, spot, _slip(written, luck)), spot)
    if what == "in capitals":
        return Misprint("a key in capitals", _with(text, spot, written.title()), spot)
    if what == "lost":
        return Misprint("a key lost", text[: spot.start] + text[spot.end :].lstrip(": "), spot)
    if what == "without its colon":
        return Misprint("a key without its colon", text[: spot.end] + text[spot.end + 1 :], spot)
    if what == "twice":
        beside = [p for p in places if p.is_key and p.path[:-1] == spot.path[:-1] and p.path != spot.path]
        if beside:
            other = luck.choice(beside)
            name = text[other.start : other.end]
            return Misprint("a key written twice", _with(text, spot, name), spot, "a key can stand once in a map")
    other = luck.choice([place for place in places if place.is_key])
    return Misprint("another's key", _with(text, spot, text[other.start : other.end]), spot)


def _line(text: str, luck: random.Random) -> Misprint:
    """A line lost, doubled, moved, indented, given a tab, turned into a remark, or the file cut off or glued."""
    lines = text.split("\n")
    at = luck.randrange(len(lines))
    what = luck.choice(
        ["lost", "doubled", "moved", "indented", "outdented", "with a tab", "a remark", "cut off", "glued"]
    )
    if what == "lost":
        del lines[at]
    elif what == "doubled":
        lines.insert(at, lines[at])
    elif what == "moved":
        lines.insert(luck.randrange(len(lines)), lines.pop(at))
    elif what == "indented":
        lines[at] = "  " + lines[at]
    elif what == "outdented":
        lines[at] = lines[at].removeprefix("  ")
    elif what == "with a tab":
        lines[at] = "\t" + lines[at].lstrip()
    elif what == "a remark":
        lines[at] = "#" + lines[at]
    elif what == "cut off":
        return Misprint("cut off", text[: luck.randrange(len(text))])
    else:
        lines += lines
    return Misprint(f"a line {what}" if what != "glued" else "the file twice over", "\n".join(lines))
