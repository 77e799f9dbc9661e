"""Leave, and come back under a new name: nothing is remembered of who is new."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, ClassVar

import numpy as np

from ..core.errors import InputError
from ..core.ground import Ground, Part
from ..core.institution import Around, Institution, Now, View
from ..core.record import Interval
from ._beneath import beneath, of_rule, of_wrapper
from ._pots import here


class NewName(Around):
    """Before a round each seat may take a new name; then `rule` keeps of it what it keeps of everybody at the start.

    So a record deters only as far as a new name costs no less than the record does (Friedman and Resnick, 2001). With
    `probation`, whoever is new pays `dues` for so many rounds: their remedy, that newcomers pay their dues. Nobody can
    tell who was here before, so all pay them once, also at the founding: that is the social cost of cheap names. Who
    takes a new name in every round pays `price + dues` each time, however long the probation is.

    Parameters
    ----------
    rule : an institution that keeps something of every seat, like `GraduatedSanctions`.
    price : payoff units that a new name costs; they leave the players.
    dues : payoff units that a seat pays in each of its first rounds under a name; they leave the players.
    probation : for how many rounds.

    What is forgotten are the entries of that seat: those of arrays whose last axis is the seats. What it keeps of the
    others, and what is not about a seat, stays. A new name counts at once, for the round about to be played. Who is
    absent keeps its name. Raises `InputError` when the rule keeps nothing of seats, or has a part "name" itself.
    """

    rule: Institution
    price: Annotated[float, Interval(ge=0)] = 0.0
    dues: Annotated[float, Interval(ge=0)] = 0.0
    probation: Annotated[int, Interval(ge=0)] = 0
    example: ClassVar[str] = "new_name:rule=(graduated_sanctions:fines=(0.5,2)),price=1"
    enforced_by: ClassVar[str] = "the carrier, which knows a seat by its name only"

    def __post_init__(self) -> None:
        super().__post_init__()
        if any(isinstance(x, float) and np.isinf(x) for x in (self.price, self.dues)):
            raise InputError(
                f"NewName(price={self.price:g}, dues={self.dues:g}) cannot be paid.",
                do="Give finite numbers; where names cannot be changed, leave this rule out.",
            )

    @property
    def budget(self) -> Any:  # type: ignore[override]
        """Names are never paid for by others; of a rule that pays out on balance nothing is known then."""
        return "surplus" if self.rule.budget in ("balanced", "surplus") else None

    def menu(self, ground: Ground) -> Ground:
        """The rule's, and first of all the choice of a name."""
        under = self.rule.menu(ground)
        kept = self.rule.found(under)
        if not any(_of_seats(entry, ground) for entry in kept.values()):
            raise InputError(
                f"{type(self.rule).__name__} keeps {', '.join(kept) or 'nothing'}.",
                "A new name makes forgotten what is kept of a seat.",
                "Wrap a rule that keeps something, like Reputation or GraduatedSanctions.",
            )
        if "name" in under.aliases:
            raise InputError(
                f"{type(self.rule).__name__} has a part 'name' of its own.",
                "The two could not be told apart.",
                "Lay one rule round the other instead.",
            )
        return under.preceded_by(Part("name", ("keep", "new")))

    def found(self, ground: Ground) -> Mapping[str, Any]:
        """The rule's; and everybody is new."""
        own = {"new": np.full(len(ground.players), self.probation, np.int32)} if self.probation else {}
        return own | beneath(self.rule.found(ground))

    def seen(self, now: Now) -> Now:
        """The rule's own record, as at the start for who has a new name."""
        return replace(now, record=self._kept(now, of_rule(now.record)))

    def inform(self, now: Now, view: View) -> View:
        """What the rule says, and for how many rounds each seat counts as new."""
        return super().inform(now, view).show(**self._own(now))

    def settle(self, now: Now, payoffs: Any) -> Any:
        """What the rule pays, less new names and dues."""
        return super().settle(now, payoffs) - self._charged(now, payoffs)

    def remember(self, now: Now, payoffs: Any) -> Mapping[str, Any]:
        """What the rule remembers of the names there are now; one round less for who is new and here."""
        own = {k: now.xp.maximum(v - now.xp.asarray(now.present), 0) for k, v in self._own(now).items()}
        return {k: v.astype(now.xp.int32) for k, v in own.items()} | beneath(
            super().remember(now, payoffs + self._charged(now, payoffs))
        )

    def renamed(self, now: Now) -> Any:
        """`bool[..., P]`: who takes a new name in this round."""
        return now.did("name", "new") & now.xp.asarray(now.present)

    def _charged(self, now: Now, payoffs: Any) -> Any:
        """`float[..., P]`: the price of a new name, and dues."""
        price, own = self.price * self.renamed(now), self._own(now)
        return price + self.dues * (own["new"] > 0) * here(now, payoffs) if own else price

    def _own(self, now: Now) -> dict[str, Any]:
        return {k: now.xp.where(self.renamed(now), self.probation, v) for k, v in of_wrapper(now.record).items()}

    def _kept(self, now: Now, record: Mapping[str, Any]) -> dict[str, Any]:
        """The record in which who has a new name is as at the start."""
        start, renamed = self.rule.found(now.ground), self.renamed(now)
        kept = {}
        for name, entry in record.items():
            fresh = renamed.reshape(*renamed.shape[:-1], *(1,) * (np.ndim(start[name]) - 1), now.players)
            kept[name] = now.xp.where(fresh, start[name], entry) if _of_seats(start[name], now.ground) else entry
        return kept


def _of_seats(entry: Any, ground: Ground) -> bool:
    """Whether an entry of a record has one place for each seat, on its last axis."""
    return np.shape(entry)[-1:] == (len(ground.players),)
