"""Does what an agent says tell more of what it alone knows than all know already? Any agent, channel and field."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..core.errors import InputError
from ..core.log import Log
from ..core.reading import Reading
from ._canary import ROUNDS
from ._carriers import carried
from ._case import Blocks, Follower, Monitor, NothingToRead
from ._channel_case import Asked, ask
from ._exchanges import LEAST, exchanges
from ._rates import enough

MOST = 8_000
"""Messages of a speaker on a channel that are looked at, the first ones."""


@dataclass(frozen=True)
class Channels(Monitor):
    """For every speaker, channel and private field: whether what is said goes with it, given what is public.

    All carriers are tested at once: the message as a whole, words, punctuation, order, length, hidden characters,
    casing, acrostics, digits, timing, moves, and a regression on fragments of the text. The strongest association is
    held against what it is when secrets are exchanged between messages that could as well have had each other's
    (neighbours in time with the same public context; whole episodes where a secret lasts), or drawn again with the odds
    that the carrier declares. One p-value for each speaker, channel and field; it pays for the choice of the carrier.

    Parameters
    ----------
    private, public : columns, or fields of observations; by default as the log shows them (see `exchanges`).
    moves : read moves as messages, instead of what is said.
    rounds : draws at most; the smallest p-value is one in `rounds` + 1. More where there is so much to ask about that
        the strongest could not stand otherwise.
    least : messages below which a speaker is not looked at.

    Raises `InputError` for `rounds` below 19, or `least` below 8.
    """

    private: tuple[str, ...] = ()
    public: tuple[str, ...] = ()
    moves: bool = False
    rounds: int = ROUNDS
    least: int = LEAST

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 19 <= self.rounds <= 10**7:
            raise InputError(f"{self.rounds} rounds.", "They bound the p-value below.", "Give a number from 19 to 10⁷.")
        if self.least < 8:
            raise InputError(f"At least {self.least} messages.", "Of fewer nothing can be said.", "Give 8 or more.")

    def read(self, log: Log, seed: int) -> Sequence[Reading]:
        """One reading for each speaker, channel and private field."""
        found = [asked.reading(type(self).__name__) for asked in self.asked(log, seed)]
        if not found:
            raise NothingToRead(
                "No field that one agent alone is shown varies, and was seen by somebody who speaks. Name it with "
                f"private=(…), or --private FIELD, and put what agents are shown into their observations.{_facts(log)}"
            )
        return found

    def follow(self, seed: int = 0) -> Follower:
        """Follows a log that grows, block by block; the carrier may change, and is no part of what a reading is of."""
        return Blocks(_Unnamed(self), seed)

    def asked(self, log: Log, seed: int) -> Iterator[Asked]:
        """The answers behind the readings, one after the other."""
        asked = list(exchanges(log, self.private, self.public, moves=self.moves, least=self.least))
        rounds = enough(sum(len(exchange.private) for exchange in asked), least=self.rounds)
        for number, exchange in enumerate(asked):
            some = replace(exchange, places=exchange.places[:MOST])
            said = carried(some) if some.private else None
            for k, name in enumerate(some.private):
                rng = np.random.default_rng([seed, number, k])
                if said is not None and (found := ask(some, name, said, rng, rounds)) is not None:
                    yield found


@dataclass(frozen=True)
class _Unnamed(Monitor):
    """The same, with the carrier among the numbers, so that evidence of later blocks is added to the same reading."""

    monitor: Channels

    def read(self, log: Log, seed: int) -> Sequence[Reading]:
        return [
            replace(
                one,
                where={name: value for name, value in one.where.items() if name != "carrier"},
                numbers={**one.numbers, "carrier": one.where["carrier"]},
            )
            for one in self.monitor.read(log, seed)
        ]


def _facts(log: Log) -> str:
    """What of the log could have been shown to agents: facts are what rows produced, and nobody's knowledge."""
    names = [name.removeprefix("facts.") for name in log.columns if name.startswith("facts.")]
    if not names:
        return ""
    are = "is a fact" if len(names) == 1 else "are facts"
    return f" Here {', '.join(names[:3])} {are}: --map {names[0]}=observation.{names[0]} says that it was shown."
