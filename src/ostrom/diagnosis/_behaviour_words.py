"""Parameters of models of behaviour with their intervals, and sentences about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from ..core.game import Array
from ._behaviour_models import Weights, curvature, penalty, sure
from ._choices import COVARIATES, SITUATIONS, Cells, Choices
from ._student_interval import Mean
from ._tables import listed

WIDE = 1.959963984540054
"""Standard errors from the middle to the ends of a 95 % interval."""

LEAST = 0.01
"""Log odds below which an effect is not worth a word."""

Parameters = dict[str, tuple[float, float, float]]


class Score(NamedTuple):
    """A rival of the best model: its loss, what the best has less, games in which that is so, whether over chance."""

    name: str
    loss: float
    gain: Mean
    wins: int
    clear: bool


def parameters(weights: Weights, choices: Choices, cells: Cells, cell: Array) -> Parameters:
    """By name `(estimate, low, high)`: odds for situations, log odds for effects, ratios for alpha and beta."""
    spread, values = _covariance(weights, choices, cells, cell), weights.values
    if weights.model == "fehr schmidt":
        return _ratios(values, spread)
    names = {"rate": ("rate",), "last move": SITUATIONS, "logit": ("precision",)}.get(weights.model) or (
        *SITUATIONS,
        *(f"{situation} × {by}" for by in COVARIATES for situation in SITUATIONS),
    )
    error = WIDE * np.sqrt(np.diag(spread))
    ends = np.stack([values, values - error, values + error], -1)
    told = () if weights.model == "logit" else range(min(5, len(names)))
    for place in told:
        ends[place] = sure(ends[place])
    return {name: (float(a), float(b), float(c)) for name, (a, b, c) in zip(names, ends.tolist(), strict=True)}


def _covariance(weights: Weights, choices: Choices, cells: Cells, cell: Array) -> Array:
    """Of the weights `float[W, W]`: by curvature, and where matches are told robust to what hangs together in one.

    The latter is the sandwich of Liang and Zeger (1986). Beliefs and the ridge count as known.
    """
    x, odds = weights.features(cells), weights.odds(cells)
    flat = np.linalg.inv(curvature(x, odds, cells.made, penalty(weights, cells.made.sum())))
    if choices.match is None:
        return flat
    matches, place = np.unique(choices.match, return_inverse=True)
    if len(matches) < 2:
        return flat
    left = choices.cooperated - odds[cell]
    slopes = np.stack([np.bincount(place.ravel(), column[cell] * left, len(matches)) for column in x.T], -1)
    return flat @ (slopes.T @ slopes) @ flat * len(matches) / (len(matches) - 1)


def _ratios(values: Array, spread: Array) -> Parameters:
    precision = values[0] if abs(values[0]) > 1e-12 else 1e-12
    found: Parameters = {}
    for k, name in enumerate(("precision", "alpha", "beta")):
        slope = np.zeros(3)
        slope[k] = 1 if k == 0 else 1 / precision
        if k:
            slope[0] = -values[k] / precision**2
        value = float(values[k] if k == 0 else values[k] / precision)
        error = float(WIDE * np.sqrt(slope @ spread @ slope))
        found[name] = (value, value - error, value + error)
    return found


def model_words(model: str, told: Mapping[str, tuple[float, float, float]], choices: int) -> str:
    """What a fitted model says, in a sentence or two."""
    begun = f"Over {choices:,} choices"
    value = {name: own[0] for name, own in told.items()}
    if model == "rate":
        return f"{begun} cooperation was chosen {value['rate']:.0%} of the time."
    if "precision" in told and told["precision"][1] <= 0 <= told["precision"][2]:
        return f"{begun} it is open whether payoffs are followed at all: precision {_within(told['precision'])}."
    if model == "logit":
        return f"{begun} payoffs are followed with precision {_within(told['precision'])}."
    if model == "fehr schmidt":
        alpha, beta, precision = (_within(told[name]) for name in ("alpha", "beta", "precision"))
        said = f"{begun} each point behind the other weighs like {alpha} points, each point ahead like {beta}"
        return f"{said}, and what that makes of payoffs is followed with precision {precision}."
    met = [name for name in SITUATIONS if told[name][2] - told[name][1] < 0.99]
    rates = [f"{value[name]:.0%} {'in a first round' if name == 'first' else 'after ' + name}" for name in met]
    said = f"{begun} cooperation was chosen {listed(tuple(rates))}"
    effects = {name: value[name] for name in value if "×" in name and abs(value[name]) >= LEAST}
    if not effects:
        return f"{said}."
    name = max(effects, key=lambda name: abs(effects[name]))
    situation, by = name.split(" × ")
    where = "in a first round" if situation == "first" else f"after {situation}"
    more = "raises" if value[name] > 0 else "lowers"
    return f"{said}, at mean payoffs; most of what payoffs change is {where}, where {by} {more} it."


def comparison_words(best: str, loss: float, rivals: Sequence[Score], games: int) -> str:
    """Which foresees unseen games best, and from which others that cannot be told apart."""
    if not rivals:
        return f"On games it was not fitted to, {best} has a log loss of {loss:.3f}."
    others = ", ".join(f"{name} {score:.3f}" for name, score, *_ in rivals)
    said = f"On games it was not fitted to, {best} foresees choices best: log loss {loss:.3f} ({others})."
    unclear = [score for score in rivals if not score.clear]
    if unclear:
        first = unclear[0]
        return f"{said} {games} games do not tell it from {first.name} (gain {first.gain.words} a choice)."
    first = rivals[0]
    return f"{said} From {first.name} it gains {first.gain.words} a choice, in {first.wins} of {games} games."


def _within(told: tuple[float, float, float]) -> str:
    value, low, high = told
    return f"{value:.2f} [{low:.2f}, {high:.2f}]"
