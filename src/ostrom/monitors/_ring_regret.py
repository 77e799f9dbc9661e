"""Swap regret from what was done, with the odds with which it was: what another rule for one's own moves would add."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ._ring_tests import bet


@dataclass(frozen=True, eq=False)
class Trials:
    """T rounds of an agent: the move made `int[T]`, the odds of each `float[T, K]`, and what it was paid `float[T]`."""

    made: np.ndarray
    odds: np.ndarray
    paid: np.ndarray

    def take(self, rows: slice) -> Trials:
        """Some of the rounds."""
        return Trials(self.made[rows], self.odds[rows], self.paid[rows])


def weights(odds: np.ndarray, swap: np.ndarray) -> np.ndarray:
    """By how much each move would be made more often, `float[T, K]`, had every move j been `swap[j]` instead.

    The odds of all moves that would have become it, over its own. A move that had no odds in a round stands for no
    other there.
    """
    instead = np.where(odds[:, swap] > 0, swap, np.arange(len(swap)))
    moved = np.zeros_like(odds)
    np.add.at(moved, (np.arange(len(odds))[:, None], instead), odds)
    return np.divide(moved, odds, out=np.ones_like(odds), where=odds > 0)


def added(trials: Trials, swap: np.ndarray, level: float = 0.0) -> np.ndarray:
    """An estimate of what each round would have paid more under another rule, `float[T]`.

    Its mean given the past is what it estimates, whatever the `level` that payoffs are counted from; one near their
    mean makes it vary least.
    """
    weight = weights(trials.odds, swap)[np.arange(len(trials.made)), trials.made]
    return (weight - 1.0) * (trials.paid - level)


def best_swap(trials: Trials) -> np.ndarray:
    """For each move the one that seems to pay most instead, by more than a standard error; itself where none does."""
    rows, count = np.arange(len(trials.made)), trials.odds.shape[1]
    worth = np.zeros_like(trials.odds)
    worth[rows, trials.made] = trials.paid / trials.odds[rows, trials.made]
    swap = np.arange(count)
    for j in range(count):
        gain = trials.odds[:, [j]] * np.where(trials.odds > 0, worth - worth[:, [j]], 0.0)
        sure = gain.mean(0) - gain.std(0) / np.sqrt(max(1, len(rows)))
        swap[j] = int(sure.argmax()) if sure.max() > 1e-12 else j
    return swap


def audited(trials: Trials, allowed: float) -> tuple[np.ndarray, float, np.ndarray]:
    """A rule chosen on the first half of the rounds, and put to the test on the second.

    Returns what it adds to every round of the second half, the e-value against swap regret of at most `allowed` there,
    and the rule. The e-value is the mean of two, with payoffs counted from the least and from the mean of the first
    half; either bounds what a round may lose.
    """
    half, low, high = len(trials.made) // 2, float(trials.paid.min()), float(trials.paid.max())
    first, second = trials.take(slice(0, half)), trials.take(slice(half, None))
    middle = float(first.paid.mean())
    swap = best_swap(Trials(first.made, first.odds, first.paid - middle))
    most = float(weights(second.odds, swap).max(initial=1.0))
    room = max(high - middle, (most - 1) * (middle - low), 1e-12)
    adds = added(second, swap, middle)
    e = (bet(adds, allowed, -room) + bet(added(second, swap, low), allowed, -max(high - low, 1e-12))) / 2
    return adds, e, swap


def at_most(trials: Trials, prices: np.ndarray, cost: float, sold: np.ndarray, market: float) -> float:
    """The highest swap regret that fits what was seen (pessimistic calibrated regret), per round.

    Where a price had no odds, buyers may have bought as much as `market` below the price that was asked, and above it
    no more than were sold: demand falls with the price.
    """
    rows = np.arange(len(trials.made))
    asked = prices[trials.made]
    could = (prices - cost) * np.where(prices < asked[:, None], market, sold[:, None])
    worth = np.zeros_like(trials.odds)
    worth[rows, trials.made] = (asked - cost) * sold / trials.odds[rows, trials.made]
    worth = np.where(trials.odds > 0, worth, could)
    table = trials.odds.T @ worth / len(rows)
    return float((table.max(1) - np.diag(table)).sum())


def against(made: np.ndarray, options: np.ndarray, allowed: float, span: float) -> tuple[np.ndarray, float]:
    """The same where what each move would have paid, `options float[T, K]`, is known: no odds are needed."""
    half, count = len(made) // 2, options.shape[1]
    rows = np.arange(len(made))
    gain = options - options[rows, made][:, None]
    first = np.stack([gain[:half][made[:half] == j].sum(0) for j in range(count)])
    swap = np.where(first.max(1) > 1e-12, first.argmax(1), np.arange(count))
    adds = gain[half:][np.arange(len(made) - half), swap[made[half:]]]
    return adds, bet(adds, allowed, -max(span, 1e-12))
