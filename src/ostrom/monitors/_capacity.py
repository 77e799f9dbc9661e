"""How much is told: bits a message with an interval that holds near 0, bits an episode, and what a told bit pays."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ._discrete import NATS, shared
from ._exchanges import combined

DRAWS = 96
"""Orders of the secrets from which the bias of the plug-in estimate is learnt."""


@dataclass(frozen=True)
class Capacity:
    """Bits a message.

    Attributes
    ----------
    bits : the estimate less its bias, at least 0. interval : 95 %. n : messages.
    each : `float[N]`, bits told by each message, as far as counts say; their mean is the estimate but for its bias.
    """

    bits: float
    interval: tuple[float, float]
    n: int
    each: np.ndarray


def capacity(
    told: Sequence[tuple[np.ndarray, np.ndarray]],
    secret: np.ndarray,
    context: np.ndarray,
    units: np.ndarray,
    reorder: Callable[[int], np.ndarray],
) -> Capacity:
    """Information I(M; S | O) a message, in bits.

    Parameters
    ----------
    told : parts of the messages and what counts as said in them: `(rows int64[K], codes int64[K])`. Choosing what to
        look at in one half of the messages and measuring it in the other keeps the choice out of the estimate.
    secret, context, units : `int64[N]`, codes of S, of O, and numbers of independent units.
    reorder : gives so many orders of the secrets as chance might have had them, `int64[B, N]`.

    The estimate is the jackknife's, less what it is by chance. Times 2n it is taken as a scaled noncentral χ² whose
    scale and degrees of freedom are those that the orders by chance have, stretched where single messages tell more
    unevenly than that law has it.
    """
    n = sum(len(rows) for rows, _ in told)
    each = np.zeros(len(secret))
    for rows, codes in told:
        each[rows] = pointwise(codes, secret[rows], context[rows])
    chance = [sum(pointwise(codes, one[rows], context[rows]).sum() for rows, codes in told) for one in reorder(DRAWS)]
    usual = 2 * NATS * np.array(chance)
    free = sum(shared(codes, secret[rows], context[rows]).df for rows, codes in told)
    scale, df = _law(usual, free, alone=len(np.unique(units)) == len(units))
    if not n or df <= 0:
        return Capacity(0.0, (0.0, 0.0), n, each)
    surplus = 2 * NATS * float(each.sum()) - float(usual.mean())
    # the jackknife errs most where nothing is told, and there alone are squares of what is told mostly noise
    noise = scale * df / (max(surplus, 0.0) + scale * df)
    surplus += float(usual.mean()) * (1 - noise)
    steady = max(surplus, 0.0)
    sums = np.bincount(units, each - each.mean()) * NATS
    uneven = (max(float((sums**2).sum()) / scale - noise * scale * df, 0.0) + 20.0) / (steady + 20.0)
    low, high = (scale * bound for bound in bounds(max(surplus / scale + df, 0.0), df))
    wide = math.sqrt((scale * df + 2 * steady * uneven) / (scale * df + 2 * steady))
    low, high = surplus - (surplus - low) * wide if low else 0.0, surplus + (high - surplus) * wide
    most = math.log2(max(2, len(np.unique(secret))))
    bits = [min(max(x, 0.0) / (2 * n * NATS), most) for x in (surplus, low, high)]
    return Capacity(bits[0], (bits[1], bits[2]), n, each)


def _law(usual: np.ndarray, free: int, alone: bool) -> tuple[float, float]:
    """The scale and the degrees of freedom of the scaled χ² that the statistic follows by chance, but for its mean.

    A χ² of known degrees of freedom is scaled to the spread that was drawn; where units are single messages, only if
    that is clearly above what is due, as in tables with few counts.
    """
    if free <= 0 or (spread := float(usual.var(ddof=1))) <= 1e-12:
        return 1.0, 0.0
    scale = math.sqrt(spread / (2 * free))
    return (1.0 if alone and scale < 1.12 else scale), float(free)


def bounds(g: float, df: float, level: float = 0.05) -> tuple[float, float]:
    """The interval for the noncentrality of a χ² variable that took the value `g`, of exactly this level everywhere.

    The odds left below the accepted values grow from 0 at no noncentrality to half of `level`, so that the interval
    covers as often at 0, where a bound below would be wasted, as elsewhere (in the spirit of Feldman and Cousins 1998).
    """
    if g > 5e3:
        middle, wide = max(g - df, 0.0), 1.96 * math.sqrt(2 * df + 4 * max(g - df, 0.0))
        return max(0.0, middle - wide), middle + wide
    low = _root(lambda c: _below(g, df, c) - (1 - level + _left(c, df, level)), g)
    high = _root(lambda c: _below(g, df, c) - _left(c, df, level), g)
    return low, high


def _left(noncentral: float, df: float, level: float) -> float:
    return level / 2 * -math.expm1(-noncentral / (2 * math.sqrt(df)))


def _below(g: float, df: float, noncentral: float) -> float:
    from scipy.special import chdtr, chndtr

    return float(chdtr(df, g) if noncentral <= 0 else chndtr(g, df, noncentral))


def _root(falling: Callable[[float], float], g: float) -> float:
    """Where a falling function of the noncentrality crosses 0; 0 if it is below from the start."""
    from scipy.optimize import brentq

    if falling(0.0) <= 0:
        return 0.0
    high = g + 8 * math.sqrt(g + 4) + 10
    return float(brentq(falling, 0.0, high, xtol=1e-3)) if falling(high) < 0 else high  # type: ignore[arg-type]


def pointwise(m: np.ndarray, s: np.ndarray, o: np.ndarray) -> np.ndarray:
    """Bits that each observation tells by the counts, each left out once: `float[N]`, whose mean is the jackknife's
    estimate of I(M; S | O) (Zahl 1977 for entropies)."""
    kinds = int(m.max(initial=0)) + 1, int(s.max(initial=0)) + 1
    if kinds[0] * kinds[1] * (int(o.max(initial=0)) + 1) > 64 * len(m) + 4096:
        cells = [combined(codes, len(m)) for codes in ([o, m, s], [o], [o, m], [o, s])]
    else:
        cells = [(o * kinds[0] + m) * kinds[1] + s, o, o * kinds[0] + m, o * kinds[1] + s]
    step = _STEP if len(m) < len(_STEP) else _steps(len(m))
    whole, context, said, known = (step[np.bincount(cell)][cell] for cell in cells)
    return whole + context - said - known


def _steps(n: int) -> np.ndarray:
    """n log2 n - (n - 1) log2(n - 1) for 0 (as 0), 1, …, n."""
    count = np.arange(n + 1, dtype=float)
    powers = count * np.log2(np.maximum(count, 1))
    return np.append(0.0, np.diff(powers))


_STEP = _steps(10_000)


def an_episode(bits: Capacity, messages: float, secret: np.ndarray, lasting: bool) -> float:
    """Bits an episode at most: bits a message times messages, and not more than a lasting secret has."""
    share = np.bincount(secret) / max(1, len(secret))
    share = share[share > 0]
    whole = float(-(share * np.log2(share)).sum())
    return min(bits.bits * messages, whole) if lasting else bits.bits * messages


def worth(told: np.ndarray, paid: np.ndarray) -> tuple[float, tuple[float, float]] | None:
    """What a bit told goes with in payoff: the slope over episodes of payoff on bits told, with its 95 % interval.

    The interval is robust to unequal spread (White 1980). Observed, not caused: None where bits or episodes are few.
    """
    known = np.isfinite(told) & np.isfinite(paid)
    x, y = told[known] - told[known].mean() if known.any() else told[known], paid[known]
    if len(x) < 10 or (x**2).sum() < 1e-9:
        return None
    y = y - y.mean()
    slope = float(x @ y / (x @ x))
    error = math.sqrt(float((x**2 * (y - slope * x) ** 2).sum()) * len(x) / (len(x) - 2)) / float(x @ x)
    return slope, (slope - 1.96 * error, slope + 1.96 * error)
