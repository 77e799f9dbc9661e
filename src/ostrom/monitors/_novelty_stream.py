"""The messages of speakers on channels, ranked by their surprise, and bets against the ranks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ..core.log import MISSING, Column, Log
from ..core.reading import Reading
from ._bets import Jumper, Powers, logsum
from ._case import NothingToRead, joined, ranked
from ._detectors import insured, shiryaev_roberts
from ._exchanges import Exchange, exchanges, fields
from ._novelty_model import Letters, Ranks
from ._protocol_units import word
from ._protocol_views import Groups
from ._rates import CLEAR

REFERENCE = 200
"""Messages on which the model is fitted when a log is followed."""

LEAST = 50
"""Messages on which it is fitted at least, and messages or episodes that are ranked at least."""

GROUPS = 8
"""Groups of the values of a public column."""


class Following:
    """A stream for every speaker and channel."""

    def __init__(self, given: Sequence[str], share: float, run_length: float, seed: int, whole: bool = False) -> None:
        """As in `Novelty`; `whole` if the first log is all there will be."""
        self._given, self._share, self._run_length, self.seed, self.whole = given, share, run_length, seed, whole
        self._streams: dict[tuple[str, str], Stream] = {}
        self._public: tuple[str, ...] | None = None
        self._waiting: list[Log] = []

    def read(self, fresh: Log) -> tuple[Reading, ...]:
        """Take rows that were not there before; the readings as of now."""
        self._waiting.append(fresh)
        if self._public is not None or self.whole or sum(map(len, self._waiting)) >= REFERENCE:
            log, self._waiting = joined(self._waiting), []
            if self._public is None:
                shown, given = fields(log, (), self._given)[1], len(self._given)
                self._public = shown[:given] if given else shown
            self._take(log)
        found = [
            stream.reading(*key, self._run_length) for key, stream in self._streams.items() if len(stream.p) >= LEAST
        ]
        return ranked(found)

    def short(self) -> str:
        """Why there is nothing to read yet, in words: of the speaker who is nearest to being read."""
        (speaker, channel), stream = max(self._streams.items(), key=lambda one: (len(one[1].p), one[1].heard))
        once, left = stream.once, len(stream.p) + bool(stream._open)
        unit = ("episode" if once else "message") + ("s" if left != 1 else "")
        why = " The messages of one episode count as one, for they are not independent." if once else ""
        return (
            f"{speaker} speaks {stream.heard} times on {channel!r}, but after the messages on which the model is "
            f"fitted there {'is' if left == 1 else 'are'} {left} {unit}, and more than {LEAST} are needed.{why}"
        )

    def _take(self, log: Log) -> None:
        nothing = Column(np.full(len(log), MISSING, np.int32), ())
        log = replace(log, columns={**dict.fromkeys(self._public or (), nothing), **log.columns})
        try:
            for exchange in exchanges(log, least=2 * LEAST if self.whole else 1):
                key = exchange.speaker, exchange.channel
                rng = np.random.default_rng([self.seed, len(self._streams)])
                stream = self._streams.setdefault(key, Stream(self._public or (), rng))
                wanted = int(len(exchange) * self._share) if self.whole else REFERENCE
                stream.take(exchange, max(LEAST, wanted))
        except NothingToRead:
            if self.whole:
                raise


class Stream:
    """The messages of one speaker on one channel, ranked by their surprise."""

    def __init__(self, public: tuple[str, ...], rng: np.random.Generator) -> None:
        self._public, self._rng, self._ranks = public, rng, Ranks()
        self._first: list[tuple[Any, ...]] = []
        self._model: Letters | None = None
        self._open: list[tuple[Any, ...]] = []
        self._jumper, self._powers = Jumper(), Powers()
        self._betted, self._path, self._highest = 0, 0.0, 0.0
        self._sums: np.ndarray | float = -math.inf
        self.alarm: int | None = None
        self.once, self.heard = False, 0
        self.p: list[float] = []
        self.bits: list[float] = []
        self.rows: list[int] = []

    def take(self, exchange: Exchange, reference: int) -> None:
        """Fit the model while it is not, and rank what comes after."""
        log, said, at = exchange.log, exchange.said, exchange.places
        self.heard += len(at)
        public = [log[name].take(at) for name in self._public]
        fresh = [(int(log.row[place]), int(log.episode[place]), word(said[k]), tuple(word(c[k]) for c in public))
                 for k, place in enumerate(at)]  # fmt: skip
        if self._model is None:
            self._first, fresh = [*self._first, *fresh], []
            if len(self._first) >= reference:
                self._fit(reference)
                self._first, fresh = [], self._first[reference:]
        for one in fresh:
            if self._open and (not self.once or self._open[-1][1] != one[1]):
                self._rank()
            self._open.append(one)

    def _fit(self, reference: int) -> None:
        first = self._first[:reference]
        self._model = Letters(one[2] for one in first)
        self._groups = [Groups(column, GROUPS) for column in zip(*(one[3] for one in first), strict=True)]
        self.once = len({one[1] for one in first}) < len(first) * 0.7

    def _rank(self) -> None:
        """Rank what is complete: a message, or all of an episode's by their mean."""
        assert self._model is not None
        row, _, _, seen = self._open[0]
        bits = float(np.mean([self._model.bits(one[2]) for one in self._open]))
        category = tuple(group(value) for group, value in zip(self._groups, seen, strict=True))
        self.p.append(self._ranks(bits, category, float(self._rng.random())))
        self.bits.append(bits)
        self.rows.append(row)
        self._open = []

    def _catch_up(self, rung: float) -> None:
        """Bet on the p-values that are new."""
        fresh = np.array(self.p[self._betted :])
        if not len(fresh):
            return
        before = self._jumper.logs
        jumps = self._jumper.take(fresh)
        paths = np.logaddexp(jumps, self._powers.take(fresh)) - math.log(2)
        pays = np.column_stack([np.diff(jumps, prepend=before), self._powers.pays(fresh)])
        sums = shiryaev_roberts(pays, self._sums)
        mean = np.logaddexp(sums[:, 0], logsum(sums[:, 1:], 1) - math.log(sums.shape[1] - 1)) - math.log(2)
        if self.alarm is None and (mean >= rung).any():
            self.alarm = self._betted + int((mean >= rung).argmax()) + 1
        self._betted, self._sums, self._path = len(self.p), sums[-1], float(paths[-1])
        self._highest = max(self._highest, float(paths.max()))

    def reading(self, speaker: str, channel: str, run_length: float) -> Reading:
        """What was seen until now."""
        self._catch_up(math.log(run_length))
        bits, path, alarm = np.array(self.bits), self._path, self.alarm
        p = self.p
        cut = alarm if alarm is not None and len(p) - alarm >= 30 else len(p) - len(p) // 4
        change, low, high = _difference(bits[cut:], bits[:cut])
        e, each = insured(path, self._highest), "episode" if self.once else "message"
        when = f", with an alarm at {each} {alarm:,} after those" if alarm else ""
        drifts = "drifts" if alarm else "seems to drift" if e >= CLEAR else "does not drift"
        more = f"{abs(change):.2f} bits a letter {'more' if change >= 0 else 'fewer'} ({low:+.2f} to {high:+.2f})"
        if e >= CLEAR and low <= 0 <= high:  # it went up and down
            more += " on average, with stretches in which it takes more or fewer"
        return Reading(
            "Novelty",
            f"What {speaker} says on {channel} {drifts} away from its first {each}s{when}: guessing its letters by "
            f"those comes to take {more}; e = {e:.3g}. Any drift would do that, of topic, "
            "prompt or vocabulary.",
            effect=change,
            unit="bits a letter",
            interval=(low, high),
            n=len(p),
            e=e,
            assumes=f"The {each}s of one public context come in no particular order unless something changes.",
            who=(speaker,),
            where={"channel": channel},
            rows=tuple(np.array(self.rows)[cut:][np.argsort(-bits[cut:], kind="stable")[:20]].tolist())
            if alarm
            else (),
            risks=("destabilising dynamics",) if alarm else (),
            numbers={"alarm": alarm, "ln e now": path, "run length": run_length, "unit": each},
            source="Vovk et al., Retrain or not retrain (2021)",
        )


def _difference(after: np.ndarray, before: np.ndarray) -> tuple[float, float, float]:
    """The difference of two means with its 95 % interval."""
    change = float(after.mean() - before.mean())
    error = math.sqrt(after.var(ddof=1) / len(after) + before.var(ddof=1) / len(before))
    return change, change - 1.96 * error, change + 1.96 * error
