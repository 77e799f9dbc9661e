"""All vote on how strict a rule is in this round."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

import numpy as np

from ..core.ground import Ground
from ..core.institution import Now
from ._varied import Varied


class Referendum(Varied):
    """Before play everybody votes for one level of a number of another rule, which then holds for all (Black, 1948).

    Counted is the median, the level that a majority finds neither too high nor too low (the lower one of two), or the
    plurality, the level with most votes (where two have as many, the first of all levels).

    Parameters
    ----------
    rule : an institution that rolls no dice.
    parameter : the name of a number of it, "rate" of a tax or "limit" of a quota.
    levels : what can be voted for; the first one is the state of things without a vote.
    count : "median" or "plurality".

    Who is absent has no vote. What the rule shows, and what it keeps at the start, is that of its own number. Raises
    `InputError` for a number that the rule does not have, for fewer than two levels, and for rules with dice.
    """

    count: Literal["median", "plurality"] = "median"
    example: ClassVar[str] = "referendum:rule=(tax:on=D),parameter=rate,levels=(0,1,3)"
    enforced_by: ClassVar[str] = "whoever counts the votes and applies the rule"

    def menu(self, ground: Ground) -> Ground:
        """The rule's, and a ballot before it."""
        return self.governed(ground, "ballot").preceded_by(self.options("ballot"))

    def chosen(self, now: Now) -> Any:
        """`int[..., 1]`: the level that was voted for."""
        xp, ballots = now.xp, now["ballot"]
        cast = (ballots >= 0) & xp.asarray(now.present)
        levels = xp.asarray(np.arange(len(self.levels)))
        votes = ((ballots[..., None] == levels) & cast[..., None]).sum(-2)
        if self.count == "median":
            half = 2 * xp.cumsum(votes, -1) >= cast.sum(-1, keepdims=True)
            return xp.where(cast.any(-1, keepdims=True), xp.argmax(half, -1)[..., None], 0)
        most = votes == votes.max(-1, keepdims=True)
        return xp.where(most.sum(-1) == 1, xp.argmax(most, -1), 0)[..., None]
