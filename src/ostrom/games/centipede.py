"""The centipede: a pot that grows as long as nobody takes it, and is taken at once."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from ostrom.core.forms.extensive import Choice, End, ExtensiveForm, Node
from ostrom.core.record import Interval

from ._scenario import check


class Centipede(ExtensiveForm):
    """Two players in turn may take the larger part of a pot or pass; each time somebody passes it grows.

    Whoever moves last does better by taking, so the one before does, and so back to the first: the game ends before it
    begins, and both get next to nothing of what they could have had.

    Players `first`, `second`; moves `take`, `pass`. An information set is the number of the turn.

    Parameters
    ----------
    turns : how many there are at most.
    growth : what the pot is multiplied by at each pass.
    share : what part of the pot the taker gets.

    Source: Rosenthal, Games of perfect information, predatory pricing and the chain-store paradox (1981); payoffs in
    the manner of McKelvey and Palfrey (1992), whose pot of 0.5 doubles and of which the taker gets four fifths.
    """

    reference: ClassVar[dict[str, Any]] = {
        "source": "Rosenthal (1981); McKelvey and Palfrey (1992)",
        "subgame-perfect payoffs": (0.4, 0.1),
        "payoffs when all pass": (6.4, 1.6),
    }

    def __init__(
        self,
        turns: Annotated[int, Interval(ge=1, le=1000)] = 4,
        growth: Annotated[float, Interval(ge=1, le=10)] = 2.0,
        share: Annotated[float, Interval(ge=0.5, le=1)] = 0.8,
    ) -> None:
        check(Centipede, locals())
        parts = (share, 1 - share)
        node: Node = End(pays=_paid(0.5 * growth**turns, parts, turns))
        for turn in reversed(range(turns)):
            taken = End(pays=_paid(0.5 * growth**turn, parts, turn))
            node = Choice(("first", "second")[turn % 2], {"take": taken, "pass": node}, sees=str(turn + 1))
        super().__init__(node, players=("first", "second"), name="centipede")


def _paid(pot: float, parts: tuple[float, float], turn: int) -> tuple[float, float]:
    """The larger part for who is on turn."""
    own, other = round(pot * parts[0], 12), round(pot * parts[1], 12)
    return (own, other) if turn % 2 == 0 else (other, own)
