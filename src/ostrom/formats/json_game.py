"""Games as self-describing JSON: tables and symmetric games, with bystanders, facts and exact numbers.

    {"ostrom": "normal form", "name": …, "players": […], "moves": [[…], …], "payoffs": […],
     "bystanders": […], "bystander_payoffs": […], "facts": [{"name": …, "unit": …, "seen_by": …, "table": […]}]}

Only "payoffs" is required. Numbers are JSON numbers, or strings ("1/3") where they are exact. A "symmetric" game gives
its "moves" once, "players" as a number or names, and payoffs by own move and state of the others.
"""

from __future__ import annotations

import json

from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.forms.symmetric import Symmetric
from ostrom.core.game import Game

from ._document import game_from_dict, game_to_dict, parse_json


def read_json(text: str, where: str = "this text") -> NormalForm | Symmetric:
    """The game in a JSON text; an `InputError` names the line, or the part of the document, that cannot be used."""
    return game_from_dict(parse_json(text, where), where)


def write_json(game: Game) -> str:
    """The game as JSON text that `read_json` turns into an equal game; `TooLarge` when it has no table."""
    return json.dumps(game_to_dict(game), ensure_ascii=False, allow_nan=False) + "\n"
