"""Chicken: who gives way loses, and if nobody does both lose most."""

from __future__ import annotations

from typing import Any, ClassVar

from ostrom.core.forms.normal_form import NormalForm

from ._scenario import alike, check, require


class Chicken(NormalForm):
    """Two drivers on a narrow road, neither of whom wants to be the one who swerves.

    Going straight while the other swerves is best, both swerving is fair, and both going straight is a crash. The two
    pure equilibria favour one of them each. A light that tells one to go and one to stop does better than chance, and
    a light that sometimes stops both does better still.

    Players `row` and `column`; moves `swerve` and `straight`; no facts beyond the moves.

    Parameters
    ----------
    fair : each, when both swerve.
    loser : who swerves alone.
    winner : who goes straight alone.
    crash : each, when both go straight.

    Raises
    ------
    InputError : unless winner > fair > loser > crash.

    Source: Aumann, "Subjectivity and correlation in randomized strategies" (1974) for the payoffs and the light.
    """

    reference: ClassVar[dict[str, Any]] = {
        "source": "Aumann (1974)",
        "pure equilibria": [("swerve", "straight"), ("straight", "swerve")],
        "mixed equilibrium": (2 / 3, 1 / 3),
        "payoff at the mixed equilibrium": 14 / 3,
        "optimal welfare": 12.0,
        "optimal moves": [("swerve", "swerve")],
        "best correlated equilibrium": 21 / 2,
        "worst correlated equilibrium": 36 / 5,
    }

    def __init__(self, fair: float = 6.0, loser: float = 2.0, winner: float = 7.0, crash: float = 0.0) -> None:
        check(Chicken, locals())
        given = f"fair {fair:g}, loser {loser:g}, winner {winner:g}, crash {crash:g}"
        require(winner > fair > loser > crash, Chicken, given, "Here winner > fair > loser > crash.")
        table = alike([[fair, loser], [winner, crash]])
        super().__init__(table, players=("row", "column"), moves=("swerve", "straight"), name="chicken")
