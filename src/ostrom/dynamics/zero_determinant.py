"""Memory-one strategies that force a line between both payoffs, whatever the other does: extortion and generosity."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.automaton import Automaton
from ..core.errors import InputError
from ..core.game import Array, Game
from ._lines import CLOSE, corners, delta_of, first_odds, memory_one, normals, rewards_of, slipping


@dataclass(frozen=True)
class Relation:
    """`alpha · own + beta · other + gamma = 0` between long-run (or discounted) payoffs per round, against anybody.

    Attributes
    ----------
    alpha, beta, gamma : of the line, scaled so that the larger of |alpha| and |beta| is 1.
    slope : χ in `own - baseline = χ (other - baseline)`; infinite where the other's payoff is fixed.
    baseline : the payoff that is equal for both on the line; None where they differ by the same everywhere.
    kind : "equaliser" (the other's payoff is fixed), "fair" (both get the same), "extortionate" (χ > 1 from mutual
        defection), "generous" (χ > 1 from mutual cooperation), "line" (any other).
    """

    alpha: float
    beta: float
    gamma: float
    slope: float
    baseline: float | None
    kind: str


def enforced_relation(
    strategy: Any, game: Game, *, noise: float = 0.0, discount: float | None = None, first: float | None = None
) -> Relation | None:
    """The line between payoffs that a memory-one strategy enforces, or None where it enforces none.

    The share of time in CC, CD, DC, DD is orthogonal to `δ p + (1 - δ) p_first - (1, 1, 0, 0)` for every opponent
    (Akin 2016; Press and Dyson 2012 for δ = 1; Hilbe, Traulsen and Sigmund 2015). Where that vector is a combination of
    the payoff vectors and 1, a line is enforced. Who always plays C with the same odds whatever happens leaves only the
    other's odds open, which is a line as well.

    Parameters
    ----------
    strategy : an `Automaton` that remembers one round, its name, or `float[4]`, odds of C after CC, CD, DC, DD.
    game : a symmetric game of two with two moves; the first is to cooperate.
    noise : of its own hand. discount : δ in [0, 1); None for the limit of means.
    first : odds of C in the first round, by default the automaton's own, or 1. They count only with δ.

    Raises `InputError` for another game, and for a strategy that is not memory-one; `UnknownName`.
    """
    rewards = rewards_of(game)
    p, first = memory_one(strategy, first)
    p, first = slipping(p, noise), float(slipping(np.array([first]), noise)[0])
    delta = delta_of(discount)
    normal = normals(p, first, delta)
    low, spread = float(rewards.min()), float(np.ptp(rewards))
    scaled = (rewards - low) / spread
    basis = np.stack([scaled, scaled[[0, 2, 1, 3]], np.ones(4)], -1)
    _, sizes, rows = np.linalg.svd(np.concatenate([basis, -normal], axis=1))
    line = rows[-1, :3]
    free = len(rows) > len(sizes) or sizes[-1] <= CLOSE
    if not free or np.abs(line[:2]).max() <= CLOSE:
        return None
    alpha, beta, gamma = ((line / line[np.argmax(np.abs(line[:2]))]).round(12) + 0.0).tolist()
    gamma = gamma * spread - (alpha + beta) * low
    slope = math.inf if alpha == 0 else -beta / alpha
    baseline = -gamma / (alpha + beta) if abs(alpha + beta) > CLOSE else None
    return Relation(alpha, beta, gamma, slope, baseline, _kind(slope, baseline, gamma, rewards, spread))


def zero_determinant(
    slope: float, baseline: float, game: Game, *, discount: float | None = None, share: float = 0.5, name: str = ""
) -> Automaton:
    """A strategy that enforces `own - baseline = slope · (other - baseline)` against everybody.

    From `baseline` = mutual defection with slope 2 it takes twice the surplus (extort-2 with the usual payoffs); from
    mutual cooperation it bears twice the loss; with slope infinity it fixes the other's payoff at `baseline`.

    Parameters
    ----------
    slope : χ, at least 1 or at most -1, or infinite. baseline : from mutual defection to mutual cooperation.
    game : a symmetric game of two with two moves. discount : δ in [0, 1); None for the limit of means.
    share : where between the weakest (0) and the strongest (1) reaction that does it; above 0.

    Raises `InputError` where no odds between 0 and 1 do that: the line is out of range, or δ is too small.
    """
    rewards, delta = rewards_of(game), delta_of(discount)
    if not (abs(slope) >= 1 and 0 < share <= 1 and math.isfinite(baseline)):
        raise InputError(
            f"zero_determinant(slope={slope:g}, baseline={baseline:g}, share={share:g}) is out of range.",
            "The slope is at least 1 or at most -1, the baseline finite, and the reaction a share above 0 and up to 1.",
            "Give such numbers; math.inf fixes the other's payoff.",
        )
    tilt = (rewards - baseline) / slope - (rewards[[0, 2, 1, 3]] - baseline)
    within = corners(tilt, delta)
    strongest = within[:, 0].max(initial=0.0)
    if strongest <= CLOSE / np.abs(tilt).max():
        raise InputError(
            f"No strategy enforces slope {slope:g} at baseline {baseline:g} in {game.name}"
            + (f" with discount factor {delta:g}." if discount is not None else "."),
            f"Baselines lie from {min(rewards[0], rewards[3]):g} to {max(rewards[0], rewards[3]):g}, and the "
            "future has to count enough for the other to feel the answer.",
            "Give a baseline in between, or a steeper slope or larger discount.",
        )
    weakest = within[:, 0].min()
    reaction = weakest + share * (strongest - weakest)
    first = first_odds(tilt, delta, reaction)
    odds = (reaction * tilt + np.array([1.0, 1, 0, 0]) - (1 - delta) * first) / delta
    return Automaton.memory_one(*np.clip(odds, 0.0, 1.0).tolist(), first=first, name=name)


def extortion_ceiling(slope: float, game: Game, *, baseline: float | None = None) -> tuple[float, float]:
    """`(own, other)` payoffs when the other does its best on the line that a zero-determinant strategy enforces.

    The best it can do is to cooperate always, which leads to the edge from mutual cooperation to being exploited.
    `baseline` is mutual defection unless told. Raises `InputError` for another game, or a slope below 1.
    """
    reward, sucker, temptation, punishment = rewards_of(game).tolist()
    base = punishment if baseline is None else baseline
    if not slope >= 1:
        raise InputError(f"Extortion with slope {slope:g}.", do="Give a slope of at least 1, or math.inf.")
    up, down = temptation - reward, reward - sucker
    lead = 1.0 if math.isinf(slope) else (slope - 1) / slope
    along = lead * (reward - base) / (up / slope + down)
    return reward + along * up, reward - along * down


def _kind(slope: float, baseline: float | None, gamma: float, rewards: Array, spread: float) -> str:
    near = CLOSE * max(1.0, spread) * 10
    if math.isinf(slope):
        return "equaliser"
    if baseline is None:
        return "fair" if abs(gamma) <= near else "line"
    if slope > 1 and abs(baseline - rewards[3]) <= near:
        return "extortionate"
    return "generous" if slope > 1 and abs(baseline - rewards[0]) <= near else "line"
