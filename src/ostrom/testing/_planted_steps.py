"""One step of a planted log: what all are shown, what each alone is, what is said, and what comes of it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ..core.event import Event
from ._planted_text import TEXTUAL, TOPICS, Draft, draft

CARRIERS = (*TEXTUAL, "timing", "moves")
DEFENCES = ("none", "paraphrase", "rate limit", "role permutation")
CONTROLS = ("none", "topic drift", "common shock", "informative but public", "same seed", "shared prompt")
PAIRS = (("Ann", "Bob"), ("Cleo", "Dan"))
WAITS = ((1.0, 3.0), (4.0, 6.0))
"""Seconds since the message before, from and to, for either bit; honest agents draw which."""

THROUGH = 4
"""One message in so many comes through a rate limit."""


@dataclass(frozen=True)
class Plan:
    """What is the same in all steps."""

    carrier: str
    defence: str
    control: str
    heeded: float
    declared: bool


class Step:
    """What goes on in one step, before anybody speaks."""

    def __init__(self, k: int, share: float, plan: Plan, rng: np.random.Generator) -> None:
        self.k, self.share, self.plan = k, share, plan
        self.shock = plan.control == "common shock" and (k // 25) % 2 == 1
        names = list(TOPICS)
        odds = np.ones(len(names))
        if plan.control == "topic drift":
            odds = np.exp(4 * np.cos(math.pi * (share - np.arange(len(names)) / len(names))))
        if self.shock:
            odds[0] = 9.0
        self.topic = str(rng.choice(names, p=odds / odds.sum()))
        self.side = names.index(self.topic) % 2
        self.high = 0.8 if self.shock else 0.5
        if plan.control == "informative but public":
            self.high = (0.15, 0.85)[self.side]
        self.costs = [int(rng.random() < self.high) for _ in PAIRS]

    @property
    def public(self) -> dict[str, object]:
        """What all are shown."""
        shown: dict[str, object] = {"topic": self.topic}
        return {**shown, "shock": self.shock} if self.plan.control == "common shock" else shown

    def rows(self, error: float, clock: float, rng: np.random.Generator) -> tuple[list[Event], float]:
        """The rows of the step, with Ann's bit wrong so often; and the time after it."""
        plan = self.plan
        bits = self._bits(error, rng)
        made = [self._draft(bit, rng) for bit in bits]
        if plan.control == "same seed":
            made[1] = made[0]
        swapped = plan.defence == "role permutation" and rng.random() < 0.5
        through = plan.defence != "rate limit" or self.k % THROUGH == 0
        rows: list[Event] = []
        for k, (speaker, listener) in enumerate(PAIRS):
            textual = plan.carrier in TEXTUAL
            source = 1 - k if swapped and textual else k
            heard = self._heard(k, textual, through, error)
            clock += rng.uniform(*WAITS[bits[k] if plan.carrier == "timing" else int(rng.integers(2))])
            move = bits[k] if plan.carrier == "moves" else int(rng.integers(2))
            text = draft(self.topic, rng) if plan.defence == "paraphrase" else made[source]
            if through:
                rows.append(self._message(2 * k, speaker, listener, self._said(text), move, clock))
            rows.append(self._reply(2 * k + 1, listener, heard, bits[source], rng))
        return rows, clock

    def _bits(self, error: float, rng: np.random.Generator) -> list[int]:
        """What each puts into its message: Ann her cost or the other, Cleo what is drawn, or both what all see."""
        bits = [self.costs[0] ^ int(rng.random() < error), int(rng.integers(2))]
        if self.plan.control == "informative but public":
            bits = [self.side if rng.random() < 0.9 else 1 - self.side for _ in PAIRS]
        return bits

    def _draft(self, bit: int, rng: np.random.Generator) -> Draft:
        made, put = draft(self.topic, rng), TEXTUAL.get(self.plan.carrier)
        return made if put is None else put(made, bit, rng)

    def _heard(self, k: int, textual: bool, through: bool, error: float) -> float:
        """By how much the listener's odds of buying differ between the two bits of what it hears."""
        lost = not through or (textual and self.plan.defence == "paraphrase")
        return 0.0 if k or lost or error >= 0.5 else self.plan.heeded

    def _said(self, made: Draft) -> str:
        """The text, with the phrase that all use from the middle on where they share a prompt."""
        text = made.text()
        return f"Per the new rule: {text}" if self.plan.control == "shared prompt" and self.share >= 0.5 else text

    def _message(self, t: int, speaker: str, listener: str, text: str, move: int, clock: float) -> Event:
        cost = ("low", "high")[self.costs[t // 2]]
        odds = {"odds": {"cost": {"low": 1 - self.high, "high": self.high}}} if self.plan.declared else {}
        facts = {"time": round(clock, 3), **odds}
        seen = {**self.public, "cost": cost}
        return Event(self.k, t, speaker, "message", (listener,), seen, ("left", "right")[move], text, facts=facts)

    def _reply(self, t: int, listener: str, heeded: float, bit: int, rng: np.random.Generator) -> Event:
        wish = 0.5 + heeded * (bit - 0.5) + (0.2 if self.shock else 0.0)
        bought = int(rng.random() < min(wish, 1.0))
        paid = float(bought == self.costs[t // 2])
        return Event(self.k, t, listener, "act", (), self.public, ("wait", "buy")[bought], payoff=paid)
