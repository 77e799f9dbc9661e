"""How likely a log is when some layers never work and one of them works with some odds in each round."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from ..core.game import Array
from ._layer_round import Hypothesis, State
from ._layer_rounds import Seen

ODDS = np.linspace(0.0, 1.0, 2_001)
"""Odds of being enforced that are looked at."""

NEVER, ALWAYS = 0, len(ODDS) - 1
_OFF_ON = np.array([1 - ODDS, ODDS])


@dataclass(frozen=True, eq=False)
class Filtered:
    """What a log says of one layer, the others working or not as is assumed.

    Attributes
    ----------
    logs : `float[2001]`, log likelihood of the log by the odds with which the layer is enforced in a round.
    worked, failed : in how many rounds what was seen is likelier if it is enforced, and if it is not.
    broken : `(episode, round)` in which it became impossible that it always is; None where it is not.
    """

    logs: Array
    worked: int
    failed: int
    broken: tuple[int, int] | None

    @property
    def evidence(self) -> float:
        """Log likelihood when all odds are as likely beforehand."""
        return mean_log(self.logs)

    def interval(self, level: float) -> tuple[float, float, float]:
        """`(low, mean, high)`: the posterior mean of the odds, and an interval that holds them with `level`.

        With equal tails; where the likeliest odds are 0 or 1, from or up to there.
        """
        weight = np.exp(self.logs - self.logs.max())
        mass = np.concatenate([[0.0], np.cumsum((weight[1:] + weight[:-1]) / 2)])
        mass /= mass[-1]
        mean = float((ODDS * weight * _TRAPEZOID).sum() / (weight * _TRAPEZOID).sum())
        top = int(np.argmax(weight))
        flat = np.ptp(weight) == 0
        low = 0.0 if top == NEVER and not flat else 1 - level if top == ALWAYS else (1 - level) / 2
        high = level if top == NEVER and not flat else 1.0 if top == ALWAYS else (1 + level) / 2
        return float(np.interp(low, mass, ODDS)), mean, float(np.interp(high, mass, ODDS))


_TRAPEZOID = np.array([0.5, *np.ones(len(ODDS) - 2), 0.5]) / (len(ODDS) - 1)


def mean_log(logs: Array) -> float:
    """The logarithm of the mean likelihood over all odds; -inf where none can be."""
    top = logs.max()
    return float(top + np.log((np.exp(logs - top) * _TRAPEZOID).sum())) if top > -np.inf else -np.inf


def _speaks(joint: Array, before: Array, works: bool, other: bool) -> int:
    """Whether a round is likelier if the layer is enforced (1), if it is not (-1), or just as likely.

    Where another layer comes and goes, whether it did in this round is told from what is assumed of the layer: a fine
    that may be one rule's or the other's is no evidence against the one that is said to work.
    """
    given = np.divide(joint, before, out=np.zeros_like(joint), where=before > 0)
    mixed = joint[int(works)]
    mixed = np.where(mixed.sum(0) > 0, mixed, before)
    total = mixed.sum(0)
    off, on = (given * mixed).sum(1) / np.where(total > 0, total, 1.0)
    gap = on - off
    at = (ALWAYS if works else NEVER) if other else int(np.argmax(abs(gap)))
    return 0 if abs(gap[at]) <= 1e-12 * (on + off)[at] else int(np.sign(gap[at]))


class Filter:
    """Follows a log under charters of which some layers do not work; each round of each is worked out once.

    Parameters
    ----------
    made : gives the hypothesis that exactly these layers do not work.
    episodes : the log.
    """

    def __init__(self, made: Callable[[frozenset[int]], Hypothesis], episodes: list[list[Seen]]) -> None:
        self.made, self.episodes = made, episodes
        self._hypotheses: dict[frozenset[int], Hypothesis] = {}
        self._known: dict[Any, list[tuple[float, State]]] = {}

    def about(self, layer: int, silent: frozenset[int] = frozenset(), sometimes: int = -1) -> Filtered:
        """What the log says of a layer when those in `silent` never work, and all others do.

        One other, `sometimes`, may work with odds that are not known (all alike beforehand): it is averaged out. Which
        rounds speak for the layer is then told as its own state is said to be: working, or not if it is in `silent`.
        """
        chances, prior = self._odds_of_other(sometimes)
        logs, worked, failed, broken = np.zeros(len(ODDS)), 0, 0, None
        weights = np.repeat(prior[:, None], len(ODDS), 1)
        for rounds in self.episodes:
            start = State(self._hypothesis(silent - {layer}).charter.found(), {})
            states = {start.key: (start, weights)}
            for seen in rounds:
                states, told = self._step(states, seen, silent, layer, sometimes, chances)
                worked, failed = worked + (told > 0), failed + (told < 0)
                total = np.sum([weight.sum(0) for _, weight in states.values()], 0) if states else np.zeros(len(ODDS))
                with np.errstate(divide="ignore"):
                    logs = logs + np.log(total)
                if broken is None and logs[ALWAYS] == -np.inf:
                    broken = (seen.episode, seen.time)
                if not np.isfinite(logs).any():
                    return Filtered(logs, worked, failed, broken)
                scale = np.where(total > 0, total, 1.0)
                states = {key: (state, weight / scale) for key, (state, weight) in states.items()}
            weights = np.sum([weight for _, weight in states.values()], 0)
        return Filtered(logs, worked, failed, broken)

    def _odds_of_other(self, sometimes: int) -> tuple[Array, Array]:
        """Odds `float[2, M]` that the other layer fails and works, and the weight of each beforehand.

        The likelihood is a polynomial in them of as many degrees as there are rounds, and no narrower than one over
        their root: this many nodes of Gauss and Legendre are enough for both.
        """
        if sometimes < 0:
            return np.array([[0.0], [1.0]]), np.ones(1)
        rounds = sum(map(len, self.episodes))
        nodes, weight = np.polynomial.legendre.leggauss(min(rounds // 2 + 1, math.ceil(4 * math.sqrt(rounds))))
        return np.array([1 - nodes, 1 + nodes]) / 2, weight / 2

    def _step(
        self, states: Any, seen: Seen, silent: frozenset[int], layer: int, sometimes: int, chances: Array
    ) -> tuple[dict[Any, Any], int]:
        """The states after a round, and whether it speaks for the layer being enforced (1), against it (-1), or not."""
        following: dict[Any, Any] = {}
        joint, before = np.zeros((2, 2, len(ODDS))), np.zeros((2, len(ODDS)))  # layer off, on; other off, on
        for state, weight in states.values():
            other = chances @ weight
            before += other
            for after, likely in self._ways(state, seen, silent - {layer}, layer, sometimes):
                joint += likely[:, :, None] * other
                kept = following.get(after.key, (after, 0.0))[1]
                following[after.key] = after, kept + weight * (chances.T @ likely.T @ _OFF_ON)
        return following, _speaks(joint, before, layer not in silent, sometimes >= 0)

    def _ways(
        self, state: State, seen: Seen, silent: frozenset[int], layer: int, sometimes: int
    ) -> list[tuple[State, Array]]:
        """The states that may follow and how likely each is, `float[2, 2]`: layer off and on, the other off and on."""
        found: dict[Any, tuple[State, Array]] = {}
        for on, other in product((0, 1), (0, 1) if sometimes >= 0 else (1,)):
            dead = silent | ({layer} if not on else set()) | ({sometimes} if not other else set())
            for chance, after in self._after(dead, state, seen):
                found.setdefault(after.key, (after, np.zeros((2, 2))))[1][on, other] += chance
        return list(found.values())

    def _hypothesis(self, silent: frozenset[int]) -> Hypothesis:
        if silent not in self._hypotheses:
            self._hypotheses[silent] = self.made(silent)
        return self._hypotheses[silent]

    def _after(self, silent: frozenset[int], state: State, seen: Seen) -> list[tuple[float, State]]:
        key = silent, state.key, seen.episode, seen.time
        if key not in self._known:
            self._known[key] = self._hypothesis(silent).after(state, seen)
        return self._known[key]
