"""What happens to whoever leaves once: a deviation forced in one round, against a twin run in which nobody deviates."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ..core.game import Array, Game
from ._ring_play import Replay, Script

BURN = 60
"""Rounds played before anything is forced, so that play is where it settles."""

ANSWER = 5
"""Rounds after a deviation in which rivals may answer it."""

RETURN = 40
"""Rounds after a deviation that count for what it is worth."""


@dataclass(frozen=True, eq=False)
class Impulse:
    """What became of deviations: one number for each of S sessions, the mean over replays and deviators.

    Attributes
    ----------
    total : what players get together in a round, where nobody is forced.
    tempted : share of deviations that had something to gain at once. gain : what they gained, in the round itself.
    harm : what the rivals' answers did to the deviator in a round, had it gone back at once: below 0 is a punishment.
    prices : by how much the rivals' moves changed in these rounds, in `amounts`.
    worth : what deviating was worth, discounted, beside the twin.
    back : how far play came back: 1 less the deviator's loss (or gain) of the last rounds over the largest.
    reply : share of the rivals' answers that were just their best reply to the deviation.
    """

    total: Array
    tempted: Array
    gain: Array
    harm: Array
    prices: Array
    worth: Array
    back: Array
    reply: Array


def impulse(
    replay: Replay,
    game: Game,
    *,
    discount: float,
    replays: int,
    seed: int,
    amounts: Array,
    horizon: int = RETURN,
    burn: int = BURN,
) -> Impulse:
    """Force the best one-shot deviation of each player in turn, at a round drawn evenly, and play on.

    Twin and deviation meet the same luck. Where a player has nothing to gain at once it is left alone, and everything
    about that deviation is 0: there is nothing to deter. `amounts` is `float[P, A]`, what a move stands for.
    """
    table, rng = game.dense(), np.random.default_rng([seed, 1])
    totals, rows = [], []
    for _ in range(replays):
        time = burn + int(rng.integers(burn))
        script = Script(time + 1 + horizon, int(rng.integers(2**31)))
        twin = replay(script)
        totals.append(table.payoffs_at(twin[:, burn:]).sum(-1).mean(1))
        for player in range(len(game.players)):
            best, gain = _best_reply(table, twin[:, time], player)
            wanted = np.where(gain > 1e-9, best, -1)
            other = replay(replace(script, forced={time: (player, wanted)}))
            rows.append(_compared(table, twin[:, time:], other[:, time:], player, gain, discount, amounts))
    found = np.mean(rows, axis=0)
    return Impulse(np.mean(totals, axis=0), *found)


def _best_reply(game: Game, moves: Array, player: int) -> tuple[Array, Array]:
    """The move `int[S]` that pays a player most against the others' moves `int[S, P]`, and what it gains by it."""
    options = np.repeat(moves[:, None], game.sizes[player], 1)
    options[..., player] = np.arange(game.sizes[player])
    paid = game.payoffs_at(options)[..., player]
    return paid.argmax(1), paid.max(1) - game.payoffs_at(moves)[:, player]


def _compared(
    game: Game, twin: Array, other: Array, player: int, gain: Array, discount: float, amounts: Array
) -> Array:
    """The seven numbers of an `Impulse` after `total`, `[7, S]`; the first round of both is that of the deviation."""
    tempted = gain > 1e-9
    calm, after = game.payoffs_at(twin)[..., player], game.payoffs_at(other)[..., player]
    worth = ((after - calm) * discount ** np.arange(calm.shape[1])).sum(1)
    answered = other.copy()
    answered[..., player] = twin[..., player]
    harm = (game.payoffs_at(answered)[..., player] - calm)[:, 1 : 1 + ANSWER].mean(1)
    rivals = [i for i in range(len(game.players)) if i != player]
    asked = [amounts[i][other[..., i]] - amounts[i][twin[..., i]] for i in rivals]
    prices = np.mean(asked, axis=0)[:, 1 : 1 + ANSWER].mean(1)
    gaps = np.abs(after - calm)
    third = max(1, (gaps.shape[1] - 1) // 3)
    late = np.abs((after - calm)[:, -third:].mean(1))
    back = 1 - late / np.maximum(gaps.max(1), 1e-12)
    reply = np.mean([other[:, 1, i] == _best_reply(game, other[:, 0], i)[0] for i in rivals], axis=0)
    found = np.stack([tempted, gain, harm, prices, worth, back, reply])
    return np.where(tempted, found, np.array([0, 0, 0, 0, 0, 1, 0])[:, None])
