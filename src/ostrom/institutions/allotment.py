"""Each seat is allotted a move of its own: by taking turns to choose, or by bids."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import permutations, product
from math import perm
from typing import Any, ClassVar, Literal

import numpy as np

from ..core.errors import InputError, TooLarge
from ..core.ground import Ground, Part
from ..core.institution import Institution, Now, View
from ._only import only
from ._pots import here
from ._whole_amounts import whole_amounts, written

LISTED = 5_040
"""Ways to allot moves up to which all are compared."""

REPORTS = 256
"""Things that a seat can say, at most."""


class Allotment(Institution):
    """Nobody does what another does: moves are allotted before play, one to each seat, by what seats say of them.

    By "turns" seats rank the moves and choose in seat order, each the best that is left (serial dictatorship). By
    "bids" they say what each move is worth to them; allotted is what makes the sum largest, and each pays what the
    others together lose by its being there (Vickrey 1961, Clarke 1971, Leonard 1983). Either way it is best to tell the
    truth, as long as a move's worth does not depend on who gets the others; only bids find the best allotment.

    Parameters
    ----------
    moves : labels of the part "act" to be allotted, all different. Seats beyond their number get none.
    by : "turns" or "bids".
    amounts : what a move can be said to be worth, rising from 0 or more ("bids" only).
    spare : the label played by a seat that gets none; "" leaves it free.

    Of several best allotments the first is taken, in which earlier seats have earlier moves. Who is absent is allotted
    nothing. Raises `InputError` for labels that are not different and amounts that do not rise from 0 or more;
    `TooLarge` where seats could say more than 256 things, or there are more than 5,040 allotments.
    """

    moves: tuple[str, ...] = ("C", "D")
    by: Literal["turns", "bids"] = "turns"
    amounts: tuple[float, ...] = (0.0, 1.0, 2.0)
    spare: str = ""
    example: ClassVar[str] = "allotment:moves=(C,D),by=bids,amounts=(0,2)"
    scope: ClassVar[Literal["profile"]] = "profile"
    enforced_by: ClassVar[str] = "an allotter who can close off all other moves"

    def __post_init__(self) -> None:
        super().__post_init__()
        rising = all(a < b for a, b in zip(self.amounts, self.amounts[1:], strict=False))
        fine = self.amounts and rising and self.amounts[0] >= 0 and self.amounts[-1] < np.inf
        if not self.moves or len(set(self.moves)) < len(self.moves) or not fine:
            raise InputError(
                f"Allotment(moves={self.moves}, amounts={self.amounts}) cannot be allotted.",
                "Moves are different from each other, and amounts rise from 0 or more.",
                'Give for example moves=("A", "B"), amounts=(0.0, 1.0).',
            )
        orders = math.factorial(len(self.moves)) if len(self.moves) <= 6 else REPORTS + 1
        count = orders if self.by == "turns" else len(self.amounts) ** len(self.moves)
        if count > REPORTS:
            raise TooLarge(
                f"Each seat could say too many things of {len(self.moves)} moves.",
                f"At most {REPORTS} are listed.",
                "Allot fewer moves, or in fewer amounts.",
            )

        if len(set(self.wishes)) < len(self.wishes):
            raise InputError(
                f"Two wishes about {self.moves} read the same.",
                "A wish is told by how it is written.",
                'Name moves without ">" and commas.',
            )

    @property
    def budget(self) -> Any:  # type: ignore[override]
        """Balanced where nobody pays, else never paid out."""
        return "balanced" if self.by == "turns" else "surplus"

    def menu(self, ground: Ground) -> Ground:
        """A stage at the start of every round in which all say at once what they think of the moves."""
        for label in (*self.moves, *filter(None, (self.spare,))):
            ground.index("act", label)
        small, large = sorted((len(self.moves), len(ground.players)))
        if self.by == "bids" and perm(large, small) > LISTED:
            raise TooLarge(
                f"{len(self.moves)} moves for {len(ground.players)} seats go in {perm(large, small):,} ways.",
                f"At most {LISTED:,} are compared.",
                'Allot fewer moves, or by="turns".',
            )
        return ground.preceded_by(Part("wish", self.wishes))

    @property
    def wishes(self) -> tuple[str, ...]:
        """What a seat can say: `"A>B"` by turns, `"A 2, B 0"` by bids."""
        if self.by == "turns":
            return tuple(">".join(self.moves[k] for k in order) for order in self._orders())
        rows = product(written(self.amounts), repeat=len(self.moves))
        return tuple(", ".join(f"{m} {x}" for m, x in zip(self.moves, row, strict=True)) for row in rows)

    def inform(self, now: Now, view: View) -> View:
        """What each is allotted, by its number among `moves`, once wishes are in; -1 for nothing."""
        return view.show(allotted=self.allotted(now))

    def permit(self, now: Now, mask: Mapping[str, Any]) -> Mapping[str, Any]:
        """A seat may do only what it is allotted, where it can; without anything, the spare move or as it likes."""
        got = self.allotted(now)
        for number, label in enumerate(self.moves):
            mask = only(now, mask, got == number, label)
        return only(now, mask, self._in(now) & (got < 0), self.spare) if self.spare else mask

    def settle(self, now: Now, payoffs: Any) -> Any:
        """By bids, each pays what the others lose by its being there."""
        return payoffs if self.by == "turns" else payoffs - here(now, payoffs) * self._prices(now)

    def allotted(self, now: Now) -> Any:
        """`int[..., P]`: the number of the move allotted to each seat; -1 for none, and while wishes are not in."""
        return self._by_turns(now) if self.by == "turns" else self._by_bids(now)[0]

    def _by_turns(self, now: Now) -> Any:
        xp, count = now.xp, len(self.moves)
        orders = xp.asarray(np.array(self._orders()))
        ranks = xp.argsort(orders, -1)  # [wish, move]: its place
        taken, got = xp.zeros((*self._in(now).shape[:-1], count), bool), []
        for seat in range(now.players):
            here_, wish = self._in(now)[..., seat], xp.maximum(now["wish"][..., seat], 0)
            place = xp.where(taken, count, ranks[wish])
            best = xp.argmin(place, -1)
            won = here_ & (place.min(-1) < count)
            taken = taken | (won[..., None] & (xp.arange(count) == best[..., None]))
            got.append(xp.where(won, best, -1))
        return xp.stack(got, -1)

    def _by_bids(self, now: Now) -> tuple[Any, Any, Any]:
        """What each is allotted, sums of worths in all allotments `[..., K]`, worths `[..., K, P]`, in whole units."""
        xp = now.xp
        amounts = whole_amounts(self.amounts)[0].tolist()  # so that what is equal is so in sums
        table = xp.asarray(np.array(list(product(amounts, repeat=len(self.moves)))))
        said = table[xp.maximum(now["wish"], 0)] * self._in(now)[..., None]  # [..., seat, move]
        ways = self._ways(now.players)
        padded = xp.concatenate([said, 0 * said[..., :1]], -1)  # the last move is none
        worths = xp.stack([padded[..., seat, ways[:, seat]] for seat in range(now.players)], -1)
        sums = worths.sum(-1)
        chosen = xp.asarray(ways)[xp.argmax(sums, -1)]
        return xp.where(self._in(now) & (chosen < len(self.moves)), chosen, -1), sums, worths

    def _prices(self, now: Now) -> Any:
        """`float[..., P]`: the most the others could have without the seat, less what they have."""
        xp = now.xp
        _, sums, worths = self._by_bids(now)
        others = sums[..., None] - worths  # [..., way, seat]
        at = xp.argmax(sums, -1)[..., None, None]
        lost = xp.maximum(others.max(-2) - xp.take_along_axis(others, at, -2)[..., 0, :], 0)
        return lost * whole_amounts(self.amounts)[1]

    def _in(self, now: Now) -> Any:
        """`bool[..., P]`: who is present and has said something."""
        return (now["wish"] >= 0) & now.xp.asarray(now.present)

    def _orders(self) -> list[tuple[int, ...]]:
        return list(permutations(range(len(self.moves)))) if len(self.moves) <= 6 else [()] * (REPORTS + 1)

    def _ways(self, players: int) -> np.ndarray:
        """`int[K, P]`: all allotments that leave no move over where a seat has none, `len(moves)` standing for none."""
        count = len(self.moves)
        if count >= players:
            return np.array(list(permutations(range(count), players)))
        rows = np.full((perm(players, count), players), count)
        for row, seats in zip(rows, permutations(range(players), count), strict=True):
            row[list(seats)] = np.arange(count)
        return rows[np.lexsort(rows.T[::-1])]
