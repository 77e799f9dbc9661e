"""Rock, paper, scissors: every move beats one and loses to another."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

import numpy as np

from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.record import Interval

from ._scenario import alike, check


class RockPaperScissors(NormalForm):
    """Paper wraps rock, scissors cut paper, rock breaks scissors.

    No move is best: what beats today's champion loses to yesterday's. Learners chase each other in circles, inwards
    when winning weighs more than losing, outwards when it weighs less, and for ever when both weigh the same.

    Players `row` and `column`; moves `rock`, `paper`, `scissors`; no facts beyond the moves.

    Parameters
    ----------
    win : what the winner gets, above 0.
    loss : what the loser pays, above 0.

    Source: Hofbauer and Sigmund, Evolutionary Games and Population Dynamics (1998), section 7.7.
    """

    reference: ClassVar[dict[str, Any]] = {
        "source": "Hofbauer and Sigmund (1998)",
        "pure equilibria": [],
        "mixed equilibrium": (1 / 3, 1 / 3, 1 / 3),
        "payoff at the mixed equilibrium": 0.0,
        "optimal welfare": 0.0,
    }

    def __init__(
        self, win: Annotated[float, Interval(ge=1e-6)] = 1.0, loss: Annotated[float, Interval(ge=1e-6)] = 1.0
    ) -> None:
        check(RockPaperScissors, locals())
        beats = np.roll(np.eye(3), 1, axis=0)  # each move beats the one before it
        table, moves = alike(win * beats - loss * beats.T), ("rock", "paper", "scissors")
        super().__init__(table, players=("row", "column"), moves=moves, name="rock_paper_scissors")
