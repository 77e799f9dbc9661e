"""Ask the principal, who then decides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

import numpy as np

from ..core.errors import InputError
from ..core.ground import Ground, Part
from ..core.institution import Institution, Now
from ..core.record import Interval
from ._seats import check_rows, labels, seat_of


class Escalation(Institution):
    """Before play a seat may ask its principal, another seat, who then chooses for it (Simon, 1951: authority).

    All see who asks and what is answered. Who did not ask chooses for itself. Oversight costs both something: the one
    who asks waits, the other has to look into it.

    Parameters
    ----------
    principals : rows of (player, principal); each player at most once, and nobody its own principal.
    cost : payoff units that asking takes from who asks, at least 0.
    effort : payoff units that each answer takes from the principal, at least 0.

    Only what the rules permit the seat itself can be answered. Whose principal is absent cannot ask. Raises
    `InputError` for other rows, `UnknownName` for players who are not there.
    """

    principals: tuple[tuple[str, str], ...]
    cost: Annotated[float, Interval(ge=0)] = 0.0
    effort: Annotated[float, Interval(ge=0)] = 0.0
    example: ClassVar[str] = "escalation:principals=((row,column)),cost=0.5"
    scope: ClassVar[Literal["profile"]] = "profile"
    budget: ClassVar[Literal["surplus"]] = "surplus"
    enforced_by: ClassVar[str] = "the seats themselves, who do as they are answered"

    def __post_init__(self) -> None:
        super().__post_init__()
        check_rows("Escalation", "principals", self.principals, (str, str), '("row", "column")')
        askers = [player for player, _ in self.principals]
        if not askers or len(set(askers)) < len(askers) or any(player == above for player, above in self.principals):
            raise InputError(
                f"The principals are {self.principals}.",
                "Somebody asks, each asks one principal, and nobody asks itself.",
                'Give rows like (("row", "column"),).',
            )

    def menu(self, ground: Ground) -> Ground:
        """A stage to ask at, and one to answer at."""
        askers, answers = [], []
        for player, principal in self.principals:
            seat = seat_of(ground, player)
            options = tuple(f"do {label}" for label in labels(ground, seat))
            if not options:
                raise InputError(f"{player} has no moves.", "There is nothing to ask about.", "Leave its row out.")
            askers.append(seat)
            answers.append(Part(f"answer {player}", options, who=(seat_of(ground, principal),)))
        return ground.preceded_by(Part("ask", ("no", "yes"), who=tuple(sorted(askers))), answers)

    def permit(self, now: Now, mask: Mapping[str, Any]) -> Mapping[str, Any]:
        """Principals who are here can be asked; who is asked answers; who is answered does it."""
        xp, act, ask = now.xp, now.ground.part("act").name, now.ground.part("ask").name
        here, names = xp.broadcast_to(xp.asarray(now.present), (now.players,)), np.arange(now.players)
        masks = dict(mask)
        for seat, above, part in self._lines(now.ground):
            own = masks[act][..., seat, :]
            asked = self.asked(now)[..., seat, None]
            masks[ask] = masks[ask] & (~(names == seat)[:, None] | here[above] | (np.arange(2) == 0))
            options = own[..., : masks[part].shape[-1]]
            first = np.arange(options.shape[-1]) == xp.argmax(options, -1)[..., None]
            may = xp.where(asked, options, first)
            masks[part] = masks[part] & (may[..., None, :] | ~(names == above)[:, None])
            told = (np.arange(own.shape[-1]) == now[part][..., above, None]) & own
            bound = asked & told.any(-1, keepdims=True)
            told = xp.where(bound, told, own)
            masks[act] = xp.where((names == seat)[:, None], told[..., None, :], masks[act])
        return masks

    def asked(self, now: Now) -> Any:
        """`bool[..., P]`: who asked."""
        return now.did("ask", "yes") & now.xp.asarray(now.present)

    def settle(self, now: Now, payoffs: Any) -> Any:
        """Asking and answering cost something."""
        asked = self.asked(now)
        payoffs = payoffs - self.cost * asked
        for seat, above, _ in self._lines(now.ground):
            payoffs = payoffs - self.effort * asked[..., seat, None] * (np.arange(now.players) == above)
        return payoffs

    def _lines(self, ground: Ground) -> list[tuple[int, int, str]]:
        """Seat, principal's seat, and the name of the part of its answer."""
        return [
            (seat_of(ground, player), seat_of(ground, above), ground.part(f"answer {player}").name)
            for player, above in self.principals
        ]
