"""Bets against a null hypothesis: what each pays, with a mean of at most 1 where the hypothesis holds.

A bet on a discrete value s with odds p pays q(s)/p(s), where q is any law chosen before s is seen. A bet on a p-value
pays g(p), where g is any density on [0, 1]. Products of such pays are e-processes (Ville 1939; Shafer 2021).
"""

from __future__ import annotations

import numpy as np

STRENGTHS = (0.5, 2.0, 8.0, 32.0, 128.0)
"""Pseudo-counts a value: 0.5 is Krichevsky and Trofimov's bettor, larger ones bet on smaller departures from the odds.

Under even odds of two values a strength a expects a shift of about 1/√(2a + 1): from 0.7 down to 0.06.
"""

JUMPS = 0.01
"""Share of the capital that the jumper moves between its bets at every step."""


SLOPES = np.array([-1.0, 0.0, 1.0])


def tilted(seen: np.ndarray, due: np.ndarray, strengths: np.ndarray) -> np.ndarray:
    """How much likelier than its odds each value is held to be: (seen + a) / (due + a), before it is normalised.

    Parameters
    ----------
    seen : `float[..., K]`, how often each value came in this cell. due : the sum of its odds there.
    strengths : `float[A]`, pseudo-counts.

    Returns `float[..., K, A]`. Where a cell is new the answer is 1, which is no bet.
    """
    return (seen[..., None] + strengths) / (due[..., None] + strengths)


def left_over(values: np.ndarray, count: int) -> np.ndarray:
    """The odds of each value when it is drawn from an urn of all those not drawn yet, `float[N, K]`.

    These are the odds of exchangeable values given how often each occurs among all N, and given those before.

    Examples
    --------
    >>> left_over(np.array([0, 1, 1]), 2).round(2).tolist()
    [[0.33, 0.67], [0.0, 1.0], [0.0, 1.0]]
    """
    drawn = np.eye(count)[values]
    remaining = np.cumsum(drawn[::-1], 0)[::-1]
    return remaining / np.maximum(remaining.sum(1, keepdims=True), 1.0)


class Jumper:
    """Bets 1 + ε(p - ½) on p-values for ε of -1, 0 and 1, between which capital moves at every step.

    Vovk, Petej, Nouretdinov, Ahlberg, Carlsson and Gammerman, "Retrain or not retrain: conformal test martingales for
    change-point detection" (2021). Pays where p-values gather on one side, even if only for a time.
    """

    def __init__(self, jumps: float = JUMPS) -> None:
        self.jumps, self._share, self.logs = jumps, np.full(3, 1 / 3), 0.0

    def take(self, p: np.ndarray) -> np.ndarray:
        """The logarithm of the capital after each p-value, `float[N]`."""
        path = np.empty(len(p))
        for k, value in enumerate(p):
            share = ((1 - self.jumps) * self._share + self.jumps / 3) * (1 + SLOPES * (value - 0.5))
            whole = share.sum()
            self._share, self.logs = share / whole, self.logs + float(np.log(whole))
            path[k] = self.logs
        return path


class Powers:
    """Bets ε p^(ε-1) on p-values, mixed over ε in (0, 1): pays where small p-values are many.

    Vovk, Nouretdinov and Gammerman, "Testing exchangeability on-line" (2003).
    """

    def __init__(self, count: int = 16) -> None:
        self._powers, self._won = (np.arange(count) + 0.5) / count, np.full(count, -np.log(count))

    def pays(self, p: np.ndarray) -> np.ndarray:
        """The logarithm of what each bet pays on each p-value, `float[N, count]`."""
        return np.log(self._powers) + (self._powers - 1) * np.log(np.maximum(p, 1e-300))[:, None]

    def take(self, p: np.ndarray) -> np.ndarray:
        """The logarithm of the capital after each p-value, `float[N]`."""
        paths = self._won + np.cumsum(self.pays(p), 0)
        self._won = paths[-1] if len(p) else self._won
        return logsum(paths, 1)


def logsum(logs: np.ndarray, axis: int) -> np.ndarray:
    """ln Σ exp along an axis, without overflow; -∞ where all are."""
    top = logs.max(axis, keepdims=True)
    top = np.where(np.isfinite(top), top, 0.0)
    with np.errstate(divide="ignore"):
        return np.squeeze(top, axis) + np.log(np.exp(logs - top).sum(axis))
