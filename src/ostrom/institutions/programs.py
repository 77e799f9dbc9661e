"""Programs that read each other: I do my part if you run the same agreement."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any, ClassVar, Literal

import numpy as np

from ..core.errors import InputError
from ..core.ground import Ground
from ..core.institution import Institution, Now
from ._seats import labels

SPELT = 64
"""Programs beyond which nobody can choose among them."""


class Programs(Institution):
    """Instead of a move a seat may hand in a program that reads the others' programs (Tennenholtz, 2004).

    A program names an agreement, one move for each seat, and a move of its own to fall back on: "(C, C), else D" does
    its part of the agreement when every other seat that is present hands in a program with the same agreement, and
    falls back otherwise. All are handed in at the same time. What each gets in some equilibrium is then anything that
    an agreement pays, as long as nobody gets less than the others can hold it down to by pure moves.

    Parameters
    ----------
    agreements : joint moves that programs can name, one label of "act" for each seat.

    Plain moves stay what they are. Where a part is not permitted below, the first permitted move is made instead.
    Raises `InputError` for agreements of the wrong length, and for more programs than anybody could choose from;
    `UnknownName` for labels that are not there.
    """

    agreements: tuple[tuple[str, ...], ...] = (("C", "C"),)
    example: ClassVar[str] = "programs:agreements=((C,C))"
    scope: ClassVar[Literal["profile"]] = "profile"
    budget: ClassVar[Literal["balanced"]] = "balanced"
    central: ClassVar[bool] = False
    enforced_by: ClassVar[str] = "whatever runs the programs, and lets each read the others before it moves"

    def menu(self, ground: Ground) -> Ground:
        """One more thing to do for each agreement and move to fall back on."""
        for agreement in self.agreements:
            if not isinstance(agreement, tuple) or len(agreement) != len(ground.players):
                raise InputError(
                    f"The agreement {agreement!r} is not for {len(ground.players)} seats.",
                    "It names one move for each seat.",
                    "Write for example ((C,C)), or ((C,D),(D,C)) for two.",
                )
            for seat, label in enumerate(agreement):
                if ground.part("act").has(seat):
                    ground.index("act", label, seat)
        names = [name for _, _, name in self._programs(ground)]
        if not 0 < len(names) <= SPELT or len(set(names)) < len(names):
            raise InputError(
                f"There are {len(names)} programs to choose from.",
                f"It takes at least one and at most {SPELT}, and every agreement is named once.",
                "Name fewer agreements.",
            )
        return ground.extended("act", *names)

    def permit(self, now: Now, mask: Mapping[str, Any]) -> Mapping[str, Any]:
        """A seat can only fall back on a move of its own."""
        part = now.ground.part("act")
        wide, own = np.ones((now.players, part.width(now.players)), bool), self._own(now.ground)
        for _, fallback, name in self._programs(now.ground):
            for seat, code in enumerate(part.codes(name, now.players)):
                if code >= 0:
                    wide[seat, code] = fallback in own[seat]
        return {**mask, part.name: mask[part.name] & now.xp.asarray(wide)}

    def enact(self, now: Now, moves: Mapping[str, Any]) -> Mapping[str, Any]:
        """Run all programs."""
        xp, part = now.xp, now.ground.part("act")
        made, present = moves[part.name], xp.asarray(now.present)
        agreed, parts, fallbacks = (xp.asarray(table) for table in self._tables(now.ground))
        seats, code = np.arange(now.players), xp.maximum(made, 0)
        named = xp.where((made >= 0) & present, agreed[seats, code], -1)  # which agreement, -1 for a plain move
        same = (named[..., :, None] == named[..., None, :]) | ~xp.broadcast_to(present, named.shape)[..., None, :]
        runs = named >= 0
        done = xp.where(same.all(-1), parts[seats, code], fallbacks[seats, code])
        return {**moves, part.name: xp.where(runs, done, made).astype(made.dtype)}

    def _programs(self, ground: Ground) -> Iterator[tuple[int, str, str]]:
        """Number of the agreement, label to fall back on, and the label of the program."""
        moves = dict.fromkeys(label for own in self._own(ground) for label in own)
        for (number, agreement), fallback in product(enumerate(self.agreements), moves):
            yield number, fallback, f"({', '.join(agreement)}), else {fallback}"

    def _own(self, ground: Ground) -> list[tuple[str, ...]]:
        """Per seat the plain moves that there are: labels of "act" without the programs."""
        ends = tuple(f"({', '.join(agreement)}), else " for agreement in self.agreements)
        return [tuple(x for x in labels(ground, seat) if not x.startswith(ends)) for seat in range(len(ground.players))]

    def _tables(self, ground: Ground) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """`int[P, A]` each: the agreement a label names (-1 for none), one's part of it, what it falls back on."""
        part, players = ground.part("act"), len(ground.players)
        tables = [np.full((players, part.width(players)), fill, np.int32) for fill in (-1, 0, 0)]
        for number, fallback, name in self._programs(ground):
            codes = part.codes(name, players)
            shares = [part.codes(label, players)[seat] for seat, label in enumerate(self.agreements[number])]
            for seat, (code, back) in enumerate(zip(codes, part.codes(fallback, players), strict=True)):
                if code >= 0 and part.has(seat):
                    entry = (number, shares[seat], max(back, 0))
                    for table, value in zip(tables, entry, strict=True):
                        table[seat, code] = value
        return tables[0], tables[1], tables[2]
