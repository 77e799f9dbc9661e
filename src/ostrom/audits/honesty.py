"""Does it pay to follow a protocol, where walking out, silence, double talk and lies are moves like any other?"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import chain, combinations
from typing import Any, Literal

import numpy as np

from ..core._protocol_play import Play, steps_to
from ..core.claim import Claim, Verdict
from ..core.errors import InputError
from ..core.game import Array
from ..core.protocol import DEVIATIONS, Protocol

ROUNDING = 1e-9
"""The share of the range of payments that a gain has to exceed to count."""


@dataclass(frozen=True)
class Honesty:
    """What leaving a protocol brings.

    Attributes
    ----------
    value : what each party gets on average when all follow the protocol.
    gains : for each group that may leave together, the most that its members together gain by it (never below 0).
    claims : for every size of group, that none gains; a refutation has the plan, and a trace that replays.
    """

    value: Mapping[str, float]
    gains: Mapping[tuple[str, ...], float]
    claims: tuple[Claim, ...]

    @property
    def verdict(self) -> Verdict:
        """The worst of all claims."""
        return "refuted" if any(claim.verdict == "refuted" for claim in self.claims) else "proved"


def honesty(
    protocol: Protocol,
    coalition: int = 1,
    *,
    kinds: Collection[str] = DEVIATIONS,
    schedule: Literal["listed", "even"] = "listed",
) -> Honesty:
    """The most that each party, and each group of up to `coalition` parties, gains by leaving a protocol.

    A group knows and does everything together, and shares what it gets, so that none in which every member gains is
    missed; all others follow the protocol. Its best reply is found by backward induction over all that it can have
    seen. Where nobody gains alone, following the protocol is a Nash equilibrium.

    Parameters
    ----------
    protocol, kinds, schedule : as for `Protocol.play`.
    coalition : members of the largest groups, at least 1.

    Raises
    ------
    InputError : a size of group there is not; what `Protocol.play` raises, `TooLarge` among it.

    Examples
    --------
    >>> from ostrom.protocols import CommitReveal
    >>> honesty(CommitReveal(bond=0.25)).gains
    {('party 1',): 0.0, ('party 2',): 0.375}
    """
    parties = protocol.parties
    if isinstance(coalition, bool) or not isinstance(coalition, int) or not 1 <= coalition <= len(parties):
        raise InputError(f"Groups of {coalition} of {len(parties)} parties.", do=f"Give from 1 to {len(parties)}.")
    groups = chain.from_iterable(combinations(parties, size) for size in range(1, coalition + 1))
    plays = {group: protocol.play([group], kinds=kinds, schedule=schedule) for group in groups}
    found = {group: _Best(play) for group, play in plays.items()}
    claims = [_claim(found, size, schedule) for size in range(1, coalition + 1)]
    gains = {group: best.gain for group, best in found.items()}
    alone = next(iter(plays.values()))
    value = dict(zip(alone.game.principals, map(float, alone.game.utilities(alone.honest)), strict=True))
    return Honesty({party: value[party] for party in parties}, gains, tuple(claims))


class _Best:
    """A group's best reply to all others being honest."""

    def __init__(self, play: Play) -> None:
        self.play, game = play, play.game
        plan, own = game.plans(play.honest)[0], game.sequences[0]
        worth = game.worth(0, (plan,))
        total, self.odds = own.best(worth)
        honest = float(worth @ plan)
        slack = ROUNDING * float(np.ptp(game.paid[:, 0]))
        gain = float(total[0]) - honest
        self.gain, self.slack, self.honest = gain if gain > slack else 0.0, slack, honest

    def witness(self, group: tuple[str, ...]) -> dict[str, Any]:
        """Who gains what by which plan, and one way that this can go."""
        game, own = self.play.game, self.play.game.sequences[0]
        reach = own.realised(self.odds)
        follow = self.play.game.plans(self.play.honest)[0]
        plan, choices = {}, own.apart(self.odds[own.by_set])
        for h, (infoset, odds, before) in enumerate(zip(game.infosets, choices, own.before, strict=True)):
            told = self.play.honest[h]
            if reach[before] > 0 and told[int(odds.argmax())] < 1:
                plan[infoset.label] = infoset.moves[int(odds.argmax())]
        end = self._end(reach, follow)
        trace = steps_to(game, int(game.ends[end]))
        return {
            "who": list(group),
            "gain": self.gain,
            "honest": self.honest,
            "plan": plan,
            "trace": trace,
            "paid there": float(game.paid[end, 0]),
        }

    def _end(self, reach: Array, follow: Array) -> int:
        """Of the ends that the plan leads to, and honesty never does if there are such, one that brings most."""
        game, at = self.play.game, self.play.game.reached[0]
        odds, paid = reach[at] * game.chance, game.paid[:, 0]
        new = (odds > 0) & (follow[at] == 0)
        return int(np.where(new if new.any() else odds > 0, odds * (paid - paid.min()), -1.0).argmax())


def _claim(found: Mapping[tuple[str, ...], _Best], size: int, schedule: str) -> Claim:
    own = {group: best for group, best in found.items() if len(group) == size}
    who = "No party gains" if size == 1 else f"No {size} parties gain together"
    said, method = f"{who} by leaving the protocol.", "best replies by backward induction, in float64"
    numbers = {"gains": {" + ".join(group): best.gain for group, best in own.items()}, "schedule": schedule}
    tolerance = max(best.slack for best in own.values())
    worst = max(own, key=lambda group: own[group].gain)
    if own[worst].gain > 0:
        return Claim(said, "refuted", method, tolerance, numbers, own[worst].witness(worst))
    return Claim(said, "proved", method, tolerance, numbers)
