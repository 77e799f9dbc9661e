"""Readings: what a monitor saw, how strong the evidence is, what that rests on, and where to look.

A monitor never says "proved". A reading states an effect with its interval, a p-value or an e-value, on how much it
rests, and which assumption would have to hold. The rows it names are there to be read by a person.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from .errors import DeclarationError

Basis = Literal["randomised", "model-X", "observational"]
"""What a test rests on, the strongest first: odds that the carrier rolled itself; a known law of what is private given
what is public; or nothing but the records, where something that nobody recorded may explain all of it."""

RISKS = (
    "miscoordination",
    "conflict",
    "collusion",
    "information asymmetries",
    "network effects",
    "selection pressures",
    "destabilising dynamics",
    "commitment problems",
    "emergent agency",
    "multi-agent security",
)
"""Three ways to fail and seven risk factors: Hammond et al., *Multi-Agent Risks from Advanced AI* (2025)."""


@dataclass(frozen=True)
class Reading:
    """What one monitor saw of one thing.

    Attributes
    ----------
    monitor : its name in the catalogue.
    sentence : what was seen, in plain words, with the effect and its unit in them.
    effect, unit, interval : how large it is ("bits a message", "points a round"), with a 95 % interval.
    n : how many independent observations it rests on.
    p : odds of evidence at least as strong where nothing is going on, in (0, 1]; for a test that is made once.
    e : e-value, ≥ 0: where nothing is going on its mean is at most 1, at any time one looks. Large is strong.
    basis, assumes : what it rests on, as a class and in words.
    who : the agents it is about, speaker before listener.
    where : channel, field, carrier, window: whatever else tells this reading from others of the same monitor.
    rows : numbers of rows in the source to look at, the most telling first; at most some twenty.
    risks : words among `RISKS`.
    numbers : what else was computed, in plain Python values.
    source : the paper or theorem behind the method.
    """

    monitor: str
    sentence: str
    effect: float
    unit: str
    n: int
    p: float | None = None
    e: float | None = None
    interval: tuple[float, float] | None = None
    basis: Basis = "observational"
    assumes: str = ""
    who: tuple[str, ...] = ()
    where: Mapping[str, Any] = field(default_factory=dict)
    rows: tuple[int, ...] = ()
    risks: tuple[str, ...] = ()
    numbers: Mapping[str, Any] = field(default_factory=dict)
    source: str = ""

    def __post_init__(self) -> None:
        def wrong(what: str, do: str) -> None:
            raise DeclarationError(f"A reading of {self.monitor} has {what}.", self.sentence, do)

        if self.p is not None and not 0 < self.p <= 1:
            wrong(f"p = {self.p}", "A p-value is above 0 and at most 1.")
        if self.e is not None and not self.e >= 0:
            wrong(f"e = {self.e}", "An e-value is at least 0.")
        if self.p is None and self.e is None:
            wrong("neither a p-value nor an e-value", "Say how strong the evidence is; p = 1 is none.")
        if not math.isfinite(self.effect):
            wrong(f"effect {self.effect}", "Give a finite number, and say in words where there is none.")
        if unknown := set(self.risks) - set(RISKS):
            wrong(f"the risks {sorted(unknown)}", f"Use words among {', '.join(RISKS)}.")

    @property
    def key(self) -> tuple[Any, ...]:
        """What this reading is of: the same in two readings of the same thing at different times."""
        return (self.monitor, self.who, tuple(sorted((k, str(v)) for k, v in self.where.items() if k != "window")))

    @property
    def evidence(self) -> float:
        """The evidence as an e-value: `e`, or the p-value calibrated by the mixture over κ of κ p^(κ-1).

        Vovk and Wang, "E-values: calibration, combination and applications" (2021).
        """
        return self.e if self.e is not None else calibrated(self.p or 1.0, self.numbers.get("least p", 0.0))


def calibrated(p: float, least: float = 0.0) -> float:
    """An e-value from a p-value in (0, 1]: (1 - p + p ln p) / (p (ln p)²), whose mean under p uniform is 1.

    least : below which a p-value cannot be, as one in the draws and one of a permutation test. There it is the mean of
        the e-values up to it, which is (least - 1) / (least ln least), so that nothing is wasted on smaller ones.

    Examples
    --------
    >>> calibrated(1.0), round(calibrated(1e-6))
    (0.5, 5239)
    >>> round(calibrated(1e-4)), round(calibrated(1e-4, least=1e-4))
    (118, 1086)
    """
    if 0.0 < least < 0.5 and p <= least:
        return (least - 1) / (least * math.log(least))
    if p > 1 - 1e-4:
        return 0.5
    log = math.log(p)
    return (1 - p + p * log) / (p * log * log)
