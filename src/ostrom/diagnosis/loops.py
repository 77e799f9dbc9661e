"""Feedback loops: does a disturbance that goes once round come back larger?

From rules of reaction the gain is computed. From a series of numbers it is estimated, and an alarm is raised as soon as
the series so far shows that the loop runs away, with a bound on how often a loop that does not is called one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.claim import Finding
from ..core.errors import InputError
from ..core.forms.reactions import Reactions
from ..core.game import Array

CALM = 1e-6
"""Gains closer to one than this are called neutral: neither growing nor dying away."""

SOURCE = "Loop gain: the spectral radius of a round's Jacobian; for a product of multipliers Eisen (2011)."
ESTIMATED = "Gain estimated by least squares of growth rates, one-sided t bounds spent over looks as 1/(k(k+1))."


@dataclass(frozen=True, eq=False)
class Loop:
    """How a loop of reactions behaves.

    Attributes
    ----------
    players, name, round : of the loop.
    gain : by how much a disturbance grows in a round, in the long run.
    rest : where the numbers would stay, `float[P]`; None where no such place was found.
    doubling : rounds in which a disturbance doubles; None where it does not grow.
    pairs : for each pair of agents that react to one another, by how much going once round the two multiplies.
    turns : whether the way out (or in) is a swing from side to side rather than one way.
    """

    players: tuple[str, ...]
    name: str
    round: str
    gain: float
    rest: tuple[float, ...] | None
    doubling: float | None
    pairs: tuple[tuple[str, str, float], ...]
    turns: bool

    @property
    def verdict(self) -> str:
        """ "runs away", "calms down" or "neither"."""
        if abs(self.gain - 1) <= CALM:
            return "neither"
        return "runs away" if self.gain > 1 else "calms down"

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What the loop does, and whose reactions make it."""
        numbers = {"gain": self.gain, "doubling": self.doubling, "rest": self.rest, "pairs": list(self.pairs)}
        return (Finding("loops", self._sentence(), self.players, numbers, SOURCE),)

    def _sentence(self) -> str:
        start = f"The loop gain of {self.name} is {self.gain:.4g} a {self.round}: "
        if self.verdict == "neither":
            return start + "a disturbance neither grows nor dies away."
        if self.verdict == "calms down":
            return start + "a disturbance dies away, and the numbers come to rest."
        swing = ", swinging from side to side," if self.turns else ""
        said = (
            f"{start}a disturbance grows{swing} and doubles every {self.doubling:.3g} {self.round}s. The loop explodes"
        )
        if steep := [pair for pair in self.pairs if abs(pair[2]) > 1]:
            one, other, product = max(steep, key=lambda pair: abs(pair[2]))
            said += f": {one} and {other} multiply each other by {product:.4g} each time round"
        return f"{said}. No agent alone does this; a bound on either reaction that brings the gain below 1 ends it."


def loops(reactions: Reactions) -> Loop:
    """The gain of a loop of reactions, and what follows from it.

    Exact to float64 where reactions are slopes; for functions from a numerical Jacobian at the rest point (or in the
    beginning, where there is no rest point).
    """
    rest = reactions.rest()
    matrix = reactions.jacobian(rest)
    values = np.linalg.eigvals(matrix)
    lead = values[np.argmax(np.abs(values))]
    gain = float(abs(lead))
    own = reactions.slopes if reactions.slopes is not None else _own_slopes(reactions, rest)
    count = len(reactions.players)
    pairs = [
        (reactions.players[i], reactions.players[j], float(own[i, j] * own[j, i]))
        for i in range(count)
        for j in range(i + 1, count)
        if own[i, j] * own[j, i]
    ]
    return Loop(
        players=reactions.players,
        name=reactions.name,
        round=reactions.round,
        gain=gain,
        rest=None if rest is None else tuple(rest.tolist()),
        doubling=math.log(2) / math.log(gain) if gain > 1 + CALM else None,
        pairs=tuple(pairs),
        turns=bool(lead.real < 0 or abs(lead.imag) > 1e-12),
    )


def _own_slopes(reactions: Reactions, at: Array | None) -> Array:
    """Slopes of each reply by itself, as if all moved at once."""
    alone = Reactions(reactions._replies, reactions.start, order="at once", players=reactions.players)
    return alone.jacobian(at)


@dataclass(frozen=True, eq=False)
class Watched:
    """What a series of numbers says about the loop that made it.

    Attributes
    ----------
    players : names.
    growth : `float[P]`, the estimated factor by which each number grows in a round.
    low : `float[P]`, a lower bound on it at the last look, which all looks and numbers together pass by mistake with
        odds of at most `alarms`.
    alarm : the first round at which the series so far showed a number that grows from round to round; None if never.
    ahead : of the numbers seen, the largest as a multiple of what it was at the alarm; None without an alarm.
    alarms : how often a series without growth may be called one.
    """

    players: tuple[str, ...]
    growth: tuple[float, ...]
    low: tuple[float, ...]
    alarm: int | None
    ahead: float | None
    rounds: int
    alarms: float

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Whether, when and how surely the series shows a loop that runs away."""
        numbers = {"growth": list(self.growth), "low": list(self.low), "alarm": self.alarm, "false alarms": self.alarms}
        top = int(np.argmax(self.growth))
        if self.alarm is None:
            said = f"In {self.rounds} rounds nothing shows that the numbers run away; {self.players[top]} grows by "
            said += f"{self.growth[top]:.4g} a round, which chance can do (at least {self.low[top]:.4g})."
        else:
            said = f"The numbers run away: {self.players[top]} grows by a factor of {self.growth[top]:.4g} a round (at "
            said += f"least {self.low[top]:.4g}). This could be seen at round {self.alarm}, "
            said += f"before they grew {self.ahead:.3g} times more."
        return (Finding("loops", said, self.players, numbers, ESTIMATED),)


def watch(series: Any, players: Sequence[str] | None = None, *, alarms: float = 0.05, least: int = 4) -> Watched:
    """Look at positive numbers `[T, P]`, round after round, for growth that feeds itself; say when it could be seen.

    At each look the mean of the log growth rates so far is held against zero with a one-sided t bound. Looks and
    numbers share the allowed `alarms` (look k may err with odds alarms / (P k (k + 1))), so that looking every round
    does not raise them. The bound is for growth rates that are independent and near normal; where they are strongly
    correlated in time it is too bold, where they swing back (most prices that rest) too careful.

    Parameters
    ----------
    series : positive, finite numbers, rounds by agents. alarms : in (0, 1). least : growth rates before the first look.

    Raises `InputError` for other numbers, or for fewer than `least` + 1 rounds.
    """
    from scipy.stats import t as student

    try:
        table = np.asarray(series, float)
    except (TypeError, ValueError, OverflowError) as error:
        raise InputError(f"The series is no table of numbers: {error}.", do="Give series[round][agent].") from None
    short = table.ndim != 2 or not table.shape[1] or len(table) < max(least, 2) + 1
    if short or not (np.isfinite(table) & (table > 0)).all():
        raise InputError(
            f"A series of shape {table.shape} cannot be watched.",
            f"It takes at least {max(least, 2) + 1} rounds of positive, finite numbers, one column for each agent.",
            "Leave out rounds with missing numbers, or watch their differences from a positive base.",
        )
    if not 0 < alarms < 1:
        raise InputError(f"False alarms of {alarms}.", "They are odds.", "Give a number between 0 and 1.")
    names = tuple(players) if players is not None else tuple(f"agent {k + 1}" for k in range(table.shape[1]))
    if len(names) != table.shape[1]:
        raise InputError(f"{len(names)} names for {table.shape[1]} columns.", do="Name every column.")
    rates = np.diff(np.log(table), axis=0)
    alarm, low = None, np.full(len(names), -np.inf)
    for look, seen in enumerate(range(max(least, 2), len(rates) + 1), 1):
        mean, spread = rates[:seen].mean(0), rates[:seen].std(0, ddof=1)
        level = alarms / (len(names) * look * (look + 1))
        floor = np.maximum(spread, 1e-12)  # rounding of numbers that grow by exactly the same factor
        low = mean - student.ppf(1 - level, seen - 1) * floor / math.sqrt(seen)
        if alarm is None and (low > 0).any():
            alarm = seen
    ahead = None if alarm is None else float((table[alarm:].max(0) / table[alarm]).max())
    growth = np.exp(rates.mean(0))
    return Watched(names, tuple(growth.tolist()), tuple(np.exp(low).tolist()), alarm, ahead, len(table) - 1, alarms)
