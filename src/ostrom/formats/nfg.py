"""Gambit's strategic games (`.nfg`): both variants read and written, rational payoffs kept exactly.

Format: "NFG 1 R", a title, the players, their strategies (counts or names), an optional comment, then either one
payoff per joint move and player or a list of outcomes and one outcome number per joint move, first player fastest.
Source: Gambit documentation, "The strategic game (.nfg) file format".
"""

from __future__ import annotations

import math
from fractions import Fraction
from pathlib import Path

import numpy as np

from ostrom.core.errors import InputError
from ostrom.core.forms.normal_form import MAX_AXES, NormalForm, refuse_large
from ostrom.core.game import Game

from ._gambit import Tokens, opened, quoted
from ._text import NUMBER_LIMIT, at, distinct, require_few, save, written


def read_nfg(text: str | Path, where: str = "this text") -> NormalForm:
    """The game in the text of a `.nfg` file, or in the file at a `Path`, with its payoffs as `Fraction`s in `exact`.

    Blank strategy names are numbered and repeated ones told apart; a comment is skipped. Raises `InputError` naming
    `where` and the line for anything that is not such a file, `TooLarge` for a table that would not fit.
    """
    text, where = opened(text, where, ".nfg")
    tokens = Tokens(text, where, ".nfg")
    for expected in (("NFG",), ("1",), ("R", "D")):
        tokens.expect(*expected)
    name = tokens.text("the title in quotes")
    players = distinct(tokens.names("player", MAX_AXES))
    moves = _moves(tokens, len(players))
    if tokens.kind == "text":
        tokens.text("the comment")
    sizes = tuple(len(own) for own in moves)
    with at(where, tokens.line):
        refuse_large(sizes, name or "the game")
        require_few(math.prod(sizes) * len(sizes))
    body = _outcomes(tokens, sizes) if tokens.kind == "{" else _payoffs(tokens, math.prod(sizes), len(sizes))
    if tokens.kind != "end":
        raise tokens.error("the payoffs are complete, but more follows", "the end of the file")
    table = np.moveaxis(body.reshape(*sizes[::-1], len(sizes)), range(len(sizes)), range(len(sizes))[::-1])
    with at(where):
        return NormalForm(table, players=players, moves=moves, name=name or "game")


def write_nfg(game: Game, path: str | Path | None = None, *, outcomes: bool = False) -> str:
    """The game as the text of a `.nfg` file: payoffs by joint move, or with `outcomes=True` by listed outcome.

    It is saved at `path` if one is given.

    Raises `InputError` when the game has bystanders, for whom the format has no place, and `TooLarge` when it has no
    table. Facts are not written.
    """
    if game.bystanders:
        raise InputError(
            f"{game.name} has bystanders ({', '.join(game.bystanders)}).",
            "A .nfg file holds players only, and leaving bystanders out would hide what happens to them.",
            "Write .json instead.",
        )
    table = game.dense()
    payoffs = table.payoffs if table.exact is None else table.exact
    order = np.moveaxis(payoffs, range(payoffs.ndim - 1), range(payoffs.ndim - 1)[::-1])
    rows = [[written(value) for value in row] for row in order.reshape(-1, payoffs.shape[-1])]
    names = " ".join(quoted(player) for player in game.players)
    moves = "\n".join("{ " + " ".join(quoted(move) for move in own) + " }" for own in game.moves)
    head = f"NFG 1 R {quoted(game.name)} {{ {names} }}\n\n{{ {moves}\n}}\n"
    text = _by_outcome(head, rows) if outcomes else head + "\n" + "\n".join(" ".join(row) for row in rows) + "\n"
    if path is not None:
        save(text, path)
    return text


def _by_outcome(head: str, rows: list[list[str]]) -> str:
    kinds = list(dict.fromkeys(tuple(row) for row in rows))
    place = {kind: k for k, kind in enumerate(kinds, 1)}
    listing = "\n".join(f'{{ "{k}" {", ".join(kind)} }}' for k, kind in enumerate(kinds, 1))
    return f"{head}\n{{\n{listing}\n}}\n" + " ".join(str(place[tuple(row)]) for row in rows) + "\n"


def _moves(tokens: Tokens, players: int) -> list[tuple[str, ...]]:
    if players > MAX_AXES:
        raise tokens.error(
            f"{players:,} players are named", f"at most {MAX_AXES} players, as larger tables do not fit,"
        )
    tokens.expect("{")
    if tokens.kind == "{":
        moves = [distinct(tokens.names("strategy", NUMBER_LIMIT)) for _ in range(players)]
    else:
        # A count beyond the limit is refused as a count: its names would fill the memory before the table could.
        sizes = [tokens.whole("the number of strategies of each player", NUMBER_LIMIT) for _ in range(players)]
        if 0 in sizes:
            raise tokens.error(f"strategy counts are {sizes}", "at least one strategy for each player")
        with at(tokens.where, tokens.line):
            refuse_large(sizes, "the game")
        moves = [tuple(str(k + 1) for k in range(size)) for size in sizes]
    tokens.expect("}")
    return moves


def _payoffs(tokens: Tokens, rows: int, players: int) -> np.ndarray:
    body = np.empty((rows, players), dtype=object)
    for row in range(rows):
        for player in range(players):
            body[row, player] = tokens.number(
                f"{rows} × {players} payoffs (this is number {row * players + player + 1})"
            )
    return body


def _outcomes(tokens: Tokens, sizes: tuple[int, ...]) -> np.ndarray:
    """Payoffs by joint move from the list of outcomes; outcome 0 pays nothing."""
    tokens.expect("{")
    listed = [[Fraction(0)] * len(sizes)]
    while tokens.kind == "{":
        tokens.expect("{")
        tokens.text("an outcome's name in quotes")
        listed.append([tokens.number("one payoff per player") for _ in sizes])
        tokens.expect("}")
    tokens.expect("}")
    rows = math.prod(sizes)
    wanted = f"{rows} outcome numbers"
    chosen = [tokens.whole(wanted, len(listed) - 1) for _ in range(rows)]
    return np.array(listed, dtype=object)[chosen]
