"""Who breaks the rule again pays more than the first time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

import numpy as np

from ..core.errors import InputError
from ..core.ground import Ground
from ..core.institution import Institution, Now, View
from ..core.record import Interval
from ._only import counted_down, only
from ._pots import evenly
from ._seats import EVERYBODY, meant


class GraduatedSanctions(Institution):
    """Fines that rise with the number of earlier violations, which are forgotten in time (Ostrom, 1990: principle 5).

    A seat violates the rule in a round when its amount of `on` is more than `above`. With n violations remembered it
    then pays `fines[n]`, and the last fine for every further one. At the last one it may besides be excluded.

    Parameters
    ----------
    on : the fact ("harvest"), continuous part, or label of a move ("D") that the rule is about.
    above : units of `on` that are allowed, at least 0; for a label, 0.
    fines : payoff units, at least 0, each no less than the one before.
    forgotten : after so many rounds in a row without a violation all earlier ones are forgotten; 0 is never. Rounds of
        exclusion do not count.
    exclusion : rounds in which a seat that paid the last fine may only `rest`; 0 is none.
    rest : the label of "act" that is left to who is excluded.
    shared : whether all who are present get the fines, in equal parts; otherwise they leave the players.

    Who is absent neither violates nor lives anything down. Raises `InputError` for fines that are none or fall, and for
    an exclusion without a `rest`.
    """

    on: str = "D"
    above: Annotated[float, Interval(ge=0)] = 0.0
    fines: tuple[float, ...] = (0.5, 1.0, 2.0)
    forgotten: Annotated[int, Interval(ge=0)] = 0
    exclusion: Annotated[int, Interval(ge=0)] = 0
    rest: str = ""
    shared: bool = False
    example: ClassVar[str] = "graduated_sanctions:on=D,fines=(2.5,4,6),forgotten=3"
    memory: ClassVar[Literal["finite"]] = "finite"
    kind: ClassVar[Literal["strategic"]] = "strategic"
    enforced_by: ClassVar[str] = "whoever can observe the moves and keeps count"

    def __post_init__(self) -> None:
        super().__post_init__()
        steps = np.array([0.0, *self.fines])
        if len(steps) < 2 or not np.isfinite(steps).all() or (np.diff(steps) < 0).any():
            raise InputError(
                f"The fines are {self.fines}.",
                "Graduated fines are finite, at least 0, and never fall from one violation to the next.",
                "Give such fines, like (0.5, 1.0, 2.0).",
            )
        if self.exclusion and self.rest in ("", self.on):
            raise InputError(
                f"GraduatedSanctions(exclusion={self.exclusion}, on={self.on!r}, rest={self.rest!r}) cannot be.",
                "Who is excluded needs a move that is no violation.",
                "Name it with rest=….",
            )

    @property
    def scope(self) -> Any:  # type: ignore[override]
        """Additive unless fines are shared; then it counts who has violated how often."""
        return "profile" if self.shared else "additive"

    @property
    def budget(self) -> Any:  # type: ignore[override]
        """Balanced when shared; otherwise never paid out."""
        return "balanced" if self.shared else "surplus"

    def menu(self, ground: Ground) -> Ground:
        """No new moves; only checks that the excluded have one."""
        if self.exclusion:
            meant(ground, EVERYBODY, self.rest)
        return ground

    def found(self, ground: Ground) -> Mapping[str, Any]:
        """Nobody has violated anything."""
        names = ("strikes", *(("clean",) if self.forgotten else ()), *(("excluded",) if self.exclusion else ()))
        return {name: np.zeros(len(ground.players), np.int32) for name in names}

    def inform(self, now: Now, view: View) -> View:
        """Everybody's violations, and for how many rounds more somebody is excluded."""
        return view.show(**{name: now.record[name] for name in ("strikes", "excluded") if name in now.record})

    def permit(self, now: Now, mask: Mapping[str, Any]) -> Mapping[str, Any]:
        """The excluded rest."""
        return only(now, mask, now.record["excluded"] > 0, self.rest) if self.exclusion else mask

    def settle(self, now: Now, payoffs: Any) -> Any:
        """Who violates pays by how often it has before."""
        step = now.xp.minimum(now.record["strikes"], len(self.fines) - 1)
        owed = now.xp.where(self.violated(now), now.xp.asarray(self.fines)[step], 0.0 * payoffs)
        return payoffs - owed + (evenly(now, owed) if self.shared else 0.0)

    def violated(self, now: Now) -> Any:
        """`bool[..., P]`: who breaks the rule in this round."""
        return (now.amount(self.on) > self.above) & now.xp.asarray(now.present)

    def remember(self, now: Now, payoffs: Any) -> Mapping[str, Any]:
        """Count violations up, clean rounds towards forgetting, and rounds of exclusion down."""
        xp, record, violated = now.xp, now.record, self.violated(now)
        strikes = xp.minimum(record["strikes"] + violated, len(self.fines))
        kept = {}
        if self.exclusion:
            last = violated & (strikes == len(self.fines))
            kept["excluded"] = counted_down(now, record["excluded"], last, self.exclusion)
        if self.forgotten:
            free = record["excluded"] == 0 if self.exclusion else True
            clean = xp.where(violated, 0, record["clean"] + (free & xp.asarray(now.present)))
            strikes = xp.where(clean >= self.forgotten, 0, strikes)
            kept["clean"] = xp.where(strikes > 0, clean, 0).astype(xp.int32)
        return {"strikes": strikes.astype(xp.int32), **kept}
