"""Battle of the sexes: together is better than apart, and each would rather it were where it likes best."""

from __future__ import annotations

from typing import Any, ClassVar

from ostrom.core.forms.normal_form import NormalForm

from ._scenario import check, require


class BattleOfTheSexes(NormalForm):
    """A couple who want to spend the evening together, one rather at the opera, the other at the match.

    Each equilibrium is the favourite of one of them. Without a word between them they may well miss each other; any
    convention (in turns, by a coin) mends that.

    Players `row` (who prefers the opera) and `column` (the match); moves `opera` and `match`; no further facts.

    Parameters
    ----------
    favourite : who is together with the other at the own favourite.
    other : who is together with the other elsewhere.
    apart : each, when they miss each other.

    Raises
    ------
    InputError : unless favourite > other > apart.

    Source: Luce and Raiffa, Games and Decisions (1957).
    """

    reference: ClassVar[dict[str, Any]] = {
        "source": "Luce and Raiffa (1957)",
        "pure equilibria": [("opera", "opera"), ("match", "match")],
        "mixed equilibrium": ((2 / 3, 1 / 3), (1 / 3, 2 / 3)),
        "payoff at the mixed equilibrium": 2 / 3,
        "optimal welfare": 3.0,
        "optimal moves": [("opera", "opera"), ("match", "match")],
        "price of anarchy": 9 / 4,
    }

    def __init__(self, favourite: float = 2.0, other: float = 1.0, apart: float = 0.0) -> None:
        check(BattleOfTheSexes, locals())
        given = f"favourite {favourite:g}, other {other:g}, apart {apart:g}"
        require(favourite > other > apart, BattleOfTheSexes, given, "Here favourite > other > apart.")
        table = [[[favourite, other], [apart, apart]], [[apart, apart], [other, favourite]]]
        super().__init__(table, players=("row", "column"), moves=("opera", "match"), name="battle_of_the_sexes")
