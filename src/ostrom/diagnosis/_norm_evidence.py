"""Whether a norm picked on some episodes foretells others, better than any norm-free model of them can."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..core.errors import InputError
from ..core.game import Array

HALF = 0.5
"""Of every outcome, half a case was seen before there was any (Jeffreys)."""


@dataclass(frozen=True, eq=False)
class Trial:
    """H hypotheses and the norm-free model, fitted to the training episodes and scored on all E.

    Attributes
    ----------
    score : `float[H]`, log marginal likelihood of the training episodes plus log prior; -inf is out of the question.
    fitted, free : `float[H, E]`, `float[E]`, log likelihoods with what was fitted in training.
    best_free : the highest log likelihood that any norm-free rates give to the held-out episodes.
    decisions : `int[E]`.
    """

    score: Array
    fitted: Array
    free: Array
    best_free: float
    decisions: Array

    def evidence(self, one: int, held: Array) -> float:
        """Nats by which hypothesis `one` beats, on held-out episodes, the norm-free rates that suit them best.

        Whatever the rates are, without a norm this exceeds ln(1/α) with odds of α at most: the split likelihood ratio.
        """
        return float(self.fitted[one, held].sum() - self.best_free)


def held_out(episodes: int, share: float) -> Array:
    """`bool[E]`: every so-manieth episode; at least one is held out and one trained on."""
    if episodes < 2:
        raise InputError(
            "There is one episode.",
            "A norm is fitted to some episodes and has to foretell others.",
            "Give at least two, or cut the record into episodes where standings and strikes begin anew.",
        )
    if not 0 < share < 1:
        raise InputError(f"held_out={share!r} is no share.", do="Give a number between 0 and 1; half is 0.5.")
    steps = np.floor(np.arange(episodes + 1) * share + 1e-9)
    held = np.diff(steps) > 0
    held[-1] |= not held.any()
    held[0] &= not held.all()
    return held


def free_rates(hit: Array, group: Array, episode: Array, held: Array) -> tuple[Array, float]:
    """The norm-free model of yes-or-no decisions `bool[N]`: each group has one rate, whatever anybody did.

    Returns the log likelihood of each episode with rates fitted in training, and the highest of those held out.
    """
    group = np.unique(group, return_inverse=True)[1].ravel()
    size, out = int(group.max(initial=0)) + 1, held[episode]
    counts = np.stack([_counts(hit[keep], group[keep], size) for keep in (~out, out)])
    (yes, no), (more, less) = counts
    overall = (yes.sum() + HALF) / (yes.sum() + no.sum() + 1)
    rate = ((yes + overall) / (yes + no + 1))[group]
    each = np.log(np.where(hit, rate, 1 - rate))
    return np.bincount(episode, each, len(held)), float(_highest(more, less).sum())


def _counts(hit: Array, group: Array, size: int) -> tuple[Array, Array]:
    return np.bincount(group[hit], minlength=size), np.bincount(group[~hit], minlength=size)


def _highest(yes: Array, no: Array) -> Array:
    """The log likelihood of so many cases at their own frequency."""
    total = np.maximum(yes + no, 1)
    return sum(count * np.log(np.where(count > 0, count / total, 1.0)) for count in (yes, no))  # type: ignore[return-value]


def by_class(codes: Array, hit: Array, episode: Array, held: Array, classes: int) -> tuple[Array, Array, Array]:
    """Of decisions in classes `int[N]`: log marginal likelihood in training, that of each episode, and the rates."""
    episodes = len(held)
    place = (episode * classes + codes) * 2 + hit
    counts = np.bincount(place, minlength=episodes * classes * 2).reshape(episodes, classes, 2)
    trained = counts[~held].sum(0)
    rates = (trained[:, 1] + HALF) / (trained.sum(1) + 1)
    each = (counts[..., 1] * np.log(rates) + counts[..., 0] * np.log(1 - rates)).sum(-1)
    return marginal(trained[:, 1], trained[:, 0]).sum(), each, trained


def marginal(yes: Array, no: Array) -> Array:
    """The log likelihood of so many cases in any one order, over all rates alike (Beta(1/2, 1/2))."""
    from scipy.special import betaln

    return betaln(np.asarray(yes) + HALF, np.asarray(no) + HALF) - betaln(HALF, HALF)
