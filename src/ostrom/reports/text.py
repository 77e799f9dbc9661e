"""Results as plain text: a paragraph first, then tables, then claims with their verdicts."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from ..core.claim import Claim
from ._grid import grids
from ._page import Block, Picture, Points, Prose, Table, Verdicts
from ._pages import page_of
from ._words import legible, reached, witness

STYLES = {"proved": "bold green", "supported": "green", "refuted": "bold red", "unknown": "yellow"}
"""How each verdict is coloured where colours are wanted; the word itself always stands there too."""

VERDICT = max(map(len, STYLES))
"""Letters of the longest verdict: claims stand beside it in one column."""


def text(result: Any, width: int = 100, colour: bool = False) -> str:
    """The report as text of at most `width` letters a line, with the codes for colours of a terminal if wanted.

    `result` is what a verb returned: a diagnosis, a design, a comparison, a verification or an audit. Pictures are left
    out; their numbers stand in the tables. Characters that a terminal would obey are shown as �.
    """
    from rich.console import Console, Group
    from rich.rule import Rule
    from rich.text import Text

    page = page_of(result)
    parts: list[Any] = [Text(legible(page.title), "bold"), Text(), Text(legible(page.lead))]
    for section in page.sections:
        if all(isinstance(block, Picture) for block in section.blocks):
            continue
        parts += [Text(), Rule(Text(legible(section.title), "bold"), align="left", style="dim")]
        for block in section.blocks:
            parts += _block(block, width)
    console = Console(
        file=io.StringIO(),
        width=width,
        force_terminal=colour,
        color_system="standard" if colour else None,
        legacy_windows=False,
        _environ={},
    )
    with console.capture() as captured:
        console.print(Group(*parts), highlight=False)
    return "\n".join(line.rstrip() for line in captured.get().splitlines()) + "\n"


def _block(block: Block, width: int) -> Iterator[Any]:
    from rich.text import Text

    if isinstance(block, Prose):
        yield from (Text(), Text(legible(block.text), "dim" if block.aside else ""))
    elif isinstance(block, Points):
        for sentence in block.sentences:
            yield from (Text(), _hanging(Text(legible(sentence))))
    elif isinstance(block, Table):
        yield from (Text(), *_table(block, width))
    elif isinstance(block, Verdicts):
        for k, claim in enumerate(block.claims):
            yield from ((Text(),) if k == 0 or not block.brief else ())
            yield _claim(claim, block.brief)
    else:
        assert isinstance(block, Picture)


def _hanging(words: Any) -> Any:
    """A sentence after a bullet, its further lines indented."""
    from rich.table import Table as Grid

    grid = Grid.grid(padding=(0, 1))
    grid.add_row("•", words)
    return grid


def _table(block: Table, width: int) -> Iterator[Any]:
    from rich.text import Text

    yield Text(legible(block.caption), "italic")
    for k, grid in enumerate(grids(block, width)):
        yield from ((Text(),) if k else ())
        yield grid
    if block.note:
        yield Text(legible(block.note), "dim")


def _claim(claim: Claim, brief: bool) -> Any:
    """The verdict, and beside it the statement, how it was reached and what speaks against it."""
    from rich.console import Group
    from rich.table import Table as Grid
    from rich.text import Text

    said, method = Text(legible(claim.statement)), Text(legible(reached(claim)), "dim")
    if brief:
        said = said.append(" ").append(Text(f"({method.plain})", "dim"))
    found = Text(f"witness: {legible(witness(claim.witness))}") if claim.witness else None
    grid = Grid.grid(padding=(0, 2, 0, 0))
    grid.add_column(width=VERDICT)
    parts = [said, *(() if brief else (method,)), *(() if found is None else (found,))]
    grid.add_row(Text(claim.verdict.upper(), STYLES[claim.verdict]), Group(*parts))
    return grid
