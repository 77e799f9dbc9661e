"""Norm followers: agents who infer from public sanctions what is forbidden, and do not do it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any

import numpy as np

from ..core.agent import NEVER, Policy, Sight
from ..core.errors import InputError
from ..core.record import Interval
from ._minds import own, together

Array = Any
Odds = Interval(ge=0, le=1)


class NormFollower(Policy):
    """Plays as another policy would, but not what it believes to be forbidden (Bayesian norm identification).

    Before it has seen anything, each label of the part is forbidden with odds `prior`, whatever the others are. Who
    does what is forbidden is sanctioned with odds `enforced`, and who does not with odds `mistaken`, which is less.
    Every notice of what somebody `did` and whether it was `sanctioned` then changes the log-odds of that label by the
    log of a ratio of likelihoods (Cranefield, Meneguzzi, Oren and Savarimuthu, 2016; Oldenburg and Tan, 2024). That is
    exact: labels stay independent. What a seat itself was sanctioned for counts as anybody's. That somebody makes a
    move is no evidence here, only what came of it.

    It takes `Notice` to be read: seats of which nothing is known (`did` below 0) say nothing, and a notice that is seen
    again in the same round (`posted`) is not counted again. The number of a label has to mean the same for all seats.

    Parameters
    ----------
    inner : how it would play. It is shown only what the follower will do, and its odds among these are kept.
    labels : how many labels the part has.
    prior, enforced, mistaken : odds, 0 to 1; `mistaken` below `enforced`.
    threshold : the odds of being forbidden above which a move is not made; 1 is to make all moves. Where no other move
        is permitted, it plays as `inner` does.
    part : the part of a move that may be forbidden.
    did, sanctioned, posted : their names in the view; without `posted`, every look is a new notice.

    Raises `InputError` where `mistaken` is not below `enforced`, and where the part has not so many labels.
    """

    inner: Policy
    labels: int
    prior: Annotated[float, Odds] = 0.1
    enforced: Annotated[float, Odds] = 0.5
    mistaken: Annotated[float, Odds] = 0.01
    threshold: Annotated[float, Odds] = 0.5
    part: str = "act"
    did: str = "did"
    sanctioned: str = "sanctioned"
    posted: str = "posted"

    def __post_init__(self) -> None:
        super().__post_init__()
        known = isinstance(self.enforced, float) and isinstance(self.mistaken, float)  # and not traced
        if known and not self.mistaken < self.enforced:
            raise InputError(
                f"NormFollower(enforced={self.enforced}, mistaken={self.mistaken}) learns nothing from a sanction.",
                "A sanction tells of a norm where it is more frequent for what is forbidden than for what is not.",
                "Give mistaken below enforced.",
            )

    def begin(self) -> dict[str, Array]:
        """No evidence, read in round 0, where nothing can have been posted."""
        mind = {"evidence": np.zeros(self.labels, np.float32), "read": np.array(0, np.int32)}
        return together({"norm": mind, "inner": self.inner.begin()})

    def act(self, sight: Sight, memory: Mapping[str, Array]) -> tuple[dict[str, Array], dict[str, Array]]:
        """Read the notice, and choose as `inner` does among what is not believed to be forbidden."""
        xp, permitted = sight.xp, sight.mask[self.part]
        if permitted.dtype != bool or permitted.shape[-1] != self.labels:
            raise InputError(
                f"NormFollower(labels={self.labels}) meets the part {self.part!r} with "
                f"{'a number' if permitted.dtype != bool else f'{permitted.shape[-1]} labels'}.",
                "It has a belief for every label.",
                "Give as many labels as the widest seat has; of a number none is forbidden.",
            )
        mind = self.informed(sight, own(memory, "norm"))
        fine = permitted & (self.belief(mind, xp) <= self.threshold)
        fine = xp.where(fine.any(), fine, permitted)
        shown = replace(sight, mask={**sight.mask, self.part: fine})
        scores, kept = self.inner.act(shown, own(memory, "inner"))
        liked = xp.where(fine, scores.get(self.part, 0.0), -np.inf)
        chosen = {**scores, self.part: xp.where(fine, liked - liked.max(), NEVER)}
        return chosen, together({"norm": mind, "inner": kept})

    def informed(self, sight: Sight, mind: Mapping[str, Array]) -> dict[str, Array]:
        """The evidence, `float32[A]` in log-odds, after what stands on the notice board; and the round of reading."""
        xp, seen = sight.xp, sight.seen
        now = xp.asarray(seen.get(self.posted, mind["read"] + 1), dtype=xp.int32)
        made = seen[self.did][:, None] == xp.arange(self.labels)
        hit = seen[self.sanctioned][:, None] < 0
        found = (made & hit).sum(0) * (_log(self.enforced, xp) - _log(self.mistaken, xp))
        cleared = (made & ~hit).sum(0) * (_log(1.0 - self.enforced, xp) - _log(1.0 - self.mistaken, xp))
        evidence = mind["evidence"] + xp.where(now == mind["read"], 0.0, found + cleared)
        return {"evidence": evidence.astype(xp.float32), "read": now}

    def belief(self, mind: Mapping[str, Array], xp: Any = np) -> Array:
        """Odds `float[A]` that each label is forbidden."""
        odds = mind["evidence"] + _log(self.prior, xp) - _log(1.0 - self.prior, xp)
        return 0.5 + 0.5 * xp.tanh(odds / 2)


def _log(odds: Any, xp: Any) -> Array:
    """The logarithm, and a very low number instead of that of 0: what is certain stays finite, and certain."""
    return xp.where(xp.asarray(odds) > 0, xp.log(xp.where(xp.asarray(odds) > 0, odds, 1.0)), NEVER)
