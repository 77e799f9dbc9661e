"""The stag hunt: the best needs trust, the safe needs nobody."""

from __future__ import annotations

from typing import Any, ClassVar

from ostrom.core.forms.normal_form import NormalForm

from ._scenario import alike, check, require


class StagHunt(NormalForm):
    """Two hunters who can take a stag together, or each a hare alone.

    The stag feeds both best, and needs both: who waits for it alone goes home with little. A hare is sure. Both
    hunting stag and both hunting hare are equilibria; the second is safe, the first is better.

    Players `row` and `column`; moves `stag` and `hare`; no facts beyond the moves.

    Parameters
    ----------
    stag : each, when both hunt stag.
    alone : who hunts stag alone.
    hare : who hunts hare while the other hunts stag.
    hares : each, when both hunt hare.

    Raises
    ------
    InputError : unless stag > hare ≥ hares > alone.

    Source: Rousseau (1755); Skyrms, The Stag Hunt and the Evolution of Social Structure (2004).
    """

    reference: ClassVar[dict[str, Any]] = {
        "source": "Skyrms (2004)",
        "pure equilibria": [("stag", "stag"), ("hare", "hare")],
        "mixed equilibrium": (0.75, 0.25),
        "payoff at the mixed equilibrium": 3.0,
        "optimal welfare": 8.0,
        "optimal moves": [("stag", "stag")],
        "price of anarchy": 4 / 3,
        "price of stability": 1.0,
        "replicator basin of stag": 0.25,
    }

    def __init__(self, stag: float = 4.0, alone: float = 0.0, hare: float = 3.0, hares: float = 3.0) -> None:
        check(StagHunt, locals())
        given = f"stag {stag:g}, alone {alone:g}, hare {hare:g}, hares {hares:g}"
        require(stag > hare >= hares > alone, StagHunt, given, "Here stag > hare ≥ hares > alone.")
        table = alike([[stag, alone], [hare, hares]])
        super().__init__(table, players=("row", "column"), moves=("stag", "hare"), name="stag_hunt")
