"""Tables of text: rows with their lines, and the table of a game with one row per joint move."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ostrom.core.forms.normal_form import NormalForm, refuse_large

from ._text import at, bad, lines, listed, number, require_few


@dataclass(frozen=True)
class Table:
    """Column names, and rows of as many cells, each with the line it stands on."""

    where: str
    header: list[str]
    rows: list[tuple[int, list[str]]]


def read_rows(text: str, where: str) -> Table:
    """Cells separated by commas, semicolons or tabs; the first row names the columns; `#` starts a comment line.

    Raises `InputError` for a row with more or fewer cells than the first, two columns of one name, or no rows.
    """
    first = next((line for _, line in lines(text)), "")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max("\t;,", key=first.count), skipinitialspace=True)
    rows: list[tuple[int, list[str]]] = []
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells) and not cells[0].startswith("#"):
                rows.append((reader.line_num, [cell.strip() for cell in cells]))
                with at(where, reader.line_num):
                    require_few(len(rows) * len(cells) // 2)
    except csv.Error as error:
        raise bad(where, reader.line_num, f"this is not a table: {error}.", "", "Check the quotes.") from None
    if len(rows) < 2:
        raise bad(
            where, None, f"the table has {len(rows)} rows.", "The first names the columns, the others hold the game.",
            "Give a header and one row per joint move.",
        )  # fmt: skip
    header = rows[0][1]
    for line, cells in rows[1:]:
        if len(cells) != len(header):
            what = f"there are {len(cells)} cells under {len(header)} columns."
            raise bad(where, line, what, "A row is missing something or has too much.", f"Columns: {listed(header)}.")
    if len(set(header)) < len(header):
        raise bad(where, rows[0][0], f"two columns share a name: {listed(header)}.", "", "Name each column once.")
    return Table(where, header, rows[1:])


def game_from_rows(table: Table, name: str) -> NormalForm:
    """The game in a table with one row per joint move: columns of moves, then of payoffs, then of bystanders.

    With columns `Ann, Bob, Ann payoff, Bob payoff` players have those names, and any further `… payoff` is a
    bystander's. Otherwise the first half of the columns holds moves and the second half payoffs.
    """
    players, bystanders = _columns(table)
    count = len(players)
    moves = [list(dict.fromkeys(cells[i] for _, cells in table.rows)) for i in range(count)]
    sizes = tuple(len(own) for own in moves)
    with at(table.where):
        refuse_large(sizes, "the game")
        require_few(math.prod(sizes) * len(table.header))
    index = [{label: k for k, label in enumerate(own)} for own in moves]
    payoffs, seen = np.empty((*sizes, len(table.header) - count), dtype=object), np.zeros(sizes, bool)
    for line, cells in table.rows:
        place = tuple(own[cell] for own, cell in zip(index, cells[:count], strict=True))
        if seen[place]:
            what = f"the joint move {', '.join(cells[:count])} stands here a second time."
            why = "A game pays one thing for one joint move."
            raise bad(table.where, line, what, why, "Keep one row; records of repeated play are read as cross-play.")
        with at(table.where, line):
            payoffs[place] = [number(cell) for cell in cells[count:]]
        seen[place] = True
    if not seen.all():
        missing = zip(moves, np.argwhere(~seen)[0], strict=True)
        what = f"{(~seen).sum()} of {seen.size} joint moves have no row, first {', '.join(m[k] for m, k in missing)}."
        raise bad(table.where, None, what, "What happens there would be unknown.", "Add a row for each joint move.")
    with at(table.where):
        return NormalForm(
            payoffs[..., :count], players=players, moves=moves, name=name,
            bystanders=bystanders, bystander_payoffs=payoffs[..., count:],
        )  # fmt: skip


def rows_of_game(game: NormalForm) -> tuple[list[str], list[list[str | Fraction | float]]]:
    """The header and the rows that `game_from_rows` reads back: moves by name, then what everybody gets."""
    header = [*game.players, *(f"{name} payoff" for name in game.principals)]
    payoffs = game.payoffs if game.exact is None else game.exact
    rows = []
    for index in np.ndindex(*game.sizes):
        rows.append([*game.labels(index), *payoffs[index], *game.bystander_payoffs[index]])
    return header, rows


def _columns(table: Table) -> tuple[Sequence[str], list[str]]:
    """Names of the players and of the bystanders that the header speaks of."""
    header = table.header
    for count in range(len(header) // 2, 0, -1):
        if all(_is_payoff(header[count + i], header[i]) for i in range(count)):
            rest = header[2 * count :]
            if strange := [column for column in rest if not column.lower().endswith("payoff")]:
                what = f"columns {listed(strange)} are neither moves nor payoffs."
                raise bad(table.where, None, what, "", "Name a bystander's column like 'consumers payoff'.")
            return header[:count], [column[: -len("payoff")].rstrip(" _") for column in rest]
    if len(header) % 2:
        what = f"{len(header)} columns are not moves and payoffs of the same players: {listed(header)}."
        why = "Every player has a column of moves and a column of payoffs."
        raise bad(table.where, None, what, why, "Name them like Ann, Bob, Ann payoff, Bob payoff.")
    return header[: len(header) // 2], []


def _is_payoff(column: str, player: str) -> bool:
    column, player = column.lower().replace("_", " "), player.lower().replace("_", " ")
    return column in (f"{player} payoff", f"payoff {player}")
