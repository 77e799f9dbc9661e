"""Whoever has the fewest first places goes, and the ballots count for whom they put next, until one is left."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from ..core.errors import TooLarge
from ..core.forms.ballots import Ballots
from ._counted import in_votes, places_of, require_ballots, shared
from ._decision import Decision, listed, number, positions
from ._runoff import Count, Stage


def instant_runoff(
    ballots: Ballots,
    *,
    order: Sequence[str] | None = None,
    tied: Literal["split", "all"] = "split",
    limit: int = 1_000,
) -> Decision:
    """The last one standing when whoever has the fewest first places goes, again and again (Hare 1859; Ware 1871).

    Parameters
    ----------
    ballots : one that mentions nobody who still stands counts for nobody. `tied` says how ties on ballots are read.
    order : of several with the fewest first places the one that stands last in this order goes. Without one, each
        course that the count could take is followed, and `winners` are those of any of them (parallel universes;
        Conitzer, Rognlie and Xia 2009), with no two courses followed twice to the same set.
    tied : k that are tied for the first place get 1 / k of the vote each ("split"), or a whole vote each ("all",
        approval-IRV: Delemazure and Peters 2024).
    limit : how many sets of alternatives left standing are looked at, at most.

    Returns
    -------
    The decision; `ranking` has who went last first, where the count took one course. Those tied for the fewest who have
    fewer votes together than anybody else go together, as they would all go next in any order. Where no ballot is left
    that counts, all who stand win.

    Raises
    ------
    InputError, UnknownName : an order that leaves out an alternative, names one twice or one that there is not.
    TooLarge : more than `limit` sets.

    Examples
    --------
    >>> instant_runoff(Ballots.of({"a > b > c": 4, "b > a > c": 3, "c > b > a": 2})).winner
    'b'
    """
    require_ballots(ballots)
    names = ballots.alternatives
    places = None if order is None else positions(order, names, names)
    last = None if places is None else np.array([places[one] for one in names])
    weights, each, parts = shared(ballots, tied)
    count = Count(places_of(ballots), weights, each)
    waiting, seen, told, ties, won = {count.begun.key: count.begun}, 1, [], 0, np.zeros(len(names), bool)
    gone: list[tuple[str, ...]] | None = []
    while waiting:
        stage = max(waiting.values(), key=lambda one: int(one.standing.sum()))
        del waiting[stage.key]
        outs, why = stage.who_goes(last)
        if not outs:
            won |= stage.standing
            continue
        ties += why != ""
        gone = gone if len(outs) == 1 else None
        told.append(_told(stage, names, outs, why, parts))
        for out in outs:
            if gone is not None:
                gone.append(_names(names, out))
            after = (stage.standing & ~out).tobytes()
            if after not in waiting:
                waiting[after], seen = count.after(stage, out), seen + 1
        if seen > limit:
            raise TooLarge(
                f"The count can take so many courses that more than {limit:,} sets of alternatives were left standing.",
                "Ties for the fewest first places arose again and again.",
                "Declare an order by which such ties are settled: order=[...], or allow more: limit=...",
            )
    winners = _names(names, won)
    ranking = () if gone is None else (winners, *gone[::-1])
    several = "are left, and no ballot counts any more" if ranking else "win, each in some course of the count"
    told.append(f"{listed(winners)} {several if winners[1:] else 'is left'}.")
    return Decision("instant runoff", names, winners, (), ranking, tuple(told), ties)


def _names(names: Sequence[str], mask: np.ndarray) -> tuple[str, ...]:
    return tuple(names[k] for k in np.flatnonzero(mask).tolist())


def _told(stage: Stage, names: Sequence[str], outs: Sequence[np.ndarray], why: str, parts: int) -> str:
    votes = in_votes(stage.votes, parts)
    high = sorted(np.flatnonzero(stage.standing).tolist(), key=lambda k: -votes[k])
    tally = ", ".join(f"{names[k]} {number(votes[k])}" for k in high[:12]) + (", …" if high[12:] else "")
    out = listed(_names(names, np.any(outs, axis=0)))
    few = listed(_names(names, stage.fewest))
    if why == "all":
        return f"{tally}: {few} are tied for the fewest, and each course is followed."
    if why == "order":
        return f"{tally}: {few} are tied for the fewest; {out} goes, the last of them in the declared order."
    how = "have the fewest and go, in whatever order" if np.sum(outs) > 1 else "has the fewest and goes"
    return f"{tally}: {out} {how}."
