"""The impact facets as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..core.claim import Finding
from ..core.welfare import Utilitarian
from ._facets_shares import Share
from ._facets_words import findings


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
    effects : for every principal, its mean utility as things are and at the optimum (the mean of all optima).
    reach : for every principal, its utility at the optimum it likes best.
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
    reach: Mapping[str, float] = field(repr=False)
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
