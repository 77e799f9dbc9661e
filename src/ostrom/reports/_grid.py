"""Tables as text: no word is cut while it can stand whole, and a table too wide for that goes on below itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ._page import Table
from ._words import cell, is_number

GAP = 3
"""Letters between two columns."""

LONGEST = 24
"""Letters up to which a word is kept whole."""


def grids(block: Table, width: int) -> Iterator[Any]:
    """The table in `width` letters, as one grid or as several that all begin with the first column."""
    from rich import box
    from rich.table import Table as Grid
    from rich.text import Text

    shown = [[cell(column), *(cell(row[k]) for row in block.rows)] for k, column in enumerate(block.columns)]
    least = [min(max(_long(word) for text in own for word in (text.split() or [""])), LONGEST) for own in shown]
    numeric = [all(is_number(row[k]) for row in block.rows) for k in range(len(block.columns))]
    for part in _parts(least, width):
        grid = Grid(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="")
        for k, letters in zip(part, _widths(shown, least, part, width), strict=True):
            justify = "right" if numeric[k] else "left"
            grid.add_column(Text(shown[k][0]), justify=justify, overflow="fold", width=letters)
        for n in range(len(block.rows)):
            style = "bold" if n in block.marked else ""
            grid.add_row(*(Text(shown[k][n + 1]) for k in part), style=style)
        yield grid


def _long(text: str) -> int:
    from rich.cells import cell_len

    return cell_len(text)


def _parts(least: Sequence[int], width: int) -> list[list[int]]:
    """Numbers of columns that fit beside each other, the first in every part."""
    parts, used = [[0]], least[0]
    for k in range(1, len(least)):
        if used + GAP + least[k] > width and len(parts[-1]) > 1:
            parts.append([0])
            used = least[0]
        parts[-1].append(k)
        used += GAP + least[k]
    return parts


def _widths(shown: Sequence[Sequence[str]], least: Sequence[int], part: Sequence[int], width: int) -> list[int]:
    """Letters of each column: what it asks for, up to one limit for all that makes them fit, and never too few."""
    room = width - GAP * (len(part) - 1)
    asked = [max(map(_long, shown[k])) for k in part]
    floor = [min(least[k], max(room - (len(part) - 1), 1)) for k in part]
    for limit in range(max(asked), 0, -1):
        widths = [min(own, max(limit, few)) for own, few in zip(asked, floor, strict=True)]
        if sum(widths) <= room:
            return [max(letters, 1) for letters in widths]
    return _squeezed(floor, room)


def _squeezed(floor: Sequence[int], room: int) -> list[int]:
    """Widths where not even the longest words fit: the widest give first."""
    widths = list(floor)
    while sum(widths) > room and max(widths) > 1:
        widths[widths.index(max(widths))] -= 1
    return widths
