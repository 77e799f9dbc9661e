"""The prisoner's dilemma: what each does well for itself leaves both worse off."""

from __future__ import annotations

from typing import Any, ClassVar

from ostrom.core.forms.normal_form import NormalForm

from ._scenario import alike, check, require


class PrisonersDilemma(NormalForm):
    """Two who could both do well, each with a reason not to, whatever the other does.

    Two partners can each keep their word (C) or break it (D). Breaking it pays more against either choice of the
    other, so both break it and get the punishment, although both would have had the reward.

    Players `row` and `column`; moves `C` and `D`; no facts beyond the moves.

    Parameters
    ----------
    reward : each, when both cooperate.
    sucker : who cooperates alone.
    temptation : who defects alone.
    punishment : each, when both defect.

    Raises
    ------
    InputError : unless temptation > reward > punishment > sucker.

    Source: Flood and Dresher (1950), story by Tucker; payoffs of Axelrod (1984).

    Examples
    --------
    >>> PrisonersDilemma().payoffs[..., 0]
    array([[3., 0.],
           [5., 1.]])
    """

    reference: ClassVar[dict[str, Any]] = {
        "source": "Axelrod (1984), The Evolution of Cooperation",
        "pure equilibria": [("D", "D")],
        "welfare at equilibrium": 2.0,
        "optimal welfare": 6.0,
        "optimal moves": [("C", "C")],
        "price of anarchy": 3.0,
        "cost of implementing (C, C)": 4.0,
        "grim trigger cooperates from discount": 0.5,
    }

    def __init__(
        self, reward: float = 3.0, sucker: float = 0.0, temptation: float = 5.0, punishment: float = 1.0
    ) -> None:
        check(PrisonersDilemma, locals())
        require(
            temptation > reward > punishment > sucker,
            PrisonersDilemma,
            f"reward {reward:g}, sucker {sucker:g}, temptation {temptation:g}, punishment {punishment:g}",
            "Here temptation > reward > punishment > sucker.",
        )
        table = alike([[reward, sucker], [temptation, punishment]])
        super().__init__(table, players=("row", "column"), moves=("C", "D"), name="prisoners_dilemma")
