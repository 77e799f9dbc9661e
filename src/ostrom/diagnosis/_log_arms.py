"""One game under one mechanism: mean points with intervals, and how they compare with the arm without a mechanism."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.forms.normal_form import NormalForm
from ..core.game import Array
from ..formats.coopeval import Cell, Outcome
from ..formats.cross_play import CrossPlay
from ..solvers.pure_equilibria import pure_equilibria
from ._log_intervals import Estimate, Resamples, Sample, model_of
from ._log_play import Observed

RESAMPLED = 400
"""How often the meetings of an empirical game are drawn anew."""


@dataclass(frozen=True)
class Arm:
    """One game under one mechanism.

    Attributes
    ----------
    cell : how the records name and set it; its `base` is the game without the mechanism.
    worst, optimum : the least and the greatest mean welfare of an outcome of the base game.
    points : mean points of the records, with intervals.
    realised : the share of the way from `worst` to `optimum` that was reached; None when there is nothing to gain,
        because every outcome has the same welfare.
    added : mean points above the arm without a mechanism, its interval from redrawing the models of both arms
        together; None when there is no such arm, or this is it.
    closed : the share of what that arm left on the table that the mechanism closed; None likewise.
    observed : the play of the base game that was seen; None when only payoffs were recorded.
    facets : the impact facets of the base game with the observed play; None likewise.
    precision, unexplained : the fitted precision and the unexplained line among them, with intervals; None likewise,
        or when there is nothing to gain.
    sending : which agent principals would send, from the empirical game over the agents; None with a reason in
        `not_sent`.
    """

    cell: Cell
    worst: float
    optimum: float
    points: Points
    realised: Estimate | None
    added: Estimate | None
    closed: float | None
    observed: Observed | None
    facets: Any
    precision: Estimate | None
    unexplained: Estimate | None
    sending: Sending | None
    not_sent: str

    @property
    def symmetric(self) -> bool:
        """Whether the seats of the base game are alike."""
        return is_symmetric(self.cell.base)


@dataclass(frozen=True)
class Points:
    """Mean points of one arm.

    Attributes
    ----------
    each : per agent and meeting: the utilitarian mean welfare of the records.
    seats : per seat; empty where partners change every round and only agents were recorded.
    agents : per agent, over the meetings it was in. Its interval asks what it would get among other partners.
    runs : the runs they come from.
    """

    each: Estimate
    seats: tuple[Estimate, ...]
    agents: dict[str, Estimate]
    runs: tuple[str, ...]


def together(outcomes: Sequence[Outcome]) -> Sample:
    """Mean points of everybody in each meeting."""
    return Sample.of((map(model_of, o.agents), float(np.mean(o.points)), o.weight) for o in outcomes)


def points(outcomes: Sequence[Outcome], resamples: Resamples, level: float, possible: tuple[float, float]) -> Points:
    """The mean points of recorded meetings, with intervals; `possible` bounds the mean over everybody."""
    met = len(outcomes[0].agents) > 1
    seats = [
        Sample.of((map(model_of, o.agents), o.points[seat], o.weight) for o in outcomes)
        for seat in range(len(outcomes[0].agents) if met else 0)
    ]
    return Points(
        resamples.mean(together(outcomes), level).within(*possible),
        tuple(resamples.mean(sample, level) for sample in seats),
        {
            agent: resamples.mean(_own(outcomes, agent), level)
            for agent in sorted({agent for o in outcomes for agent in o.agents})
        },
        tuple(sorted({o.run for o in outcomes})),
    )


def _own(outcomes: Sequence[Outcome], agent: str) -> Sample:
    """One agent's points; only its partners are drawn anew."""
    return Sample.of(
        ({model_of(a) for a in o.agents} - {model_of(agent)}, o.points[seat], o.weight)
        for o in outcomes
        for seat, name in enumerate(o.agents)
        if name == agent
    )


@dataclass(frozen=True)
class Sending:
    """Which agent principals would send, from the empirical game.

    Attributes
    ----------
    play : the empirical game and its meetings.
    profiles : its pure equilibria, as agents in seat order.
    stable : per seat and agent, `float[P, K]`: in what share of redraws of the meetings some pure equilibrium sends
        this agent into this seat.
    against_all : per seat and agent, `float[P, K]`: its mean points when every other seat is filled by chance.
    any_stable : the share of redraws that have a pure equilibrium at all.
    settled : the least and the greatest mean points at a pure equilibrium; None when there is none.
    best : the greatest mean points that any choice of agents brings.
    """

    play: CrossPlay
    profiles: tuple[tuple[str, ...], ...]
    settled: tuple[float, float] | None
    best: float
    stable: Array
    against_all: Array
    any_stable: float


def sending(play: CrossPlay, seed: int) -> Sending:
    """Pure equilibria of an empirical game, and how far they depend on the luck of the draw."""
    game = play.game
    redrawn = _pure(play.resampled(RESAMPLED, seed))
    players, welfare = len(game.players), game.payoffs.mean(-1)
    found = pure_equilibria(game).profiles
    at = [float(welfare[profile]) for profile in found]
    others = [tuple(axis for axis in range(1, players + 1) if axis != seat + 1) for seat in range(players)]
    return Sending(
        play=play,
        profiles=tuple(game.labels(profile) for profile in found),
        settled=(min(at), max(at)) if at else None,
        best=float(welfare.max()),
        stable=np.stack([redrawn.any(axis=axes).mean(0) for axes in others]),
        against_all=np.stack(game.deviation_payoffs(game.uniform())),
        any_stable=float(redrawn.any(axis=tuple(range(1, players + 1))).mean()),
    )


def _pure(tables: Array) -> Array:
    """`bool[B, K, …, K]`: which joint moves of `[B, K, …, K, P]` are pure equilibria."""
    slack = 1e-9 * max(1.0, float(np.abs(tables).max()))
    stable = np.ones(tables.shape[:-1], bool)
    for seat in range(tables.shape[-1]):
        own = tables[..., seat]
        stable &= own >= own.max(axis=seat + 1, keepdims=True) - slack
    return stable


def is_symmetric(game: NormalForm) -> bool:
    """Whether all seats are alike: swapping two players' moves swaps their payoffs and nobody else's."""
    table, players = game.payoffs, len(game.players)
    if len(set(game.moves)) > 1:
        return False
    for seat in range(1, players):
        order = list(range(players))
        order[0], order[seat] = seat, 0
        if not np.allclose(np.transpose(table, (*order, players))[..., order], table, rtol=1e-12, atol=1e-12):
            return False
    return True
