"""Norms behind sanctions: who is sanctioned, how surely, and who is by mistake."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..core.game import Array
from ._norm_behaviour import Behaviour
from ._norm_evidence import Trial, by_class, free_rates
from ._norm_rules import Rule, rules

Rates = Literal["player", "episode", "all"]
KEPT, BROKEN, CANCELLED = 0, 1, 2
"""Classes of decisions; where all break a rule whose fines go round, fines cancel and nothing is seen of them."""


@dataclass(frozen=True, eq=False)
class Cases:
    """Decisions whether to sanction, one for each seat that acted; among peers, for each seat that could punish it.

    Attributes
    ----------
    hit : `bool[N]`, whether there was a sanction.
    amount : `float[N]`, of what, in units of payoff; NaN among peers, where naming is what is seen.
    known : where in `[E, T, P]` (among peers `[E, T, P, P]`) the decisions are.
    shared : whether what is taken goes round: it sums to 0 in every round.
    """

    behaviour: Behaviour
    hit: Array
    amount: Array
    known: Array
    shared: bool
    peers: bool

    @property
    def episode(self) -> Array:
        """`int[N]`."""
        return np.nonzero(self.known)[0]

    def group(self, rates: Rates) -> Array:
        """`int[N]`: decisions that have one rate where there is no norm."""
        where, seats = np.nonzero(self.known), self.behaviour.moves.shape[-1]
        who = where[2] * seats + where[3] if self.peers else where[2]
        return {"player": who, "episode": where[0] * seats**2 + who, "all": np.zeros_like(who)}[rates]

    def codes(self, rule: Rule) -> Array:
        """`int[N]`: whether the one who could be sanctioned kept the rule, broke it, or broke it as all did."""
        broken = rule.broken(self.behaviour)
        if self.peers:
            blamed = np.broadcast_to(broken[..., None, :], self.known.shape)
            return (blamed & ~(broken[..., None] & rule.clean))[self.known].astype(int)
        everybody = (broken | ~self.behaviour.acted).all(-1, keepdims=True) & self.shared
        return np.where(broken & everybody, CANCELLED, broken.astype(int))[self.known]


def cases(behaviour: Behaviour, peers: bool, least: float) -> Cases:
    """What there is to explain; payments up to `least` are none."""
    acted = behaviour.acted
    if peers:
        assert behaviour.named is not None
        known = acted[..., None] & acted[..., None, :] & ~np.eye(acted.shape[-1], dtype=bool)
        return Cases(behaviour, behaviour.named[known], np.full(known.sum(), np.nan), known, False, True)
    assert behaviour.taken is not None
    taken = np.where(acted, behaviour.taken, np.nan)
    known = np.isfinite(taken)
    paid = np.where(known, taken, 0.0)
    busy = (abs(paid) > least).any(-1)
    shared = bool(busy.any() and (abs(paid.sum(-1)[busy]) <= least * acted.shape[-1]).all())
    if shared:  # somebody was fined the least, and it is taken to be nothing
        paid = paid - np.where(known, taken, np.inf).min(-1, keepdims=True, initial=np.inf)
    amount = paid[known]
    return Cases(behaviour, amount > least, amount, known, shared, False)


@dataclass(frozen=True, eq=False)
class Sanctions:
    """All rules, tried: `counts` is `int[H, 3, 2]`, of training, how often each class was spared and sanctioned."""

    cases: Cases
    rules: list[Rule]
    trial: Trial
    counts: Array


def tried(found: Cases, held: Array, rates: Rates) -> Sanctions:
    """Every rule, fitted to training: one rate of sanctions for who breaks it, and a lower one for who keeps it."""
    there, prior = rules(found.behaviour, found.peers)
    episode, score, fitted, counts = found.episode, prior.copy(), [], []
    for number, rule in enumerate(there):
        likelihood, each, trained = by_class(found.codes(rule), found.hit, episode, held, 3)
        sanctioned, many = trained[:, 1] + 0.5, trained.sum(1) + 1
        apart = trained[[KEPT, BROKEN]].sum(1).all() and trained[BROKEN, 1] > 0
        apart = apart and np.diff((sanctioned / many)[[KEPT, BROKEN]])[0] > 0
        score[number] = score[number] + likelihood if apart else -np.inf
        fitted.append(each)
        counts.append(trained)
    free, best = free_rates(found.hit, found.group(rates), episode, held)
    trial = Trial(score, np.array(fitted), free, best, np.bincount(episode, minlength=len(held)))
    return Sanctions(found, there, trial, np.array(counts))
