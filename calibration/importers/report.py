"""What an import met, assumed and refused, for people to read beside the folder."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class ImportReport:
    """Sections of lines, in the order they were first written to."""

    title: str
    sections: dict[str, list[str]] = field(default_factory=dict)

    def add(self, section: str, line: str) -> None:
        """Put one line at the end of a section."""
        self.sections.setdefault(section, []).append(line)

    def __str__(self) -> str:
        """Markdown: a heading for every section, a bullet for every line."""
        parts = [f"# {self.title}"]
        for section, lines in self.sections.items():
            parts.append("\n".join([f"## {section}", "", *(f"- {line}" for line in lines)]))
        return "\n\n".join(parts) + "\n"
