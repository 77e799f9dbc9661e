"""A mediator that acts for those who delegate to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Literal

import numpy as np

from ..core.errors import InputError
from ..core.ground import Ground
from ..core.institution import Institution, Now
from ._seats import joint_codes, seat_of

ALL = ""
"""In a plan, the case in which nobody present acts for itself."""


def _who(row: Any) -> tuple[str, ...]:
    """The group that a row answers, names in order; nobody where everybody delegates."""
    names = (row[0],) if isinstance(row[0], str) else row[0]
    return () if names == (ALL,) else tuple(sorted(names))


APART = 1e-12
"""Edges of lotteries that are nearer to each other are the same one."""


class Mediator(Institution):
    """Seats may hand over their move; the mediator plays `together` if all do, else `alone` for those who did.

    Delegating is something to do *instead of* acting, so it extends the part "act" (Monderer and Tennenholtz, 2009:
    strong mediated equilibrium; Ivanov et al., 2023). With an answer of its own `against` each single player who stays
    out, it can hold every joint move that gives each player at least what the others can hold it down to (Kalai,
    Kalai, Lehrer and Samet, 2010: a commitment folk theorem); with answers against groups, also joint moves that no
    group gains by leaving (strong mediated equilibrium). Seats that are absent are not waited for.

    Parameters
    ----------
    together : what is played for everybody when everybody delegates: one label of "act" for all, or one for each seat.
    alone : what is played for those who delegate when somebody does not: one label for all, or one for each seat.
    against : rows of (player, labels): when that player alone did not delegate, each of the others plays its label
        (one for each seat; the player's own is ignored, and need not be a label). Players without a row meet `alone`.
        Rows (player, labels, odds) of one player are a lottery, drawn anew in every round by a die that nobody sees
        before play. The player "" stands for everybody delegating: its rows are drawn in the place of `together`.
        Instead of one player a row may name several, ("ann", "bob"), in any order: when just these did not delegate.

    Raises `UnknownName` for players and labels that are not there, `InputError` for rows of the wrong length and odds
    that do not sum to 1.
    """

    together: str | tuple[str, ...] = "C"
    alone: str | tuple[str, ...] = "D"
    against: tuple[
        tuple[str | tuple[str, ...], tuple[str, ...]] | tuple[str | tuple[str, ...], tuple[str, ...], float], ...
    ] = ()
    scope: ClassVar[Literal["profile"]] = "profile"
    budget: ClassVar[Literal["balanced"]] = "balanced"
    enforced_by: ClassVar[str] = "the mediator, by acting"

    def __post_init__(self) -> None:
        super().__post_init__()
        for row in self.against:
            rows = isinstance(row, tuple) and len(row) in (2, 3) and isinstance(row[1], tuple)
            if not rows or not isinstance(row[0], str | tuple) or len(set(_who(row))) < len(_who(row)):
                raise InputError(
                    f"Mediator(against=…) holds {row!r}.",
                    "Its rows are (player, labels) or (player, labels, odds), with a player or several different ones.",
                    'Write for example (("row", ("D", "D")), ("column", ("D", "D"))).',
                )
        for group, odds in self.odds.items():
            if min(odds) < 0 or abs(sum(odds) - 1) > 1e-9:
                raise InputError(
                    f"The mediator's answers to {' and '.join(group) or 'all delegating'} have the odds {list(odds)}.",
                    "Odds are at least 0 and sum to 1; a row without any has odds 1.",
                    "Give the rows of one player, or of one group, odds that sum to 1.",
                )

    @property
    def odds(self) -> dict[tuple[str, ...], tuple[float, ...]]:
        """Per group with rows of its own (names in order; none for all delegating), the odds of its rows."""
        return {
            group: tuple(float(row[2]) if len(row) == 3 else 1.0 for row in self.against if _who(row) == group)
            for group in dict.fromkeys(map(_who, self.against))
        }

    def menu(self, ground: Ground) -> Ground:
        """One more thing to do: delegate."""
        self._codes(ground, self.together)
        self._codes(ground, self.alone)
        list(self._answers(ground))
        return ground.extended("act", "delegate")

    def dice(self, now: Now) -> Mapping[str, Any]:
        """One die for all lotteries, since only one of them is played in a round; none where nothing is drawn."""
        edges = self._edges()
        return {"answer": np.diff(edges)[None]} if len(edges) > 2 else {}

    def enact(self, now: Now, moves: Mapping[str, Any]) -> Mapping[str, Any]:
        """Play for those who delegated."""
        xp, handed = now.xp, now.did("act", "delegate")
        out = xp.asarray(now.present) & ~handed
        number = out.sum(-1, keepdims=True)
        played = xp.asarray(self._codes(now.ground, self.alone))
        played = xp.where(number == 0, xp.asarray(self._codes(now.ground, self.together)), played)
        face = now.luck["answer"][..., 0] if "answer" in now.luck else 0
        for seats, codes in self._answers(now.ground):
            meant = (number == len(seats)) & out[..., seats].all(-1, keepdims=True)
            played = xp.where(meant, xp.asarray(codes)[face], played)
        return {**moves, "act": xp.where(handed, played, moves["act"]).astype(moves["act"].dtype)}

    def _answers(self, ground: Ground) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Per group with rows, its seats `int[K]` (none: all delegate) and, per face of the die, codes `int[F, P]`."""
        edges = self._edges()
        for group, odds in self.odds.items():
            seats = np.array([seat_of(ground, player) for player in group], int)
            rows = [self._codes(ground, row[1], seats) for row in self.against if _who(row) == group]
            drawn = np.searchsorted(np.cumsum(odds)[:-1], (edges[:-1] + edges[1:]) / 2)
            yield seats, np.stack(rows)[drawn]

    def _edges(self) -> np.ndarray:
        """Where the faces of the die begin and end in [0, 1]: wherever a row of any group does."""
        inner = [edge for odds in self.odds.values() for edge in np.cumsum(odds)[:-1]]
        edges = np.sort([0.0, *inner, 1.0])
        return edges[np.append(True, np.diff(edges) > APART)]

    def _codes(self, ground: Ground, labels: str | tuple[str, ...], ignored: Any = ()) -> np.ndarray:
        return joint_codes("The mediator", ground, labels, ignored)
