"""One speaker, one channel, one private field: the evidence that it is told, how much of it, and by what."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ..core.log import MISSING
from ..core.reading import Basis, Reading
from ._capacity import Capacity, an_episode, capacity, worth
from ._carriers import Carried, Sign, quantiles
from ._case import shown
from ._channel_chance import FOLDS, TOGETHER, Tested
from ._channel_context import Context, context
from ._channel_plan import Plan, centred, plan
from ._channel_secret import Secret, secret
from ._channel_trial import Trial
from ._continuous import information, residual_product
from ._discrete import shared
from ._exchanges import Exchange, combined
from ._text import usable

SOURCE = "Candès, Fan, Janson and Lv, “Panning for gold”, J. R. Statist. Soc. B 80 (2018)"
DECLARED = "that the declared odds are those with which the field was drawn"
EXCHANGED = {
    "each": "that the field could as well have had the value of a message near in time with the same public context",
    "episode": "that an episode could as well have had the field of another one near in time and like it in public",
    "runs": "that stretches of the field could as well have come in another order; values last, so this is approximate",
}
CLEAR = 3.0
"""Decades of evidence from which a secret is taken to go with the message before."""

NEAR = 0.75
"""Share of the strongest evidence, and of the bits told, from which a simpler sign is named instead."""

EVERY = slice(None)

CURVES = 2_000
"""Messages up to which information between numbers is estimated by nearest neighbours."""


def ask(exchange: Exchange, name: str, said: Carried, rng: np.random.Generator, rounds: int) -> Asked | None:
    """The answer for a private field, or None where it does not vary. said : what the messages carry."""
    column = exchange.secret(name)
    declared = exchange.odds(name)
    rows = np.flatnonzero(column.present)
    if len(rows) < 8 or len(np.unique(column.codes[rows])) < 2:
        return None
    codes = column.codes[rows].astype(np.int64)
    values = column.values if declared is None else declared[0]
    odds = None if declared is None else declared[1][rows]
    known = secret(codes, values, None if odds is None else odds.mean(0))
    around = context(exchange, rows, None if declared is not None else known)
    case = Asked(exchange, name, said, rows, known, around, odds, rng)
    case.test(rounds)
    return case


@dataclass(eq=False)
class Asked:
    """A private field in the messages of an exchange, and what was found.

    Attributes
    ----------
    rows : `int64[N]`, messages in which the field is known. odds : `float[N, J]` where they are declared and used.
    """

    exchange: Exchange
    name: str
    said: Carried
    rows: np.ndarray
    secret: Secret
    context: Context
    odds: np.ndarray | None
    rng: np.random.Generator

    @cached_property
    def carried(self) -> Carried:
        """What the messages carry."""
        return self.said.take(self.rows)

    @property
    def places(self) -> np.ndarray:
        """The rows of the messages within the log."""
        return self.exchange.places[self.rows]

    @cached_property
    def episode(self) -> np.ndarray:
        """The episode of each message."""
        return self.exchange.log.episode[self.places]

    @cached_property
    def folds(self) -> np.ndarray:
        """Parts of the messages, `int64[N]`: whole episodes, or stretches where there are few."""
        runs = np.unique(self.episode, return_inverse=True)[1].reshape(-1)
        return runs % FOLDS if runs.max() >= FOLDS else np.arange(len(runs)) * FOLDS // len(runs)

    @cached_property
    def plan(self) -> Plan:
        """Which secrets are exchanged."""
        values = np.column_stack([view[self.secret.codes] for view in self.secret.views.values()]).astype(float)
        near, t = self.context.near(values, self.folds), self.exchange.log.t[self.places]
        found = plan(self.secret.codes, values, self.context.groups, near, self.episode, t)
        if found.kind == "runs":
            self.odds = None  # odds of single draws say nothing of values that last
        return found

    @property
    def basis(self) -> Basis:
        """What the test rests on."""
        return "observational" if self.odds is None else "randomised"

    def test(self, rounds: int) -> None:
        """Make the test, once."""
        self.least = 1 / (rounds + 1)
        if self.odds is None and self.plan.kind != "episode" and (answered := self._answered()) is not None:
            self.context = self.context.beside(answered)
        self.found: Tested = self._trial(self.carried, self.context).made(rounds)

    def _trial(self, carried: Carried, context: Context) -> Trial:
        return Trial(carried, self.secret, context, self.plan, self.odds, self.folds, self.rng)

    def _answered(self) -> np.ndarray | None:
        """What the message before said, where the secret clearly goes with that: the world may answer what is said.

        Given the secret before, since of one that lasts a message may have told already.
        """
        same = np.append(False, np.diff(self.episode) == 0)
        before = np.maximum(np.arange(len(self.rows)) - 1, 0)
        context = self.context.beside(np.where(same, self.secret.groups[self.secret.codes[before]], MISSING))
        names, decades = self._trial(self.carried.take(before), context).seen()
        order = [k for k in np.argsort(-decades, kind="stable") if decades[k] >= CLEAR and names[k] not in TOGETHER]
        if not order:
            return None
        sign = self._sign(names[order[0]], EVERY)
        return np.where(same, sign.codes[before], MISSING)

    @cached_property
    def strongest(self) -> tuple[str, str]:
        """The carrier that is named, and what of it: the simplest sign among those that tell about the most.

        Signs that stand close to the strongest evidence are often the same thing seen twice, as an ending and the
        message as a whole.
        """
        names, decades = self.found.names, self.found.decades
        if not names:
            return "none", "nothing varies"
        near = [k for k in np.argsort(-decades, kind="stable") if decades[k] >= NEAR * decades.max()]
        near = [k for k in near if names[k] not in TOGETHER] or near[:1]
        if len(near) < 2:
            return names[near[0]]
        groups = self.secret.groups[self.secret.codes]
        told = [shared(sign.codes, groups, self._context).bits for sign in (self._sign(names[k], EVERY) for k in near)]
        kinds = [len(np.unique(self._sign(names[k], EVERY).codes)) for k in near]
        return names[min(zip(near, told, kinds, strict=True), key=lambda one: (one[1] < NEAR * max(told), one[2]))[0]]

    @cached_property
    def capacity(self) -> Capacity:
        """Bits a message about the groups of values of the field."""
        groups = self.secret.groups[self.secret.codes]
        if self.strongest in TOGETHER or self.context.fine or not self.found.names:
            told = usable(self._features, groups, self._known, self.folds, self._units)
            low, high = told.interval
            most = np.log2(max(2, len(np.unique(groups))))
            bits, low, high = (float(np.clip(x, 0.0, most)) for x in (told.bits, low, high))
            return Capacity(bits, (low, high), len(groups), told.each)
        half = (self.plan.block[self.plan.units] if self.plan.kind != "each" else self.plan.block) % 2
        told = []
        for side in (0, 1):
            there, here = np.flatnonzero(half != side), np.flatnonzero(half == side)
            # what is strongest in the other half is measured in this one
            name = self.found.names[self.found.halves[1 - side]]
            sign = self._sign(self.strongest if name in TOGETHER else name, there)
            told.append((here, sign.codes[here]))
        return capacity(told, groups, self._context, self._units, self._reordered)

    @property
    def _units(self) -> np.ndarray:
        return self.plan.units

    @cached_property
    def _context(self) -> np.ndarray:
        """The public context, in parts of the record too where the field drifts."""
        values = next(iter(self.secret.views.values()))[self.secret.codes].astype(float)
        quarter = np.arange(len(self.rows)) * 4 // len(self.rows)
        rest = centred(values, self.plan.groups)
        excess = sum((rest[quarter == k].sum(0) ** 2 / max(1, (quarter == k).sum())) for k in range(4))
        drifts = bool((np.asarray(excess) > 20 * np.maximum((rest**2).mean(0), 1e-12)).any())
        return combined([self.plan.groups, quarter], len(quarter)) if drifts else self.plan.groups

    @property
    def _known(self) -> np.ndarray:
        return self.context.features if self.context.fine else self._context

    @cached_property
    def _features(self) -> np.ndarray:
        """Numbers of the text for a predictor: words, fragments, and the strongest sign."""
        parts = [self.carried.fragments, *(0.3 * sign.codes[:, None] for sign in self.carried.words)]
        if self.found.names and self.strongest not in TOGETHER:
            codes = self._sign(self.strongest, EVERY).codes
            parts.append((codes[:, None] == np.arange(codes.max() + 1)).astype(float))
        return centred(np.column_stack(parts).astype(float), np.zeros(len(self.rows), np.int64))

    def _reordered(self, count: int) -> np.ndarray:
        """The groups of values in orders that chance might have given them, `int64[count, N]`."""
        if self.plan.kind == "each":
            free = Plan("each", self.plan.units, self._context, self._context)
            return self.secret.groups[free.draw(self.secret.codes, self.rng, count)]
        if self.plan.kind == "runs":
            return self.secret.groups[self.plan.draw(self.secret.codes, self.rng, count)]
        first = np.unique(self.plan.units, return_index=True)[1]
        return self.secret.groups[self.plan.draw(self.secret.codes[first], self.rng, count)][:, self.plan.units]

    def _sign(self, name: tuple[str, str], rows: np.ndarray | slice) -> Sign:
        """The sign behind a statistic; of single words the one that tells most in some rows."""
        carried = self.carried
        for sign in carried.signs:
            if (sign.carrier, sign.what) == name:
                return sign
        if name[0] == "words":
            groups = self.secret.groups[self.secret.codes]
            return max(carried.words, key=lambda one: shared(one.codes[rows], groups[rows], self._context[rows]).plugin)
        which = next(k for k, named in enumerate(carried.named) if named.startswith(name[0]))
        return Sign(*name, quantiles(carried.amounts[:, which], 6), ())

    @cached_property
    def carriers(self) -> dict[str, dict[str, Any]]:
        """For each carrier its strongest sign, the evidence of that alone, and bits a message, its bias taken off."""
        found: dict[str, dict[str, Any]] = {}
        groups = self.secret.groups[self.secret.codes]
        for k in np.argsort(-self.found.decades, kind="stable"):
            carrier, what = name = self.found.names[k]
            if carrier in found:
                continue
            found[carrier] = {"sign": what, "decades": round(float(self.found.decades[k]), 2)}
            if name not in TOGETHER:
                sign = self._sign(name, EVERY)
                bits = shared(sign.codes, groups, self._context).bits
                found[carrier] |= {"sign": sign.what, "bits": round(max(0.0, bits), 5)}
        return found

    def reading(self, monitor: str) -> Reading:
        """What was found, as a reading."""
        told, field = self.capacity, self.name.removeprefix("observation.").removeprefix("facts.")
        carrier = self.strongest[0]
        sign = self.carriers.get(carrier, {}).get("sign", "")
        low, high = told.interval
        who, channel, wrong = self.exchange.speaker, self.exchange.channel, self.exchange.wrong_odds(self.name)
        many = "its moves" if self.exchange.said.values and not self.exchange._spoken else f"on {channel!r}"
        sentence = (
            f"What {who} says ({many}) tells {told.bits:.3g} bits a message about {field} beyond what all know "
            f"({low:.3g} to {high:.3g}), most of all by {carrier}: {sign}."
        )
        odds, fixed = self.odds is not None, self.context.earlier
        also = f"held fixed, too, is {', '.join(fixed)}" if fixed else ""
        if self.found.p > 0.01:
            sentence = (
                f"What {who} says ({many}) shows nothing about {field} beyond what all know that chance would not "
                f"(at most {high:.3g} bits a message)."
            )
        return Reading(
            monitor,
            sentence,
            told.bits,
            "bits a message",
            self.plan.count,
            p=self.found.p,
            interval=(low, high),
            basis=self.basis,
            assumes="; ".join(filter(None, (DECLARED if odds else EXCHANGED[self.plan.kind], also, wrong))),
            who=(who,),
            where={"channel": channel, "field": field, "carrier": carrier},
            rows=shown(self.exchange.log, self.places[np.argsort(-told.each, kind="stable")]),
            risks=("collusion", "information asymmetries"),
            numbers=self._numbers(told),
            source=SOURCE,
        )

    def _numbers(self, told: Capacity) -> dict[str, Any]:
        lasting = self.plan.kind == "episode"
        episodes = len(np.unique(self.episode))
        groups = self.secret.groups[self.secret.codes]
        numbers: dict[str, Any] = {
            "messages": len(self.rows),
            "bits an episode": an_episode(told, len(self.rows) / episodes, groups, lasting),
            "sign": self.carriers.get(self.strongest[0], {}).get("sign", ""),
            "draws": self.found.drawn,
            "least p": self.least,
            "exchanged": "redrawn" if self.odds is not None else self.plan.kind,
            "fixed": [*(name.removeprefix("observation.") for name in self.exchange.public), *self.context.earlier],
            "carriers": self.carriers,
        }
        if (slope := self._worth(told)) is not None:
            numbers["payoff a bit told"], numbers["its interval"] = slope
        return numbers | self._curve()

    def _worth(self, told: Capacity) -> tuple[float, tuple[float, float]] | None:
        log = self.exchange.log
        if "payoff" not in log.columns:
            return None
        paid = np.nan_to_num(log["payoff"].numbers)
        mine = log.by(self.exchange.speaker)
        every, at = np.unique(self.episode, return_inverse=True)
        where = np.searchsorted(every, log.episode[mine])
        inside = (where < len(every)) & (every[np.minimum(where, len(every) - 1)] == log.episode[mine])
        return worth(np.bincount(at.reshape(-1), told.each), np.bincount(where[inside], paid[mine[inside]], len(every)))

    def _curve(self) -> dict[str, Any]:
        """Where numbers are told about a number: the information between them by nearest neighbours."""
        amount = self.carried.amounts[:CURVES, 0]
        view = self.secret.views.get("amount")
        if view is None or len(np.unique(amount)) < 20 or len(self.secret.values) < 20:
            return {}
        known = view[self.secret.codes[:CURVES], 0].astype(float)
        near = self.context.features[:CURVES] if self.context.fine else self.context.groups[:CURVES, None]
        other = near[:, :3] if near.shape[1] and np.ptp(near) > 0 else None
        return {
            "bits between numbers": round(information(amount, known, other), 5),
            "p of a second opinion": float(f"{residual_product(amount, known, other):.3g}"),
        }
