"""Games from and to pandas DataFrames, in the form of the CSV tables."""

from __future__ import annotations

from typing import Any

from ostrom.core.errors import MissingExtra
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.game import Game

from ._rows import Table, game_from_rows, rows_of_game


def from_dataframe(frame: Any, name: str = "game") -> NormalForm:
    """The game in a DataFrame with one row per joint move: columns of moves, then of payoffs, as in a CSV table.

    Raises `InputError` naming the row (counted from 1) for what cannot be used.
    """
    rows = [(line, [str(cell) for cell in row]) for line, row in enumerate(frame.itertuples(index=False, name=None), 1)]
    return game_from_rows(Table("the DataFrame", [str(column) for column in frame.columns], rows), name)


def to_dataframe(game: Game) -> Any:
    """The game as a DataFrame with one row per joint move; `MissingExtra` when pandas is not installed."""
    try:
        import pandas
    except ModuleNotFoundError:
        raise MissingExtra("pandas", "data") from None
    header, rows = rows_of_game(game.dense())
    return pandas.DataFrame(
        [[cell if isinstance(cell, str) else float(cell) for cell in row] for row in rows], columns=header
    )
