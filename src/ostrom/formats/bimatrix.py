"""Two-player games as people write them on paper: one line per move of the row player, `3,3 | 0,5`."""

from __future__ import annotations

import re
from fractions import Fraction

from ostrom.core.errors import InputError
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.game import Game

from ._text import at, bad, lines, number, require_few, require_plain, written

_RULE = re.compile(r"[\s|:+-]*")


def read_bimatrix(text: str, where: str = "this text", name: str = "game") -> NormalForm:
    """The game in lines of cells `a, b` separated by `|`; a first line and a first cell may name the moves.

    Lines of dashes and lines that start with `#` are skipped, so a Markdown table is read as well. Raises
    `InputError` naming `where` and the line for a cell that is not a pair of numbers, or lines of unequal length.
    """
    with at(where):
        require_few(2 * text.count("|"))
    rows = [(place, _cells(line)) for place, line in lines(text) if not _RULE.fullmatch(line)]
    if not rows:
        raise bad(where, None, "there are no payoffs.", "", "Write one line per move of the row player: 3,3 | 0,5")
    head = None if any(_looks_paid(cell) for cell in rows[0][1]) else rows.pop(0)[1]
    labelled = bool(rows) and not _looks_paid(rows[0][1][0])
    body = [(line, cells[labelled:]) for line, cells in rows]
    width = len(body[0][1]) if body else 0
    payoffs: list[list[tuple[Fraction, Fraction]]] = []
    for line, cells in body:
        with at(where, line):
            if len(cells) != width:
                raise InputError(f"there are {len(cells)} cells; the line above has {width}.", "", "Fill the table.")
            payoffs.append([_pair(cell) for cell in cells])
    own = [cells[0] for _, cells in rows] if labelled else [str(k + 1) for k in range(len(body))]
    across = head[len(head) - width :] if head else [str(k + 1) for k in range(width)]
    with at(where):
        return NormalForm(payoffs, players=("row", "column"), moves=[own, across], name=name)


def write_bimatrix(game: Game) -> str:
    """A two-player game in that form, with the moves named; `InputError` for other games."""
    if len(game.players) != 2 or game.bystanders:
        raise InputError(
            f"{game.name} has {len(game.players)} players and {len(game.bystanders)} bystanders.",
            "A bimatrix holds two players.",
            "Write .csv or .json instead.",
        )
    for own in game.moves:
        require_plain(own, "|\n\r")
        if any(_looks_paid(label) or _RULE.fullmatch(label) for label in own):
            raise InputError(
                f"A move of {own} looks like payoffs.", "It would be read as such.", "Write .json instead."
            )
    table = game.dense()
    payoffs = table.payoffs if table.exact is None else table.exact
    rows = [["", *game.moves[1]]]
    for move, row in zip(game.moves[0], payoffs, strict=True):
        rows.append([move, *(f"{written(mine)}, {written(theirs)}" for mine, theirs in row)])
    return "\n".join(" | ".join(row) for row in rows) + "\n"


def _cells(line: str) -> list[str]:
    inside = line[1:-1] if line.startswith("|") and line.endswith("|") else line  # a Markdown table
    return [cell.strip() for cell in inside.split("|")]


def _parts(cell: str) -> list[str]:
    return [part for part in re.split(r"[,;\s]+", cell) if part]


def _looks_paid(cell: str) -> bool:
    parts = _parts(cell)
    return len(parts) == 2 and all(re.fullmatch(r"[-+.\d/eE]+", part) for part in parts)


def _pair(cell: str) -> tuple[Fraction, Fraction]:
    parts = _parts(cell)
    if len(parts) != 2:
        raise InputError(f"the cell {cell[:40]!r} is not a pair.", "It holds what row and column get.", "Write 3, 5.")
    return number(parts[0]), number(parts[1])
