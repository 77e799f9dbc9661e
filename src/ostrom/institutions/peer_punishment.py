"""After play, whoever likes pays to take something from another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from ..core.ground import Ground
from ..core.institution import Institution, Now
from ..core.record import Interval
from ._naming import named, naming, only_present


class PeerPunishment(Institution):
    """A stage after play in which each may pay `cost` to take `harm` from another (Fehr and Gächter, 2000).

    Nobody gets what is taken. A negative `harm` is a reward that costs its giver `cost`; two of these rules, one of
    each, give a world in which both can be done.

    Parameters
    ----------
    cost : payoff units that it costs for each seat that is hit, at least 0.
    harm : payoff units that each seat that is hit loses; negative is a reward.
    whom : "one" by name, or "all" others at once.
    word : what the part of a move is called.

    Who is absent neither hits nor is hit. Raises `InputError` when a player is called "nobody" or "all others".
    """

    cost: Annotated[float, Interval(ge=0)] = 1.0
    harm: float = 3.0
    whom: Literal["one", "all"] = "one"
    word: str = "punish"
    scope: ClassVar[Literal["profile"]] = "profile"
    kind: ClassVar[Literal["strategic"]] = "strategic"
    formal: ClassVar[bool] = False
    central: ClassVar[bool] = False
    emergent: ClassVar[bool] = True
    enforced_by: ClassVar[str] = "the players, at their own cost"

    @property
    def budget(self) -> Any:  # type: ignore[override]
        """Never paid out on balance, unless a reward gives more than it costs."""
        if not isinstance(self.cost, float) or not isinstance(self.harm, float):
            return None
        return "surplus" if self.cost + self.harm >= 0 else "deficit"

    def menu(self, ground: Ground) -> Ground:
        """A stage after every round."""
        return ground.followed_by(naming(ground, self.word, everybody=self.whom == "all"))

    def permit(self, now: Now, mask: Mapping[str, Any]) -> Mapping[str, Any]:
        """Only who is present can be hit."""
        return only_present(now, mask, self.word)

    def settle(self, now: Now, payoffs: Any) -> Any:
        """Who hits pays, who is hit loses."""
        hit = named(now, self.word)
        return payoffs - self.cost * hit.sum(-1) - self.harm * hit.sum(-2)
