"""What a population of fitted agents settles on in a game: a logit equilibrium of agents that are not alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ..core.forms.normal_form import NormalForm
from ..core.game import Array, Mixture
from ._log_agents import Agents, averaged

STEP, SLOW, STEPS, STILL = 0.1, 20.0, 400, 1e-8
"""How far beliefs move towards what is played in one step (at most `SLOW` / t in step t, so that the play of those who
reply sharply averages out), how many steps, and the distance at which they rest."""

Table = Callable[[Mixture], Array]
"""Points of all seats at every joint choice, `float[B or 1, S_1, …, S_P, P]`, given what the population does."""


@dataclass(frozen=True)
class Settled:
    """What a population comes to: per seat the agents' odds `float[B, K, S_i]` and their mean `float[B, S_i]`.

    `moved`, `float[B]`, is 0 where it settled, else how far the mean went in the second half of the steps.
    """

    odds: tuple[Array, ...]
    mean: Mixture
    moved: Array

    def put(self, rows: Array, odds: list[Array], mean: list[Array], halfway: list[Array], rests: Array) -> None:
        """Write down what some rows came to."""
        for kept, found in zip((*self.odds, *self.mean), (*odds, *mean), strict=True):
            kept[rows] = found
        self.moved[rows] = np.where(rests, 0.0, _apart(mean, halfway))


def settle(
    table: Table, sizes: Sequence[int], agents: Agents, weights: Array, unit: float, alike: bool = False
) -> Settled:
    """Where replies to the population's mean play lead, from beliefs in blind chance (logit dynamics).

    `weights`, `float[B, K]` with rows summing to 1, say how much of the population each agent is. A point of rest is
    a logit equilibrium of the population (McKelvey and Palfrey 1995, with a precision and a regard of its own for
    every agent); of several, the one that blind chance leads to. Where the seats are `alike`, whoever sits in them
    does the same from the first step on, so that one of them stands for all.
    """
    seats, every = range(1 if alike else len(sizes)), len(sizes) if alike else 1
    belief = halfway = [np.full((len(weights), sizes[seat]), 1 / sizes[seat]) for seat in seats]
    ends = Settled(
        tuple(np.empty((*weights.shape, own.shape[1])) for own in belief),
        tuple(np.empty_like(own) for own in belief),
        np.zeros(len(weights)),
    )
    going = np.arange(len(weights))
    for step in range(1, STEPS + 1):
        points, pace = table(every * tuple(belief)), min(STEP, SLOW / step)
        odds = [agents.replies(averaged(points, every * belief, seat), seat, unit) for seat in seats]
        mean = [np.einsum("bk,bks->bs", weights[going], own) for own in odds]
        rests = _apart(mean, belief) < STILL
        after = [np.where(rests[:, None], b, b + pace * (m - b)) for m, b in zip(mean, belief, strict=True)]
        halfway = after if step == STEPS // 2 else halfway
        last = rests | (step == STEPS)
        if last.any():
            done, came, was = ([own[last] for own in part] for part in (odds, after, halfway))
            ends.put(going[last], done, came, was, rests[last])
            going, after, halfway = going[~last], [own[~last] for own in after], [own[~last] for own in halfway]
        belief = after
        if not len(going):
            break
    return Settled(every * ends.odds, every * ends.mean, ends.moved)


def _apart(one: Sequence[Array], other: Sequence[Array]) -> Array:
    """How far two beliefs are apart at most, `float[B]`."""
    return np.stack([abs(a - b).max(-1) for a, b in zip(one, other, strict=True)]).max(0)


def values(game: NormalForm, agents: Agents, play: Settled) -> Array:
    """What a game is worth to every agent in every seat, `float[P, B, K]`, when all play as settled."""
    seats = range(len(game.players))
    worths = [averaged(game.payoffs[None], play.mean, seat)[:, None] for seat in seats]
    felt = [agents.felt(found, seat, agents.regard[:, None]) for seat, found in zip(seats, worths, strict=True)]
    return np.stack([(odds * own).sum(-1) for odds, own in zip(play.odds, felt, strict=True)])
