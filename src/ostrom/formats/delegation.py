"""Delegations as TOML or JSON files: for whom the agents of a game act, with what reward, and how well they play.

precision = 2.5
[utilities]
"row" = {"row" = 1, "column" = 1}      # row's principal cares about both
[rewards]
"column" = [[3, 5], [0, 1]]            # what column's agent pursues, by joint move
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ostrom.core.delegation import Delegation
from ostrom.core.errors import InputError
from ostrom.core.game import Game

from ._document import game_from_dict, parse_json, parse_toml
from ._text import at, bad, load


def read_delegation(text: str, where: str = "this text", game: Game | None = None) -> Delegation:
    """The delegation in a TOML or JSON text, about `game` or the game that stands in the text under `game`.

    The other keys are those of `Delegation.from_dict`. Raises `InputError` naming `where` and the key or line that
    cannot be used, among them a text without a game when none is given.
    """
    document = parse_json(text, where) if text.lstrip().startswith("{") else parse_toml(text, where)
    return delegation_from_dict(document, where, game)


def delegation_from_dict(document: dict[str, Any], where: str, game: Game | None = None) -> Delegation:
    """The delegation that a document describes, about `game` or the game under its key `game`."""
    own = document.get("game")
    if game is None and isinstance(own, dict):
        game = game_from_dict(own, f"{where}, game")
    if game is None:
        raise bad(
            where, None, "it does not say which game it is about.",
            "Utilities and rewards are about somebody's moves.",
            "Give the game as well, or put it into the file under [game].",
        )  # fmt: skip
    with at(where):
        return Delegation.from_dict(game, {key: part for key, part in document.items() if key != "game"})


def load_delegation(path: str | Path, game: Game | None = None) -> Delegation:
    """The delegation in a `.toml` or `.json` file; see `read_delegation`."""
    if Path(path).suffix.lower() not in (".toml", ".json", ""):
        raise InputError(f"{str(path)!r} is neither .toml nor .json.", "", "Write principals in one of these forms.")
    return read_delegation(load(path), str(path), game)
