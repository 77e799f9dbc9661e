"""A rule that takes money, enforced by inspections that miss some, err now and then, cost something, or are bribed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, ClassVar

from ..core.charter import Charter
from ..core.errors import InputError
from ..core.ground import Ground
from ..core.institution import Around, Institution, Now
from ..core.record import Interval
from ._beneath import beneath, of_rule
from ._pots import evenly, here
from ._seats import seat_of

SLACK = 1e-4
"""Payments up to this are no charge that could be missed: worlds count in 32 bits."""
CLEARED, CORRECT, WRONG, EITHER = 1, 2, 3, 4
"""Faces of an inspection: it condemns nobody, who owes, who owes nothing, or either. Face 0 is no inspection."""


class Enforced(Around):
    """What `rule` takes from a seat is taken only if an inspection condemns it (Becker, 1968).

    Each seat is inspected with odds `detection`, in each round by itself. A seat from which the rule takes something on
    balance is condemned unless the inspection misses it, and then pays what the rule takes; any other seat is condemned
    by mistake, and then pays `wrong`. Who would pay more than `bribe` pays the inspector `bribe` instead. So a charge F
    deters a gain g if and only if `detection · ((1 - missed) · min(F, bribe) - mistaken · min(wrong, bribe)) ≥ g`.

    Parameters
    ----------
    rule : an institution that takes money.
    detection : odds that a seat is inspected.
    missed, mistaken : odds that an inspection clears who owes, or condemns who does not.
    wrong : payoff units that who is condemned by mistake is charged.
    cost : payoff units that each inspection costs, paid by all who are present in equal parts; they leave the players.
    bribe : payoff units that the inspector takes for looking away; infinite is an inspector who takes none.
    inspector : the player who gets the bribes; "" is somebody outside. A player who is absent takes none.

    What is not collected is not paid out either: it is taken off what the rule pays, in proportion, so that a balanced
    rule stays balanced. (Money from outside still comes: of payments that are more than the charges, only as much is
    missing as was not collected; of payments that are less, the share that was not collected.) Charges by mistake go to
    all others who are present in equal parts when the rule is balanced, and otherwise leave the players.

    Raises `InputError` when the rule takes no money, `UnknownName` for an inspector who is not there.
    """

    rule: Institution
    detection: Annotated[float, Interval(ge=0, le=1)] = 1.0
    missed: Annotated[float, Interval(ge=0, le=1)] = 0.0
    mistaken: Annotated[float, Interval(ge=0, le=1)] = 0.0
    wrong: Annotated[float, Interval(ge=0)] = 0.0
    cost: Annotated[float, Interval(ge=0)] = 0.0
    bribe: Annotated[float, Interval(ge=0)] = math.inf
    inspector: str = ""
    example: ClassVar[str] = "enforced:rule=(fines:schedule=((*,D,5)),shared=no),detection=0.4"
    enforced_by: ClassVar[str] = "inspectors who see what the rule sees of whom they inspect"

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in ("wrong", "cost"):
            if _is(getattr(self, name), math.inf):
                raise InputError(f"Enforced({name}=inf) cannot be paid.", do=f"Give a finite {name}.")

    @property
    def scope(self) -> Any:  # type: ignore[override]
        """Additive when the rule is and nothing passes between seats; else it matters who was inspected."""
        apart = _is(self.cost, 0.0) and (not self.inspector or _is(self.bribe, math.inf))
        return "additive" if self.rule.scope == "additive" and apart and not self._shares else "profile"

    @property
    def budget(self) -> Any:  # type: ignore[override]
        """The rule's, unless money leaves the players on the way."""
        honest = bool(self.inspector) or _is(self.bribe, math.inf)
        exact = self._shares or _is(self.mistaken, 0.0) or _is(self.wrong, 0.0)
        if _is(self.cost, 0.0) and honest and exact:
            return self.rule.budget
        return "surplus" if self.rule.budget in ("balanced", "surplus") else None

    @property
    def _shares(self) -> bool:
        """Whether charges by mistake stay with the players."""
        rule = self.rule
        while isinstance(rule, Around):  # what these declare may hang on numbers, which a world does not know
            rule = rule.rule
        return rule.budget == "balanced"

    def menu(self, ground: Ground) -> Ground:
        """The rule's."""
        under = Charter(ground, [self.rule])
        if under.motivates or not under.overrides("settle"):
            does = "changes what seats want" if under.motivates else "forbids or changes moves, and charges nobody"
            raise InputError(
                f"{type(self.rule).__name__} takes no money: it {does}.",
                "What is enforced here is a payment, and there would be nothing to miss or to collect.",
                "Wrap a rule that charges, like Fines or Tax.",
            )
        if self.inspector:
            seat_of(ground, self.inspector)
        return self.rule.menu(ground)

    def seen(self, now: Now) -> Now:
        """The rule gets its own dice."""
        return replace(now, luck=of_rule(now.luck))

    def dice(self, now: Now) -> Mapping[str, Any]:
        """The rule's, and one for each seat: not inspected, or inspected and with which result."""
        xp, miss, err = now.xp, self.missed, self.mistaken
        results = [miss * (1 - err), (1 - miss) * (1 - err), miss * err, (1 - miss) * err]
        odds = xp.stack([xp.asarray(1.0 - self.detection), *(xp.asarray(self.detection * r) for r in results)])
        return {**beneath(super().dice(now)), "inspection": xp.broadcast_to(odds, (now.players, 5))}

    def settle(self, now: Now, payoffs: Any) -> Any:
        """What the rule pays, less what is not collected; then mistakes, bribes and what inspections cost."""
        xp, face, present = now.xp, now.luck["inspection"], here(now, payoffs)
        settled = super().settle(now, payoffs)
        taken = xp.maximum(payoffs - settled, 0.0)
        owes, others = taken > SLACK, present.sum(-1, keepdims=True) - 1
        wrong = xp.where(others > 0, self.wrong, 0.0) if self._shares else self.wrong
        charge = present * xp.where(owes, taken, wrong)
        condemned = (face == EITHER) | xp.where(owes, face == CORRECT, face == WRONG)
        bribed = condemned & (charge > self.bribe) & self._corrupt(now)
        convicted = condemned & ~bribed
        spared = xp.where(owes & ~convicted, taken, 0.0)
        mistakes = xp.where(convicted & ~owes, charge, 0.0)
        bribes = xp.where(bribed, self.bribe, 0.0)
        paid = settled + spared - self._missing(now, settled - payoffs + taken, taken, spared) - mistakes - bribes
        if self._shares:
            paid = paid + present * (mistakes.sum(-1, keepdims=True) - mistakes) / xp.maximum(others, 1.0)
        return paid + self._to_inspector(now, bribes) - evenly(now, self.cost * present * (face > 0))

    def _missing(self, now: Now, given: Any, taken: Any, spared: Any) -> Any:
        """`float[..., P]`: by how much less than `given` is paid out because `spared` of `taken` was not collected."""
        most = now.xp.maximum(given.sum(-1, keepdims=True), taken.sum(-1, keepdims=True))
        return given * spared.sum(-1, keepdims=True) / now.xp.where(most > 0, most, 1.0)

    def _corrupt(self, now: Now) -> Any:
        """Whether there is an inspector who could be bribed: `bool[..., 1]`, or just True for one outside."""
        return (now.xp.asarray(now.present) & self._office(now)).any(-1, keepdims=True) if self.inspector else True

    def _to_inspector(self, now: Now, bribes: Any) -> Any:
        return self._office(now) * bribes.sum(-1, keepdims=True) if self.inspector else 0.0

    def _office(self, now: Now) -> Any:
        """`bool[P]`: the inspector's seat."""
        return now.xp.asarray([player == self.inspector for player in now.ground.players])


def _is(number: Any, value: float) -> bool:
    """Whether a number is known, and this one; a compiled world does not know it."""
    return isinstance(number, float) and number == value
