"""The families of norms that are looked for, each fitted, with what its best hypothesis comes to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.errors import InputError
from ..core.game import Array
from ..core.institution import Institution
from ..institutions.mistakes import Mistakes
from ..institutions.reputation import Reputation
from ._norm_amounts import Amount, amounts
from ._norm_behaviour import Behaviour
from ._norm_evidence import Trial
from ._norm_institution import institution
from ._norm_sanctions import BROKEN, KEPT, cases, tried
from ._norm_standings import WRONGS, judged


@dataclass(frozen=True, eq=False)
class Fitted:
    """Hypotheses on trial, the best of them (None where none could be fitted), and what it comes to.

    `extra` is log likelihood besides that on trial, `float[H]` (of judgements, over all episodes); `alike` which
    hypotheses agree with the best in it.
    """

    norms: Any
    trial: Trial
    best: int | None
    evidence: float
    institution: Institution | None = None
    amount: Amount | None = None
    hit: float = np.nan
    mistaken: float = np.nan
    extra: Any = 0.0
    alike: Any = True


def by_sanctions(behaviour: Behaviour, peers: bool, held: Array, rates: Any, least: float) -> Fitted:
    """Who is sanctioned for what."""
    if rates not in ("player", "episode", "all"):
        raise InputError(f"rates={rates!r} is not for sanctions.", do='Give "player", "episode" or "all".')
    found = cases(behaviour, peers, least)
    there = tried(found, held, rates)
    score = there.trial.score
    if not np.isfinite(score).any():
        return Fitted(there.rules, there.trial, None, -np.inf)
    best = int(score.argmax())
    rule, codes = there.rules[best], found.codes(there.rules[best])
    counts = np.array([[((codes == code) & (found.hit == hit)).sum() for hit in (False, True)] for code in range(3)])
    amount = None if peers else amounts(found, rule, held)
    wronged = found.hit & (codes == KEPT)
    wrong = float(found.amount[wronged].mean()) if wronged.any() and not peers else 0.0
    if found.shared:
        wrong *= 1 - 1 / behaviour.moves.shape[-1]
    hit, mistaken = ((counts[code, 1] + 0.0) / max(counts[code].sum(), 1) for code in (BROKEN, KEPT))
    as_rule = institution(found, rule, amount or Amount("fixed", (0.0,)), counts, wrong)
    evidence = there.trial.evidence(best, held)
    return Fitted(there.rules, there.trial, best, evidence, as_rule, amount, float(hit), float(mistaken))


def by_reputation(behaviour: Behaviour, good: str, held: Array, order: int, rates: str) -> Fitted:
    """How deeds are judged, and whether standings are heeded."""
    there = judged(behaviour, good, held, order, _groups(behaviour, good, rates))
    trial, judgements = there.moves, there.judgements
    score = trial.score + (judgements.score if judgements else 0.0)
    if not np.isfinite(score).any():
        return Fitted(there.pairs, trial, None, -np.inf)
    best = int(score.argmax())
    evidence, extra, alike = trial.evidence(best, held), np.zeros(len(score)), np.ones(len(score), bool)
    if judgements:
        evidence = min(evidence, judgements.evidence(best, held))
        extra = judgements.score + judgements.fitted[:, held].sum(1)
        alike = np.isclose(judgements.fitted, judgements.fitted[best], rtol=0, atol=1e-9).all(1)
    pair, wrong = there.pairs[best], float(there.wrong[best])
    rule: Institution = Reputation(norm=pair.norm, good=good)
    erring = (judgements is None and wrong > WRONGS[0]) or (judgements is not None and _erred(judgements, best, wrong))
    if erring:
        rule = Mistakes(rule, error=float(f"{wrong:.3g}"))
    return Fitted(
        there.pairs, trial, best, evidence, rule, None, float(1 - there.slip[best]), wrong, extra=extra, alike=alike
    )


def _erred(judgements: Trial, best: int, wrong: float) -> bool:
    """Whether any judgement was wrong: without one, the log likelihood is that of no error at all."""
    return bool(judgements.fitted[best].sum() < judgements.decisions.sum() * np.log(1 - wrong) - 1e-9)


def _groups(behaviour: Behaviour, good: str, rates: str) -> Array:
    """`int[E, T, P]`: moves that have one rate where there is no norm."""
    episodes, rounds, seats = behaviour.moves.shape
    who = np.broadcast_to(np.arange(seats), behaviour.moves.shape)
    if rates == "player":
        return who
    if rates == "all":
        return np.zeros_like(who)
    if rates == "episode":
        return who + seats * np.arange(episodes)[:, None, None]
    if rates != "direct":
        raise InputError(f"rates={rates!r} is not there.", do='Give "player", "episode", "all" or "direct".')
    met, did = behaviour.met, behaviour.moves == behaviour.labels.index(good)
    last = np.full((episodes, seats, seats), 0)  # what j did to i when it last met it: 0 nothing, 1 bad, 2 good
    groups = np.zeros(behaviour.moves.shape, int)
    for t in range(rounds):
        worst = np.where(met[:, t], last, 3).min(-1)
        groups[:, t] = who[:, t] * 4 + worst
        towards = np.swapaxes(met[:, t] & behaviour.acted[:, t, :, None], -1, -2)
        last = np.where(towards, 1 + did[:, t][:, None, :], last)
    return groups
