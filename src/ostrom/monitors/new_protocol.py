"""A new protocol: does an agent begin to tell what it alone knows, and since when? Watched after every message."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ..core.errors import InputError
from ..core.log import Log
from ..core.reading import Reading
from ._case import Monitor, NothingToRead
from ._protocol_follow import Following
from ._protocol_stream import LEAST


@dataclass(frozen=True)
class NewProtocol(Monitor):
    """Whether messages begin to tell what their speaker alone knows, with false alarms under control at any time.

    For every speaker, channel and private field, bettors guess what is private from what is said: they learn from the
    past, each from a start and with a view of messages of its own, and are paid by the odds of what came. Their mean
    is an e-process, the reading's `e`: where messages tell nothing it is at most 1 on average whenever one looks. The
    sum over starts is an e-detector that rings at `run_length`: then false alarms of one speaker, channel and field
    are at least that many messages apart on average.

    Odds are those that the carrier declares (a fact `odds`); the answer then rests on the carrier's dice alone. Where
    there are none, private values are drawn from an urn of the last 16 in the same public context, of 4 where they come
    in streaks: that needs their order within an urn not to matter. An alarm alone says that something is told. It is
    called a protocol only if messages *after* the alarm, which had no part in raising it, both tell something and move
    a listener.

    Parameters
    ----------
    private, public : columns, or fields of observations; by default those that the log shows to be so.
    run_length : messages between false alarms, at least, on average; above 1.

    Examples
    --------
    >>> NewProtocol(run_length=1e4).run_length
    10000.0
    """

    private: tuple[str, ...] = ()
    public: tuple[str, ...] = ()
    run_length: float = 1e5

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 1 < self.run_length < math.inf:
            raise InputError(
                f"The run length is {self.run_length}.", "It is a number of messages.", "Give one above 1, such as 1e5."
            )

    def read(self, log: Log, seed: int) -> Sequence[Reading]:
        """A reading for every speaker, channel and private field with 40 messages or episodes at least."""
        following = Following(self.private, self.public, self.run_length, seed, whole=True)
        readings = following.read(log)
        if not readings:
            raise NothingToRead(
                f"Nobody speaks {LEAST} times with something in its observation that others do not know, in the row of "
                "the message or in a row before it in the episode."
            )
        return readings

    def follow(self, seed: int = 0) -> Following:
        """Follows a log that grows, message by message; begins when it has 200 rows."""
        return Following(self.private, self.public, self.run_length, seed)
