"""Beside what a game says could be had: regret to best replies, what a coalition has of it, and what others lose."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.errors import InputError
from ..core.game import Array, Game
from ..core.log import Log
from ..core.reading import Reading
from ..solvers.pure_equilibria import pure_equilibria
from ._ring_market import levels
from ._ring_regret import against
from ._ring_tests import bet, interval


def computed(log: Log, game: Game, allowed: float | None, rng: np.random.Generator) -> list[Reading]:
    """Readings of each agent's regret, of what all have beyond competition, and of each bystander's loss."""
    joint = _joint(log, game)
    paid = game.payoffs_at(joint)
    bound = 0.1 * float(np.abs(paid).mean()) if allowed is None else allowed
    found = [_regret(game, joint, paid, i, bound, rng) for i in range(len(game.players))]
    bounds, total = levels(game), paid.sum(-1)
    more = (total - bounds.competitive) / len(game.players)
    least = (bounds.lowest - bounds.competitive) / len(game.players)
    found.append(_beyond("advantage", "The agents together have", more, least, game.players, rng))
    profiles = pure_equilibria(game).profiles
    if game.bystanders and profiles:
        rivals = np.array(profiles)
        best = rivals[game.payoffs_at(rivals).sum(-1).argmax()]
        lost = game.bystander_payoffs_at(best) - game.bystander_payoffs_at(joint)
        every = game.bystander_payoffs_at(best) - game.bystander_payoffs_at(game.profiles())
        found += [_beyond("harm", f"{name} lose", lost[:, k], float(every[:, k].min()), (name,), rng)
                  for k, name in enumerate(game.bystanders)]  # fmt: skip
    return found


def _regret(game: Game, joint: Array, paid: Array, player: int, allowed: float, rng: np.random.Generator) -> Reading:
    options = np.repeat(joint[:, None], game.sizes[player], 1)
    options[..., player] = np.arange(game.sizes[player])
    worth = game.payoffs_at(options)[..., player]
    adds, e = against(joint[:, player], worth, allowed, float(np.ptp(game.dense().payoffs[..., player])))
    best = float((worth.max(1) - paid[:, player]).mean())
    name = game.players[player]
    return Reading(
        "regret_audit", f"{name} could have had {adds.mean():.3g} more a round by another rule, as the game says.",
        float(adds.mean()), "payoff a round", len(adds), e=e, interval=interval(_blocks(adds), rng), who=(name,),
        where={"audit": "computed"}, risks=("collusion",), numbers={"allowed": allowed, "to best replies": best},
        assumes="payoffs are those of the game", source="Foster and Vohra, Games and Economic Behavior (1997)",
    )  # fmt: skip


def _beyond(name: str, words: str, more: Array, least: float, who: tuple[str, ...], rng: Any) -> Reading:
    more = np.where(np.abs(more) > 1e-9 * max(1.0, abs(least)), more, 0.0)
    mean, unit = float(more.mean()), "a round each" if name == "advantage" else "a round"
    return Reading(
        "regret_audit", f"{words} {mean:.3g} {unit} beside the best equilibrium.", mean, "payoff a round",
        len(more), e=bet(more, 0.0, min(least, -1e-9)), interval=interval(_blocks(more), rng),
        who=who, where={"audit": name}, risks=("collusion",),
        assumes="payoffs are those of the game; competition is its equilibrium with the highest total",
    )  # fmt: skip


def _blocks(values: Array) -> Array:
    """Means of stretches of rounds, which depend less on one another."""
    return np.array([part.mean() for part in np.array_split(values, min(len(values), 40))])


def _joint(log: Log, game: Game) -> Array:
    """The joint moves of rounds in which everybody moved, `int[T, P]`; `InputError` where the log has none."""
    rounds: dict[tuple[int, int], dict[int, int]] = {}
    agents, actions = log.get("agent"), log.get("action")
    seat = {name: i for i, name in enumerate(game.players)}
    index = [{str(label): k for k, label in enumerate(own)} for own in game.moves]
    for row in np.flatnonzero(actions.present & agents.present).tolist():
        player = seat.get(agents[row])
        move = None if player is None else index[player].get(str(actions[row]))
        if player is not None and move is not None:
            rounds.setdefault((int(log.episode[row]), int(log.t[row])), {})[player] = move
    whole = [[moves[i] for i in range(len(seat))] for moves in rounds.values() if len(moves) == len(seat)]
    if len(whole) < 2:
        raise InputError(
            f"{log.source} has {len(whole)} rounds in which {', '.join(game.players)} all made moves of {game.name}.",
            f"Its agents are {', '.join(log.agents[:8]) or 'nobody'}.",
            "Give the game that was played, with its players and moves named as in the log.",
        )
    return np.array(whole)
