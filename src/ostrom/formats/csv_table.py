"""Games as CSV tables with one row per joint move: columns of moves, then of payoffs."""

from __future__ import annotations

import csv
import io

from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.game import Game

from ._rows import game_from_rows, read_rows, rows_of_game
from ._text import require_plain, written


def read_csv(text: str, where: str = "this text", name: str = "game") -> NormalForm:
    """The game in a CSV text; cells may be separated by commas, semicolons or tabs.

    `Ann, Bob, Ann payoff, Bob payoff` names the players; further `… payoff` columns are bystanders'. Otherwise the
    first half of the columns holds moves, the second half payoffs. Moves keep the order in which they first appear,
    numbers are kept exactly. Raises `InputError` naming `where` and the line: a joint move that is missing or stands
    twice, a cell that is no number, a row of another length.
    """
    return game_from_rows(read_rows(text, where), name)


def write_csv(game: Game) -> str:
    """The game as CSV text that `read_csv` reads back; facts are not written. `TooLarge` when it has no table."""
    header, rows = rows_of_game(game.dense())
    require_plain([*game.principals, *(move for own in game.moves for move in own)])
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([cell if isinstance(cell, str) else written(cell) for cell in row] for row in rows)
    return out.getvalue()
