"""Which social dilemma is it? Greed (gaining by leaving the others alone with it) and fear (losing by going alone)."""

from __future__ import annotations

from ..core.delegation import Delegation
from ..core.game import Game
from ..core.welfare import Welfare
from ._dilemma import Dilemma, dilemma_of

__all__ = ["Dilemma", "dilemmas"]


def dilemmas(subject: Game | Delegation, *, welfare: Welfare | None = None) -> Dilemma:
    """Which social dilemma the principals of a game are in.

    Three definitions, the first that applies:

    - 2×2 games, by the order of R, S, T, P on each player's own scale, under the labelling of moves that fits;
    - more players who are alike and have two moves, by their Schelling curves;
    - every other game, by greed at the welfare optimum and fear at the worst pure equilibrium (in a `Symmetric` game
      of the joint moves in which all do the same).

    Interests are the principals', so the agents' rewards play no part. Raises `TooLarge` when the joint moves cannot
    be listed and players are not known to be alike.

    Examples
    --------
    >>> from ostrom import NormalForm
    >>> dilemmas(NormalForm([[[4, 4], [0, 3]], [[3, 0], [3, 3]]])).name
    'stag hunt'
    """
    return dilemma_of(subject, welfare)
