"""A committee that voters buy: everybody has the same share of the seats, and pays for those it approves of."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Literal, get_args

from ..core.errors import UnknownName
from ..core.forms.ballots import Ballots
from ._committee import Approvals, Committee, Step, in_turn, spoken
from ._phragmen import Loads, in_parts

Completion = Literal["phragmen", "none"]


def equal_shares(
    ballots: Ballots,
    seats: int,
    *,
    completion: Completion = "phragmen",
    order: Sequence[str] | None = None,
    within: int = 1,
) -> Committee:
    """The method of equal shares (Peters and Skowron 2020): elect whoever costs its supporters least each.

    A seat costs 1 and each of n voters has seats / n. Somebody can be elected at a price r if its supporters, none
    paying more than r or than it has left, together pay 1; the least r is elected next. Groups that are large enough to
    pay are represented (EJR+; Brill and Peters 2023). When nobody can be paid for any more, seats may be left.

    Parameters
    ----------
    ballots, seats, order, within : as for `sequential_phragmen`.
    completion : "phragmen" fills what is left by Phragmén's method, voters beginning with what money they have left;
        "none" leaves it, so that fewer may be elected.

    Returns
    -------
    The committee; `scores` hold the price r of each who was bought, in fractions; of those who complete it the load of
    each supporter, which began below 0 by the money it had left.

    Raises
    ------
    InputError : seats, an order or `within` that do not fit; `UnknownName` for another completion, or name in `order`.

    Examples
    --------
    >>> found = equal_shares(Ballots([[0, 0, -1], [-1, -1, 0]], [2, 1], ("a", "b", "c")), 2, completion="none")
    >>> found.tied, found.scores
    ((('a',), ('b',)), (Fraction(1, 2),))
    """
    if completion not in get_args(Completion):
        raise UnknownName("completion", str(completion), get_args(Completion))
    given = Approvals.of(ballots, seats, order, within)
    purses = _Purses(given, completion == "phragmen")
    share = Fraction(given.seats, given.voters)
    return in_turn("equal shares", given, (True, (share,) * len(given.counts)), purses.step)


State = tuple[bool, tuple[Fraction, ...]]
"""Whether members are still bought, and what each voter has left; afterwards loads."""


class _Purses:
    def __init__(self, given: Approvals, completed: bool) -> None:
        self.given, self.completed, self.loads = given, completed, Loads(given)

    def step(self, members: frozenset[int], state: State) -> Step:
        buying, money = state
        if not buying:
            return self._filled(members, money)
        unit, parts = in_parts(money)
        prices = {k: self._price(k, unit, parts) for k in range(len(self.given.names)) if k not in members}
        payable = {k: price for k, price in prices.items() if price is not None}
        if payable:
            least = min(payable.values())
            after = {k: (True, self._paid(k, least, money)) for k, price in payable.items() if price == least}
            return after, least, f"{spoken(least)} of a seat paid by each who approves of it, or all that it has left"
        if self.completed:
            return self._filled(members, tuple(-left for left in money))
        return {}, Fraction(0), f"Nobody else can be paid for: {self.given.seats - len(members)} seats are left open."

    def _filled(self, members: frozenset[int], loads: tuple[Fraction, ...]) -> Step:
        after, score, said = self.loads.step(members, loads)
        return {k: (False, carried) for k, carried in after.items()}, score, f"{said}, in completion"

    def _price(self, k: int, unit: int, parts: list[int]) -> Fraction | None:
        """The least price each at which the supporters of somebody together pay for a seat; None where they cannot."""
        left = sorted((parts[row], self.given.counts[row]) for row in self.loads.supporters[k])
        missing, payers = unit, sum(count for _, count in left)
        for purse, count in left:  # the poorest give all they have until the others can bear the rest
            if missing <= purse * payers:
                return Fraction(missing, payers * unit)
            missing -= purse * count
            payers -= count
        return None

    def _paid(self, k: int, price: Fraction, money: tuple[Fraction, ...]) -> tuple[Fraction, ...]:
        mine = set(self.loads.supporters[k])
        return tuple(max(left - price, Fraction(0)) if row in mine else left for row, left in enumerate(money))
