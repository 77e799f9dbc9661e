"""A rule enforced by players who inspect, and who can be offered bribes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

import numpy as np

from ..core.ground import Ground, Part
from ..core.institution import Now
from ..core.record import Interval
from ._collected import SLACK
from ._policing import Policing
from ._pots import here


class Bribery(Policing):
    """`Policed` whose inspectors can be bribed: who was inspected offers or not, who inspected takes or not.

    After play all see who inspected. A seat that another player inspected may offer each of them `bribe`; then who
    inspected may take what is offered, and does not report who offers. Bribes change hands only where they work: where
    all who inspected take. One inspector takes if and only if `bribe ≥ reward + share · F + metafine`, and a charge F
    makes an offer worth it if and only if `bribe ≤ F`; then the charge deters as one of `bribe` (Becker and Stigler,
    1974).

    Parameters
    ----------
    rule, inspectors, cost, reward, share, metafine : as for `Policed`; who takes a bribe has looked away.
    bribe : payoff units that a seat gives to each inspector who takes.

    Raises what `Policed` raises.
    """

    bribe: Annotated[float, Interval(ge=0)] = 1.0
    example: ClassVar[str] = "bribery:rule=(fines:schedule=((row,D,5)),shared=no),inspectors=(column),bribe=3"

    def menu(self, ground: Ground) -> Ground:
        """That of `Policed`, then a stage to offer at, and one to take."""
        under = super().menu(ground)
        office = under.part("inspect").who or ()
        others = tuple(seat for seat in range(len(under.players)) if office != (seat,))
        offer = Part("offer", ("no", "yes"), who=others)
        return under.followed_by(offer, Part("take", ("no", "yes"), who=office))

    def permit(self, now: Now, mask: Mapping[str, Any]) -> Mapping[str, Any]:
        """Who was inspected may offer; who inspected may take what another offers."""
        xp, mask, yes = now.xp, dict(super().permit(now, mask)), np.arange(2) == 1
        inspects = self.inspects(now)
        offered = (inspects & now.did("offer", "yes")[..., None, :]).any(-1)
        for part, open_ in (("offer", inspects.any(-2)), ("take", offered)):
            name = now.ground.part(part).name
            mask[name] = mask[name] & (open_[..., None] | ~xp.asarray(yes))
        return mask

    def reports(self, now: Now) -> Any:
        """`bool[..., P, P]`: who inspected reports whom it does not take a bribe from."""
        return self.inspects(now) & ~self._agreed(now)

    def settle(self, now: Now, payoffs: Any) -> Any:
        """That of `Policed`; and bribes from who would have been found to all who did not report it."""
        works = (self.owed(now, payoffs) > SLACK) & ~self.reports(now).any(-2)
        bribes = self.bribe * (self._agreed(now) & works[..., None, :]) * here(now, payoffs)[..., None, :]
        return super().settle(now, payoffs) - bribes.sum(-2) + bribes.sum(-1)

    def _agreed(self, now: Now) -> Any:
        """`bool[..., P, P]`: entry (j, i) says that i offers a bribe to j, who inspected it and takes."""
        return self.inspects(now) & now.did("take", "yes")[..., None] & now.did("offer", "yes")[..., None, :]
