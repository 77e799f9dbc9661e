"""Betting on means: evidence that a share has been above its bound, and bounds on shares, that hold at any time.

Against "the mean is at most m" one bets, before a value x in [0, 1] is seen, a stake λ in (0, 1/m): wealth is
multiplied by 1 + λ(x - m), and is an e-process (Waudby-Smith and Ramdas, "Estimating means of bounded random variables
by betting", 2023). Here wealth is spread over stakes and over days on which to begin, and a stake stays what it is
within a day. So one does not have to know when the drift begins, nor that all probes of a day are alike: for
independent answers with means v_s, E Π (1 + λ(x_s - m)) = Π (1 + λ(v_s - m)) is at most 1 if the mean of the v_s is at
most m, by the inequality of means.
"""

from __future__ import annotations

import numpy as np

ODDS = np.geomspace(1.15, 40.0, 20)
"""Stakes, as the factors by which they take the odds of a 1 to be above those of the bound."""

MEANS = np.unique(np.concatenate([np.geomspace(1e-4, 0.05, 40), np.linspace(0.05, 0.999, 200)]))
"""Bounds that are tried when evidence is turned round into a bound."""


def wealth(ones: np.ndarray, asked: np.ndarray, bound: np.ndarray | float) -> np.ndarray:
    """Evidence against "on no day so far was the share above `bound`", as logarithms, after each day.

    Parameters
    ----------
    ones, asked : `[…, T]`, how many of the answers of a day count, and of how many. Shares between 0 and 1 may be
        added up too, which is careful.
    bound : in (0, 1), or `[…]`.

    Returns `float[…, T]`. Where the hypothesis holds, the odds that it is ever above log(1/α) are at most α.
    """
    bound = np.asarray(bound, float)[..., None]
    means = ODDS * bound / (1 - bound + ODDS * bound)
    up, down = np.log(means / bound), np.log((1 - means) / (1 - bound))
    shape = np.broadcast_shapes(np.shape(ones)[:-1], bound.shape[:-1])
    running = np.full((*shape, len(ODDS)), -np.inf)
    found = np.empty((*shape, np.shape(ones)[-1]))
    for day in range(found.shape[-1]):
        won = np.asarray(ones)[..., day, None] * 1.0
        lost = np.asarray(asked)[..., day, None] - won
        begins = -np.log((day + 1) * (day + 2))
        running = np.logaddexp(running, begins) + won * up + lost * down
        top = running.max(-1, keepdims=True)
        total = top[..., 0] + np.log(np.exp(running - top).mean(-1))
        found[..., day] = np.logaddexp(total, -np.log(day + 2))
    return found


def above(ones: np.ndarray, asked: np.ndarray, level: float = 0.025) -> np.ndarray:
    """What the share was above on at least one day so far, `float[T]`, after each day; valid at all days together.

    The bound m is passed by mistake with odds of at most `level`. It never falls. Shares of 0 are no news: it is 0.
    """
    found = wealth(np.asarray(ones)[None], np.asarray(asked)[None], MEANS) >= -np.log(level)
    passed = np.logical_and.accumulate(found, axis=0).sum(0)
    return np.maximum.accumulate(np.concatenate([[0.0], MEANS])[passed])


def below(ones: np.ndarray, asked: np.ndarray, level: float = 0.025) -> np.ndarray:
    """What the share was below on at least one day so far: the other side of `above`."""
    asked = np.asarray(asked)
    return 1 - above(asked - np.asarray(ones), asked, level)


def today(ones: float, asked: float, day: int, level: float = 0.05) -> tuple[float, float]:
    """An interval for the share of one day that holds for all days together; day 1 is the first.

    Clopper and Pearson (1934) at level / (day (day + 1)). Answers need not be alike: Hoeffding (1956).
    """
    from scipy.special import betaincinv

    half = level / (day * (day + 1)) / 2
    low = 0.0 if ones <= 0 else float(betaincinv(ones, asked - ones + 1, half))
    high = 1.0 if ones >= asked else 1 - float(betaincinv(asked - ones, ones + 1, half))
    return low, high


def sign(more: np.ndarray | float, less: np.ndarray | float) -> np.ndarray:
    """Evidence, as logarithms, that of pairs that differ more than half differ one way: stakes spread evenly.

    The mean over θ in (1/2, 1) of θ^more (1 - θ)^less 2^(more + less). An e-process where either way is as likely,
    or the other likelier, given what was seen before.
    """
    from scipy.special import betainc, betaln

    more, less = np.asarray(more, float), np.asarray(less, float)
    tail = np.log(np.maximum(betainc(less + 1, more + 1, 0.5), 1e-300))
    return np.log(2) + betaln(more + 1, less + 1) + tail + (more + less) * np.log(2)
