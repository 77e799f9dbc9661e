"""Matching pennies: what one wins the other loses."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

import numpy as np

from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.record import Interval

from ._scenario import check


class MatchingPennies(NormalForm):
    """Two coins laid down together: one player wins when they match, the other when they differ.

    Pure conflict: the sum is zero whatever is done, so there is nothing to gain together and nothing for an
    institution to mend. The only equilibrium is to be unpredictable.

    Players `matcher` and `mismatcher`; moves `heads` and `tails`; no facts beyond the moves.

    Parameters
    ----------
    stake : what the loser pays the winner, above 0.

    Source: von Neumann, "Zur Theorie der Gesellschaftsspiele" (1928).
    """

    reference: ClassVar[dict[str, Any]] = {
        "source": "von Neumann (1928)",
        "pure equilibria": [],
        "mixed equilibrium": (0.5, 0.5),
        "payoff at the mixed equilibrium": 0.0,
        "optimal welfare": 0.0,
    }

    def __init__(self, stake: Annotated[float, Interval(ge=1e-6)] = 1.0) -> None:
        check(MatchingPennies, locals())
        won = stake * np.array([[1.0, -1.0], [-1.0, 1.0]])
        players = ("matcher", "mismatcher")
        super().__init__(np.stack([won, -won], -1), players=players, moves=("heads", "tails"), name="matching_pennies")
