"""Can a few more voters make an alternative win at a scoring rule? Greedily, and exactly by a whole-number program."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from ..core.errors import InputError
from ..core.exact import fraction
from ..core.forms.ballots import Ballots
from ._coalitional_ballots import counted, greedy, program, totals, wins

Scores = Literal["borda", "plurality", "veto"] | Sequence[Any]


@dataclass(frozen=True)
class CoalitionalManipulation:
    """Whether so many voters can make the target win, and how.

    Attributes
    ----------
    possible : whether they can; None where the program ended without an answer.
    said : what they cast, written as `Ballots.of` reads it, with how many; empty where they cannot.
    method : "counting", "greedy" or "whole-number program".
    lead : by how many points the target is ahead of the next, with those ballots.
    """

    target: str
    voters: int
    possible: bool | None
    said: dict[str, int]
    method: str
    lead: Fraction | None = None


def coalitional_manipulation(
    ballots: Ballots, target: str, voters: int, scores: Scores = "borda", *, alone: bool = False, seconds: float = 30.0
) -> CoalitionalManipulation:
    """Whether voters who want only one thing, that the target wins, can bring it about at a scoring rule.

    All put the target first. Greedily, each in turn orders the rest the other way round than they stand by points; for
    Borda that takes at most one voter more than is needed (Zuckerman, Procaccia and Rosenschein 2009). Where it fails,
    rules that give 1 or 0 (plurality, veto, approval of k) are decided by counting; others, which for Borda is NP-hard
    (Davies et al. 2011; Betzler et al. 2011), by a whole-number program: how many of the voters put each in each place.

    Parameters
    ----------
    ballots : strict orders of all alternatives, of those who vote as they think.
    voters : how many act together, at least 0.
    scores : "borda", "plurality", "veto", or points for the places, best first, that do not rise.
    alone : whether the target has to be the only winner.

    Raises
    ------
    InputError : ballots that are no strict orders, points that rise or are of another number. UnknownName : the target.

    Examples
    --------
    >>> ballots = Ballots.of({"a > b > c": 3, "b > a > c": 2})
    >>> coalitional_manipulation(ballots, "c", 4).possible, coalitional_manipulation(ballots, "c", 5).said
    (False, {'c > b > a': 3, 'c > a > b': 2})
    """
    points, wanted = _points(ballots, scores), ballots.index(target)
    if voters < 0:
        raise InputError(f"{voters} voters who act together.", do="Give 0 or more.")
    held = [sum((points[place] * many for place, many in _column(ballots, k)), Fraction(0)) for k in range(len(points))]
    most = held[wanted] + voters * points[0]
    rows = greedy(held, points, wanted, voters)
    method, certain = "greedy", False
    if not wins(held, points, rows, wanted, alone) and set(points) <= {0, 1}:
        rows, method, certain = counted(held, points, wanted, voters, most - alone), "counting", True
    elif not wins(held, points, rows, wanted, alone):
        rows, certain = program(held, points, wanted, voters, most, alone, seconds)
        method = "whole-number program"
    if rows is None or not wins(held, points, rows, wanted, alone):
        return CoalitionalManipulation(target, voters, False if certain else None, {}, method)
    others = [total for k, total in enumerate(totals(held, points, rows)) if k != wanted]
    said: dict[str, int] = {}
    for row in rows:
        order = " > ".join(ballots.alternatives[k] for k in row)
        said[order] = said.get(order, 0) + 1
    return CoalitionalManipulation(target, voters, True, said, method, most - max(others, default=Fraction(0)))


def manipulators_needed(
    ballots: Ballots, target: str, scores: Scores = "borda", *, alone: bool = False, most: int = 1_000
) -> int | None:
    """The least number of voters who can make the target win together; None where `most` cannot, or it is not known.

    Parameters and errors as for `coalitional_manipulation`. What k voters can do, more can: the others put the target
    first as well. Hence by bisection, once a number is found that is enough.
    """
    few, enough = -1, 1
    while not (found := coalitional_manipulation(ballots, target, enough, scores, alone=alone).possible):
        few, enough = enough, 2 * enough
        if found is None or few >= most:
            return None
    while enough - few > 1:
        middle = (few + enough) // 2
        found = coalitional_manipulation(ballots, target, middle, scores, alone=alone).possible
        if found is None:
            return None
        few, enough = (few, middle) if found else (middle, enough)
    return enough


def _points(ballots: Ballots, scores: Scores) -> list[Fraction]:
    """Points for the places, best first."""
    size = ballots.ranks.shape[1]
    if not (ballots.complete and ballots.strict):
        raise InputError(f"{ballots!r} has ties or gaps.", do="Give strict orders of all alternatives.")
    if isinstance(scores, str) and scores not in ("borda", "plurality", "veto"):
        raise InputError(f"Scores {scores!r}.", do='Say "borda", "plurality", "veto", or give points for the places.')
    if scores == "borda":
        given = [Fraction(size - 1 - place) for place in range(size)]
    elif scores in ("plurality", "veto"):
        given = [Fraction(place == 0 if scores == "plurality" else place < size - 1) for place in range(size)]
    else:
        given = [fraction(one) for one in scores]
    if len(given) != size or given != sorted(given, reverse=True):
        raise InputError(
            f"Points {[str(one) for one in given]} for {size} places.",
            "A better place is worth as much as a worse one, or more.",
            "Give one number a place, best first.",
        )
    return given


def _column(ballots: Ballots, alternative: int) -> list[tuple[int, int]]:
    return list(zip(ballots.ranks[:, alternative].tolist(), ballots.counts.tolist(), strict=True))
