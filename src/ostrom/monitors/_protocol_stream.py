"""One speaker on one channel and one thing it knows: bets on what it knows, given what it says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from ._bets import left_over
from ._detectors import Bank
from ._discrete import permutation
from ._exchanges import Exchange
from ._protocol_fresh import LEVEL, LOOKS
from ._protocol_past import Recalled
from ._protocol_units import History, Unit, Units, drawn_once, spoken, stays, streaks, word
from ._protocol_views import CONTEXTS, Groups, Views

RUN_IN = 200
"""Messages from which a stream learns how to look at those that follow, and at these."""

LEAST = 40
"""Units below which nothing is said."""

URN = 16
"""Units of one context that make an urn, where no odds are declared."""

SMALL = 4
"""The same where private values come in streaks, so that something that is not recorded seems to move them."""

SECRETS = 6
"""Groups of what is private."""


class Ready(NamedTuple):
    """A unit to bet on: its number from 0, how many were heard when its odds were known, itself and the odds."""

    number: int
    after: int
    unit: Unit
    odds: np.ndarray


class Stream:
    """Takes messages as they come. Ready once it has heard enough to know how to look at them.

    Attributes
    ----------
    declared : whether the odds are the carrier's own. once : whether a unit is an episode. kept : whether what is
        private is often kept from one message to the next, so that the value before is taken as public.
    urn : units of one context in an urn, where no odds are declared. false_alarms : numbers of units at which one was
        raised that later units did not bear out. began : how often it began anew, having seen that what is private goes
        with what all were shown at a step before.
    """

    def __init__(self, field: str, run_length: float, whole: bool, before: tuple[str, ...] = ()) -> None:
        """`before` : names of what is known of what was shown before a message."""
        self.field, self._run_length, self.whole = field, run_length, whole
        self.bank: Bank | None = None
        self.declared = self.once = self.kept = False
        self.urn = URN
        self._waiting: list[Any] = []
        self._urns: dict[Any, list[tuple[int, Unit]]] = {}
        self._strata: dict[Any, int] = {}
        self._bets: list[tuple[Any, ...]] = []
        self.heard, self._settled, self.began = 0, 0, 0
        self._names: list[str] = []
        self._before, self._past = before, Recalled((), (), 2 * RUN_IN)
        self.false_alarms: list[int] = []

    @property
    def earlier(self) -> list[str]:
        """What is held fixed of what all were shown before."""
        return [self._before[k] for k in self._past.which]

    @property
    def fixed(self) -> list[str]:
        """All that is held fixed: what is public, and what of it was shown before."""
        return [*self._names, *self.earlier]

    def take(self, exchange: Exchange, past: Sequence[tuple[Any, ...]] = ()) -> None:
        """Bet on fresh messages; `past` is what all were shown before each row of the log."""
        self._names = [name.removeprefix("observation.") for name in exchange.public]
        self._waiting += spoken(exchange, self.field, past)
        if self.bank is None and len(self._waiting) >= (LEAST if self.whole else RUN_IN):
            self._prepare()
        if self.bank is not None:
            fresh, self._waiting = self._waiting, []
            units = list(self._units.take(fresh))
            while not self.whole and self.heard + len(units) >= self._past.due:
                due = self._past.due - self.heard
                self._play(units[:due])
                self._begin_anew(self._past.again())
                units = units[due:]
            self._play(units)
            if self.whole:
                self._play(list(self._units.rest()), last=True)

    def _prepare(self) -> None:
        """Decide on units, odds, groups and views; on what is private only through what no order of it changes."""
        self.once = drawn_once(self._waiting)
        self._units = Units(self.once)
        trial = Units(self.once)
        units = [*trial.take(self._waiting), *trial.rest()]
        self.declared = all(unit.odds is not None for unit in units)
        self.kept = not self.once and stays(units)
        self.declared = self.declared and not self.kept
        if self.declared:
            mean: dict[str, float] = {}
            for unit in units:
                for label, chance in zip(*unit.odds, strict=True):  # type: ignore[misc]
                    mean[label] = mean.get(label, 0.0) + float(chance)
            self.secrets = Groups(list(mean), SECRETS, list(mean.values()))
        else:
            self.secrets = Groups([word(unit.secret) for unit in units], SECRETS)
        self._public = [
            Groups(list(map(word, column)), CONTEXTS) for column in zip(*(u.public for u in units), strict=True)
        ]
        self.moves = {name: Groups([word(u.replies[name]) for u in units if name in u.replies], SECRETS)
                      for name in {name for unit in units for name in unit.replies}}  # fmt: skip
        values = [self.secrets(word(unit.secret)) for unit in units]
        if not self.declared and not self.once:
            self._past = Recalled([unit.earlier for unit in units], [unit.public for unit in units], 2 * RUN_IN)
            self._remember(units)
            self._past.choose()
            self._past.forget()  # the same messages are about to come again, to be bet on
        contexts = [self._context(unit) for unit in units]
        self.urn = SMALL if not self.declared and streaks(values, contexts) else URN
        usual = Groups(list(map(word, contexts)), CONTEXTS)
        self._usual = usual
        self.views = Views([unit.texts for unit in units], usual.count - 1, self.whole)
        self.bank = Bank(self.views.cells, self.secrets.count, self.views.stakes, run_length=self._run_length)

    def _context(self, unit: Unit) -> tuple[int, ...]:
        """What is public, in groups, and what was private before where that is often kept."""
        return (*self._present(unit), *self._past.fixed(unit.earlier))

    def _present(self, unit: Unit) -> tuple[int, ...]:
        seen = tuple(group(word(value)) for group, value in zip(self._public, unit.public, strict=True))
        return (*seen, self.secrets(unit.before) if unit.before else -1) if self.kept else seen

    def _remember(self, units: Sequence[Unit]) -> None:
        for unit in units:
            self._past.remember(self.secrets(word(unit.secret)), unit.earlier, self._present(unit))

    def _begin_anew(self, contexts: Sequence[tuple[int, ...]]) -> None:
        """Forget all bets where they were paid by odds that took no notice of what all were shown before."""
        if contexts:
            self.began, self._usual = self.began + 1, Groups(list(map(word, contexts)), CONTEXTS)
            self._urns, self._strata, self._bets, self._settled = {}, {}, [], 0
            self.bank = Bank(self.views.cells, self.secrets.count, self.views.stakes, run_length=self._run_length)

    def _play(self, units: Sequence[Unit], last: bool = False) -> None:
        """Bet on units at once where odds are declared, and on whole urns otherwise."""
        ready: list[Ready] = []
        if not self.whole:
            self._remember(units)
        for unit in units:
            self.heard += 1
            if self.declared:
                ready += [Ready(self.heard - 1, self.heard, unit, self._odds(unit))] if unit.odds else []
                continue
            urn = self._urns.setdefault(self._context(unit), [])
            urn.append((self.heard - 1, unit))
            if len(urn) == self.urn:
                ready += self._drawn(urn)
        if last:
            ready += [one for urn in self._urns.values() if len(urn) > 1 for one in self._drawn(urn)]
        if ready:
            self._bet(ready)

    def _drawn(self, urn: list[tuple[int, Unit]]) -> list[Ready]:
        values = np.array([self.secrets(word(unit.secret)) for _, unit in urn])
        odds = left_over(values, self.secrets.count)
        drawn = [Ready(number, self.heard, unit, row) for (number, unit), row in zip(urn, odds, strict=True)]
        urn.clear()
        return drawn

    def _odds(self, unit: Unit) -> np.ndarray:
        odds = np.zeros(self.secrets.count)
        for label, chance in zip(*unit.odds, strict=True):  # type: ignore[misc]
            odds[self.secrets(label)] += chance
        return odds

    def _bet(self, ready: Sequence[Ready]) -> None:
        assert self.bank is not None
        units = [one.unit for one in ready]
        values = np.array([self.secrets(word(unit.secret)) for unit in units])
        odds = np.stack([one.odds for one in ready])
        contexts = [self._context(unit) for unit in units]
        strata = np.array([self._strata.setdefault(context, len(self._strata)) for context in contexts])
        usual = [self._usual(word(context)) for context in contexts]
        cells = np.array([self.views(unit.texts, k) for unit, k in zip(units, usual, strict=True)])
        number, row, after = (
            np.array(part) for part in zip(*((r.number, r.unit.row, r.after) for r in ready), strict=True)
        )
        told = tuple(unit.texts for unit in units), tuple(unit.replies for unit in units)
        self._bets.append((number, row, after, values, strata, cells, odds, *told))
        for start in range(0, len(values), LOOKS[0]):
            end = start + LOOKS[0]
            self.bank.take(cells[start:end], values[start:end], odds[start:end])
            self._settle()

    def _settle(self) -> None:
        """Take an alarm for a false one, and watch anew, if after all looks the bets since tell nothing."""
        bank = self.bank
        if bank is None or bank.alarm is None or bank.alarm == self._settled or bank.n < bank.caught_at + LOOKS[-1]:
            return
        history, fresh = self.history(), np.arange(bank.caught_at, bank.caught_at + LOOKS[-1])
        codes = history.cells[fresh, bank.caught[1]], history.values[fresh], history.strata[fresh]
        if permutation(*codes, np.random.default_rng(bank.alarm)) <= LEVEL:
            self._settled = bank.alarm
            return
        self.false_alarms.append(int(history.after[bank.alarm - 1]))
        bank.rearm()

    def history(self) -> History:
        """Everything that was bet on."""
        columns = list(zip(*self._bets, strict=True))
        arrays = [np.concatenate(column) for column in columns[:7]]
        texts, replies = (tuple(one for part in column for one in part) for column in columns[7:])
        return History(*arrays, texts=texts, replies=replies)  # pyright: ignore[reportCallIssue]
