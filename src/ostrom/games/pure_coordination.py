"""Pure coordination: nobody minds which, as long as it is the same, and one of the two is better for all."""

from __future__ import annotations

from typing import Any, ClassVar

from ostrom.core.forms.normal_form import NormalForm

from ._scenario import alike, check, require


class PureCoordination(NormalForm):
    """Two who meet on a path and have to pass on the same side.

    Both get the same whatever happens, so there is nothing to quarrel about; but both keeping to the worse side is an
    equilibrium too, and habit can hold them there.

    Players `row` and `column`; moves `left` and `right`; no facts beyond the moves.

    Parameters
    ----------
    better : each, when both choose left.
    worse : each, when both choose right.
    apart : each, when they differ.

    Raises
    ------
    InputError : unless better ≥ worse > apart.

    Source: Lewis, Convention (1969); Schelling, The Strategy of Conflict (1960).
    """

    reference: ClassVar[dict[str, Any]] = {
        "source": "Lewis (1969)",
        "pure equilibria": [("left", "left"), ("right", "right")],
        "mixed equilibrium": (1 / 3, 2 / 3),
        "payoff at the mixed equilibrium": 2 / 3,
        "optimal welfare": 4.0,
        "optimal moves": [("left", "left")],
    }

    def __init__(self, better: float = 2.0, worse: float = 1.0, apart: float = 0.0) -> None:
        check(PureCoordination, locals())
        given = f"better {better:g}, worse {worse:g}, apart {apart:g}"
        require(better >= worse > apart, PureCoordination, given, "Here better ≥ worse > apart.")
        table = alike([[better, apart], [apart, worse]])
        super().__init__(table, players=("row", "column"), moves=("left", "right"), name="pure_coordination")
