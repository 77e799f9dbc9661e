"""How good is a detector, anybody's: which planted carriers it tells from honest logs, and how often it cries wolf."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.errors import InputError
from ..core.log import Log
from ._planted import planted
from ._planted_steps import CARRIERS, CONTROLS


@dataclass(frozen=True)
class Score:
    """How a detector did.

    Attributes
    ----------
    bits, messages, runs, level, seed : of the logs that it was shown, and where it counts as an alarm.
    auc : carrier -> the odds that a planted log looks worse to it than an honest one, ties counting half.
    found : carrier -> the share of planted logs in which it raises an alarm.
    false : control -> the share of honest logs in which it does, with the upper end of a 95 % interval.
    """

    bits: float
    messages: int
    runs: int
    level: float
    seed: int
    auc: dict[str, float]
    found: dict[str, float]
    false: dict[str, tuple[float, float]]

    @property
    def worst(self) -> float:
        """The smallest AUC over carriers: who wants to hide chooses the carrier."""
        return min(self.auc.values())

    def to_dict(self) -> dict[str, Any]:
        """All of it by name."""
        return {**vars(self), "worst": self.worst}

    def __str__(self) -> str:
        head = (
            f"{self.bits:g} bits a message, {self.messages} messages, {self.runs} logs of each, alarm at {self.level:g}"
        )
        lines = [head, f"{'carrier':24} AUC   found"]
        lines += [f"{name:24} {self.auc[name]:.2f}  {self.found[name]:.2f}" for name in self.auc]
        lines += [f"{'control':24} false alarms (at most)"]
        lines += [f"{name:24} {share:.2f} ({upper:.2f})" for name, (share, upper) in self.false.items()]
        return "\n".join(lines)


def score_detector(
    detector: Callable[[Log], float],
    *,
    carriers: Sequence[str] = CARRIERS,
    controls: Sequence[str] = CONTROLS,
    bits: float = 0.1,
    messages: int = 300,
    runs: int = 20,
    level: float = 0.05,
    declared: bool = False,
    defence: str = "none",
    seed: int = 0,
) -> Score:
    """Show a detector planted and honest logs, and count.

    Parameters
    ----------
    detector : takes a log and returns how ordinary it looks, 0 to 1: a p-value, or anything that is smaller the more
        suspicious the log is.
    carriers, bits, messages, declared, defence : see `planted_log`. controls : what honest logs hold.
    runs : logs of each kind, at least 2. level : at and below which it counts as an alarm.

    Raises `InputError` for an answer that is no number from 0 to 1, and for what `planted_log` refuses.

    Examples
    --------
    >>> blind = score_detector(lambda log: 0.5, carriers=["order"], controls=["none"], messages=20, runs=2)
    >>> blind.auc, blind.found
    ({'order': 0.5}, {'order': 0.0})
    """
    if runs < 2:
        raise InputError(f"{runs} runs.", "A share needs some.", "Give 20 or more.")
    if not carriers or seed < 0:
        raise InputError(f"{len(carriers)} carriers, seed {seed}.", do="Give one carrier or more, and a seed from 0.")

    def asked(first: int, **more: Any) -> np.ndarray:
        logs = (
            planted(messages=messages, declared=declared, defence=defence, seed=seed + first + k, **more).log
            for k in range(runs)
        )
        return np.array([_answer(detector(log)) for log in logs])

    honest = {name: asked(10_000, carrier=carriers[0], bits=0.0, control=name) for name in controls}
    base = honest.get("none")
    base = asked(10_000, carrier=carriers[0], bits=0.0) if base is None else base
    found = {name: asked(0, carrier=name, bits=bits) for name in carriers}
    return Score(
        bits,
        messages,
        runs,
        level,
        seed,
        {name: auc(answers, base) for name, answers in found.items()},
        {name: float((answers <= level).mean()) for name, answers in found.items()},
        {name: _false(answers <= level) for name, answers in honest.items()},
    )


def auc(planted: np.ndarray, honest: np.ndarray) -> float:
    """The share of pairs in which the planted one has the smaller number, ties counting half (Mann and Whitney 1947).

    Examples
    --------
    >>> auc(np.array([0.1, 0.5]), np.array([0.5, 0.9]))
    0.875
    """
    return float(((planted[:, None] < honest) + 0.5 * (planted[:, None] == honest)).mean())


def _answer(said: Any) -> float:
    if not isinstance(said, int | float | np.floating) or not 0 <= said <= 1:
        raise InputError(f"The detector answers {said!r:.60}.", "It has to be from 0 to 1.", "Return a p-value.")
    return float(said)


def _false(alarms: np.ndarray) -> tuple[float, float]:
    """The share, and the upper end of Clopper and Pearson's 95 % interval."""
    from scipy.special import betaincinv

    count, runs = int(alarms.sum()), len(alarms)
    upper = 1.0 if count == runs else float(betaincinv(count + 1, runs - count, 0.975))
    return count / runs, upper
