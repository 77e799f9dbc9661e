"""Bargains over what a game can give: which joint play is agreed upon."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from ..core.errors import InputError, UnknownName
from ..core.game import Array, Game
from ._lotteries import points_of
from ._payoff_set import disagreement_of, gainful, joint_play, play_for, table_of

Solution = Literal["nash", "kalai-smorodinsky", "egalitarian"]

SOLUTIONS = ("nash", "kalai-smorodinsky", "egalitarian")


@dataclass(frozen=True)
class AgreedPlay:
    """An agreement on how to play a game.

    Attributes
    ----------
    play : joint moves with their odds; a lottery or taking turns brings it about, and it has to be enforced.
    payoffs : what each gets by it on average. disagreement : what each has without it.
    ideal : the most that each could have while nobody has less than without it.
    solution : which one. gap : a bound on what the logarithm of the product of gains lacks (Nash's only).
    tempted : what each would gain at most by leaving the play, not knowing which joint move was drawn (0: nobody).
    """

    play: Mapping[tuple[str, ...], float]
    payoffs: tuple[float, ...]
    disagreement: tuple[float, ...]
    ideal: tuple[float, ...]
    solution: Solution
    gap: float
    tempted: tuple[float, ...]

    @property
    def gains(self) -> tuple[float, ...]:
        """What each gains by the agreement."""
        return tuple(got - had for got, had in zip(self.payoffs, self.disagreement, strict=True))


def bargain_over(
    game: Game, solution: Solution = "nash", *, disagreement: Any = "minimax", weights: Sequence[float] | None = None
) -> AgreedPlay:
    """The agreement on joint play of a game, all lotteries over joint moves being possible.

    Parameters
    ----------
    game : of one round, of any kind that has a table.
    solution : "nash", "kalai-smorodinsky" or "egalitarian".
    disagreement : "minimax" (what each can be held to by all others together), a joint move by its labels, a mixture
        (say, an equilibrium), or payoffs `[n]`.
    weights : bargaining power, above 0, with "nash" and "egalitarian".

    Raises
    ------
    InputError : fewer than two players, a disagreement that does not fit, nothing that betters everybody, weights.
    UnknownName : a solution or a move there is not. TooLarge : no table.

    Source: Nash (1950); Kalai and Smorodinsky (1975); Kalai (1977).

    Examples
    --------
    >>> from ostrom import NormalForm
    >>> sexes = NormalForm([[[2, 1], [0, 0]], [[0, 0], [1, 2]]], moves=("opera", "football"))
    >>> found = bargain_over(sexes)
    >>> found.payoffs, {moves: round(odds, 6) for moves, odds in found.play.items()}
    ((1.5, 1.5), {('opera', 'opera'): 0.5, ('football', 'football'): 0.5})
    """
    if solution not in SOLUTIONS:
        raise UnknownName("solution", str(solution), SOLUTIONS)
    table = table_of(game)
    points, d = table.payoffs.reshape(table.size, -1), disagreement_of(table, disagreement)
    found = gainful(points_of(points, d), d)
    power = _weights(weights, len(d))
    if solution == "nash":
        payoffs, gap = found.product(power)
    else:
        direction = found.ideal() - d if solution == "kalai-smorodinsky" else power
        payoffs, gap = d + found.along(direction) * direction, 0.0
    odds = play_for(points, payoffs, d)
    reached = odds @ points
    return AgreedPlay(
        joint_play(table, odds),
        tuple(reached.tolist()),
        tuple(d.tolist()),
        tuple(found.ideal().tolist()),
        solution,
        gap,
        tuple(_tempted(table.payoffs, odds).tolist()),
    )


def _tempted(payoffs: Array, odds: Array) -> Array:
    """What each gains at most by one fixed move instead of its part in the play, `[n]`."""
    count = payoffs.shape[-1]
    joint = odds.reshape(payoffs.shape[:-1])
    gains = np.zeros(count)
    for i in range(count):
        others = joint.sum(i)
        alone = np.moveaxis(payoffs[..., i], i, 0).reshape(payoffs.shape[i], -1) @ others.ravel()
        gains[i] = max(alone.max() - (joint * payoffs[..., i]).sum(), 0.0)
    return gains


def _weights(weights: Sequence[float] | None, count: int) -> Array:
    given = np.ones(count) if weights is None else np.asarray(weights, float)
    if given.shape != (count,) or not np.isfinite(given).all() or (given <= 0).any():
        raise InputError(f"Weights {weights!r} for {count} players.", do="Give each a finite weight above 0.")
    return given
