"""What became of all together in a world: efficiency, equality, sustainability and peace."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.game import Array


@dataclass(frozen=True, eq=False)
class Measures:
    """The four measures of each of E episodes, `float[E]`; see the functions of the same names."""

    efficiency: Array
    equality: Array
    sustainability: Array
    peace: Array


def measures(played: Any) -> Measures:
    """The measures of whole episodes, as `ostrom.learners.play` returns them.

    Steps after an episode has ended by itself do not count.
    """
    lasting = np.asarray(played.lasting, bool)
    payoffs = np.where(lasting[..., None], np.asarray(played.payoffs, float), 0.0)
    present = np.asarray(played.present, bool)
    steps = lasting.sum(-1)
    here = (present & lasting[..., None]).sum((-2, -1)) / steps
    returns = payoffs.sum(-2)
    return Measures(efficiency(returns, steps), equality(returns), sustainability(payoffs), here)


def efficiency(returns: Any, steps: Any = 1) -> Array:
    """What all get together per step, `[...]`, from returns `[..., P]` of episodes that took `steps` steps."""
    return np.asarray(returns, float).sum(-1) / np.asarray(steps)


def equality(returns: Any) -> Array:
    """1 less the Gini coefficient of returns `[..., P]`: 1 when all get the same, 1/P when one gets everything.

    1 where nobody gets anything; it means little where somebody gets less than nothing, and is NaN where the sum is
    not positive.

    Examples
    --------
    >>> float(equality([10, 10, 10, 70]))
    0.55
    """
    gains = np.asarray(returns, float)
    apart = np.abs(gains[..., :, None] - gains[..., None, :]).sum((-2, -1))
    total = 2 * gains.shape[-1] * gains.sum(-1)
    share = np.divide(apart, total, out=np.full(total.shape, np.nan), where=total > 0)
    return 1 - np.where((gains == 0).all(-1), 0.0, share)


def sustainability(payoffs: Any) -> Array:
    """The mean step, 0 first, at which a seat is paid something, `[...]`, from payoffs `[..., T, P]`.

    The mean over seats of the mean over steps with a payoff above 0; seats that are never paid do not count, and where
    none is the answer is NaN. Steady income over T steps gives (T - 1) / 2, and less says that it dried up.
    """
    paid = np.asarray(payoffs, float) > 0
    count, when = paid.sum(-2), (paid * np.arange(paid.shape[-2])[:, None]).sum(-2)
    mean, some = when / np.maximum(count, 1), count > 0
    seats = some.sum(-1)
    total = np.where(some, mean, 0.0).sum(-1)
    return np.divide(total, seats, out=np.full(total.shape, np.nan), where=seats > 0)


def peace(present: Any) -> Array:
    """How many seats take part at a time, `[...]`, from `bool[..., T, P]`: P when nobody is ever sent away."""
    return np.asarray(present, bool).sum(-1).mean(-1)
