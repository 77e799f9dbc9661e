"""Who plays: bots of a world, learners and policies by name, one for each seat."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from ..core import catalogue
from ..core.errors import InputError, UnknownName
from ..core.rooms import load
from ..core.world import World


def player_from(world: World, text: str) -> Any:
    """A player: `bot:selfish` is one of the world's, `ippo:rate=0.001` a learner, or a policy, or a class of one's own.

    Raises `InputError` for whatever cannot play.
    """
    from ..core.agent import Policy

    name = text.partition(":")[0]
    if "." not in name:
        return load("learners", "_header").player_of(getattr(world, "base", world), text)
    made = catalogue.build("learners", text)
    if not isinstance(made, load("learners", "_learner").Learner | Policy):
        raise InputError(
            f"{name} makes a {type(made).__name__}.",
            "A player is a learner (ostrom.learners.Learner) or a policy (ostrom.core.agent.Policy).",
            "Name such a class.",
        )
    return made


def players_from(world: World, everybody: str | None, seats: Sequence[str] | None, start: Sequence[Any] = ()) -> list:
    """One player for each seat: whom `seats` name (`player 1=bot:selfish`), else `everybody`, else those of `start`."""
    names = world.ground.players
    players = [player_from(world, everybody)] * len(names) if everybody else list(start) or [None] * len(names)
    for text in seats or ():
        seat, equals, player = (part.strip() for part in text.partition("="))
        if not equals or not player:
            raise InputError(f"--seat {text} names no player.", do=f"Write --seat '{names[0]}=bot:…' or …=ippo.")
        for number in _seats(names, seat):
            players[number] = player_from(world, player)
    if empty := [seat for seat, player in zip(names, players, strict=True) if player is None]:
        bots = ", ".join({"random": None, **world.bots()})
        raise InputError(
            f"Nobody plays {', '.join(empty[:4])}{', …' if len(empty) > 4 else ''}.",
            f"{type(getattr(world, 'base', world)).__name__} has the bots {bots}.",
            "Say who plays: --bot NAME for everybody, or --seat 'SEAT=bot:NAME'.",
        )
    load("learners", "_fits").refuse_misfits(world, players)
    return players


def spoken(world: World, player: Any) -> str:
    """Who plays, in words: `bot:selfish`, `ippo: rate=0.001`, `ippo, trained`."""
    header, scripted = load("learners", "_header"), load("learners", "_scripted").Scripted
    text = header.player_text(getattr(world, "base", world), player if hasattr(player, "learns") else scripted(player))
    if text.startswith(f"{header.BOT}:"):
        return text
    if text.startswith(f"{header.TRAINED}:"):
        return f"{spaced(text.partition(':')[2])}, trained"
    return spaced(text)


def brief(words: str) -> str:
    """The same without parameters: `ippo, trained`."""
    name, colon, rest = words.partition(": ")
    return f"{name}{', trained' if rest.endswith(', trained') else ''}" if colon else words


def spaced(text: str) -> str:
    """A text of the catalogue with room for lines to break: `ippo: rate=0.001, length=32`."""
    return re.sub(r":(?! )", ": ", re.sub(r",(?! )", ", ", text), count=1)


def _seats(names: Sequence[str], seat: str) -> list[int]:
    """The numbers of a seat by its name; `*` is all of them."""
    if seat == "*":
        return list(range(len(names)))
    if seat not in names:
        raise UnknownName("seat", seat, names)
    return [names.index(seat)]
