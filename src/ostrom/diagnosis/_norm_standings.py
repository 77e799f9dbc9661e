"""Norms behind help: how deeds are judged, and what those in good and in bad standing are done."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import numpy as np

from ..core.errors import TooLarge
from ..core.game import Array
from ._norm_behaviour import Behaviour
from ._norm_evidence import Trial, free_rates, marginal

SLIPS, WRONGS = (0.01, 0.03, 0.1, 0.2, 0.3), (0.002, 0.03, 0.1, 0.25)
"""Odds of an error in a move, and in a judgement, among which hidden standings are fitted."""
MOST_WORK = 6e9


@dataclass(frozen=True)
class Judging:
    """A norm and an action rule, in the letters of `Reputation`: those for seats in bad standing first, if eight."""

    norm: str
    rule: str

    @property
    def words(self) -> str:
        """Both, and the name of the norm if it has one."""
        named = {"GBBG": "stern judging", "GGBG": "simple standing", "BGBG": "image scoring", "BBBG": "shunning"}
        name = f"{named[self.norm]} ({self.norm})" if self.norm in named else f"the norm {self.norm}"
        does = {"DC": "the good are helped and the bad are not", "CD": "the bad are helped and the good are not"}
        return (
            f"{name}, by which {does[self.rule]}" if self.rule in does else f"{name} with the action rule {self.rule}"
        )


@dataclass(frozen=True, eq=False)
class Standings:
    """All pairs of a norm and a rule, tried: on `moves`, and on `judgements` where standings are logged.

    `slip` and `wrong` are `float[H]`, the fitted odds of an error in a move and in a judgement.
    """

    pairs: list[Judging]
    moves: Trial
    judgements: Trial | None
    slip: Array
    wrong: Array


def pairs(order: int) -> tuple[list[Judging], Array, Array]:
    """Every norm with every rule that heeds standings; verdicts `bool[H, own, met, did]`, moves `bool[H, own, met]`."""
    own = 2 ** (order - 2)
    norms = ["".join(letters) for letters in product("BG", repeat=4 * own)]
    rules = ["".join(letters) for letters in product("DC", repeat=2 * own) if len(set(letters)) > 1]
    verdicts = np.array([[letter == "G" for letter in norm * (2 // own)] for norm in norms]).reshape(-1, 2, 2, 2)
    acts = np.array([[letter == "C" for letter in rule * (2 // own)] for rule in rules]).reshape(-1, 2, 2)
    there = [Judging(norm, rule) for norm in norms for rule in rules]
    return there, np.repeat(verdicts, len(rules), 0), np.tile(acts, (len(norms), 1, 1))


def judged(behaviour: Behaviour, good: str, held: Array, order: int, group: Array) -> Standings:
    """Every pair, fitted to training: by counting where standings are logged, by filtering where they are not."""
    there, verdicts, acts = pairs(order)
    did = behaviour.moves == behaviour.labels.index(good)
    known = behaviour.acted
    if behaviour.standing is not None:
        known = known & (behaviour.standing >= 0) & _met_known(behaviour)
    episode = np.nonzero(known)[0]
    free, best = free_rates(did[known], group[known], episode, held)
    decisions = np.bincount(episode, minlength=len(held))
    prior = -np.log(len(there))
    if behaviour.standing is None:
        likelihood, errors = _filtered(behaviour, did, verdicts, acts)  # [H, G, E]
        fit = likelihood[..., ~held].sum(-1)
        one = fit.argmax(1)
        peak = fit.max(1, keepdims=True)
        score = prior + peak[:, 0] + np.log(np.exp(fit - peak).mean(1))
        trial = Trial(score, likelihood[np.arange(len(one)), one], free, best, decisions)
        return Standings(there, trial, None, errors[one, 0], errors[one, 1])
    cell = _cells(behaviour)
    did_as = acts.reshape(len(acts), 4)[:, cell[known]] == did[known]
    score, fitted, slip = _counted(did_as, episode, held)
    moves = Trial(prior + score, fitted, free, best, decisions)
    after = np.full(known.shape, -1)
    after[:, :-1] = behaviour.standing[:, 1:]
    told = known & (after >= 0)
    when = np.nonzero(told)[0]
    verdict = verdicts.reshape(len(verdicts), 8)[:, 2 * cell[told] + did[told]]
    score, fitted, wrong = _counted(verdict == after[told], when, held)
    free, best = free_rates(after[told] == 1, np.zeros(len(when), int), when, held)
    judgements = Trial(prior + score, fitted, free, best, np.bincount(when, minlength=len(held)))
    return Standings(there, moves, judgements, slip, wrong)


def _cells(behaviour: Behaviour) -> Array:
    """`int[E, T, P]`: 2 × own standing + whether all who were met are good."""
    assert behaviour.standing is not None
    shunned = (behaviour.met & (behaviour.standing == 0)[..., None, :]).any(-1)
    return 2 * (behaviour.standing == 1) + ~shunned


def _met_known(behaviour: Behaviour) -> Array:
    assert behaviour.standing is not None
    return np.asarray((~behaviour.met | (behaviour.standing >= 0)[..., None, :]).all(-1))


def _counted(right: Array, episode: Array, held: Array) -> tuple[Array, Array, Array]:
    """Of what came out as each hypothesis says (`bool[H, N]`) or not: score, log likelihood by episode, odds of error.

    Errors are no more frequent than not.
    """
    each = np.stack([np.bincount(episode, row, len(held)) for row in right])
    many = np.bincount(episode, minlength=len(held))
    yes, all_ = each[:, ~held].sum(1), many[~held].sum()
    error = np.minimum((all_ - yes + 0.5) / (all_ + 1), 0.5)
    fitted = each * np.log(1 - error)[:, None] + (many - each) * np.log(error)[:, None]
    return np.where(2 * yes > all_, marginal(yes, all_ - yes), -np.inf), fitted, error


def _filtered(behaviour: Behaviour, did: Array, verdicts: Array, acts: Array) -> tuple[Array, Array]:
    """The exact log likelihood of moves when standings are hidden, `[H, G, E]`, for each of G pairs of error odds.

    All begin in good standing. What is kept is the joint distribution of all standings, 2^P numbers.
    """
    errors = np.array(list(product(SLIPS, WRONGS)))
    episodes, rounds, seats = behaviour.moves.shape
    states, size = 2**seats, len(verdicts) * len(errors)
    if size * states**2 * episodes * rounds > MOST_WORK:
        raise TooLarge(
            f"{seats} seats in {episodes * rounds:,} rounds under {len(verdicts):,} norms with rules are too many.",
            "Where standings are not logged, all 2^P of them are followed for every hypothesis.",
            "Log standings, give fewer episodes or smaller groups, or look among norms of order 2.",
        )
    met, acted = behaviour.met, behaviour.acted
    found = np.zeros((size, episodes))

    @lru_cache(maxsize=64)
    def step(whom: bytes, who: bytes, what: bytes) -> Array:
        pattern = [np.frombuffer(part, bool) for part in (whom, who, what)]
        return _step(pattern, verdicts, acts, errors)

    for episode in range(episodes):
        belief = np.zeros((size, 1, states))
        belief[..., -1] = 1.0
        for t in range(rounds):
            place = episode, t
            if acted[place].any():
                seen = step(met[place].tobytes(), acted[place].tobytes(), (did & acted)[place].tobytes())
                belief = belief @ seen
                total = belief.sum(-1, keepdims=True)
                found[:, episode] += np.log(total[:, 0, 0])
                belief = belief / total
    return found.reshape(len(verdicts), len(errors), episodes), errors


def _step(pattern: list[Array], verdicts: Array, acts: Array, errors: Array) -> Array:
    """`float[H × G, S, S]`: odds that these moves are made in state s and judged so that s' follows."""
    met, acted, did = pattern
    seats = len(acted)
    met = met.reshape(seats, seats)
    bits = (np.arange(2**seats)[:, None] >> np.arange(seats)) & 1
    slip, wrong = errors[:, 0, None], errors[:, 1, None]
    odds = np.ones((len(verdicts), len(errors), len(bits), len(bits)))
    for seat in range(seats):
        own, after = bits[:, seat], bits[:, seat]
        if not acted[seat]:
            odds = odds * (own[:, None] == after)
            continue
        fine = (bits[:, met[seat]] == 1).all(1).astype(int)
        meant = acts[:, own, fine][:, None] == did[seat]  # [H, 1, S]
        good = verdicts[:, own, fine, int(did[seat])][:, None]
        odds = odds * np.where(meant, 1 - slip, slip)[..., None]
        odds = odds * np.where(good[..., None] == (after == 1), (1 - wrong)[..., None], wrong[..., None])
    return odds.reshape(-1, len(bits), len(bits))
