"""An agreement that binds some of the seats, as if they were all there are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ..core.errors import InputError
from ..core.ground import Ground
from ..core.institution import Around, Institution, Now, View
from ._club import Club
from ._recalling import noted, recalling
from ._seats import seat_of

NOTE = "club"


class Within(Around):
    """`rule` among `members` only: a club, a cartel, an organisation inside an agreement (Buchanan, 1965).

    The rule sees a game of its members: their moves, their facts, their payoffs. It counts them, votes among them and
    pays between them; what all others do, have and get stays as it is, and parts that the rule adds are only theirs.
    Clubs may lie within clubs, beside each other, and overlap.

    Parameters
    ----------
    rule : an institution.
    members : names of players, in any order.

    What the rule shows to all, all see, also those who are no members. Raises `InputError` for no members, or one that
    is named twice, `UnknownName` for a player who is not there.
    """

    rule: Institution
    members: tuple[str, ...]
    example: ClassVar[str] = "within:rule=(tax:on=D,rate=3),members=(row)"

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.members or len(set(self.members)) < len(self.members):
            raise InputError(
                f"The members are {self.members}.",
                "Each is named once, and there is one at least.",
                "Name the members.",
            )

    @property
    def scope(self) -> Any:  # type: ignore[override]
        """Additive if the rule is; otherwise it matters which seats do something, not only how many."""
        return "additive" if self.rule.scope == "additive" else "profile"

    def menu(self, ground: Ground) -> Ground:
        """What the rule makes of the members' part of the ground, and the others' part as it is."""
        club = Club(ground, sorted(seat_of(ground, name) for name in self.members))
        club.ground = self.rule.menu(club.bare)
        return recalling(club.outside(), **{NOTE: club})

    def seen(self, now: Now) -> Now:
        """The members' rows of everything."""
        return _club(now).now(now)

    def found(self, ground: Ground) -> Mapping[str, Any]:
        """The rule's, one entry for each member where it keeps one for each seat."""
        club: Club = noted(ground, NOTE)
        return self.rule.found(club.ground)

    def inform(self, now: Now, view: View) -> View:
        """What the rule says."""
        told = super().inform(now, View(hidden=view.hidden))
        return _club(now).put_told(now, view, told)

    def permit(self, now: Now, mask: Mapping[str, Any]) -> Mapping[str, Any]:
        """What the rule permits its members, and to all others what there is."""
        club = _club(now)
        ours = super().permit(now, club.mask(mask))
        return {name: club.put_mask(now.xp, ours[name], all_) if name in ours else all_ for name, all_ in mask.items()}

    def enact(self, now: Now, moves: Mapping[str, Any]) -> Mapping[str, Any]:
        """What the rule makes of its members' moves."""
        club = _club(now)
        ours = super().enact(now, club.moves(moves))
        return {**moves, **{name: club.put(now.xp, made, moves[name]) for name, made in ours.items() if name in moves}}

    def settle(self, now: Now, payoffs: Any) -> Any:
        """What the rule pays among its members."""
        club = _club(now)
        return club.put(now.xp, super().settle(now, club.rows(payoffs)), payoffs)

    def remember(self, now: Now, payoffs: Any) -> Mapping[str, Any]:
        """What the rule remembers of its members."""
        return super().remember(now, _club(now).rows(payoffs))


def _club(now: Now) -> Club:
    return noted(now.ground, NOTE)
