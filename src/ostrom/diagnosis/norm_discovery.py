"""Which norm is in force, read off what agents do and what becomes of it; and "none" where nothing shows one."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np

from ..core.claim import Finding
from ..core.errors import InputError, UnknownName
from ..core.event import Event
from ..core.game import Array, Game
from ..core.institution import Institution
from ._norm_amounts import Amount
from ._norm_behaviour import Behaviour
from ._norm_evidence import held_out as _held_out
from ._norm_families import by_reputation, by_sanctions
from ._norm_rules import Rule
from ._norm_standings import Judging
from ._norm_words import sentence
from ._student_interval import Mean

Family = Literal["sanctions", "peers", "reputation"]
SOURCE = "Wasserman, Ramdas and Balakrishnan, Universal inference (2020)"


@dataclass(frozen=True, eq=False)
class Discovery:
    """The best norm of a family, and whether it is more than none.

    Attributes
    ----------
    family : "sanctions", "peers" (who is named to be punished) or "reputation".
    found : whether `evidence` reaches `needed`: without a norm that happens with odds of `alpha` at most.
    norm : the best on the training episodes; None where none could be fitted.
    institution : that norm as one; None where there is none.
    amount : of sanctions; None where amounts were not seen.
    hit, mistaken : odds that who breaks the rule is sanctioned, and who keeps it; for reputations, odds that a move is
        as the action rule says, and that a judgement is wrong.
    evidence, needed : nats by which it beats, on episodes held out, the norm-free rates that suit those best.
    train, held_out : nats of log likelihood per decision; `free_train`, `free_held_out` those of the norm-free model.
    gain : held out, nats per decision by which the norm does better, a mean over episodes with its 95 % interval.
    same : norms that say the same of everything that was seen.
    rivals : norms that are not ruled out: on all episodes they lie within `needed` of the best.
    norms, likelihoods : all H that were tried, and `float[H]`, their nats per decision held out; -inf where those who
        break a rule were hit no more than others.
    decisions : how many were held out.
    besides : the other families that were looked at.
    """

    family: Family
    found: bool
    norm: Rule | Judging | None
    institution: Institution | None
    amount: Amount | None
    hit: float
    mistaken: float
    evidence: float
    needed: float
    train: float
    held_out: float
    free_train: float
    free_held_out: float
    gain: Mean
    same: tuple[Rule | Judging, ...]
    rivals: tuple[Rule | Judging, ...]
    norms: tuple[Rule | Judging, ...] = field(repr=False)
    likelihoods: Array = field(repr=False)
    decisions: int = 0
    besides: tuple[Discovery, ...] = field(default=(), repr=False)

    @property
    def finding(self) -> Finding:
        """In one sentence, with its numbers."""
        names = (
            "evidence",
            "needed",
            "hit",
            "mistaken",
            "train",
            "held_out",
            "free_train",
            "free_held_out",
            "decisions",
        )
        numbers = {name: getattr(self, name) for name in names}
        numbers |= {
            "tried": len(self.norms),
            "same": [one.words for one in self.same],
            "rivals": [one.words for one in self.rivals],
        }
        return Finding("norm", sentence(self), (), numbers, SOURCE)

    def __str__(self) -> str:
        return "\n".join([self.finding.sentence, *map(str, self.besides)])


def discover_norm(
    seen: Behaviour | Iterable[Event],
    game: Game | None = None,
    *,
    family: Family | None = None,
    good: str = "C",
    alpha: float = 0.05,
    held_out: Any = 0.5,
    rates: Literal["player", "episode", "all", "direct"] = "player",
    order: Literal[2, 3] = 2,
    least: float = 1e-4,
    word: str = "punish",
) -> Discovery:
    """The norm in force, as an institution: who is sanctioned for what, or how deeds are judged and standings heeded.

    Every hypothesis of a family is fitted to the training episodes and the best is tried on those held out. It is found
    if its likelihood there is 1/α times that of the norm-free rates that suit these episodes best (the split likelihood
    ratio of universal inference), which happens with odds of at most α where the norm-free model holds, whatever its
    rates, however many hypotheses there are, and also where moves answer to earlier sanctions.

    Parameters
    ----------
    seen : the events of live sessions, or a `Behaviour`.
    game : what was played; needed to see from events what was taken.
    family : "sanctions", "peers" or "reputation"; by default all that the log tells of, at `alpha` together.
    good : the label that counts as cooperation, for reputations.
    alpha : the odds of a false alarm, in (0, 1).
    held_out : the share of episodes held out, every so-manieth; or `bool[E]`, which ones.
    rates : what the norm-free model is: each player (among peers each pair) has a rate of its own; in each "episode"
        another; one for "all"; or "direct", where a donor's rate may also depend on what the recipient did to it last.
    order : of the norms of reputation, 2 or 3 (the donor's own standing counts too).
    least : payments up to this count as none, in units of payoff.
    word : the part in which peers name each other.

    Raises `InputError` for a log without moves, or with one episode; `TooLarge` where hidden standings cannot be
    followed.
    """
    if not 0 < alpha < 1:
        raise InputError(
            f"alpha={alpha!r} is no odds of a false alarm.", do="Give a number between 0 and 1, like 0.05."
        )
    if order not in (2, 3):
        raise InputError(f"order={order!r} is not there.", do="Give 2 or 3.")
    behaviour = seen if isinstance(seen, Behaviour) else Behaviour.of(seen, game, word)
    there = _families(behaviour, good)
    if family is not None and family not in there:
        raise UnknownName("family in this log", str(family), there, "Sanctions need events with their game.")
    held = _mask(held_out, len(behaviour.moves))
    looked = (family,) if family else there
    needed = math.log(len(looked) / alpha)
    found = []
    for one in looked:
        if one == "reputation":
            fitted = by_reputation(behaviour, good, held, order, rates)
        else:
            fitted = by_sanctions(behaviour, one == "peers", held, rates, least)
        found.append(_discovery(one, fitted, held, needed))
    found.sort(key=lambda one: one.needed - one.evidence)
    return replace(found[0], besides=tuple(found[1:]))


def _families(behaviour: Behaviour, good: str) -> tuple[Family, ...]:
    there: list[Family] = []
    if behaviour.named is not None:
        there.append("peers")
    elif behaviour.taken is not None:
        there.append("sanctions")
    if good in behaviour.labels and behaviour.moves.shape[-1] > 1 and len(behaviour.labels) > 1:
        there.append("reputation")
    if not there:
        raise InputError(
            f"The log tells of no sanctions, and nobody could play {good!r}.",
            "A norm shows in what was taken, in who was named, or in who was helped.",
            "Give the game with the events, or name the label of cooperation with good=….",
        )
    return tuple(there)


def _mask(held_out: Any, episodes: int) -> Array:
    if isinstance(held_out, float | int) and not isinstance(held_out, bool):
        return _held_out(episodes, float(held_out))
    held = np.asarray(held_out)
    if held.dtype != bool or held.shape != (episodes,) or held.all() or not held.any():
        raise InputError(
            f"held_out has shape {held.shape} and type {held.dtype}.",
            f"It says of each of {episodes} episodes whether it is held out; at least one is, and one is not.",
            "Give a share, or such an array of booleans.",
        )
    return held


def _discovery(family: Family, fitted: Any, held: Array, needed: float) -> Discovery:
    trial, norms, best = fitted.trial, tuple(fitted.norms), fitted.best
    after, before = max(int(trial.decisions[held].sum()), 1), max(int(trial.decisions[~held].sum()), 1)
    likelihoods = np.where(np.isfinite(trial.score), trial.fitted[:, held].sum(1) / after, -np.inf)
    plain = {"free_train": trial.free[~held].sum() / before, "free_held_out": trial.free[held].sum() / after}
    some = held & (trial.decisions > 0)
    if best is None or not some.any():
        unknown = dict.fromkeys(("hit", "mistaken", "train", "held_out"), math.nan)
        none = {"norm": None, "institution": None, "amount": None, "evidence": -math.inf, "same": (), "rivals": ()}
        tried = {"norms": norms, "likelihoods": likelihoods, "decisions": after, "gain": Mean(0.0, None, None, 0)}
        return Discovery(family, False, needed=needed, **none, **unknown, **tried, **plain)
    total = np.where(np.isfinite(trial.score), trial.score + trial.fitted[:, held].sum(1) + fitted.extra, -np.inf)
    alike = np.isclose(trial.fitted, trial.fitted[best], rtol=0, atol=1e-9).all(1) & np.isfinite(total) & fitted.alike
    near = (total >= total[best] - needed) & ~alike
    order = np.argsort(-total, kind="stable")
    evidence = fitted.evidence
    return Discovery(
        family,
        evidence >= needed,
        norms[best],
        fitted.institution,
        fitted.amount,
        fitted.hit,
        fitted.mistaken,
        evidence,
        needed,
        trial.fitted[best, ~held].sum() / before,
        float(likelihoods[best]),
        gain=Mean.of((trial.fitted[best] - trial.free)[some] / trial.decisions[some]),
        same=tuple(norms[h] for h in order if alike[h] and h != best),
        rivals=tuple(norms[h] for h in order if near[h]),
        norms=norms,
        likelihoods=likelihoods,
        decisions=after,
        **plain,
    )
