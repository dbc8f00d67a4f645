"""Whatever is done to a scenario's text, it gives a plan or a list of mistakes, and never another error."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scenarios.combining import LIBRARY
from scenarios.files import check
from scenarios.problems import ProblemsFound
from sim.plan import Plan

TEXTS = [path.read_text(encoding="utf-8") for path in sorted(LIBRARY.glob("*.yaml"))]
PIECES = [
    "\t",
    "\n",
    "  ",
    ": ",
    "- ",
    "[",
    "]",
    "{",
    "}",
    "&a ",
    "*a",
    "!!int ",
    "!x ",
    "<<: ",
    "? ",
    "| ",
    "> ",
    "'",
    '"',
    "#",
    "%YAML 1.1\n",
    "---\n",
    "...\n",
    "null",
    "~",
    "true",
    ".nan",
    "-.inf",
    "1e999",
    "9" * 30,
    "0x1F",
    "-1",
    "0.5",
    "2.5 km",
    "20 percent",
    "ü",
    "\x00",
    "\u2028",
    "\ufeff",
    "\\",
    '"\\ud800"',
    '"\\0"',
    "policies",
    "use: closure",
    "extends: three_together",
    "extends: [",
    "district: ..",
    "district: /",
    "years",
    "variants: {a: {policies: 3}}\n",
    "parameters: {learning.retention.math: 0.6}\n",
    "where: {schools: [x]}",
    "when:",
    "operators: {}",
]


@st.composite
def edited(draw: st.DrawFn) -> bytes:
    """A library text after a few edits."""
    text = draw(st.sampled_from(TEXTS))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(text)))
        edit = draw(st.sampled_from(["put", "put", "cut", "double", "replace", "swap"]))
        if edit == "put":
            text = text[:at] + draw(st.sampled_from(PIECES) | st.text(max_size=3)) + text[at:]
        elif edit == "cut":
            text = text[:at] + text[at + draw(st.integers(1, 12)) :]
        elif edit == "replace":
            words = text.split(" ")
            words[at % len(words)] = draw(st.sampled_from(PIECES))
            text = " ".join(words)
        else:
            lines = text.split("\n")
            here, there = at % len(lines), draw(st.integers(0, len(lines) - 1))
            lines[here] = lines[there] if edit == "double" else lines[here]
            if edit == "swap":
                lines[here], lines[there] = lines[there], lines[here]
            text = "\n".join(lines)
    data = text.encode("utf-8", errors="surrogatepass")
    if draw(st.integers(0, 9)) == 0:
        at = draw(st.integers(0, len(data)))
        data = data[:at] + draw(st.binary(max_size=4)) + data[at:]
    return data


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(edited(), st.sampled_from([None, {"years.last": 2030}, {"policies.longer_day.extra_time": "30 percent"}]))
def test_a_plan_or_a_list_of_mistakes(data: bytes, overrides: dict[str, object] | None) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "edited.yaml"
        file.write_bytes(data)
        try:
            checked = check(file, overrides)
        except ProblemsFound as found:
            assert found.problems  # noqa: PT017
            for problem in found.problems:
                assert problem.message
                str(problem).encode("utf-8")
        else:
            assert isinstance(checked.plan, Plan)
            assert checked.plan.fingerprint
        assert [item.name for item in Path(folder).iterdir()] == ["edited.yaml"]
