"""What a report says before it takes a form: a title, a paragraph, and sections of text, tables, pictures and claims.

Every kind of result is turned into a page once, and every form (text, HTML, SVG) shows any page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..core.claim import Claim, Finding

Cell = str | int | float | None
"""A word or a number; None is a place where nothing can stand."""


@dataclass(frozen=True)
class Prose:
    """One paragraph; `aside` for what only some readers need (definitions, sources)."""

    text: str
    aside: bool = False


@dataclass(frozen=True)
class Points:
    """Sentences that each stand for themselves, one below the other."""

    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """Rows under column heads, with a caption that says what they are; `note` says how to read them.

    The first column names the row. `marked` are numbers of rows that matter most.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    marked: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Picture:
    """A Vega-Lite chart: its caption, what it shows in words for whoever cannot see it, and the chart."""

    caption: str
    words: str
    chart: Mapping[str, Any]


@dataclass(frozen=True)
class Verdicts:
    """Claims with their verdicts, methods and witnesses; `brief` for those that only have to be there."""

    claims: tuple[Claim, ...]
    brief: bool = False


Block = Prose | Points | Table | Picture | Verdicts


@dataclass(frozen=True)
class Section:
    """A heading and what stands under it."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Page:
    """A whole report. `lead` is the paragraph that a person reads first, and perhaps only."""

    title: str
    lead: str
    sections: tuple[Section, ...]

    def pictures(self) -> Iterator[Picture]:
        """All pictures, in order."""
        return (block for section in self.sections for block in section.blocks if isinstance(block, Picture))


def section(title: str, *blocks: Block | None) -> tuple[Section, ...]:
    """The section with those blocks that there are, in a tuple; no section when there are none."""
    kept = tuple(block for block in blocks if block is not None)
    return (Section(title, kept),) if kept else ()


def points(findings: Iterable[Finding]) -> Points | None:
    """The sentences of findings, each once; None when there are none."""
    sentences = tuple(dict.fromkeys(finding.sentence for finding in findings))
    return Points(sentences) if sentences else None


def verdicts(claims: Iterable[Claim], brief: bool = False) -> Verdicts | None:
    """The claims, or None where there are none."""
    kept = tuple(claims)
    return Verdicts(kept, brief) if kept else None


def table(caption: str, columns: Sequence[str], rows: Sequence[Sequence[Cell]], **more: Any) -> Table | None:
    """The table, or None when it would have no rows."""
    return Table(caption, tuple(columns), tuple(map(tuple, rows)), **more) if rows else None
