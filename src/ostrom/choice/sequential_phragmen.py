"""A committee whose seats are a load that voters carry together, spread as evenly as each next seat allows."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from ..core.forms.ballots import Ballots
from ._committee import Approvals, Committee, in_turn
from ._phragmen import Loads


def sequential_phragmen(
    ballots: Ballots, seats: int, *, order: Sequence[str] | None = None, within: int = 1
) -> Committee:
    """Elect whoever can be paid for first, when every voter earns money at the same rate (Phragmén 1894).

    A seat costs 1. As soon as those who approve of somebody together have as much, they elect it, and their money is
    gone. That is the same as to keep the largest load of a voter as small as each next seat allows. Proportional (PJR;
    Brill, Freeman, Janson and Lackner 2017), and a larger committee contains the smaller.

    Parameters
    ----------
    ballots : with 0 for what a ballot approves and -1 for the rest; counts may be weights.
    seats : how many are elected, 1 to m.
    order : names, all of them: who goes first in a tie; by default the order of the alternatives.
    within : of ranked ballots the best so many places are approved.

    Returns
    -------
    The committee; `scores` hold the time at which each member was paid for, in fractions. Of those whom nobody approves
    of, any may take the seats that are left; their score is 0.

    Raises
    ------
    InputError : seats, an order or `within` that do not fit; `UnknownName` for a name in `order`.

    Examples
    --------
    >>> found = sequential_phragmen(Ballots([[0, 0, -1], [-1, -1, 0]], [2, 1], ("a", "b", "c")), 2)
    >>> found.tied, found.scores
    ((('a', 'b'), ('a', 'c'), ('b', 'c')), (Fraction(1, 2), Fraction(1, 1)))
    """
    given = Approvals.of(ballots, seats, order, within)
    loads = Loads(given)
    return in_turn("sequential Phragmén", given, (Fraction(0),) * len(given.counts), loads.step)
