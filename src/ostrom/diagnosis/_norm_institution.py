"""A norm behind sanctions as an institution: of the catalogue where there is one."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any, ClassVar, Literal

import numpy as np

from ..core.game import Array
from ..core.institution import Institution, Now
from ..core.record import Interval
from ..institutions.enforced import Enforced
from ..institutions.fines import Fines
from ..institutions.graduated_sanctions import GraduatedSanctions
from ..institutions.peer_punishment import PeerPunishment
from ..institutions.tax import Tax
from ._norm_amounts import Amount, by_amount, by_strikes, tidy
from ._norm_behaviour import Behaviour
from ._norm_rules import Rule
from ._norm_sanctions import BROKEN, KEPT, Cases


class Charge(Institution):
    """Who has more of `on` than `above`, or than the others' mean, pays `fixed` and `rate` for each unit beyond.

    Parameters
    ----------
    on : the fact, continuous part, or label of a move.
    above : the bar; not read where it is the others' mean.
    fixed, rate : in units of payoff, and per unit beyond.
    below : whether it is who has less that pays.
    others : whether the bar is the mean of all others who are present.
    shared : whether the others get what is paid, in equal parts.
    """

    on: str = "harvest"
    above: Annotated[float, Interval()] = 0.0
    fixed: Annotated[float, Interval(ge=0)] = 1.0
    rate: Annotated[float, Interval()] = 0.0
    below: bool = False
    others: bool = False
    shared: bool = False
    scope: ClassVar[Literal["profile"]] = "profile"
    kind: ClassVar[Literal["strategic"]] = "strategic"
    enforced_by: ClassVar[str] = "whoever can observe what is charged"

    def settle(self, now: Now, payoffs: Any) -> Any:
        """Take it; give it to the others when it is shared."""
        xp = now.xp
        present = xp.where(now.present, xp.ones_like(payoffs), 0.0)
        amount = present * now.amount(self.on)
        others = present.sum(-1, keepdims=True) - present
        mean = (amount.sum(-1, keepdims=True) - amount) / xp.maximum(others, 1)
        beyond = (amount - (mean if self.others else self.above)) * (-1 if self.below else 1)
        owed = xp.where((beyond > 1e-6) & (others > 0), present * (self.fixed + self.rate * beyond), 0.0)
        back = present * (owed.sum(-1, keepdims=True) - owed) / xp.maximum(others, 1)
        return payoffs - owed + (back if self.shared else 0.0)


def institution(found: Cases, rule: Rule, amount: Amount, counts: Array, wrong: float) -> Institution:
    """The rule as an institution: of the catalogue where there is one, and `Enforced` where some get away."""
    if found.peers:
        return _punishment(found.behaviour)
    base = _charging(found, rule, amount)
    (spared, mistaken), (missed, caught) = counts[KEPT], counts[BROKEN]
    if not missed and not mistaken:
        return base
    detection, errors = caught / (missed + caught), mistaken / (spared + mistaken)
    wronged = tidy(min(errors / max(detection, 1e-9), 1.0)), tidy(max(wrong, 0.0)) if mistaken else 0.0
    return Enforced(base, detection=tidy(detection), mistaken=wronged[0], wrong=wronged[1])


def _charging(found: Cases, rule: Rule, amount: Amount) -> Institution:
    numbers, shared = amount.numbers, found.shared
    if by_strikes(rule, amount.scheme):
        on, bar = (rule.labels[0], 0.0) if rule.kind == "label" else (rule.on, rule.bar)
        fines = tuple(float(n) for n in np.maximum.accumulate(np.maximum(numbers, 0)))
        return GraduatedSanctions(on=on, above=bar, fines=fines, forgotten=amount.forgotten, shared=shared)
    if rule.kind == "label":
        each = numbers if amount.scheme == "by label" else numbers * len(rule.labels)
        return Fines(tuple(("*", label, fine) for label, fine in zip(rule.labels, each, strict=True)), shared=shared)
    if by_amount(rule, amount.scheme):
        return Tax(on=rule.on, rate=numbers[0], shared=shared)
    below, others = rule.kind.startswith("below"), rule.kind.endswith("others")
    fixed, rate = {"fixed": (numbers[0], 0.0), "by excess": (0.0, numbers[0]), "both": numbers}.get(
        amount.scheme, (0.0, 0.0)
    )
    charge = Charge(
        rule.on,
        0.0 if others else rule.bar,
        fixed=max(fixed, 0.0),
        rate=rate,
        below=below,
        others=others,
        shared=shared,
    )
    if amount.scheme == "by amount":  # the rate lies on all of it, as soon as the bar is passed
        rate = numbers[0] * (-1 if below else 1)
        charge = replace(charge, fixed=max(numbers[0] * rule.bar, 0.0), rate=rate)
    return charge


def _punishment(behaviour: Behaviour) -> Institution:
    """What it costs to punish and to be punished, read off payoffs by least squares."""
    assert behaviour.named is not None
    if behaviour.taken is None:
        return PeerPunishment()
    known = np.isfinite(behaviour.taken)
    hits = np.stack([behaviour.named.sum(-1)[known], behaviour.named.sum(-2)[known]], -1) * 1.0
    cost, harm = np.linalg.lstsq(hits, behaviour.taken[known], rcond=None)[0]
    return PeerPunishment(cost=tidy(max(cost, 0.0)), harm=tidy(harm))
