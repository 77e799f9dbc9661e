"""How people (or whoever was seen) play repeated dilemmas: models fitted to choices, and scored on games never seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import get_args

import numpy as np

from ..core.automaton import Automaton
from ..core.claim import Finding
from ..core.errors import InputError, UnknownName
from ..core.game import Array, Game
from ._behaviour_models import Model, Weights, fitted, folds, losses
from ._behaviour_scores import SOURCE, Comparison
from ._behaviour_words import model_words, parameters
from ._choices import Choices as Choices


@dataclass(frozen=True, eq=False)
class Behaviour:
    """A fitted model.

    Attributes
    ----------
    model : its name. parameters : by name, each `(estimate, low, high)` with a 95 % interval (of ratios by the delta
        method); choices of one match may hang together, those of different matches may not.
    choices : how many it was fitted to. score : the mean −log likelihood of those (nats; ln 2 for a coin).
    """

    model: Model
    parameters: dict[str, tuple[float, float, float]]
    choices: int
    score: float
    weights: Weights = field(repr=False)

    def odds(self, choices: Choices) -> Array:
        """`float[N]`: how likely the model takes each to cooperate."""
        cells, cell = choices.cells
        return self.weights.odds(cells)[cell]

    def memory_one(self, game: Game | Sequence[float], continues: float) -> tuple[float, ...]:
        """Odds to cooperate in a first round and after CC, CD, DC, DD, where odds of another round are `continues`.

        `game` has two players alike with two moves, cooperation first, or is (R, S, T, P). Raises `InputError` else.
        """
        own, other = np.array([np.nan, 1, 1, 0, 0]), np.array([np.nan, 1, 0, 1, 0])
        payoffs = np.tile(_corners(game), (5, 1))
        asked = Choices(np.zeros(5), np.zeros(5, bool), own, other, payoffs, np.full(5, float(continues)))
        return tuple(self.odds(asked).tolist())

    def automaton(self, game: Game | Sequence[float], continues: float) -> Automaton:
        """The same as a strategy for repeated play, tournaments, worlds and live sessions."""
        first, *after = self.memory_one(game, continues)
        return Automaton.memory_one(*after, first=first, name=f"people by {self.model}")

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The model in a sentence."""
        said = model_words(self.model, self.parameters, self.choices)
        numbers = {"parameters": {k: list(v) for k, v in self.parameters.items()}, "log loss": self.score}
        return (Finding("behaviour", said, (), numbers, SOURCE),)


def fit_behaviour(
    choices: Choices, model: Model = "memory one", *, beliefs: Sequence[float] | None = None
) -> Behaviour:
    """A model of behaviour by maximum likelihood.

    Parameters
    ----------
    choices : of repeated games of two with payoffs R, S, T, P.
    model : "rate": one rate for all. "last move": a rate for each situation (first round, after CC, CD, DC, DD).
        "logit": log odds are a precision times what cooperating promises more than defecting until the match ends, per
        R − P, when others, and oneself later, act in each situation as is believed.
        "fehr schmidt": the same of payoffs less alpha times what one is behind and beta times what one is ahead.
        "memory one": a rate for each situation that moves with greed, fear, the odds of another round, and risk (as
        `Cells.covariates`), under a ridge chosen by leaving games out.

    beliefs : odds to cooperate in the five situations; by default the shares in the data.

    Raises `UnknownName` for another model, `InputError` when all choices are alike, or for beliefs that are no odds.
    """
    name, believed = _named(model), _beliefs(beliefs)
    if len(np.unique(choices.cooperated)) < 2:
        raise InputError(
            "All choices are alike.", "There is nothing to tell models apart.", "Give choices of both kinds."
        )
    cells, cell = choices.cells
    weights = fitted(name, cells, believed)
    score = float(losses(weights.odds(cells), cells).sum() / cells.made.sum())
    return Behaviour(name, parameters(weights, choices, cells, cell), len(cell), score, weights)


def compare_behaviour(
    choices: Choices,
    models: Sequence[Model] = get_args(Model),
    *,
    beliefs: Sequence[float] | None = None,
    parts: int | None = None,
    seed: int = 0,
) -> Comparison:
    """Fit each model to some of the games and score it on the others, until every game was left out once.

    All that is learned, ridge and beliefs included, is learned without the games that are scored.

    Parameters
    ----------
    models, beliefs : as for `fit_behaviour`. parts : into how many parts games are split, with `seed`; by default each
        game is left out by itself.

    Raises `InputError` for fewer than three games or two parts, and choices that are all alike; `UnknownName`.
    """
    names: tuple[Model, ...] = tuple(dict.fromkeys(_named(model) for model in models))
    believed = _beliefs(beliefs)
    cells, _ = choices.cells
    if len(cells.games) < 3 or not names or (parts is not None and parts < 2):
        raise InputError(
            f"{len(cells.games)} games, {len(names)} models, {parts} parts.",
            "Some games are left out, and a model needs others to learn from.",
            "Give three games, a model, and two parts or more.",
        )
    if not 0 < cells.cooperated.sum() < cells.made.sum():
        raise InputError("All choices are alike.", do="Give choices of both kinds.")
    odds = np.zeros((len(names), len(cells.made)))
    for out in folds(cells, parts, seed):
        for row, name in zip(odds, names, strict=True):
            row[out] = fitted(name, cells.those(~out), believed).odds(cells.those(out))
    lost = np.array([losses(row, cells) for row in odds])
    good, bad = cells.cooperated, cells.made - cells.cooperated
    count = np.bincount(cells.game, cells.made)
    return Comparison(
        models=names,
        games=tuple(map(str, cells.games.tolist())),
        choices=tuple(count.astype(int).tolist()),
        log_loss=tuple((lost.sum(-1) / cells.made.sum()).tolist()),
        brier=tuple(((odds - 1) ** 2 @ good / cells.made.sum() + odds**2 @ bad / cells.made.sum()).tolist()),
        by_game=tuple(tuple((np.bincount(cells.game, row) / count).tolist()) for row in lost),
    )


def _beliefs(given: Sequence[float] | None) -> Array | None:
    if given is None:
        return None
    odds = np.asarray(given, float)
    if odds.shape != (5,) or not ((odds >= 0) & (odds <= 1)).all():
        raise InputError(
            f"Beliefs of {odds.tolist()}.",
            "They are odds to cooperate in a first round and after CC, CD, DC, DD.",
            "Give five numbers from 0 to 1.",
        )
    return odds


def _named(model: str) -> Model:
    for name in get_args(Model):
        if str(model).replace("_", " ") == name:
            return name
    raise UnknownName("model", str(model), get_args(Model))


def _corners(game: Game | Sequence[float]) -> Array:
    """R, S, T, P of a symmetric game of two with two moves."""
    if not isinstance(game, Game):
        return np.asarray(game, float)
    table = game.dense().payoffs if game.sizes == (2, 2) else np.zeros((1, 1, 0))
    if table.shape != (2, 2, 2) or not np.allclose(table[..., 0], table[..., 1].T):
        raise InputError(
            f"{game.name!r} has moves {game.sizes}, or players that are not alike.",
            "The models are of games of two players alike, with two moves, cooperation first.",
            "Give such a game.",
        )
    return table[..., 0].ravel()
