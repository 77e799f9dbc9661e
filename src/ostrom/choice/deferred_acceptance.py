"""Ask, hold, and ask on: the stable matching that the side which asks likes best."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..core.errors import InputError
from ._asked import asked
from ._matching import Matching
from ._sides import Ties, market_of


def deferred_acceptance(
    proposers: Any, receivers: Any, *, capacities: Any = 1, ties: Ties = None, couples: Sequence[Any] = ()
) -> Matching:
    """The stable matching that is best for every proposer at once (Gale and Shapley 1962).

    All who are free ask the best that has not refused them; everybody holds the best who asked, up to its capacity.
    Lying does not pay for proposers (Dubins and Freedman 1981; Roth 1982); for receivers it can.

    Parameters
    ----------
    proposers, receivers : what each side makes of the other: tables of ranks `[N, M]` and `[M, N]`, 0 the best, equal
        numbers tie, -1 not acceptable; or mappings from names to lists of names, best first, a list within it being a
        tie. Lists may be incomplete.
    capacities : how many each receiver can hold, one number or `[M]` or by name; 1 by default.
    ties : the orders in which equally ranked proposers, and receivers, are put; the order of the table by default.
        What that decided is `tied_out` of the answer. With ties the result is stable, but it need not be the best one.
    couples : pairs of proposers that want to be placed together. They are refused: see the errors.

    Raises
    ------
    InputError : tables that do not fit; names twice; couples, for which a stable matching need not exist and
        `stable_with_couples` searches. UnknownName : somebody who is not there. TooLarge : over 25 million pairs.

    Examples
    --------
    >>> found = deferred_acceptance({"Ann": ["X", "Y"], "Bob": ["X"]}, {"X": ["Bob", "Ann"], "Y": ["Ann"]})
    >>> found.pairs
    {'Ann': 'Y', 'Bob': 'X'}
    >>> found.why("Ann")
    'Ann is with Y. Better, but out of reach: X is with Bob, ranked before it.'
    """
    couples = _listed(couples)
    if couples:
        raise InputError(
            f"{len(couples)} couples, the first {couples[0]!r}.",
            "With couples a stable matching need not exist (Roth 1984), and asking in turn can miss one that does.",
            "Use stable_with_couples, which goes through all matchings of a small market, or leave couples out.",
        )
    market = market_of(proposers, receivers, capacities, ties)
    partners, settled, rounds = asked(market)
    return Matching(partners, "deferred acceptance", rounds, market, "stable", settled)


def _listed(couples: Any) -> list[Any]:
    try:
        return list(couples)
    except TypeError:
        raise InputError(f"The couples are {couples!r:.80}.", do="Leave them out.") from None
