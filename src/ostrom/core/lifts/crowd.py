"""Institutions on crowds: games whose players are populations too fine for one driver to matter.

A rule that reads one seat at a time is asked about each route as if one driver took it, at the flows that everybody
makes. That is exact for any such rule, also for one that is not linear in the delay.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

import numpy as np

from ..charter import Charter
from ..errors import CarrierError
from ..forms.network import Network
from ..game import Array, Fact, Game, Mixture
from .onestage import OneStage


class GovernedCrowd(Game):
    """A road network under institutions that read one seat at a time (scope "additive").

    Attributes
    ----------
    base, institutions, charter : the network, and what was laid round it.
    demand : `float[P]`, trips of each population.
    passed : per population `int[A_i]`, the base route that each of its choices becomes.

    Payoffs are the network's (minus travel time and tolls, in time) after settlement, which is in money: each seat's
    time counts at its value of time. Raises `CarrierError` for rules that remember, that read more than one seat, that
    make stages or private views: a crowd drives once and has no single driver to read.
    """

    nonatomic = True

    def __init__(self, base: Network, charter: Charter) -> None:
        for rule in charter.institutions:
            if rule.memory != "none":
                raise CarrierError(
                    f"{type(rule).__name__} remembers earlier rounds, and {base.name} is played once.",
                    "What is remembered could change nothing.",
                    "Drop the memory.",
                )
            if rule.scope != "additive":
                raise CarrierError(
                    f"{type(rule).__name__} reads other seats (scope {rule.scope!r}), and {base.name} is a crowd.",
                    "In a crowd no driver is anybody's co-player; only what one does oneself can be read.",
                    "Declare scope = 'additive' if it reads its own row only, or use .atomic(players_per_demand=…).",
                )
        self.stage = OneStage(base, charter)
        self.base, self.institutions, self.charter = base, charter.institutions, charter
        self.players, self.demand = base.players, base.demand
        self.moves = tuple(tuple(names) for names in self.stage.names)
        self.name = f"{base.name} under {charter}"
        self._picks = [np.minimum(k, np.array(self.sizes) - 1) for k in range(max(self.sizes))]
        below = self.stage.base_profiles(np.array(self._picks))
        self.passed = [below[: len(own), seat] for seat, own in enumerate(self.moves)]

    def below(self, mixture: Mixture) -> Mixture:
        """The shares of the network's own routes that shares of governed choices come down to."""
        onto = zip(self.passed, self.base.sizes, strict=True)
        return tuple(x @ np.eye(size)[passed] for x, (passed, size) in zip(mixture, onto, strict=True))

    def deviation_payoffs(self, mixture: Mixture) -> Mixture:
        """For each population, `float[..., A_i]`: what one driver gets on each route at the flows all make."""
        below = self.below(mixture)
        seats = range(len(self.players))
        worth, facts = self.base.deviation_payoffs(below), self.base.facts_of_moves(below)
        answers = []
        for pick in self._picks:
            routes = [int(self.passed[i][pick[i]]) for i in seats]
            own = np.stack([worth[i][..., routes[i]] for i in seats], -1)
            read = {name: np.stack([table[i][..., routes[i]] for i in seats], -1) for name, table in facts.items()}
            answers.append(self._settled(np.broadcast_to(pick, own.shape), own, read))
        return tuple(np.stack([answers[k][..., i] for k in range(size)], -1) for i, size in enumerate(self.sizes))

    def payoffs_at(self, profiles: Array) -> Array:
        """Payoffs `float[..., P]` when each population makes one choice as a whole, at `int[..., P]`."""
        profiles = np.asarray(profiles)
        below = self.stage.base_profiles(profiles)
        return self._settled(profiles, self.base.payoffs_at(below), self.base.facts_at(below))

    def _settled(self, profiles: Array, payoffs: Array, facts: dict[str, Array]) -> Array:
        """Payoffs in time from payoffs in time, settled in money."""
        moves, total = self.stage.moves(profiles), np.zeros(payoffs.shape)
        money = payoffs * self.base.values
        for weight, scene in self.stage.scenes:
            seen = self.charter.descend(scene, moves)
            total = total + weight * self.charter.settle(replace(scene, facts=facts), seen, money)
        return total / self.base.values

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        """The network's facts at the routes that choices come down to."""
        return self.stage.facts
