"""Ways to speak and to listen: seat 0 speaks, seat 1 listens and acts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..core.agent import NEVER, Policy, Sight

Array = Any
SENDER, RECEIVER = 0, 1


class SignalBot(Policy):
    """Sends message k in state k, and does act k on message k (messages that are never sent are heard as the last).

    Parameters
    ----------
    told : how many states have a message of their own; all that come after share the last.
    acts : how many acts there are; listens : whether the receiver heeds what it hears, or always does act 1.
    """

    told: int = 3
    acts: int = 3
    listens: bool = True

    def act(self, sight: Sight, memory: Mapping[str, Array]) -> tuple[dict[str, Array], Mapping[str, Array]]:
        """By the seat: a message or an act."""
        message = sight.xp.minimum(sight.seen["state"], self.told)
        heard = sight.xp.minimum(sight.seen["message"], self.told)
        act = 1 + (heard - 1) % self.acts if self.listens else 1
        return {"act": sight.scores("act", sight.xp.where(sight.seat == SENDER, message, act))}, memory


class NamingBot(Policy):
    """Names the values of the first attributes in order, one symbol each; picks evenly among what fits the names.

    Values that the vocabulary has no symbol for share the last one.

    Parameters
    ----------
    told : how many attributes are named.
    vocabulary : how many symbols there are; listens : whether the listener heeds them, or picks anything.
    """

    told: int = 2
    vocabulary: int = 4
    listens: bool = True

    def act(self, sight: Sight, memory: Mapping[str, Array]) -> tuple[dict[str, Array], Mapping[str, Array]]:
        """By the seat: the next symbol, or a pick."""
        xp, heard = sight.xp, sight.seen["message"]
        names = xp.minimum(sight.seen["candidates"], self.vocabulary - 1)[:, : self.told] + 1
        meant = names[xp.maximum(sight.seen["target"] - 1, 0)]
        turn = (heard > 0).sum()
        symbol = xp.where(turn < self.told, meant[xp.minimum(turn, self.told - 1)], 1)
        fits = (names == heard[: self.told]).all(-1) | (not self.listens)
        number = xp.arange(sight.mask["act"].shape[-1])
        picks = (number > 0) & (number <= len(fits)) & fits[xp.clip(number - 1, 0, len(fits) - 1)]
        return {"act": xp.where(xp.where(sight.seat == SENDER, number == symbol, picks), 0.0, NEVER)}, memory
