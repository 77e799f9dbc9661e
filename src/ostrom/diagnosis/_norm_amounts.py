"""What a sanction amounts to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from ..core.game import Array
from ._norm_behaviour import Behaviour
from ._norm_rules import Rule
from ._norm_sanctions import BROKEN, Cases

Scheme = Literal["fixed", "by label", "by amount", "by excess", "both", "graduated"]
SPARE = 1e-3
"""Differences of less than this share of the mean sanction are none."""
STEPS, MEMORY = 8, 8


@dataclass(frozen=True)
class Amount:
    """How much is taken.

    Attributes
    ----------
    scheme : "fixed"; "by label", one amount each; "by amount", a rate for each unit of the fact; "by excess", a rate
        for each unit beyond the bar; "both", something fixed and such a rate; or "graduated", by earlier violations.
    numbers : in units of payoff: that amount, those amounts, that rate; what is fixed and the rate; or the first fine,
        the second, ….
    forgotten : after so many rounds without a violation earlier ones are forgotten; 0 never.
    off : the mean distance of sanctions held out from what was expected of them; NaN where there were none.
    """

    scheme: Scheme
    numbers: tuple[float, ...]
    forgotten: int = 0
    off: float = np.nan


def amounts(found: Cases, rule: Rule, held: Array) -> Amount:
    """The scheme with the least BIC on the training episodes' sanctions of those who broke the rule."""
    hits = (found.codes(rule) == BROKEN) & found.hit
    training = hits & ~held[found.episode]
    best, lowest = Amount("fixed", (0.0,)), np.inf
    if not training.any():
        return best
    paid, scale = found.amount, float(found.amount[training].mean())
    for scheme, forgotten, columns in _schemes(found, rule):
        there = columns[training]
        used = there.any(0)
        numbers = np.zeros(columns.shape[1])
        numbers[used] = np.linalg.lstsq(there[:, used], paid[training], rcond=None)[0]
        if scheme == "graduated" and not (used.all() and (np.diff(numbers) >= -SPARE * scale).all()):
            continue
        spread = max(float(((there @ numbers - paid[training]) ** 2).mean()), (SPARE * scale) ** 2)
        bic = len(there) * np.log(spread) + (used.sum() + (forgotten > 0)) * np.log(len(there))
        if bic < lowest - 1e-9:
            after = hits & held[found.episode]
            off = float(abs(columns[after] @ numbers - paid[after]).mean()) if after.any() else np.nan
            kept = _kept(found, rule, scheme)
            best, lowest = Amount(scheme, tuple(tidy(number * kept) for number in numbers), forgotten, off * kept), bic
    return best


def _schemes(found: Cases, rule: Rule) -> Any:
    """`(scheme, rounds until violations are forgotten, columns float[N, K])`, the simplest first."""
    behaviour, known = found.behaviour, found.known
    ones = np.ones((len(found.hit), 1))
    yield "fixed", 0, ones
    if rule.kind == "label":
        numbers = [behaviour.labels.index(label) for label in rule.labels]
        if len(numbers) > 1:
            yield "by label", 0, (behaviour.moves[known][:, None] == numbers) * 1.0
    else:
        excess = np.nan_to_num(rule.excess(behaviour)[known])[:, None]
        if not rule.kind.endswith("others"):
            yield "by amount", 0, np.nan_to_num(behaviour.facts[rule.on][known])[:, None]
        yield "by excess", 0, excess
        yield "both", 0, np.hstack([ones, excess])
    if not _can_be_graduated(rule):
        return
    for forgotten in range(min(behaviour.moves.shape[1] - 1, MEMORY) + 1):
        strikes = _strikes(rule.broken(behaviour), behaviour, forgotten)[known]
        for steps in range(2, min(int(strikes.max(initial=0)) + 1, STEPS) + 1):
            yield "graduated", forgotten, (np.minimum(strikes, steps - 1)[:, None] == np.arange(steps)) * 1.0


def _can_be_graduated(rule: Rule) -> bool:
    return len(rule.labels) == 1 or (rule.kind == "above" and rule.bar >= 0)


def _strikes(broken: Array, behaviour: Behaviour, forgotten: int) -> Array:
    """`int[E, T, P]`: how many violations were remembered as each round opened."""
    strikes, clean = np.zeros(broken.shape, int), np.zeros(broken[:, 0].shape, int)
    for t in range(1, broken.shape[1]):
        before, acted = broken[:, t - 1], behaviour.acted[:, t - 1]
        strikes[:, t] = strikes[:, t - 1] + before
        clean = np.where(before, 0, clean + acted)
        if forgotten:
            strikes[:, t] = np.where(clean >= forgotten, 0, strikes[:, t])
    return strikes


def by_strikes(rule: Rule, scheme: Scheme) -> bool:
    """Whether `GraduatedSanctions` say it: one fine is a fixed one."""
    return scheme == "graduated" or (scheme == "fixed" and rule.kind == "above" and rule.bar >= 0)


def by_amount(rule: Rule, scheme: Scheme) -> bool:
    """Whether a `Tax` says it."""
    return scheme == "by amount" and rule.kind == "above" and rule.bar == 0


def _kept(found: Cases, rule: Rule, scheme: Scheme) -> float:
    """Of what is missed beside who is fined the least, how much the fine is: `Fines` give nothing back to who pays."""
    evenly = by_strikes(rule, scheme) or by_amount(rule, scheme)
    return 1.0 if evenly or not found.shared else 1 - 1 / found.behaviour.moves.shape[-1]


def tidy(number: Any) -> float:
    """Without the dust of sums in floating point."""
    return float(f"{float(number):.9g}")
