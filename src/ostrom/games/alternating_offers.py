"""Bargaining by offers in turn: a pie that shrinks while people argue, and so is shared at once."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from ostrom.core.forms.extensive import Choice, End, ExtensiveForm, Node
from ostrom.core.record import Interval

from ._scenario import check


class AlternatingOffers(ExtensiveForm):
    """Two people share a pie that shrinks: one offers, the other accepts or makes an offer in turn.

    Each rejection costs a round, in which what is left is worth `patience` times as much. Whoever offers gives the
    other just what it could get by waiting, so the first offer is accepted. One round is the ultimatum game, in which
    whoever offers takes all but a crumb; many rounds come near Rubinstein's shares.

    Players `first`, `second`; moves the shares that the other is offered, and `accept`, `reject`.

    Parameters
    ----------
    rounds : offers that can be made; after the last rejection nobody gets anything.
    steps : in how many steps the pie can be divided. patience : what a round's wait leaves of the pie.

    Source: Ståhl, Bargaining Theory (1972); Rubinstein, Perfect equilibrium in a bargaining model (1982).
    """

    reference: ClassVar[dict[str, Any]] = {
        "source": "by backward induction: with two rounds the first offers half, what the second could get by waiting",
        "offer in two rounds": "0.5",
        "first share in very many rounds": 1 / 1.5,
    }

    def __init__(
        self,
        rounds: Annotated[int, Interval(ge=1, le=3)] = 2,
        steps: Annotated[int, Interval(ge=2, le=20)] = 2,
        patience: Annotated[float, Interval(ge=0, le=1)] = 0.5,
    ) -> None:
        check(AlternatingOffers, locals())

        def offers(turn: int, before: str) -> Node:
            who, other = ("first", "second") if turn % 2 == 0 else ("second", "first")
            moves: dict[str, Node] = {}
            for k in range(steps + 1):
                offered, worth = k / steps, patience**turn
                own, given = worth * (1 - offered), worth * offered
                paid = (own, given) if turn % 2 == 0 else (given, own)
                said = f"{before}{offered:g}"
                refused = offers(turn + 1, f"{said}, ") if turn + 1 < rounds else End(pays=(0.0, 0.0))
                moves[f"{offered:g}"] = Choice(
                    other, {"accept": End(pays=paid), "reject": refused}, sees=f"offered {said}"
                )
            return Choice(who, moves, sees=f"after {before.rstrip(', ')}" if before else "start")

        super().__init__(offers(0, ""), players=("first", "second"), name="alternating_offers")
