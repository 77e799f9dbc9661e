"""How models of behaviour did on games that they were not fitted to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..core.claim import Finding
from ..core.errors import UnknownName
from ._behaviour_models import Model
from ._behaviour_words import Score, comparison_words
from ._student_interval import Mean

SOURCE = (
    "Memory one by logistic regression (cf. Nay and Vorobeychik 2016; Dal Bó and Fréchette 2011); Fehr and Schmidt "
    "(1999) with logit errors (McKelvey and Palfrey 1995); scores on games left out of the fit."
)


@dataclass(frozen=True)
class Comparison:
    """Models on games that each fit did not see.

    Attributes
    ----------
    models, games : names. choices : per game.
    log_loss, brier : per model, means over all choices. by_game : `[models][games]`, mean log losses.
    """

    models: tuple[Model, ...]
    games: tuple[str, ...]
    choices: tuple[int, ...]
    log_loss: tuple[float, ...]
    brier: tuple[float, ...]
    by_game: tuple[tuple[float, ...], ...]

    @property
    def best(self) -> Model:
        """The model with the least log loss."""
        return self.models[int(np.argmin(self.log_loss))]

    def gain(self, model: str, other: str) -> Mean:
        """By how much `model` has less log loss than `other`: mean and 95 % interval over games, each counted once.

        Fits share most of their games, so that the interval is a guide, not exact.
        """
        mine, theirs = (np.array(self.by_game[self._place(name)]) for name in (model, other))
        return Mean.of(theirs - mine)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Which model foresees choices in unseen games best, and whether that is more than chance."""
        rows: dict[str, float] = dict(zip(self.models, self.log_loss, strict=True))
        rivals = sorted((str(name) for name in self.models if name != self.best), key=lambda name: rows[name])
        scores = [
            Score(name, rows[name], gain := self.gain(self.best, name), self._wins(name), gain.above_zero)
            for name in rivals
        ]
        said = comparison_words(self.best, rows[self.best], scores, len(self.games))
        told = {name: [gain.value, gain.low, gain.high] for name, _, gain, _, _ in scores}
        numbers = {"log loss": rows, "brier": dict(zip(self.models, self.brier, strict=True)), "gain": told}
        return (Finding("behaviour", said, (), numbers, SOURCE),)

    def _place(self, model: str) -> int:
        if model not in self.models:
            raise UnknownName("model", str(model), self.models)
        return self.models.index(model)

    def _wins(self, rival: str) -> int:
        mine, theirs = self.by_game[self._place(self.best)], self.by_game[self._place(rival)]
        return sum(a < b for a, b in zip(mine, theirs, strict=True))
