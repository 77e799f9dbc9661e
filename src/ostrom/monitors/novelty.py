"""Novelty: does an agent come to speak unlike before? Any drift does; watched after every message."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ..core.errors import InputError
from ..core.log import Log
from ..core.reading import Reading
from ._case import Monitor, NothingToRead
from ._novelty_stream import Following


@dataclass(frozen=True)
class Novelty(Monitor):
    """Whether messages become more or less surprising to a model of letters fitted on the first of them.

    The surprise of every later message is ranked among those before it in the same public context. Where messages in a
    context come in no particular order the ranks are uniform and independent, and bets against that are an e-process:
    the reading's `e`. A simple jumper and a mixture of powers bet half each. The mean of their Shiryaev–Roberts sums
    rings at `run_length`.

    A topic, a prompt, an event or a growing vocabulary make messages new just as much as a code does. This monitor
    cannot tell these apart and never speaks of a protocol; `NewProtocol` does.

    Parameters
    ----------
    public : columns in whose groups messages are compared; by default what all agents are shown.
    share : of a log, first, on which the model is fitted; in (0, 1). `run_length` : between false alarms, above 1.
    """

    public: tuple[str, ...] = ()
    share: float = 0.25
    run_length: float = 1e5

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 0 < self.share < 1:
            raise InputError(f"The share is {self.share}.", "It is of a log.", "Give a number between 0 and 1.")
        if not 1 < self.run_length < math.inf:
            raise InputError(f"The run length is {self.run_length}.", do="Give a number of messages above 1, as 1e5.")

    def read(self, log: Log, seed: int) -> Sequence[Reading]:
        """A reading for every speaker and channel with 100 messages at least."""
        following = Following(self.public, self.share, self.run_length, seed, whole=True)
        readings = following.read(log)
        if not readings:
            raise NothingToRead(following.short())
        return readings

    def follow(self, seed: int = 0) -> Following:
        """Follows a log that grows; the model is fitted on the first 200 messages of a speaker on a channel."""
        return Following(self.public, self.share, self.run_length, seed)
