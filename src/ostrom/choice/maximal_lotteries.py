"""Odds for alternatives that no other odds beat: a lottery where duels run in a circle, or are tied."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, get_args

import numpy as np

from ..core.errors import InputError, TooLarge, UnknownName
from ..core.forms.ballots import Ballots
from ..core.game import Array
from ..solvers._highs import solve_lp
from ._counted import require_ballots
from ._decision import listed
from ._kernel import kernel

LARGEST = 100
"""Alternatives for which odds are worked out in fractions."""

PARTS = (1, 12, 60, 840, 10_000, 10**6, 10**9, 10**12)
"""How finely odds that may be anything within a range are read."""

Weigh = Literal["margins", "majority"]


@dataclass(frozen=True)
class Lottery:
    """Odds for alternatives.

    Attributes
    ----------
    alternatives, odds : names, and `Fraction`s that add up to 1.
    support : those with odds above 0. Where there are several maximal lotteries, all that any of them may elect.
    unique : whether no other lottery is maximal.
    freedom : the dimension of the set of maximal lotteries; 0 where there is one.
    margins : what the lottery wins on average against each alternative; none below 0 proves that it is maximal.
    weigh : what a duel weighs.
    """

    alternatives: tuple[str, ...]
    odds: tuple[Fraction, ...]
    support: tuple[str, ...]
    unique: bool
    freedom: int
    margins: tuple[Fraction, ...]
    weigh: Weigh = "margins"

    def __getitem__(self, alternative: str) -> Fraction:
        """The odds of an alternative; `UnknownName` says which there are."""
        if alternative not in self.alternatives:
            raise UnknownName("alternative", alternative, self.alternatives)
        return self.odds[self.alternatives.index(alternative)]

    def drawn(self, u: float, order: Sequence[str] | None = None) -> str:
        """Who is elected by a number in [0, 1) that is drawn in public: odds are laid end to end in a declared order.

        By default that of the alternatives. Raises `InputError` for a number outside, or an order that is none.
        """
        names = self.alternatives if order is None else tuple(order)
        if not 0 <= u < 1 or sorted(names) != sorted(self.alternatives):
            raise InputError(
                f"A draw of {u} over {listed(names)}.", do="Give a number in [0, 1), and each alternative once."
            )
        at = Fraction(0)
        for one in names:
            at += self[one]
            if u < at:
                return one
        raise AssertionError("odds add up to 1")


def maximal_lotteries(ballots: Ballots, *, weigh: Weigh = "margins") -> Lottery:
    """A maximal lottery: whatever other lottery is proposed, on average at least as many prefer this one to it.

    Two parties that each put up an alternative, and win the margin between them, play a symmetric zero-sum game; its
    maximin mixtures are the maximal lotteries (Kreweras 1965; Fishburn 1984). With odd margins there is one (Laffond,
    Laslier and Le Breton 1997). A Condorcet winner has all the odds, and nobody outside the Smith set has any.
    Clones share odds among themselves, and two electorates that agree on a lottery keep to it when they join (Brandl,
    Brandt and Seedig 2016).

    Parameters
    ----------
    ballots : only margins of duels count; ties and what is not mentioned are in neither's number.
    weigh : "margins", or "majority" for the sign of each alone (odds on the bipartisan set).

    Returns
    -------
    Odds in fractions that were checked in whole numbers. A linear program only says where to look: the lottery is one
    with as many alternatives as any, and then it is the only one where the duels among these leave a single mixture at
    which all are even. Where there are several, it lies within the set of them.

    Raises
    ------
    UnknownName : another weight. TooLarge : more than 100 alternatives, or odds too fine to be found from floats.

    Examples
    --------
    >>> circle = maximal_lotteries(Ballots.of({"a > b > c": 1, "b > c > a": 1, "c > a > b": 1}))
    >>> circle["a"], circle.unique
    (Fraction(1, 3), True)
    """
    if weigh not in get_args(Weigh):
        raise UnknownName("weight of a duel", str(weigh), get_args(Weigh))
    require_ballots(ballots)
    table = ballots.margins if weigh == "margins" else np.sign(ballots.margins)
    if len(table) > LARGEST:
        raise TooLarge(f"{len(table)} alternatives.", f"Fractions are found for {LARGEST}.", "Leave some out first.")
    names, whole = ballots.alternatives, table.tolist()
    odds, free = _interior(table, whole)
    support = tuple(name for name, share in zip(names, odds, strict=True) if share)
    return Lottery(names, odds, support, free == 1, free - 1, _won(odds, whole), weigh)


def _interior(table: Array, whole: list[list[int]]) -> tuple[tuple[Fraction, ...], int]:
    """A maximal lottery with the largest support, and how many coordinates of it may be chosen, its scale included.

    Optimal mixtures of a symmetric game that are positive wherever nothing is won exist (Goldman and Tucker 1956). At
    such a point all others are combinations of the same alternatives at which these are even: the kernel of their
    duels. So the dimension of that kernel counts them, exactly.
    """
    floats = _strict(table / (float(np.abs(table).max()) or 1.0))
    for used in _supports(floats, table):
        free, bound = kernel((-table[np.ix_(used, used)]).tolist(), len(used))
        for shares in _points(floats[used], free, bound):
            if min(shares.values()) <= 0:
                continue
            odds, total = [Fraction(0)] * len(table), sum(shares.values())
            for k, share in shares.items():
                odds[used[k]] = share / total
            if all(won > 0 for k, won in enumerate(_won(odds, whole)) if not odds[k]):
                return tuple(odds), len(free)
    raise TooLarge(
        f"No fractions near {np.round(floats, 9).tolist()} are a maximal lottery with the largest support.",
        "Margins are too uneven for what floats can tell apart.",
        "Ask for weigh='majority', or leave out alternatives that nobody would elect.",
    )


def _points(floats: Array, free: Sequence[int], bound: dict[int, dict[int, Fraction]]) -> Iterator[dict[int, Fraction]]:
    """Points of a kernel, not yet scaled to odds: where a line is all there is that line, else some near the floats."""
    for parts in PARTS if len(free) > 1 else PARTS[: len(free)]:
        largest = max(float(floats[k]) for k in free) or 1.0
        shares = {
            k: Fraction(round(float(floats[k]) / largest * parts), parts) if free[1:] else Fraction(1) for k in free
        }
        yield shares | {
            i: sum((times * shares[j] for j, times in row.items()), Fraction(0)) for i, row in bound.items()
        }


def _strict(unit: Array) -> Array:
    """Odds q with q + qM as far above 0 as they go, everywhere."""
    size = len(unit)
    found = solve_lp(
        np.append(np.zeros(size), 1.0),
        np.vstack(
            [
                np.hstack([-unit.T - np.eye(size), np.ones((size, 1))]),  # t ≤ q + qM
                np.hstack([-unit.T, np.zeros((size, 1))]),  # 0 ≤ qM
            ]
        ),
        np.zeros(2 * size),
        np.append(np.ones(size), 0.0)[None],
        np.ones(1),
        maximise=True,
    )
    assert found.x is not None  # every symmetric game has such mixtures
    return np.maximum(found.x[:size], 0.0)


def _supports(floats: Array, table: Array) -> Iterator[list[int]]:
    """Who may be in the largest support: those with more odds than they lose by; then by odds alone."""
    won = floats @ (table / (float(np.abs(table).max()) or 1.0))
    tried = [np.flatnonzero(floats > won), *(np.flatnonzero(floats > close) for close in (1e-5, 1e-7, 1e-9, 1e-3))]
    seen: set[tuple[int, ...]] = set()
    for used in tried:
        if len(used) and tuple(used.tolist()) not in seen:
            seen.add(tuple(used.tolist()))
            yield used.tolist()


def _won(odds: Sequence[Fraction], whole: list[list[int]]) -> tuple[Fraction, ...]:
    """What the lottery wins on average against each alternative."""
    used = [k for k, share in enumerate(odds) if share]
    return tuple(sum((odds[i] * whole[i][j] for i in used), Fraction(0)) for j in range(len(odds)))
