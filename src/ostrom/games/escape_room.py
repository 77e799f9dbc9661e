"""The escape room: somebody has to hold the lever so that somebody else can leave."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from ostrom.core.forms.symmetric import Symmetric
from ostrom.core.game import Fact
from ostrom.core.record import Interval

from ._scenario import check, named, require


class EscapeRoom(Symmetric):
    """People in a room whose door opens only while enough of them hold a lever.

    Whoever walks through the open door wins the prize; holding the lever, and walking to a closed door, is effort for
    nothing; standing still is free. Without a way to share the prize nobody holds the lever and nobody gets out.

    Players `person 1`, …; moves `stay`, `lever`, `door`. Fact: `holds`, 1 for who holds the lever.

    Parameters
    ----------
    players : how many people.
    needed : how many have to hold the lever, below `players`.
    prize : for each who goes through the open door.
    effort : for each who moves in vain, above 0.

    Source: Yang et al., "Learning to incentivize other learning agents" (2020); here one step, everybody at the start.
    """

    reference: ClassVar[dict[str, Any]] = {
        "source": "Yang et al. (2020)",
        "pure equilibria": [("stay", "stay")],
        "welfare at equilibrium": 0.0,
        "optimal welfare": 9.0,
        "cost of implementing an optimum": 1.0,
        "with three players and two needed": {"optimal welfare": 8.0, "cost of implementing an optimum": 2.0},
    }

    def __init__(
        self,
        players: Annotated[int, Interval(ge=2, le=1000)] = 2,
        needed: Annotated[int, Interval(ge=1, le=999)] = 1,
        prize: Annotated[float, Interval(ge=0)] = 10.0,
        effort: Annotated[float, Interval(ge=1e-6)] = 1.0,
    ) -> None:
        check(EscapeRoom, locals())
        given = f"{players} players of whom {needed} are needed at the lever"
        require(needed < players, EscapeRoom, given, "Somebody has to be left to go through the door.")
        super().__init__(
            lambda own, holding: (0 * holding, 0 * holding - effort, (prize + effort) * (holding >= needed) - effort)[
                own
            ],
            players=named("person", players),
            moves=("stay", "lever", "door"),
            amounts=(0, 1, 0),
            name="escape_room",
            facts=[Fact.of_own_move("holds", "levers", (0, 1, 0))],
        )
