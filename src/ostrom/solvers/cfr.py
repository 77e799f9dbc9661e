"""Counterfactual regret minimisation: play a tree against oneself, regretting at every information set apart."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from ..core.errors import InputError
from ..core.forms.extensive import ExtensiveForm
from ..core.game import Array
from ..core.solution import Solution

Variant = Literal["cfr", "cfr+", "linear", "discounted", "predictive"]
VARIANTS: tuple[Variant, ...] = ("cfr", "cfr+", "linear", "discounted", "predictive")
ALPHA, BETA, GAMMA = 1.5, 0.0, 2.0
"""How discounted CFR forgets: positive regrets, negative ones, and earlier strategies (Brown and Sandholm 2019)."""


@dataclass(frozen=True)
class SelfPlay(Solution):
    """What regret minimisation came to; the point is the average behaviour.

    Attributes
    ----------
    history : pairs (iterations so far, NashConv of the average then): the sum over players of what a best reply gains.
    iterations : how many were made.
    last : the behaviour of the last iteration.
    """

    history: tuple[tuple[int, float], ...] = ()
    iterations: int = 0
    last: tuple[Array, ...] = field(default=(), repr=False)


def cfr(
    game: ExtensiveForm,
    iterations: int = 1000,
    *,
    variant: Variant = "cfr+",
    tolerance: float = 0.0,
    seconds: float = np.inf,
    every: int = 0,
    progress: Callable[[str], object] = lambda stage: None,
) -> SelfPlay:
    """Behaviours by counterfactual regret minimisation (Zinkevich et al. 2008), players updating in turn.

    In a two-player zero-sum game the average comes near an equilibrium: its NashConv falls at least with one over the
    square root of the iterations. With more players, or sums that are not zero, only the average of *joint* play comes
    near a coarse correlated equilibrium; the average behaviour may be far from any equilibrium; `regret` says how far.

    Parameters
    ----------
    game : a tree with perfect recall.
    iterations : at most so many. variant : "cfr"; "cfr+" (regrets never negative, later iterations count more; Tammelin
        2014); "linear" and "discounted" (Brown and Sandholm 2019); "predictive" (Farina, Kroer and Sandholm 2021).
    tolerance : stop when NashConv is no larger. seconds : or when so much time has passed.
    every : how often NashConv is looked at; by default at powers of two and at the end, and with a tolerance or a time
        limit at every tenth iteration too.
    progress : is told what is being done.

    The status is "complete" never (an average is near an equilibrium at best): "partial", or "timed out".

    Raises
    ------
    InputError : no tree, imperfect recall, no iterations, an unknown variant.

    Examples
    --------
    >>> from ostrom.games import KuhnPoker
    >>> found = cfr(KuhnPoker(), 2000)
    >>> round(float(KuhnPoker().value(found.points[0])[0] * 18), 2), found.regret < 0.01
    (-1.0, True)
    """
    _check(game, iterations, variant, every)
    players = [_Minimiser(game, player, variant) for player in range(len(game.players))]
    history: list[tuple[int, float]] = []
    end, status = time.monotonic() + seconds, "partial"
    step = every or (10 if tolerance > 0 or np.isfinite(seconds) else 0)
    done = 0
    for done in range(1, iterations + 1):
        for player in players:
            player.update([other.plan for other in players], done)
        looks = (step and done % step == 0) or (not every and done & (done - 1) == 0) or done == iterations
        if looks:
            history.append((done, float(game.gains(_behaviour(game, players)).sum())))
            progress(f"{done:,} of {iterations:,} iterations, NashConv {history[-1][1]:.3g}")
            if history[-1][1] <= tolerance:
                break
            if time.monotonic() > end:
                status = "timed out"
                break
    average = _behaviour(game, players)
    opposed = "" if _zero_sum(game) else "Not two players with opposed interests: "
    note = opposed and f"{opposed}the average need not be near an equilibrium."
    return SelfPlay(
        concept="average behaviour of regret minimisers (odds at each information set)",
        points=(average,),
        status=status,  # type: ignore[arg-type]
        regret=float(game.gains(average).max()),
        method=f"counterfactual regret minimisation ({variant})",
        note=note,
        history=tuple(history),
        iterations=done,
        last=game.behaviour_of(tuple(player.plan for player in players)),
    )


class _Minimiser:
    """One player: its regrets, what it does now, and what it did on average, over its K sequences."""

    def __init__(self, game: ExtensiveForm, player: int, variant: Variant) -> None:
        self.game, self.player, self.variant, self.own = game, player, variant, game.sequences[player]
        self.starts = np.flatnonzero(np.diff(self.own.info) != 0)  # rows 1, … hold the moves of one set side by side
        self.sizes = np.diff(self.starts, append=len(self.own.info) - 1)
        self.regrets, self.felt = np.zeros(len(self.own.info)), np.zeros(len(self.own.info))
        self.total = np.zeros(len(self.own.info))
        self.odds = self._matched(self.regrets)
        self.plan = self.own.realised(self.odds)

    def update(self, plans: list[Array], iteration: int) -> None:
        """Regret what was not done against the others' present plans, count the present plan, and choose the next."""
        self._count(iteration)
        if len(self.starts):
            worth = self.own.following(self.game.worth(self.player, tuple(plans)), self.odds)
            got = np.add.reduceat((worth * self.odds)[1:], self.starts)
            self._regret(worth[1:] - np.repeat(got, self.sizes), iteration)

    def _count(self, iteration: int) -> None:
        weights = {"cfr": 1.0, "cfr+": iteration, "linear": iteration, "predictive": iteration**2, "discounted": 1.0}
        self.total += weights[self.variant] * self.plan
        if self.variant == "discounted":
            self.total *= (iteration / (iteration + 1)) ** GAMMA

    def _regret(self, felt: Array, iteration: int) -> None:
        now, expected = self.regrets[1:], 0.0
        if self.variant == "linear":
            now += iteration * felt
        else:
            now += felt
        if self.variant in ("cfr+", "predictive"):
            np.maximum(now, 0, out=now)
        if self.variant == "predictive":
            expected = felt
        if self.variant == "discounted":
            up, down = (iteration**power / (iteration**power + 1) for power in (ALPHA, BETA))
            now *= np.where(now > 0, up, down)
        wanted = self.regrets.copy()
        wanted[1:] += expected
        self.odds = self._matched(wanted)
        self.plan = self.own.realised(self.odds)

    def _matched(self, regrets: Array) -> Array:
        """Odds in proportion to positive regrets, even where there are none; 1 for having done nothing."""
        odds = np.ones(len(regrets))
        if len(self.starts):
            positive = np.maximum(regrets[1:], 0)
            total = np.repeat(np.add.reduceat(positive, self.starts), self.sizes)
            even = np.repeat(1 / self.sizes, self.sizes)
            odds[1:] = np.where(total > 0, positive / np.where(total > 0, total, 1), even)
        return odds


def _behaviour(game: ExtensiveForm, players: list[_Minimiser]) -> tuple[Array, ...]:
    """What was done on average: plans add up, odds do not."""
    return game.behaviour_of(tuple(player.total / player.total[0] for player in players))


def _zero_sum(game: ExtensiveForm) -> bool:
    if len(game.players) != 2:
        return False
    total = game.paid[:, :2].sum(1)
    return bool(np.ptp(total) <= 1e-9 * max(1.0, float(np.abs(game.paid[:, :2]).max())))


def _check(game: Any, iterations: int, variant: str, every: int) -> None:
    if not isinstance(game, ExtensiveForm):
        raise InputError(
            f"A {type(game).__name__} is no tree.",
            "Regrets are kept at information sets.",
            "Of a table ask dynamics.regret_matching(game, game.uniform()).",
        )
    game._require_recall()
    if variant not in VARIANTS:
        raise InputError(f"The variant is {variant!r}.", do=f"Give one of {', '.join(VARIANTS)}.")
    for name, number, least in (("iterations", iterations, 1), ("every", every, 0)):
        if isinstance(number, bool) or not isinstance(number, int) or number < least:
            raise InputError(f"{name} is {number!r}.", do=f"Give a whole number of at least {least}.")
