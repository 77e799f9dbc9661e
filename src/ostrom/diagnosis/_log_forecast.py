"""What a population of fitted agents gets in a cell: it settles in the base game under the cell's mechanism."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..core.forms.normal_form import NormalForm
from ..core.game import Array, Mixture
from ..formats.coopeval import Cell, round_weights
from ._log_agents import Agents, averaged, unit_of
from ._log_arms import is_symmetric
from ._log_governed import Mediated, Reciprocal, Rules, fines
from ._log_settle import STEP, STEPS, STILL, Settled, settle, values

BARE = "no_mechanism"
"""What the records call the arm in which the base game is played as it is."""


@dataclass(frozen=True)
class Forecast:
    """What populations get: mean points of all, and how far their play was from settled (0: it settled); `float[B]`."""

    points: Array
    moved: Array


def forecast(cell: Cell, agents: Agents, weights: Array) -> Forecast | None:
    """The mean points of a population, `weights` `float[B, K]`, in one cell; None for a mechanism not modelled."""
    base, unit = cell.base, unit_of(cell.base)
    if cell.mechanism == "contracting":
        return _contracted(base, agents, weights)
    if cell.mechanism == BARE:
        rules = Rules(base)
    elif cell.mechanism == "mediation":
        rules = Mediated(base)
    elif cell.mechanism in ("repetition", "reputation", "reputation_first_order"):
        seen = round_weights(cell.rounds, cell.discount)
        rules = Reciprocal(base, seen, spoiled=cell.mechanism == "reputation_first_order")
    else:
        return None
    found = settle(rules.table, rules.sizes, agents, weights, unit, rules.alike)
    return Forecast(averaged(rules.table(found.mean), found.mean).mean(-1), found.moved)


def _contracted(base: NormalForm, agents: Agents, weights: Array) -> Forecast:
    """Sign, then play: play with and without the contract is settled first, then who signs, given what it brings."""
    unit, fined = unit_of(base), NormalForm(base.payoffs + fines(base))
    bound, loose = (
        settle(Rules(game).table, base.sizes, agents, weights, unit, is_symmetric(game)) for game in (fined, base)
    )
    share, moved = _signing(agents, weights, unit, values(fined, agents, bound) - values(base, agents, loose))
    held, left = (averaged(base.payoffs[None], _among(play, weights, share)) for play in (bound, loose))
    points = averaged(base.payoffs[None], loose.mean) + held - left
    return Forecast(points.mean(-1), np.max([bound.moved, loose.moved, moved], axis=0))


def _among(play: Settled, weights: Array, share: Array) -> Mixture:
    """Per seat, the population's play together with signing: `float[B, A_i]` that sums to the chance of signing."""
    return tuple(np.einsum("bk,bk,bka->ba", weights, own, odds) for own, odds in zip(share, play.odds, strict=True))


def _signing(agents: Agents, weights: Array, unit: float, gain: Array) -> tuple[Array, Array]:
    """The chance that each agent signs in each seat, `float[P, B, K]`, and how far that was from settled, `float[B]`.

    `gain`, of the same shape, is what the contract brings if it holds; it holds if all others sign, too.
    """
    share, moved = np.full(gain.shape, 0.5), np.full(gain.shape[1], np.inf)
    for _ in range(STEPS):
        signed = np.einsum("bk,sbk->sb", weights, share)
        pivotal = np.stack([np.delete(signed, seat, 0).prod(0) for seat in range(len(gain))])
        felt = pivotal[..., None] * gain
        after = np.stack([agents.choices(np.stack([0 * own, own], -1), unit)[..., 1] for own in felt])
        moved = abs(after - share).max((0, 2))
        if (moved < STILL).all():
            break
        share = share + STEP * (after - share)
    return share, np.where(moved < STILL, 0.0, moved)
