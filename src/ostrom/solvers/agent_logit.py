"""Agent quantal response equilibrium of a tree, and the sequential equilibrium that it leads to.

At precision λ every information set plays each move with odds proportional to exp(λ × what the move is worth there, by
Bayes' rule). Every place is then reached with some odds, so beliefs are defined everywhere, and the limits of such play
for λ → ∞ are sequential equilibria (McKelvey and Palfrey 1998, Kreps and Wilson 1982).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..core.errors import InputError
from ..core.forms._sequences import sequences
from ..core.forms.extensive import ExtensiveForm
from ..core.game import Array, Mixture
from ..core.solution import Solution
from ._branch import LogitMap
from ._path import walk
from ._responses import Layout

STEP = 1e-5
"""Relative change of odds by which worths are differentiated."""

FAINTEST = 1e-250
"""Odds of coming to an information set below which numbers cannot tell its places apart: there the walk ends."""

SETTLED = 1e-9
MOVES = 400
"""Moves of all information sets up to which the branch is walked."""


@dataclass(frozen=True)
class Sequential(Solution):
    """An assessment: a behaviour (the one point) with beliefs at every information set.

    Attributes
    ----------
    beliefs : for each information set the odds of being at each of its places.
    losses : for each information set what keeping to the behaviour loses there against the best move, given these
        beliefs and what follows (≥ 0). All 0: sequentially rational everywhere.
    precision : λ, one over payoff units, at which the point was taken.
    """

    beliefs: tuple[Array, ...] = field(default=(), repr=False)
    losses: tuple[float, ...] = field(default=(), repr=False)
    precision: float = math.inf


def agent_logit(game: ExtensiveForm, precision: float = math.inf) -> Sequential:
    """The agent quantal response equilibrium at `precision` on the branch from even play, or near its limit at ∞.

    `precision` is λ ≥ 0, one over payoff units. At ∞ the branch is followed until no odds change any more, or until a
    place is reached too rarely for numbers to tell; the point is then near a sequential equilibrium, and `losses` and
    `regret` (as a Nash equilibrium of the tree) say how near. Status "complete" when the precision was reached, or at
    ∞ no information set loses more than 1e-6 of the range of payoffs; else "partial".

    Raises
    ------
    InputError : no tree, imperfect recall, no information set, more than 400 moves, or a negative precision.
    """
    _check(game, precision)
    logit = _AgentLogit(game)
    width = len(logit.layout.owner)
    labels = logit.classes(logit.layout.softmax(np.zeros(width)))
    lift = np.eye(labels.max() + 1)[labels]
    system, start = logit.system(lift), np.zeros(lift.shape[1] + 1)
    goal = precision * logit.unit
    previous = [np.full(width, np.inf)]

    def settled(y: Array) -> bool:
        odds = logit.layout.softmax(lift @ y[:-1])
        still = bool(np.abs(odds - previous[0]).max() < SETTLED and y[-1] > 50)
        previous[0] = odds
        return still or logit.faintest(odds) < FAINTEST

    walked, reached = walk(
        system, start, np.eye(len(start))[-1], goal, settled if math.isinf(goal) else lambda y: False
    )
    point = logit.layout.split(logit.layout.softmax(lift @ walked[-1, :-1]))
    losses, beliefs = logit.losses(point), logit.beliefs(point)
    near = max(losses, default=0.0) <= 1e-6 * max(float(np.ptp(game.paid)), 1e-300)
    done = reached if math.isfinite(goal) else near
    return Sequential(
        concept="agent quantal response equilibrium (odds at each information set)"
        if math.isfinite(goal)
        else "sequential equilibrium, approached by agent quantal response (odds at each information set)",
        points=(point,),
        status="complete" if done else "partial",
        regret=float(game.gains(point).max()),
        method="predictor-corrector continuation from even play, conditional worths (McKelvey and Palfrey 1998)",
        note="" if done else "The branch could not be followed so far; this is the last point reached.",
        beliefs=beliefs,
        losses=losses,
        precision=float(walked[-1, -1] / logit.unit),
    )


class _AgentLogit(LogitMap):
    """The logit map whose players are information sets, with worths conditional on being there."""

    def __init__(self, game: ExtensiveForm) -> None:
        self.game, self.layout = game, Layout(tuple(len(infoset.moves) for infoset in game.infosets))
        _, self.done = sequences(game.tree, len(game.players))
        self.chance = np.ones(len(game.tree.parent))
        for k in range(1, len(self.chance)):
            self.chance[k] = self.chance[game.tree.parent[k]] * float(game.tree.odds[k])
        self.respond = self._respond
        self.unit = self._spread()
        self.caps = np.full(len(self.layout.owner), math.inf)

    def _respond(self, x: Array) -> tuple[Array, Array]:
        """Worths and their derivatives, these by changes in proportion: odds may be tiny and still matter."""
        count = len(x)
        up, down = x * (1 + STEP * np.eye(count)), x * (1 - STEP * np.eye(count))
        both = self.worths(np.concatenate([x[None], up, down]))
        slopes = (both[1 : count + 1] - both[count + 1 :]) / (2 * STEP)  # by log odds
        return both[0], slopes.T / np.maximum(x, 1e-300)

    def worths(self, x: Array) -> Array:
        """`float[B, n]`: what each move is worth where it is made, at odds `[B, n]` (not needed to sum to one)."""
        game, behaviour = self.game, self.layout.split(x)
        odds = game.odds(behaviour)
        plans = tuple(own.realised(at) for own, at in zip(game.sequences, odds, strict=True))
        found: list[Array] = []
        for player, own in enumerate(game.sequences):
            total = own.following(np.broadcast_to(game.worth(player, plans), odds[player].shape), odds[player])
            for h, number in enumerate(game.own_sets(player)):
                rows = np.flatnonzero(own.info == h)
                reach = sum(self._reach(plans, player, node) for node in game.infosets[number].nodes)
                found.append(total[..., rows] / np.maximum(reach, 1e-300)[..., None])
        return np.concatenate(found, axis=-1)

    def _reach(self, plans: Mixture, player: int, node: int) -> Array:
        """The odds of coming to a place if the player does all to get there."""
        chance = self.chance[node]
        others = [plan[..., self.done[k, node]] for k, plan in enumerate(plans) if k != player]
        return chance * math.prod(others) if others else np.full(plans[player].shape[:-1], chance)

    def faintest(self, x: Array) -> float:
        """The smallest odds with which others let play come to an information set."""
        plans = self.game.plans(self.layout.split(x))
        return min(
            float(sum(self._reach(plans, infoset.player, node) for node in infoset.nodes))
            for infoset in self.game.infosets
        )

    def beliefs(self, behaviour: Mixture) -> tuple[Array, ...]:
        """For each information set the odds of its places, given that it is reached."""
        plans = self.game.plans(behaviour)
        found = []
        for infoset in self.game.infosets:
            odds = np.array([float(self._reach(plans, infoset.player, node)) for node in infoset.nodes])
            found.append(odds / odds.sum() if odds.sum() > 0 else np.full(len(odds), 1 / len(odds)))
        return tuple(found)

    def losses(self, behaviour: Mixture) -> tuple[float, ...]:
        """For each information set what its odds lose against its best move, given beliefs and what follows."""
        worth = self.layout.split(self.worths(np.concatenate(behaviour)[None])[0])
        return tuple(float(own.max() - own @ at) for own, at in zip(worth, behaviour, strict=True))


def _check(game: Any, precision: float) -> None:
    if not isinstance(game, ExtensiveForm):
        raise InputError(f"A {type(game).__name__} is no tree.", do="Ask solvers.logit of a table.")
    game._require_recall()
    count = sum(len(infoset.moves) for infoset in game.infosets)
    if not 0 < count <= MOVES:
        raise InputError(
            f"{game.name} has {count} moves at its information sets.",
            f"The branch is walked for 1 to {MOVES}.",
            "Ask solvers.cfr or solvers.sequence_form of larger trees.",
        )
    if not precision >= 0:
        raise InputError(f"The precision is {precision!r}.", do="Give a number of zero or more, or inf.")
