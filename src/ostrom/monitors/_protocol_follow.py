"""Streams for a log that grows, and what is said of each of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ..core.log import MISSING, Column, Log
from ..core.reading import Reading
from ._carry import Carry
from ._case import NothingToRead, joined, ranked
from ._exchanges import exchanges, fields
from ._protocol_look import Look, look, reading
from ._protocol_past import Past
from ._protocol_stream import LEAST, RUN_IN, Stream


class Following:
    """A stream for every speaker, channel and private field, with the memory that it needs."""

    def __init__(
        self, private: Sequence[str], public: Sequence[str], run_length: float, seed: int, whole: bool = False
    ) -> None:
        """As in `NewProtocol`; `whole` if the first log is all there will be."""
        self._private, self._public, self._run_length = private, public, run_length
        self.seed, self._whole = seed, whole
        self._streams: dict[tuple[str, str, str], Stream] = {}
        self._fields: tuple[tuple[str, ...], ...] | None = None
        self._waiting: list[Log] = []
        self._carry = Carry()
        self._past: Past | None = None
        self._looks: dict[tuple[str, str, str], Look] = {}

    def read(self, fresh: Log) -> tuple[Reading, ...]:
        """Take rows that were not there before; the readings as of now."""
        self._waiting.append(self._carry(fresh))
        if self._fields is not None or self._whole or sum(map(len, self._waiting)) >= RUN_IN:
            log, self._waiting = joined(self._waiting), []
            if self._fields is None:
                self._fields = fields(log, self._private, self._public)
            self._take(log, *self._fields)
        return ranked(
            self._reading(key, stream)
            for key, stream in self._streams.items()
            if stream.bank is not None and stream.bank.n >= LEAST
        )

    def _reading(self, key: tuple[str, str, str], stream: Stream) -> Reading:
        self._looks[key] = look(key, stream, self.seed, self._looks.get(key))
        return reading(key, stream, self._looks[key], self._run_length)

    def _take(self, log: Log, private: tuple[str, ...], public: tuple[str, ...]) -> None:
        nothing = Column(np.full(len(log), MISSING, np.int32), ())
        log = replace(log, columns={**dict.fromkeys((*private, *public), nothing), **log.columns})
        if not private:
            raise NothingToRead(
                "No field of an observation is private: all see the same, or nothing is recorded. Write what an agent "
                'alone is shown on its rows, like "observation": {"cost": 3}, or name the field: --private FIELD.'
            )
        self._past = self._past or Past(log, public)
        past = self._past(log)
        try:
            for exchange in exchanges(log, private, public, least=LEAST if self._whole else 1):
                for name in exchange.private:
                    key = exchange.speaker, exchange.channel, name
                    stream = self._streams.setdefault(
                        key, Stream(name, self._run_length, self._whole, self._past.names)
                    )
                    stream.take(exchange, past)
        except NothingToRead:
            if self._whole:
                raise
