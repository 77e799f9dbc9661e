"""Inspections and fines put together: what is handed out, and the numbers that go with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from ..core.errors import TooLarge
from ..core.game import Array
from ..core.institution import Institution
from ..institutions.enforced import Enforced
from ..institutions.fines import Fines
from ._inspections import Inspections
from ._inspector import Inspector
from ._payments import upwards
from ._proposal import Needs, Proposal, checked, propose
from ._remedy import Problem, Profile
from ._tempted import Tempted
from ._visits import Visits

SOURCE = "Becker, Crime and Punishment (1968); Becker and Stigler (1974)"

TENTHS = tuple(k / 10 for k in range(11))
"""Odds at which the curve is told."""


@dataclass(frozen=True, eq=False)
class Plan:
    """What is put together into a proposal: whom to inspect how often, and what to charge."""

    problem: Problem
    place: Profile
    lead: float
    inspector: Inspector
    tempted: Sequence[Tempted]
    visits: Visits
    apart: bool

    def odds(self, lead: float) -> Array:
        """The least odds by player, `[P]`, with such a lead."""
        odds = np.array([self.inspector.chance(max(one.gain + lead, 0.0)) for one in self.tempted], float)
        return odds if self.apart else np.full(len(odds), odds.max())

    @cached_property
    def chances(self) -> list[float]:
        """The odds handed out: with the margin, and rounded up in the sixth digit."""
        rounded = [float(upwards(np.array(p), 1e-3 * p)) if p > 0 else 0.0 for p in self.odds(self.lead)]
        return [min(odds, self.inspector.most) for odds in rounded]

    def fines(self) -> tuple[tuple[str, str, float], ...]:
        """For every move that gains, the least fine that deters at these odds."""
        rows = []
        for one, own, odds in zip(self.tempted, self.problem.game.moves, self.chances, strict=True):
            for label, gain in zip(own, one.gains.tolist(), strict=True):
                if gain + self.lead > 0:
                    fine = upwards(np.array(self.inspector.fine_for(gain + self.lead, odds)), self.lead)
                    rows.append((one.player, label, min(float(fine), self.inspector.charge)))
        return tuple(rows)

    def institution(self) -> Enforced:
        """Fines, and inspections with these odds."""
        rule, seen = Fines(self.fines(), shared=False), self.inspector
        wrong = seen.charge if seen.wrong is None else seen.wrong
        noise = (seen.missed, seen.mistaken, wrong if seen.mistaken else 0.0)
        if len(set(self.chances)) == 1:
            return Enforced(rule, self.chances[0], *noise, bribe=seen.bribe)
        odds = tuple(zip(self.problem.game.players, self.chances, strict=True))
        return Inspections(rule, 1.0, *noise, bribe=seen.bribe, odds=odds)

    def on_average(self) -> Institution:
        """The institution; or, where its dice fall in too many ways for a table, fines of what is to be expected."""
        rule = self.institution()
        try:
            self.problem.agents.under(rule)
        except TooLarge:
            owed = {(player, label): (1 - self.inspector.missed) * amount for player, label, amount in self.fines()}
            rows = [
                (player, label, odds * owed.get((player, label), self.honest))
                for player, own, odds in zip(
                    self.problem.game.players, self.problem.game.moves, self.chances, strict=True
                )
                for label in own
            ]
            return Fines(tuple(rows), shared=False)
        return rule

    def proposal(self) -> Proposal:
        """The proposal, with its numbers."""
        rates, _ = self.visits.least(np.array(self.chances))
        bound, _ = self.visits.least(self.odds(self.lead))
        cost, fine = float(self.visits.costs @ rates), max(amount for *_, amount in self.fines())
        low, high, mistakes = min(self.chances), max(self.chances), [odds * self.honest for odds in self.chances]
        named = f"{high:.4g}" if low == high else f"{low:.4g} to {high:.4g}"
        honest = f"; who keeps to it pays up to {max(mistakes):.4g} by mistake" if self.honest else ""
        paid = f" and cost {cost:.4g} per round" if cost else ""
        found = propose(
            self.problem,
            self.place,
            self.on_average(),
            approach="enforcement",
            sentence=(
                f"Fines of up to {fine:.4g}, with inspections that come with odds of {named}{paid}, make it worth "
                f"keeping to ({', '.join(self.problem.game.labels(self.place))}){honest}."
            ),
            needs=Needs(cost=cost, fine=fine, observed="own moves", information=2),
            minimised="cost of inspections",
            size=cost,
            bound=float(self.visits.costs @ bound),
            claims=lambda table: checked(self.problem, table, self.place),
            objection=self._too_dear(cost),
            source=SOURCE,
            numbers={"cost": cost, "paid by mistake": sum(mistakes), **self._numbers(rates)},
        )
        return replace(found, institution=self.institution())

    @property
    def honest(self) -> float:
        """What an inspection takes on average from who keeps to its part."""
        return self.inspector.mistaken * self.inspector.slip

    def _numbers(self, rates: Array) -> dict[str, Any]:
        """The least odds without the margin, how they and their cost move, and what is left with fewer."""
        least, seen = self.odds(0.0), self.inspector
        cheapest, prices = self.visits.least(least)
        own = [max(one.gain, 0.0) for one in self.tempted]
        slopes = [seen.slopes(gain) for gain in own]
        weights = prices if self.apart else prices.sum() * (np.arange(len(own)) == int(np.argmax(own)))
        players = {
            one.player: {
                "move": one.move,
                "gain": one.gain,
                "least detection": seen.chance(gain),
                "detection": odds,
                "slopes": slope,
                "paid by mistake": odds * self.honest,
                "pays for itself": self._pays_for_itself(float(price)),
            }
            for one, gain, odds, slope, price in zip(self.tempted, own, self.chances, slopes, prices, strict=True)
        }
        names = np.array(self.problem.game.players)
        return {
            "players": players,
            "least cost": float(self.visits.costs @ cheapest),
            "slopes": {key: float(sum(w * s[key] for w, s in zip(weights, slopes, strict=True))) for key in slopes[0]},
            "visits": [(tuple(names[row].tolist()), float(p)) for row, p in zip(self.visits.seen, rates, strict=True)],
            "curve": {f"{p:g}": max(0.0, max(own) - p * seen.bite) for p in TENTHS},
        }

    def _pays_for_itself(self, price: float) -> float | None:
        """The share of violators from which on an inspection brings its inspector what it costs; None where never.

        An inspector who is paid by what it collects, and held to nothing, inspects from there on only.
        """
        missing = price - self.honest
        return max(0.0, missing / self.inspector.bite) if missing <= self.inspector.bite else None

    def _too_dear(self, cost: float) -> str:
        """Why it is not worth it, if all principals had to pay for the inspections in equal parts."""
        problem, count = self.problem, len(self.problem.delegation.principals)
        after = problem.delegation.utilities[self.place] - cost / count
        net = float(problem.delegation.welfare.on_table(after[None])[0])
        now = float((problem.now * problem.worth).sum())
        if float(problem.worth[self.place]) > now >= net:
            return (
                f"Inspections cost {cost:.4g} per round, and with that taken off welfare is {net:.4g}, now {now:.4g}."
            )
        return ""
