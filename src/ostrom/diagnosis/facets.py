"""Where the impact gap comes from: intent, capability, and what agents do to each other.

Three switches repair one thing each: agents pursue their principals' utilities instead of rewards (intent), play with
perfect instead of finite precision (capability), act as one instead of each for itself (inter-agent). The impact gap
is the welfare with all on less that with all off; its facets are the Shapley values of the switches, so they sum to
the gap, depend on no order of repair, and are zero for a switch that changes nothing. They may be negative.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import product

import numpy as np

from ..core.claim import Finding
from ..core.delegation import Delegation, as_delegation
from ..core.game import Game, require_interaction
from ..core.welfare import Utilitarian
from ..solvers.logit import logit_fit
from ._facets_equilibria import Settlements
from ._facets_shares import Share, agent_shares, pair_shares
from ._facets_switches import aim, corners, intent_halves, inter_agent_halves, selection, three
from ._facets_words import findings
from ._play import OWN, PURSUED, Play, expect

SWITCHES = ("intent", "capability", "inter-agent")


@dataclass(frozen=True)
class Facets:
    """The impact gap of a delegation and its parts, as plain numbers in mean welfare over principals.

    Attributes
    ----------
    players, bystanders : names of the principals.
    welfare : the welfare function used; every number below is in its units.
    precision, fitted : λ in [0, ∞], without unit, and whether it was fitted to observed play.
    optimum, worst_outcome : the highest and the lowest welfare of any joint move.
    played : welfare as things are: all switches off.
    intent, capability, inter_agent : the facets; they sum to `gap`.
    coordination, conflict : the two parts of `inter_agent`: up to the best equilibrium, and from there on.
    outer, inner : the two parts of `intent` (utility to specified, specified to pursued); None when no specified
        reward is known.
    observed, unexplained : welfare of observed play, and `played` − `observed`; None when nobody looked.
    worst_equilibrium, best_equilibrium : welfare of the worst and of the best equilibrium agents may settle on.
    all_equilibria : whether these range over all equilibria, or over the pure ones and the one played.
    selection : "fragile" when a percent of the payoffs decides a facet by more than 5 % of what is at stake.
    swing : the largest such change found, as a share of what is at stake.
    bifurcations : λ at which the branch of play meets another.
    by_agent : every agent's part of intent and capability (Owen values).
    by_pair, beyond_pairs : every pair's part of the inter-agent line at λ = ∞, and what regard between pairs leaves.
    corners : welfare by the switches that are on ("", "intent", "intent+capability", …).
    effects : for every principal, its mean utility as things are and at the optimum.
    regret : of the limit that play leads to, as an equilibrium of the agents' game.
    """

    players: tuple[str, ...]
    bystanders: tuple[str, ...]
    welfare: str
    precision: float
    fitted: bool
    optimum: float
    worst_outcome: float
    played: float
    intent: float
    capability: float
    inter_agent: float
    coordination: float
    conflict: float
    outer: float | None
    inner: float | None
    observed: float | None
    unexplained: float | None
    worst_equilibrium: float
    best_equilibrium: float
    all_equilibria: bool
    selection: str
    swing: float
    bifurcations: tuple[float, ...]
    by_agent: tuple[Share, ...] = field(repr=False)
    by_pair: tuple[Share, ...] = field(repr=False)
    beyond_pairs: float = field(repr=False)
    corners: Mapping[str, float] = field(repr=False)
    effects: Mapping[str, tuple[float, float]] = field(repr=False)
    regret: float = field(repr=False)

    @property
    def gap(self) -> float:
        """Welfare with everything repaired less welfare as things are (by the model of play)."""
        return self.optimum - self.played

    @property
    def stake(self) -> float:
        """The best outcome less the worst: what percentages are of."""
        return self.optimum - self.worst_outcome

    @property
    def headline(self) -> tuple[float, float, float]:
        """The gap at the worst equilibrium, as played, and at the best equilibrium."""
        return self.optimum - self.worst_equilibrium, self.gap, self.optimum - self.best_equilibrium

    @property
    def lines(self) -> dict[str, float]:
        """The parts that sum to what is lost: to `gap`, or to optimum − observed when play was observed."""
        lines = {"intent": self.intent}
        if self.outer is not None and self.inner is not None:
            lines = {"outer intent": self.outer, "inner intent": self.inner}
        lines |= {"capability": self.capability, "coordination": self.coordination, "conflict": self.conflict}
        return lines if self.unexplained is None else {**lines, "unexplained": self.unexplained}

    def percent(self, amount: float) -> float:
        """An amount of welfare in percent of what is at stake; 0 when nothing is."""
        return 100 * amount / self.stake if self.stake > 0 else 0.0

    def summed(self, amount: float) -> float | None:
        """A mean over principals as a sum; None for a welfare that is not utilitarian."""
        count = len(self.players) + len(self.bystanders)
        return amount * count if self.welfare == Utilitarian.name else None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What there is to say, in sentences with their numbers."""
        return findings(self)


def facets(subject: Game | Delegation, seed: int = 0) -> Facets:
    """The impact facets of a game or a delegation.

    `seed` is for the random orders behind shares of more than six agents or pairs; everything else is exact.

    Raises
    ------
    InputError : fewer than two players, a player without a choice, or a welfare that means nothing for these numbers;
        `TooLarge` when the joint moves cannot be listed.

    Examples
    --------
    >>> from ostrom import NormalForm
    >>> found = facets(NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]]))
    >>> found.summed(found.gap), found.summed(found.conflict)
    (4.0, 4.0)
    """
    delegation = as_delegation(subject)
    require_interaction(delegation.game)
    play = _play(delegation)
    corner, settlements = corners(play), Settlements(play)
    played = corner(PURSUED, False, False)
    observed = None if delegation.observed is None else float((delegation.observed * play.worth).sum())
    intent, capability, inter_agent = three(corner)
    coordination, conflict = inter_agent_halves(corner, settlements)
    outer, inner = intent_halves(corner) if delegation.specified is not None else (None, None)
    worst, best = settlements.extremes(play.all(PURSUED))
    chosen = selection(play, corner)
    by_pair, beyond = pair_shares(play, seed)
    return Facets(
        players=delegation.game.players,
        bystanders=delegation.game.bystanders,
        welfare=delegation.welfare.name,
        precision=play.precision,
        fitted=delegation.precision is None and delegation.counts is not None,
        optimum=float(play.worth.max()),
        worst_outcome=float(play.worth.min()),
        played=played,
        intent=intent,
        capability=capability,
        inter_agent=inter_agent,
        coordination=coordination,
        conflict=conflict,
        outer=outer,
        inner=inner,
        observed=observed,
        unexplained=None if observed is None else played - observed,
        worst_equilibrium=worst,
        best_equilibrium=best,
        all_equilibria=settlements.listed_all,
        selection=chosen.verdict,
        swing=chosen.swing,
        bifurcations=chosen.bifurcations,
        by_agent=agent_shares(play, seed),
        by_pair=by_pair,
        beyond_pairs=beyond,
        corners={_named(on): corner(aim(on[0]), on[1], on[2]) for on in product((False, True), repeat=3)},
        effects=_effects(play),
        regret=play.game(play.all(PURSUED)).regret(play.branch(play.all(PURSUED)).at(math.inf)),
    )


def _play(delegation: Delegation) -> Play:
    """The play of a delegation, at its precision, or the one fitted to what was observed, or perfect."""
    play = Play(delegation, delegation.precision or math.inf)
    if delegation.precision is None and delegation.counts is not None:
        play.precision = logit_fit(play.branch(play.all(PURSUED)), delegation.counts) * play.unit
    return play


def _effects(play: Play) -> dict[str, tuple[float, float]]:
    """Every principal's mean utility as things are, and at the optimum."""
    everyone = (True,) * play.count
    now, best = play.alone(play.all(PURSUED), (False,) * play.count), play.together(play.all(OWN), everyone)
    names, tables = play.delegation.principals, np.moveaxis(play.utilities, -1, 0)
    return {name: (expect(u, now), float((best * u).sum())) for name, u in zip(names, tables, strict=True)}


def _named(on: tuple[bool, ...]) -> str:
    return "+".join(name for name, repaired in zip(SWITCHES, on, strict=True) if repaired)
