"""What rules share that are enforced only if players inspect: who reports whom, who pays, and who gets what."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

import numpy as np

from ..core.errors import InputError
from ..core.ground import Ground, Part
from ..core.institution import Around, Institution, Now
from ..core.record import Interval
from ._collected import SLACK, check_money, known_zero, less_missing
from ._pots import here
from ._seats import seat_of


class Policing(Around):
    """A rule whose charges are collected from whom an inspector reports; a subclass says by `reports` who does."""

    rule: Institution
    inspectors: tuple[str, ...]
    cost: Annotated[float, Interval(ge=0)] = 1.0
    reward: Annotated[float, Interval(ge=0)] = 0.0
    share: Annotated[float, Interval(ge=0, le=1)] = 0.0
    metafine: Annotated[float, Interval(ge=0)] = 0.0
    scope: ClassVar[Literal["profile"]] = "profile"
    central: ClassVar[bool] = False
    enforced_by: ClassVar[str] = "those inspectors who choose to inspect"

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.inspectors or len(set(self.inspectors)) < len(self.inspectors):
            raise InputError(
                f"The inspectors are {self.inspectors}.", "Somebody inspects, each once.", "Name different players."
            )
        for name in ("cost", "reward", "metafine"):
            if isinstance(getattr(self, name), float) and np.isinf(getattr(self, name)):
                raise InputError(f"{type(self).__name__}({name}=inf) cannot be paid.", do=f"Give a finite {name}.")

    @property
    def budget(self) -> Any:  # type: ignore[override]
        """The rule's, less what inspections cost and inspectors are fined; nothing is known with a reward."""
        if not known_zero(self.reward):
            return None
        if known_zero(self.cost) and known_zero(self.metafine) and known_zero(self.share):
            return self.rule.budget
        if self.rule.budget == "balanced":
            return "balanced" if known_zero(self.cost) and known_zero(self.metafine) else "surplus"
        return "surplus" if self.rule.budget == "surplus" else None

    def menu(self, ground: Ground) -> Ground:
        """The rule's, and at the time of play the inspectors' choice; `InputError` for a rule that takes no money."""
        check_money(self.rule, ground)
        if len(ground.players) < 2:
            raise InputError(
                f"{type(self).__name__} is laid round a game of one player.",
                "Nobody inspects itself.",
                "Give the inspector a seat of its own; it may have a single move.",
            )
        seats = tuple(sorted(seat_of(ground, player) for player in self.inspectors))
        return self.own(ground).alongside(Part("inspect", ("look away", "inspect"), who=seats))

    def own(self, ground: Ground) -> Ground:
        """The ground under the rule; `InputError` where it has inspectors of its own."""
        under = self.rule.menu(ground)
        if "inspect" in under.aliases:
            raise InputError(
                f"{type(self.rule).__name__} has a part 'inspect' of its own.",
                "The two could not be told apart.",
                "Lay one rule round the other instead.",
            )
        return under

    def inspects(self, now: Now) -> Any:
        """`bool[..., P, P]`: entry (j, i) says that j inspects the others, i among them."""
        looks = now.did("inspect", "inspect") & now.xp.asarray(now.present)
        return looks[..., None] & now.xp.asarray(~np.eye(now.players, dtype=bool))

    def reports(self, now: Now) -> Any:
        """`bool[..., P, P]`: entry (j, i) says that j would report i."""
        return self.inspects(now)

    def owed(self, now: Now, payoffs: Any) -> Any:
        """`float[..., P]`: what the rule would take from each seat on balance."""
        return now.xp.maximum(payoffs - super().settle(now, payoffs), 0.0)

    def settle(self, now: Now, payoffs: Any) -> Any:
        """Collect from who is reported, pay out what was collected, reward the reporters, fine who looked away."""
        xp, reports, owed = now.xp, self.reports(now), self.owed(now, payoffs)
        given = super().settle(now, payoffs) - payoffs + owed
        violates, found = owed > SLACK, reports.any(-2)
        collected = xp.where(violates & ~found, 0.0, owed)
        finders = xp.where(violates & found, self.share * collected, 0.0)
        spared = (owed - collected + finders).sum(-1, keepdims=True)
        passed_on = less_missing(now, given, owed.sum(-1, keepdims=True), spared)
        found_by = reports / xp.maximum(reports.sum(-2, keepdims=True), 1)
        bounty = finders + xp.where(violates & found, self.reward, 0.0)
        paid = payoffs - collected + passed_on + (found_by * bounty[..., None, :]).sum(-1)
        inspected = self.inspects(now).any(-1)
        return paid - self.cost * inspected - self.metafine * self._looked_away(now, violates) * here(now, payoffs)

    def _looked_away(self, now: Now, violates: Any) -> Any:
        """`bool[..., P]`: which inspectors do not report somebody else who violates, once it is known what they do."""
        other = now.xp.asarray(~np.eye(now.players, dtype=bool))
        missed = (violates[..., None, :] & ~self.reports(now) & other).any(-1)
        return missed & (now["inspect"] >= 0)
