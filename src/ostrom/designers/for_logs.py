"""What our own institutions would have made of recorded games, played by the agents that were recorded.

Designs are laid round the base games, and the agents fitted to play without a mechanism settle in what comes out. That
is a prediction of a fitted model and no evidence: nobody played these institutions. How well the same model predicts
institutions that were played is what `ostrom.diagnosis.predicted_arms` scores.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from ..core.claim import Finding
from ..core.errors import InputError
from ..core.forms.normal_form import NormalForm
from ..core.game import Array, Game, Mixture
from ..core.lifts.govern import Governed
from ..diagnosis._log_agents import Agents, averaged, unit_of
from ..diagnosis._log_arms import is_symmetric
from ..diagnosis._log_intervals import Basis, Estimate, Resamples, model_of
from ..diagnosis._log_judge import populations
from ..diagnosis._log_scores import REGARDING, ArmForecast
from ..diagnosis._log_settle import settle
from ..diagnosis.predicted_arms import ArmPredictions

SOURCE = "A prediction of agents fitted to play without a mechanism (logit odds of their own), and no evidence."


@dataclass(frozen=True)
class Ours:
    """One design for one recorded game, as the recorded agents are predicted to play it.

    Attributes
    ----------
    game, design : the names of both.
    target : the joint move it is to bring about.
    objection : why the designer itself would not propose it; empty when it would.
    share : the share of the possible gain that is predicted under it, its interval from redrawing models.
    without : the same without a mechanism.
    paid_in : what somebody outside the game is predicted to pay for it per meeting, all players together.
    moved : the points that change hands per meeting, in or out of players' pockets, counted once.
    largest : the largest single payment it promises or threatens.
    best_recorded : the arm of this game in which most was recorded; None when none was.
    governed : the game under the design.
    """

    game: str
    design: str
    target: tuple[str, ...]
    objection: str
    share: Estimate
    without: Estimate
    paid_in: float
    moved: float
    largest: float
    best_recorded: ArmForecast | None
    governed: NormalForm

    @property
    def finding(self) -> Finding:
        """What it is predicted to bring, at what price, beside the best that was recorded."""
        said = (
            f"In {self.game.replace('_', ' ')}, {self.design} for ({', '.join(self.target)}) would bring "
            f"{_percent(self.share)} of the possible gain, instead of {_percent(self.without)} without any mechanism"
        )
        if self.best_recorded is not None:
            recorded, mechanism = self.best_recorded.recorded, self.best_recorded.cell.mechanism.replace("_", " ")
            said += f"; the most that was recorded is {_percent(recorded)}, with {mechanism}"
        said += f". Somebody outside would pay {self.paid_in:.3g} a meeting." if self.paid_in > 5e-4 else "."
        said += f" The designer objects: {self.objection}" if self.objection else ""
        numbers = {key: getattr(self, key) for key in ("game", "design", "paid_in", "moved", "largest", "objection")}
        numbers |= {"target": list(self.target), "share": asdict(self.share), "without": asdict(self.without)}
        return Finding("ours", f"{said} This is a prediction, not evidence.", numbers=numbers, source=SOURCE)


@dataclass(frozen=True)
class OursForLogs:
    """All designs for all games: what can be predicted, and per (game, design) why nothing is where there is none."""

    rows: tuple[Ours, ...]
    none: Mapping[tuple[str, str], str]

    def to_dict(self) -> dict[str, Any]:
        """All of it by name; why there is nothing, by game and design."""
        none = [{"game": game, "design": design, "because": why} for (game, design), why in self.none.items()]
        return {"rows": self.rows, "none": none, "findings": self.findings}

    @property
    def findings(self) -> tuple[Finding, ...]:
        """One per design and game."""
        told = [row.finding for row in self.rows]
        for (game, design), reason in self.none.items():
            sentence = f"Of {design} for {game.replace('_', ' ')} nothing is predicted: {reason}"
            told.append(Finding("ours", sentence, numbers={"game": game, "design": design}, source=SOURCE))
        return tuple(told)


def for_logs(
    predictions: ArmPredictions, designs: Mapping[str, Callable[[NormalForm], Any]], *, level: float = 0.95
) -> OursForLogs:
    """What designs are predicted to achieve in every recorded game that has something to gain.

    Parameters
    ----------
    predictions : of `ostrom.diagnosis.predicted_arms`; its agents play, each with its regard for others.
    designs : by name, a function from a base game to a remedy with `governed` (the game under it) and `target`, such
        as `transfers` and `restriction` give, or to something with `because` where it is impossible.
    level : of the intervals, in (0, 1).

    Raises
    ------
    InputError : what a design gives has neither; and whatever a designer raises.
    """
    arms = (*predictions.fitted, *predictions.rows)
    games = {arm.cell.game: arm.cell.base for arm in arms}
    population = _Population(predictions.agents[REGARDING], level)
    rows, none = [], {}
    for game, base in sorted(games.items()):
        recorded = [row for row in predictions.rows if row.cell.game == game]
        best = max(recorded, key=lambda row: row.recorded.value, default=None)
        without = population.share(base, base, base.payoffs)[0]
        for name, design in designs.items():
            remedy = design(base)
            governed = getattr(remedy, "governed", None)
            if isinstance(governed, NormalForm):
                rows.append(population.row(game, base, name, remedy, best, without))
            else:
                none[game, name] = _reason(name, remedy)
    return OursForLogs(tuple(rows), none)


class _Population:
    """The agents as they are, and in every redraw of their models."""

    def __init__(self, agents: Agents, level: float) -> None:
        self.agents, self.level = agents, level
        self.resamples = Resamples(map(model_of, agents.names))
        self.weights = populations(agents.names, agents.names, self.resamples)

    def row(
        self, game: str, base: NormalForm, name: str, remedy: Any, best: ArmForecast | None, without: Estimate
    ) -> Ours:
        payments = _payments(base, remedy.governed)
        share, mean = self.share(base, remedy.governed, remedy.governed.payoffs - payments)
        net, gross = (float(averaged(paid.sum(-1)[None, ..., None], mean)[0, 0]) for paid in (payments, abs(payments)))
        return Ours(
            game=game,
            design=name,
            target=tuple(remedy.target or ()),
            objection=str(getattr(remedy, "objection", "")),
            share=share,
            without=without,
            paid_in=net,
            moved=(gross + abs(net)) / 2,
            largest=float(abs(payments).max()),
            best_recorded=best,
            governed=remedy.governed,
        )

    def share(self, base: NormalForm, governed: NormalForm, points: Array) -> tuple[Estimate, Mixture]:
        """The share of the possible gain when they settle in `governed`, payments left out; and the mean play."""
        table, welfare = governed.payoffs[None], base.payoffs.mean(-1)
        alike, unit = is_symmetric(governed), unit_of(base)
        mean = settle(lambda _: table, governed.sizes, self.agents, self.weights, unit, alike).mean
        shares = (averaged(points[None], mean).mean(-1) - welfare.min()) / np.ptp(welfare)
        basis = Basis.of(len(self.agents.names), [frozenset(self.resamples.models)])
        return self.resamples.estimate(float(shares[0]), shares[1:], basis, self.level).within(0, 1), mean


def _payments(base: NormalForm, governed: NormalForm) -> Array:
    """What a remedy adds to each player's payoff at every joint move of the governed game."""
    if isinstance(governed, Governed):
        return governed.payments
    kept = [[base.moves[i].index(label) for label in own] for i, own in enumerate(governed.moves)]
    return governed.payoffs - base.payoffs[np.ix_(*kept)]


def _reason(name: str, remedy: Any) -> str:
    if isinstance(because := getattr(remedy, "because", None), str):
        return because
    if isinstance(getattr(remedy, "governed", None), Game):
        return "what it governs is no table of one simultaneous stage."
    raise InputError(
        f"The design {name!r} gave {type(remedy).__name__}, which holds no game.",
        "What agents would do is worked out from the payoffs that they would get.",
        "Give a designer whose remedy has `governed`, such as transfers or restriction.",
    )


def _percent(share: Estimate) -> str:
    return f"{100 * share.value + 0.0:.0f} %"
