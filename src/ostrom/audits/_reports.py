"""What reports bring reporters, alone and in groups, gone through one by one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from itertools import product

import numpy as np

from ..choice.peer_prediction import PeerPayments
from ..core.game import Array


def best_lie(rule: PeerPayments, group: Sequence[int]) -> tuple[float, Array, Array]:
    """By how much the truth beats the best other reports, at the least; and what is seen and said then `[T, k]`."""
    odds, worth = rule.worth(group)
    true = honest_reports(rule, len(group))
    truth = worth[np.arange(len(worth)), true]
    others = worth.copy()
    others[np.arange(len(worth)), true] = -np.inf
    gaps = np.where(odds > 0, truth - others.max(1), np.inf)
    seen = int(gaps.argmin())
    shape = (rule.tasks, len(group))
    return (
        float(gaps[seen]),
        digits(seen, len(rule.truth), shape),
        digits(int(others[seen].argmax()), len(rule.options), shape),
    )


def honest_reports(rule: PeerPayments, count: int) -> Array:
    """The number of the true reports at each of the signals of a group in all tasks."""
    base, digits = len(rule.options), rule.tasks * count
    seen = np.indices([len(rule.truth)] * digits).reshape(digits, -1)
    return reduce(lambda so_far, row: so_far * base + row, np.array(rule.truth)[seen], np.zeros(seen.shape[1], int))


def digits(number: int, base: int, shape: tuple[int, int]) -> Array:
    return np.array(np.unravel_index(number, [base] * (shape[0] * shape[1]))).reshape(shape)


def gaps(rule: PeerPayments, who: int) -> dict[str, float]:
    """By what is seen, what the truth is worth more than the best other report."""
    _, worth = rule.worth([who])
    found = {}
    for k, (name, true) in enumerate(zip(rule.signals.signals, rule.truth, strict=True)):
        found[name] = float(worth[k, true] - np.delete(worth[k], true).max())
    return found


def stable(rule: PeerPayments, table: Array, slack: float) -> bool:
    """Whether nobody gains by any other reports; what others report does not depend on what it sees."""
    replies = np.array(list(np.ndindex(*[len(rule.options)] * rule.tasks)))
    now = rule.pay(table)
    for i in range(rule.reporters):
        tried = np.broadcast_to(table, (len(replies), *table.shape)).copy()
        tried[..., i] = replies
        if rule.pay(tried)[..., i].max() > now[i] + slack:
            return False
    return True


def replayed(rule: PeerPayments, group: list[int], seen: Array, said: Array) -> float:
    """By going through all that the others can have seen in all tasks, one after another."""
    others = [i for i in range(rule.reporters) if i not in group]
    joint, truth = rule.signals.joint(rule.reporters), np.array(rule.truth)
    gain = whole = 0.0
    for rest in product(range(len(truth)), repeat=rule.tasks * len(others)):
        table = np.empty((rule.tasks, rule.reporters), int)
        table[:, group], table[:, others] = seen, np.reshape(rest, (rule.tasks, len(others)))
        odds = float(np.prod([joint[tuple(row)] for row in table]))
        honest = truth[table]
        lie = honest.copy()
        lie[:, group] = said
        paid = rule.pay(np.stack([lie, honest]))[:, group].sum(1)
        gain, whole = gain + odds * float(paid[0] - paid[1]), whole + odds
    return gain / whole


def span(rule: PeerPayments) -> float:
    """How far payments of one reporter are apart, while others tell the truth; 1 where they are not."""
    _, worth = rule.worth([0])
    return float(np.ptp(worth)) or 1.0
