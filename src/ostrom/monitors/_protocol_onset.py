"""After an alarm: since when, how much is told, what stands for what, and whether anybody listens."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ._bets import tilted
from ._discrete import NATS, Shared, cells, permutation, shared
from ._protocol_fresh import LOOKS
from ._protocol_units import History, word
from ._protocol_views import Groups

FAR = -math.log(1 - math.sqrt(0.95))
"""Nats by which the likeliest onset beats the true one in 5 % of cases: 3.68 (Siegmund 1986, for small changes)."""


@dataclass(frozen=True)
class Onset:
    """Since when, as numbers of units from 0: the likeliest, and between which it is."""

    at: int
    low: int
    high: int


def onset(history: History, start: int, alarm: int, view: int, strength: float) -> Onset:
    """The likeliest onset of an alarm at bet `alarm` (from 1), from a bettor that began after `start` bets.

    What was learned from the start on, each unit left out for itself, is put to every unit; the onset is where the
    sum of its logarithmic gains from there on is largest. Units are taken in the order of the log.
    """
    end = min(len(history), 2 * alarm - start)
    order = np.argsort(history.number[:end], kind="stable")
    values, odds = history.values[:end][order], history.odds[:end][order]
    cells, number = history.cells[:end, view][order], history.number[:end][order]
    at = int(np.searchsorted(number, history.number[min(start, end - 1)]))
    total = np.zeros(end)
    for _ in range(3):
        total = np.cumsum(gains(cells, values, odds, at, strength)[::-1])[::-1]
        at = int(total.argmax())
    near = np.flatnonzero(total[at] - total <= FAR)
    return Onset(int(number[at]), int(number[near[0]]), int(number[near[-1]]))


def gains(cells: np.ndarray, values: np.ndarray, odds: np.ndarray, since: int, strength: float) -> np.ndarray:
    """ln q/p of each unit `float[N]`, for q learned from all others since one of them."""
    came = np.eye(odds.shape[1])[values]
    seen, due = np.zeros((2, int(cells.max()) + 1, odds.shape[1]))
    np.add.at(seen, cells[since:], came[since:])
    np.add.at(due, cells[since:], odds[since:])
    inside = (np.arange(len(cells)) >= since)[:, None]
    held = tilted(seen[cells] - inside * came, np.maximum(due[cells] - inside * odds, 0), np.array([strength]))[..., 0]
    return np.log(held[np.arange(len(values)), values] / (odds * held).sum(1))


def interval(found: Shared, spread: float | None = None, level: float = 0.95) -> tuple[float, float]:
    """An interval for information in bits: the noncentralities under which the G statistic is not too far off.

    That is for little information. With the `spread` of ln p(s|m,o)/p(s|o), its variance, the interval is narrowed to
    what the delta method says where there is much.
    """
    from scipy.special import chndtr, chndtrinc

    if not found.df:
        return 0.0, 0.0
    tail, ends = (1 - level) / 2, []
    for chance in (1 - tail, tail):
        reached = float(chndtr(found.g, found.df, 0.0)) > chance
        ends.append(float(chndtrinc(found.g, found.df, chance)) if reached else 0.0)
    low, high = (end / (2 * found.n * NATS) if math.isfinite(end) else math.inf for end in ends)
    extra = max(0.0, found.g - found.df)
    if spread is None or not extra:
        return low, high
    narrow = math.sqrt(min(1.0, (found.df + 2 * found.n * spread) / (found.df + 2 * extra)))
    return found.bits - narrow * (found.bits - low), found.bits + narrow * (high - found.bits)


def spread(m: np.ndarray, s: np.ndarray, o: np.ndarray) -> float:
    """The variance of ln p(s|m,o)/p(s|o) in a sample of codes, in nats²."""
    count, sm, ss, so = cells(m, s, o)
    each, share = np.log(count * so / (sm * ss)), count / len(m)
    return float((share * each**2).sum() - (share * each).sum() ** 2)


def told(history: History, kept: np.ndarray, view: int) -> tuple[float, float, float]:
    """Information between messages and what is private given what is public, over some bets: bits, and an interval."""
    m, s, o = history.cells[kept, view], history.values[kept], history.strata[kept]
    found = shared(m, s, o)
    most = math.log2(max(len(np.unique(s)), 1))  # no more can be told than which value it is
    low, high = (min(end, most) for end in interval(found, spread(m, s, o)))
    return min(max(found.bits, low), high), low, high


def listener(history: History, kept: np.ndarray, view: int, groups: dict[str, Groups]) -> str:
    """The listener whose first move after each message says most about the message, over some bets; "" if none."""
    best = (-math.inf, "")
    for name in groups:
        rows, moves = _moves(history, kept, name, groups[name])
        if len(rows) >= 5:
            found = shared(history.cells[rows, view], moves, history.strata[rows])
            best = max(best, (found.bits, name))
    return best[1]


def confirmed(
    history: History, fresh: np.ndarray, view: int, who: str, groups: dict[str, Groups], rng: np.random.Generator
) -> tuple[float, float]:
    """On fresh bets, p-values of information and of influence on a listener, by permutation within what is public.

    The listener is chosen on earlier bets, so that nothing is paid for the choice.
    """
    m, s, o = history.cells[fresh, view], history.values[fresh], history.strata[fresh]
    informed = permutation(m, s, o, rng)
    rows, moves = _moves(history, fresh, who, groups[who]) if who else (fresh[:0], fresh[:0])
    if len(rows) < LOOKS[0] // 2:
        return informed, 1.0
    return informed, permutation(history.cells[rows, view], moves, history.strata[rows], rng)


def _moves(history: History, kept: np.ndarray, name: str, group: Groups) -> tuple[np.ndarray, np.ndarray]:
    """The bets after which a listener moved, and the groups of its moves."""
    pairs = [(i, group(word(history.replies[i][name]))) for i in kept if name in history.replies[i]]
    rows, moves = np.array(pairs, np.int64).reshape(-1, 2).T
    return rows, moves


def lexicon(history: History, kept: np.ndarray, view: int, secrets: Groups) -> list[str]:
    """The three things said that tell most over some bets: an example of each, and what it makes likelier."""
    cells, values, odds = history.cells[kept, view], history.values[kept], history.odds[kept]
    found = []
    for cell in np.unique(cells):
        inside = cells == cell
        seen, due = np.bincount(values[inside], minlength=odds.shape[1]) + 0.5, odds[inside].sum(0) + 0.5
        share, fair = seen / seen.sum(), due / due.sum()
        value = int((share / fair * (due > 1)).argmax())
        weight = float(inside.sum() * (share * np.log(share / fair)).sum())
        example = history.texts[int(kept[np.flatnonzero(inside)[0]])][0][:40]
        found.append((weight, f"{example!r}: {secrets.name(value)} ({share[value]:.0%} instead of {fair[value]:.0%})"))
    return [words for _, words in sorted(found, reverse=True)[:3]]
