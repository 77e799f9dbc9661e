"""Puts what was recorded of one arm beside what was predicted of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from ..core.game import Array
from ..formats.coopeval import Cell, CoopEval, Outcome
from ._log_agents import Agents
from ._log_arms import together
from ._log_forecast import BARE, Forecast, forecast
from ._log_intervals import Estimate, Resamples, model_of
from ._log_scores import ALL_IN, REGARDING, UNCHANGED, ArmForecast


@dataclass(frozen=True)
class Judge:
    """The records, the fitted agents per forecast, and per cell what its meetings paid."""

    log: CoopEval
    agents: Mapping[str, Agents]
    resamples: Resamples
    level: float
    outcomes: Mapping[str, Sequence[Outcome]]
    known: dict[tuple, Forecast | None] = field(default_factory=dict, init=False, repr=False)

    def row(self, cell: Cell) -> ArmForecast | None:
        """One arm beside its forecasts; None when nothing can be gained, or its mechanism is not modelled."""
        welfare = cell.base.payoffs.mean(-1)
        worst, optimum = float(welfare.min()), float(welfare.max())
        if optimum - worst <= 1e-9 * max(1.0, abs(optimum)):
            return None
        found = {name: self._forecast(cell, name) for name in self.agents}
        fitted = {name: forecast for name, forecast in found.items() if forecast is not None}
        if len(fitted) < len(found):
            return None
        bare = self._bare(cell)
        points = {"recorded": self._recorded(cell), **{name: forecast.points for name, forecast in fitted.items()}}
        points |= {UNCHANGED: self._recorded(bare) if bare else self._unmoved(cell)}
        points |= {ALL_IN: np.full_like(points["recorded"], optimum)}
        shares = {name: (own - worst) / (optimum - worst) for name, own in points.items()}
        ends = {name: self._estimate(cell, own) for name, own in shares.items()}
        return ArmForecast(
            cell=cell,
            worst=worst,
            optimum=optimum,
            recorded=ends.pop("recorded"),
            predicted=ends,
            bare=self._estimate(bare, shares[UNCHANGED]) if bare else None,
            moved={name: float(forecast.moved[0]) for name, forecast in fitted.items()},
            redrawn={name: own[1:] for name, own in shares.items()},
        )

    def _estimate(self, cell: Cell, shares: Array) -> Estimate:
        basis = together(self.outcomes[cell.name]).basis
        return self.resamples.estimate(float(shares[0]), shares[1:], basis, self.level).within(0, 1)

    def _recorded(self, cell: Cell) -> Array:
        """Mean points, first as recorded, then in every redraw: `float[1 + B]`."""
        sample = together(self.outcomes[cell.name])
        return np.append(sample.mean, self.resamples.means(sample))

    def _bare(self, cell: Cell) -> Cell | None:
        """The recorded arm of the same game without a mechanism."""
        for other in self.log.cells.values():
            same = (other.game, other.variant) == (cell.game, BARE) and self.outcomes.get(other.name)
            if same and np.array_equal(other.base.payoffs, cell.base.payoffs):
                return other
        return None

    def _unmoved(self, cell: Cell) -> Array:
        """What the agents are predicted to get without a mechanism."""
        found = self._forecast(replace(cell, mechanism=BARE, rounds=1, discount=1.0), REGARDING)
        assert found is not None
        return found.points

    def _forecast(self, cell: Cell, name: str) -> Forecast | None:
        """Of the agents as they are, then in every redraw: `float[1 + B]`, NaN where nobody was drawn.

        Arms that differ in nothing that is modelled have one forecast.
        """
        weights = self._weights(cell, self.agents[name])
        modelled = (cell.mechanism, cell.rounds, cell.discount, cell.base.payoffs.shape)
        key = (name, *modelled, cell.base.payoffs.tobytes(), weights.tobytes())
        if key not in self.known:
            found = forecast(cell, self.agents[name], np.nan_to_num(weights, nan=1 / weights.shape[1]))
            self.known[key] = found and replace(found, points=np.where(np.isnan(weights[:, 0]), np.nan, found.points))
        return self.known[key]

    def _weights(self, cell: Cell, agents: Agents) -> Array:
        met = {agent for outcome in self.outcomes[cell.name] for agent in outcome.agents}
        return populations(agents.names, met, self.resamples)


def populations(names: Sequence[str], present: Collection[str], resamples: Resamples) -> Array:
    """How much of the population each agent is, `float[1 + B, K]`: as they are, then in every redraw of models.

    NaN in redraws in which none of those present is.
    """
    here = np.array([name in present for name in names], float)
    models = [resamples.models.index(model_of(name)) for name in names]
    counts = np.vstack([here, resamples.counts[:, models] * here])
    total = counts.sum(1, keepdims=True)
    return np.divide(counts, total, out=np.full(counts.shape, np.nan), where=total > 0)
