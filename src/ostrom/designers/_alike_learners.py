"""Whether learners get there, among players who are alike: from starts that all share, and from starts of their own."""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import numpy as np

from ..audits._student import interval, wilson
from ..core.claim import Claim
from ..core.forms.symmetric import Symmetric
from ..core.game import Array, Mixture
from ..diagnosis._large_population import population
from ..dynamics.no_regret import hedge, regret_matching

TOGETHER, ROUNDS = 16, 300
"""Starts that all share, and rounds from each: everybody then stays alike, and one population stands for all."""

APART, WORK, LEAST, MOST = 4, 40_000_000, 20, 60
"""Starts that differ between players; operations that may be spent on them; the rounds that come of it."""

ALLOWED = 0.01
"""Share of the range of welfare by which learners may miss the target's."""


def learners(game: Symmetric, base: Symmetric, wanted: float, span: float, seed: int) -> tuple[Claim, ...]:
    """Two claims: hedge from starts that all share, regret matching from starts of each player's own.

    `game` is what is learnt, with the incentives of a rule, and welfare is the mean over principals in `base`, at the
    mixtures that the last round came to.
    """
    draw, size = np.random.default_rng(seed), len(game.moves[0])
    shared = draw.dirichlet(np.ones(size), TOGETHER)
    last = hedge(population(game), (shared,), ROUNDS).last[0]
    alike = _welfare_alike(game, base, last)
    own = tuple(draw.dirichlet(np.ones(size), APART) for _ in game.players)
    rounds = _rounds(game)
    apart = _welfare(game, base, regret_matching(game, own, rounds).last)
    judged = partial(_judged, wanted=wanted, span=span, seed=seed)
    return (
        judged(alike, f"hedge from {TOGETHER} random starts that all share", ROUNDS),
        judged(apart, f"regret matching from {APART} random starts, each player with its own", rounds),
    )


def _rounds(game: Symmetric) -> int:
    players = len(game.players)
    step = APART * players * max(1.0, math.log2(players)) * game.payoffs.size
    return int(min(max(WORK / step, LEAST), MOST))


def _welfare(game: Symmetric, base: Symmetric, mixture: Mixture) -> Array:
    """Welfare `float[S]` in the base, whose moves the game has, of what is played."""
    below = tuple(x @ _onto(game, base) for x in mixture)
    got = np.concatenate([base.expected_payoffs(below), base.expected_bystander_payoffs(below)], -1)
    return got.mean(-1)


def _welfare_alike(game: Symmetric, base: Symmetric, mixture: Array) -> Array:
    """The same where all play `mixture[S, A]`, from one population."""
    below, count = mixture @ _onto(game, base), len(base.players)
    own = (below * population(base).deviation_payoffs((below,))[0]).sum(-1)
    others = base.expected_bystander_payoffs((below,) * count).sum(-1) if base.bystanders else 0.0
    return (count * own + others) / len(base.principals)


def _onto(game: Symmetric, base: Symmetric) -> Array:
    """Which move of the base each of the game's is, `[A', A]`."""
    onto = np.zeros((len(game.moves[0]), len(base.moves[0])))
    for k, label in enumerate(game.moves[0]):
        onto[k, base.moves[0].index(label)] = 1.0
    return onto


def _judged(found: Array, method: str, rounds: int, *, wanted: float, span: float, seed: int) -> Claim:
    """Supported when the interval of the mean, counted up to the target's welfare, does not fall short; else unknown.

    Few rounds refute nothing: who has not come that far may still be on the way.
    """
    allowed = ALLOWED * span
    counted = np.minimum(found, wanted)
    reached, between = int((found >= wanted - allowed).sum()), interval(counted)
    numbers: dict[str, Any] = {
        "n": len(found),
        "reached": reached,
        "interval of share": wilson(reached, len(found)),
        "mean": float(found.mean()),
        "interval": between,
        "level": 0.95,
        "seeds": [seed],
        "rounds": rounds,
        "wanted": wanted,
    }
    said = f"Learners come within {allowed:.3g} of the target's welfare: {reached} of {len(found)} did."
    verdict = "supported" if between[0] >= wanted - allowed else "unknown"
    return Claim(said, verdict, f"{method}, after {rounds} rounds", allowed, numbers)
