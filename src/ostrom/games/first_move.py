"""A game in which it is worth a lot to be bound: whoever can commit does better than whoever stays free."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from ostrom.core.forms.normal_form import NormalForm

from ._scenario import check, require


class FirstMove(NormalForm):
    """The leader would do well to play down, if only the follower could count on it.

    Up is better for the leader whatever the follower does, so nobody believes that it will go down, and the follower
    stays left. Bound to go down, the leader gets `down` at right; bound to throw a coin, it gets more still, since half
    of each is just enough for the follower to go right.

    Players `leader` and `follower`; moves `up`, `down` and `left`, `right`.

    Parameters
    ----------
    free : what the leader gets at (up, left). lost : at (down, left). best : at (up, right). down : at (down, right).

    Raises
    ------
    InputError : unless best > down > free > lost: then up is dominant and being bound is worth something.

    Source: Conitzer and Sandholm, Computing the optimal strategy to commit to (2006).
    """

    reference: ClassVar[dict[str, Any]] = {
        "source": "Conitzer and Sandholm (2006)",
        "pure equilibria": [("up", "left")],
        "leader at equilibrium": 2.0,
        "leader committed to a move": 3.0,
        "leader committed to odds": 3.5,
        "optimal welfare": 4.0,
    }

    def __init__(self, free: float = 2.0, lost: float = 1.0, best: float = 4.0, down: float = 3.0) -> None:
        check(FirstMove, locals())
        given = f"free {free:g}, lost {lost:g}, best {best:g}, down {down:g}"
        require(best > down > free > lost, FirstMove, given, "Here best > down > free > lost.")
        table = np.stack([[[free, best], [lost, down]], np.eye(2)], axis=-1)
        super().__init__(
            table, players=("leader", "follower"), moves=(("up", "down"), ("left", "right")), name="first_move"
        )
