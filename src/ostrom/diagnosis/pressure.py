"""Competitive pressure: how a goal beside the players' own fares with the number of rivals, the prize and the speed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from ..core.claim import Finding
from ..core.errors import InputError, OstromError
from ..core.game import Game
from ..solvers.logit import logit

SOURCE = "Armstrong, Bostrom and Shulman (2016); each case at the limit of its logit branch."
MOST = 64


@dataclass(frozen=True)
class Trend:
    """How the goal changes with one parameter, the others as they are.

    Attributes
    ----------
    parameter : its name. values : what was tried, in order.
    goal : what the goal comes to, one number each; players : what a player gets on average.
    """

    parameter: str
    values: tuple[float, ...]
    goal: tuple[float, ...]
    players: tuple[float, ...]

    @property
    def direction(self) -> str:
        """ "falls", "rises", "stays" or "turns" (first one way, then the other)."""
        steps = np.diff(self.goal)
        slack = 1e-6 * max(1.0, float(np.abs(self.goal).max()))
        down, up = bool((steps < -slack).any()), bool((steps > slack).any())
        return {(True, False): "falls", (False, True): "rises", (False, False): "stays"}.get((down, up), "turns")

    @property
    def per_step(self) -> float:
        """The mean change of the goal for one more of the parameter, from the first value to the last."""
        return (self.goal[-1] - self.goal[0]) / (self.values[-1] - self.values[0])


@dataclass(frozen=True)
class Pressure:
    """What rivalry does to a goal.

    Attributes
    ----------
    goal : whose utility it is. name : of the family of games. trends : one for each parameter.
    """

    goal: str
    name: str
    trends: tuple[Trend, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """One sentence for each parameter."""
        return tuple(self._finding(trend) for trend in self.trends)

    def _finding(self, trend: Trend) -> Finding:
        numbers = {"parameter": trend.parameter, "values": list(trend.values), "goal": list(trend.goal)}
        numbers["players"] = list(trend.players)
        first, last = trend.values[0], trend.values[-1]
        rivals = trend.parameter == "players"
        span = (
            f"From {first:g} to {last:g} {trend.parameter}"
            if rivals
            else f"From {trend.parameter} {first:g} to {last:g}"
        )
        if trend.direction == "stays":
            said = f"{span} {self.goal} gets {trend.goal[0]:.4g} all the while: no pressure from there."
        elif trend.direction == "turns":
            low, high = min(trend.goal), max(trend.goal)
            said = f"{span} what {self.goal} gets goes up and down, between {low:.4g} and {high:.4g}."
        else:
            said = f"{span} what {self.goal} gets {trend.direction} from {trend.goal[0]:.4g} to {trend.goal[-1]:.4g}"
            unit = "each further rival" if rivals else f"each unit of {trend.parameter}"
            verb = "costs" if trend.direction == "falls" else "adds"
            said += f": {unit} {verb} it {abs(trend.per_step):.3g} on average."
        return Finding("pressure", said, (self.goal,), numbers, SOURCE)


def pressure(
    family: Callable[..., Game], goal: str, over: Mapping[str, Sequence[float]], fixed: Mapping[str, Any] | None = None
) -> Pressure:
    """How the utility of `goal` fares as rivals become more, the prize higher or the race faster.

    Parameters
    ----------
    family : makes a game from parameters by name (a scenario's class, or a function).
    goal : the name of a bystander, or of a player.
    over : for each parameter the values to try, at least two, growing; the others stay as `fixed` says or by default.

    Raises
    ------
    InputError : nothing to vary, values that do not grow, an unknown goal; and what the family raises.
    """
    if not over or sum(len(values) for values in over.values()) > MOST:
        raise InputError(f"{sum(map(len, over.values()))} games to compare.", do=f"Give 1 to {MOST} values to try.")
    trends = []
    for parameter, values in over.items():
        if len(values) < 2 or any(not b > a for a, b in pairwise(values)):
            raise InputError(
                f"The values of {parameter} are {tuple(values)!r}.",
                do="Give at least two numbers, each above the last.",
            )
        found = [_settled(_made(family, {**(fixed or {}), parameter: value}), goal) for value in values]
        trends.append(
            Trend(parameter, tuple(map(float, values)), tuple(g for g, _ in found), tuple(p for _, p in found))
        )
    return Pressure(goal, getattr(family, "__name__", str(family)), tuple(trends))


def pressed(game: Game) -> Pressure | None:
    """The pressure on a scenario that says itself what to vary (`pressed`), round where it stands; None for others."""
    wanted = getattr(game, "pressed", None)
    if not isinstance(wanted, Mapping):
        return None
    over = {name: values for name, values in wanted.items() if name != "goal"}
    return pressure(type(game), wanted["goal"], over, getattr(game, "parameters", None))


def _made(family: Callable[..., Game], given: dict[str, Any]) -> Game:
    try:
        game = family(**given)
    except OstromError:
        raise
    except TypeError as error:
        raise InputError(
            f"{family!r} makes nothing of {given!r}: {error}.", do="Give parameters that it takes."
        ) from None
    if not isinstance(game, Game):
        raise InputError(f"{family!r} makes a {type(game).__name__}.", do="Give what makes a game.")
    return game


def _settled(game: Game, goal: str) -> tuple[float, float]:
    """What the goal gets, and a player on average, at the limit of the logit branch."""
    if goal not in game.principals:
        raise InputError(f"{goal!r} has no part in {game.name}.", do=f"Name one of {game.principals}.")
    utilities = game.expected_utilities(logit(game).points[0])
    return float(utilities[game.principals.index(goal)]), float(utilities[: len(game.players)].mean())
