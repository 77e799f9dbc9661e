"""Ways to walk on a grid: pick all, leave some, clean in turns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..core.agent import NEVER, Policy, Sight

Array = Any
AROUND = [(row, column) for row in range(-2, 3) for column in range(-2, 3) if 0 < row**2 + column**2 <= 4]
UNLIKELY, RARE = -2.0, -5.0


class Picker(Policy):
    """Walks to the nearest apple it sees, and about the map while it sees none; it never fires.

    Parameters
    ----------
    channels : names of what it sees on each cell; `ahead` : how many cells it sees in front.
    leaves : it picks no apple that has fewer others within two cells, as far as it sees, and goes round it.
    """

    channels: tuple[str, ...]
    ahead: int
    leaves: int = 0

    def act(self, sight: Sight, memory: Mapping[str, Array]) -> tuple[dict[str, Array], Mapping[str, Array]]:
        """Scores of steps and turns."""
        apple = self.layer(sight, "apple")
        wanted = apple & (_near(apple, sight.xp) >= self.leaves)
        return {"act": self.walk(sight, wanted, self.blocked(sight) | (apple & ~wanted))}, memory

    def layer(self, sight: Sight, name: str) -> Array:
        """`bool[rows, columns]`: the cells on which it sees this."""
        return sight.seen["near"][..., self.channels.index(name)] == 1

    def blocked(self, sight: Sight) -> Array:
        """Cells on which it could not step."""
        return self.layer(sight, "wall") | self.layer(sight, "other")

    def walk(self, sight: Sight, wanted: Array, shut: Array) -> Array:
        """Scores of moves that lead to the nearest wanted cell and to no shut one; of wandering if there is none."""
        xp, (down, across), distance = sight.xp, *self._offsets(wanted.shape)
        found, nearest = wanted.any(), xp.where(wanted, distance, 10**6).argmin()
        down, across = xp.asarray(down).reshape(-1)[nearest], xp.asarray(across).reshape(-1)[nearest]
        middle, columns = self.ahead, wanted.shape[1] // 2
        behind = shut[middle + 1, columns] if wanted.shape[0] > middle + 1 else xp.asarray(True)
        ways = [
            ("forward", down < 0, shut[middle - 1, columns]),
            ("backward", down > 0, behind),
            ("step left", across < 0, shut[middle, columns - 1]),
            ("step right", across > 0, shut[middle, columns + 1]),
        ]
        scores = xp.full(sight.mask["act"].shape, NEVER)
        number = xp.arange(scores.shape[0])
        for label, leads, closed in ways:
            score = xp.where(closed, NEVER, xp.where(leads, 0.0, RARE))
            score = xp.where(found, score, xp.where(closed, NEVER, 0.0) if label == "forward" else NEVER)
            scores = xp.where(number == sight.ground.index("act", label), score, scores)
        turn = xp.where(found, RARE, UNLIKELY)
        for label in ("turn left", "turn right"):
            scores = xp.where(number == sight.ground.index("act", label), turn, scores)
        return scores

    def _offsets(self, shape: tuple[int, ...]) -> tuple[tuple[Array, Array], Array]:
        """Rows and columns of each cell of the view from where it stands, and how many steps away it is."""
        rows, columns = np.indices(shape)
        down, across = rows - self.ahead, columns - shape[1] // 2
        return (down, across), abs(down) + abs(across)


class TurnTaker(Picker):
    """Cleans the river when it is its turn and there is waste, and picks apples when it is not.

    Parameters
    ----------
    crew : how many seats clean at a time; `spell` : steps after which it is the turn of the next.
    tolerates : cells with waste that are left alone.
    reach : how far its beam goes.
    """

    crew: int = 1
    spell: int = 100
    tolerates: int = 0
    reach: int = 3

    def begin(self) -> dict[str, Array]:
        """Steps so far."""
        return {"steps": np.int32(0)}

    def act(self, sight: Sight, memory: Mapping[str, Array]) -> tuple[dict[str, Array], dict[str, Array]]:
        """Scores of steps, turns and cleaning."""
        xp, waste = sight.xp, self.layer(sight, "waste")
        turn = (sight.seat - memory["steps"] // self.spell) % len(sight.ground.players) < self.crew
        on_duty = turn & (sight.seen["waste"] > self.tolerates)
        picking, _ = super().act(sight, memory)
        scores = xp.where(on_duty, self._cleaning(sight, waste), picking["act"])
        return {"act": scores}, {"steps": memory["steps"] + 1}

    def _cleaning(self, sight: Sight, waste: Array) -> Array:
        """Fire where the beam would clean something; turn to waste that is not in front, else walk to it."""
        xp, ((down, across), distance) = sight.xp, self._offsets(waste.shape)
        beam = (down < 0) & (down >= -self.reach) & (abs(across) <= 1)
        front = waste & (down < 0)
        nearest = xp.where(waste, distance, 10**6).argmin()
        left = xp.asarray(across).reshape(-1)[nearest] < 0
        turns = sight.ground.index("act", "turn left"), sight.ground.index("act", "turn right")
        turning = sight.scores("act", xp.where(left, *turns))
        walking = xp.where(waste.any() & ~front.any(), turning, self.walk(sight, front, self.blocked(sight)))
        return xp.where((waste & beam).any(), sight.only("act", "clean"), walking)


def _near(apple: Array, xp: Any) -> Array:
    """`int[rows, columns]`: how many apples there are within two cells."""
    (rows, columns), wide = apple.shape, xp.pad(apple.astype(xp.int32), 2)
    return sum(wide[2 + r : 2 + r + rows, 2 + c : 2 + c + columns] for r, c in AROUND)
