"""The members elect one of them, and who is elected decides how strict a rule is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from ..core.ground import Ground
from ..core.institution import Now
from ._naming import named, naming, only_present
from ._varied import Varied


class ElectedRegulator(Varied):
    """An election before play; the elected seat then sets the level of another rule (Hamman, Weber and Woon, 2011).

    Everybody names a player, itself or another. Who is named most regulates in this round: it chooses one of the
    levels, with all that follows for itself and the others. Where two are named as often nobody is elected, and the
    first level holds.

    Parameters
    ----------
    rule : an institution that rolls no dice.
    parameter : the name of a number of it, "rate" of a tax or "limit" of a quota.
    levels : what the regulator can choose from; the first one holds where nobody is elected.

    Who is absent neither votes nor can be elected. What the rule shows, and what it keeps at the start, is that of its
    own number. Raises `InputError` as `Referendum` does, and when a player is called "nobody".
    """

    example: ClassVar[str] = "elected_regulator:rule=(tax:on=D),parameter=rate,levels=(0,3)"
    enforced_by: ClassVar[str] = "the elected, with the power over the rule"

    def menu(self, ground: Ground) -> Ground:
        """The rule's; before it an election, and then a decision by the elected."""
        elect = naming(ground, "elect", oneself=True)
        return self.governed(ground, "regulate").preceded_by(elect, self.options("regulate"))

    def elected(self, now: Now) -> Any:
        """`bool[..., P]`: who regulates in this round; at most one."""
        votes = named(now, "elect").sum(-2)
        most = (votes == votes.max(-1, keepdims=True)) & (votes > 0)
        return most & (most.sum(-1, keepdims=True) == 1)

    def permit(self, now: Now, mask: Mapping[str, Any]) -> Mapping[str, Any]:
        """The rule's; only the elected has a choice between levels."""
        mask = only_present(now, super().permit(now, mask), "elect")
        part, first = now.ground.part("regulate").name, now.xp.asarray(np.arange(len(self.levels)) == 0)
        return {**mask, part: mask[part] & (self.elected(now)[..., None] | first)}

    def chosen(self, now: Now) -> Any:
        """`int[..., 1]`: the level that the elected has chosen."""
        made = now.xp.maximum(now["regulate"], 0)
        return now.xp.where(self.elected(now), made, 0).max(-1, keepdims=True)
