"""How people (or whoever was seen) play repeated dilemmas: models fitted to choices, and scored on games never seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

import numpy as np

from ..core.automaton import Automaton
from ..core.claim import Finding
from ..core.errors import InputError, UnknownName
from ..core.game import Array

Model = Literal["rate", "last move", "memory one", "fehr schmidt"]
SITUATIONS = ("first", "CC", "CD", "DC", "DD")
RIDGES = (0.01, 1.0, 100.0)
CLIP = 1e-6

SOURCE = (
    "Memory one by logistic regression on payoffs and continuation (cf. Nay and Vorobeychik 2016); Fehr and Schmidt "
    "(1999) with logit errors (McKelvey and Palfrey 1995); scores on games left out of the fit."
)


@dataclass(frozen=True, eq=False)
class Choices:
    """N choices between cooperating and defecting.

    Attributes
    ----------
    game : `[N]`, which game each was made in: games are what is left out.
    cooperated : `bool[N]`. own, other : `float[N]`, 1 or 0 for what was chosen in the round before, NaN in a first one.
    payoffs : `float[N, 4]`, reward, sucker's payoff, temptation and punishment. continues : `float[N]`, the odds of
        another round.
    """

    game: Array
    cooperated: Array
    own: Array
    other: Array
    payoffs: Array
    continues: Array

    def __post_init__(self) -> None:
        count = len(np.atleast_1d(self.cooperated))
        shapes = [np.shape(own) for own in (self.game, self.cooperated, self.own, self.other, self.continues)]
        if set(shapes) != {(count,)} or np.shape(self.payoffs) != (count, 4) or not count:
            raise InputError(
                f"Choices of shapes {shapes} with payoffs {np.shape(self.payoffs)}.",
                "Each of N choices has its game, its round before, four payoffs and odds of another round.",
                "Give arrays of one length.",
            )
        gain = self.payoffs[:, 0] - self.payoffs[:, 3]
        if not np.isfinite(self.payoffs).all() or not (gain > 0).all() or not np.isfinite(self.continues).all():
            raise InputError(
                "Some payoffs are not those of a dilemma, or not finite.",
                "Here the reward R is above the punishment P in every game, and all numbers are known.",
                "Leave such games out.",
            )
        for name in ("own", "other"):
            seen = getattr(self, name)
            if not np.isin(seen[~np.isnan(seen)], (0, 1)).all():
                raise InputError(f"{name} holds other numbers than 0 and 1.", do="Give 1, 0, or NaN in a first round.")

    def those(self, chosen: Array) -> Choices:
        """Some of the choices."""
        return Choices(*(getattr(self, own)[chosen] for own in self.__dataclass_fields__))

    @property
    def situation(self) -> Array:
        """`int[N]`: 0 in a first round, else 1 to 4 for CC, CD, DC, DD in the round before, own move first."""
        own, other = np.nan_to_num(self.own), np.nan_to_num(self.other)
        after = 1 + 2 * (1 - own) + (1 - other)
        return np.where(np.isnan(self.own) | np.isnan(self.other), 0, after).astype(int)

    @property
    def greed_and_fear(self) -> Array:
        """`float[N, 2]`: (T − R) and (P − S) per R − P."""
        reward, sucker, temptation, punishment = self.payoffs.T
        return np.stack([temptation - reward, punishment - sucker], -1) / (reward - punishment)[:, None]


@dataclass(frozen=True)
class Behaviour:
    """A fitted model.

    Attributes
    ----------
    model : its name. parameters : by name, each `(estimate, low, high)` with a 95 % interval from the curvature of the
        likelihood, as if choices were independent given the model.
    choices, log_loss : how many it was fitted to, and the mean −log likelihood there.
    """

    model: Model
    parameters: dict[str, tuple[float, float, float]]
    choices: int
    log_loss: float
    weights: tuple[float, ...] = field(repr=False)

    def odds(self, choices: Choices) -> Array:
        """`float[N]`: how likely the model takes each to cooperate."""
        return _odds(self.model, np.array(self.weights), choices)

    def memory_one(self, payoffs: Sequence[float], continues: float) -> tuple[float, ...]:
        """Odds to cooperate in a first round, and after CC, CD, DC, DD, at payoffs (R, S, T, P)."""
        own, other = np.array([np.nan, 1, 1, 0, 0]), np.array([np.nan, 1, 0, 1, 0])
        asked = Choices(
            np.zeros(5),
            np.zeros(5, bool),
            own,
            other,
            np.tile(np.asarray(payoffs, float), (5, 1)),
            np.full(5, continues),
        )
        return tuple(float(p) for p in self.odds(asked))

    def automaton(self, payoffs: Sequence[float], continues: float) -> Automaton:
        """The same as a strategy for tournaments, worlds and sessions."""
        first, *after = self.memory_one(payoffs, continues)
        return Automaton.memory_one(*after, first=first, name=self.model)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The parameters in a sentence."""
        told = ", ".join(f"{name} {value:.3g}" for name, (value, _, _) in list(self.parameters.items())[:6])
        said = f"By the model {self.model!r}, fitted to {self.choices:,} choices: {told}."
        return (
            Finding("behaviour", said, (), {"parameters": {k: list(v) for k, v in self.parameters.items()}}, SOURCE),
        )


@dataclass(frozen=True)
class Comparison:
    """Models on games that each fit did not see.

    Attributes
    ----------
    models, games : names. log_loss, brier : per model, means over all choices; by_game : `[models][games]` log losses.
    """

    models: tuple[Model, ...]
    games: tuple[str, ...]
    log_loss: tuple[float, ...]
    brier: tuple[float, ...]
    by_game: tuple[tuple[float, ...], ...]

    @property
    def best(self) -> Model:
        """The model with the least log loss."""
        return self.models[int(np.argmin(self.log_loss))]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Which model foresees choices in unseen games best, and by how much."""
        rows = dict(zip(self.models, self.log_loss, strict=True))
        k, wins = self.models.index(self.best), 0
        for game in range(len(self.games)):
            wins += min(range(len(self.models)), key=lambda m: self.by_game[m][game]) == k
        others = ", ".join(f"{model} {loss:.3f}" for model, loss in rows.items() if model != self.best)
        said = f"Of games it was not fitted to, {self.best} foresees choices best: log loss {rows[self.best]:.3f} "
        said += f"({others}); best in {wins} of {len(self.games)} games."
        return (Finding("behaviour", said, (), {"log loss": rows}, SOURCE),)


def fit_behaviour(choices: Choices, model: Model = "memory one") -> Behaviour:
    """A model of behaviour by maximum likelihood.

    "rate": one rate for all; "last move": a rate for each situation (first round, after CC, CD, DC, DD); "memory one":
    the same with greed, fear and the odds of another round as covariates in each situation (logistic regression with a
    ridge chosen by leaving games out); "fehr schmidt": logit choice by payoffs of the round with aversion to being
    behind (alpha) and ahead (beta), believing that the other repeats its last move (in a first round: cooperates with
    odds `hope`).

    Raises `UnknownName` for another model, `InputError` when all choices are alike.
    """
    if model not in get_args(Model):
        raise UnknownName("model", str(model), get_args(Model))
    if len(set(np.asarray(choices.cooperated, bool).tolist())) < 2:
        raise InputError(
            "All choices are alike.", "There is nothing to tell models apart.", "Give choices of both kinds."
        )
    weights, spread = _fitted(model, choices)
    odds = np.clip(_odds(model, weights, choices), CLIP, 1 - CLIP)
    shown = _shown(model, weights, spread)
    return Behaviour(model, shown, len(odds), _loss(odds, choices.cooperated), tuple(weights.tolist()))


def compare_behaviour(choices: Choices, models: Sequence[Model] = get_args(Model)) -> Comparison:
    """Fit each model to all games but one and score it on that one, for every game in turn.

    Raises `InputError` for fewer than three games, and as `fit_behaviour`.
    """
    games = list(dict.fromkeys(choices.game.tolist()))
    if len(games) < 3:
        raise InputError(
            f"{len(games)} games.", "One is left out at a time, and a model needs some to learn from.", "Give 3."
        )
    odds = np.zeros((len(models), len(choices.cooperated)))
    for game in games:
        out = choices.game == game
        for k, model in enumerate(models):
            odds[k, out] = fit_behaviour(choices.those(~out), model).odds(choices.those(out))
    odds = np.clip(odds, CLIP, 1 - CLIP)
    each = [[_loss(row[choices.game == g], choices.cooperated[choices.game == g]) for g in games] for row in odds]
    return Comparison(
        models=tuple(models),
        games=tuple(map(str, games)),
        log_loss=tuple(_loss(row, choices.cooperated) for row in odds),
        brier=tuple(float(((row - choices.cooperated) ** 2).mean()) for row in odds),
        by_game=tuple(map(tuple, each)),
    )


def _loss(odds: Array, cooperated: Array) -> float:
    return float(-np.log(np.where(cooperated, odds, 1 - odds)).mean())


def _features(model: Model, choices: Choices) -> Array:
    at = np.eye(5)[choices.situation]
    if model == "rate":
        return np.ones((len(at), 1))
    if model == "last move":
        return at
    told = np.column_stack([choices.greed_and_fear, choices.continues])
    return np.concatenate([at, *(at * own[:, None] for own in told.T)], axis=1)


def _odds(model: Model, weights: Array, choices: Choices) -> Array:
    if model == "fehr schmidt":
        return 1 / (1 + np.exp(np.clip(_lure(weights, choices), -500, 500)))
    return 1 / (1 + np.exp(-np.clip(_features(model, choices) @ weights, -500, 500)))


def _lure(weights: Array, choices: Choices) -> Array:
    """λ times what defecting is felt to pay more, per R − P, at the odds that the other is believed to cooperate."""
    precision, alpha, beta, hope = weights
    hoped = 1 / (1 + np.exp(-np.clip(hope, -500, 500)))
    believed = np.where(np.isnan(choices.other), hoped, choices.other)
    reward, sucker, temptation, punishment = choices.payoffs.T
    apart = temptation - sucker
    cooperate = believed * reward + (1 - believed) * (sucker - alpha * apart)
    defect = believed * (temptation - beta * apart) + (1 - believed) * punishment
    return precision * (defect - cooperate) / (reward - punishment)


def _fitted(model: Model, choices: Choices) -> tuple[Array, Array]:
    if model == "fehr schmidt":
        return _by_search(choices)
    x, y = _features(model, choices), np.asarray(choices.cooperated, float)
    ridge = _ridge(x, y, choices.game) if model == "memory one" else 1e-6
    return _logistic(x, y, ridge)


def _logistic(x: Array, y: Array, ridge: float) -> tuple[Array, Array]:
    """Weights by Newton's method, and their standard errors."""
    weights = np.zeros(x.shape[1])
    for _ in range(60):
        odds = 1 / (1 + np.exp(-np.clip(x @ weights, -30, 30)))
        curve = (x * (odds * (1 - odds))[:, None]).T @ x + ridge * np.eye(len(weights))
        move = np.linalg.solve(curve, x.T @ (y - odds) - ridge * weights)
        weights = weights + move
        if np.abs(move).max() < 1e-9:
            break
    return weights, np.sqrt(np.diag(np.linalg.inv(curve)))


def _ridge(x: Array, y: Array, game: Array) -> float:
    """The ridge under which games left out are foreseen best."""
    games = list(dict.fromkeys(game.tolist()))
    if len(games) < 2:
        return RIDGES[1]

    def lost(ridge: float) -> float:
        total = 0.0
        for one in games:
            out = game == one
            weights, _ = _logistic(x[~out], y[~out], ridge)
            odds = np.clip(1 / (1 + np.exp(-np.clip(x[out] @ weights, -30, 30))), CLIP, 1 - CLIP)
            total += _loss(odds, y[out] > 0) * out.sum()
        return total

    return min(RIDGES, key=lost)


def _by_search(choices: Choices) -> tuple[Array, Array]:
    from scipy.optimize import minimize

    def lost(weights: Array) -> float:
        odds = np.clip(_odds("fehr schmidt", weights, choices), CLIP, 1 - CLIP)
        return _loss(odds, choices.cooperated) * len(odds)

    bounds = [(0, 50), (-2, 5), (-2, 2), (-10, 10)]
    begun = [np.array([1.0, 0.0, b, 0.0]) for b in (0.0, 0.5)]
    found = min((minimize(lost, start, bounds=bounds, method="L-BFGS-B") for start in begun), key=lambda one: one.fun)
    return found.x, np.sqrt(np.maximum(np.diag(np.linalg.pinv(_curvature(lost, found.x))), 0))


def _curvature(function: Any, at: Array) -> Array:
    """Second differences."""
    step, count = 1e-3, len(at)
    unit = np.eye(count) * step
    found = np.empty((count, count))
    for i in range(count):
        for j in range(count):
            corners = [function(at + a * unit[i] + b * unit[j]) for a, b in ((1, 1), (1, -1), (-1, 1), (-1, -1))]
            found[i, j] = (corners[0] - corners[1] - corners[2] + corners[3]) / (4 * step * step)
    return found


def _shown(model: Model, weights: Array, spread: Array) -> dict[str, tuple[float, float, float]]:
    names = {
        "rate": ("rate",),
        "last move": SITUATIONS,
        "memory one": tuple(
            f"{situation}{by}" for by in ("", " × greed", " × fear", " × continues") for situation in SITUATIONS
        ),
        "fehr schmidt": ("precision", "alpha", "beta", "hope"),
    }[model]
    ends = [(w, w - 1.96 * s, w + 1.96 * s) for w, s in zip(weights.tolist(), spread.tolist(), strict=True)]
    odds = {"rate": (0,), "last move": range(5), "fehr schmidt": (3,)}.get(model, ())  # told as odds, not as log odds
    for k in odds:
        ends[k] = (_sure(ends[k][0]), _sure(ends[k][1]), _sure(ends[k][2]))
    return dict(zip(names, ends, strict=True))


def _sure(log_odds: float) -> float:
    return float(1 / (1 + np.exp(-np.clip(log_odds, -500, 500))))
