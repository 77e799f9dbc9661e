"""What reporters see of a state that nobody can check."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, reduce
from typing import Any

import numpy as np

from ..core.errors import InputError
from ..core.forms.coalitional import _distinct
from ..core.forms.normal_form import _names, _numbers
from ..core.game import Array


class Signals:
    """A state, and what reporters see of it: given the state, each sees a signal of its own, alike and independently.

    Parameters
    ----------
    prior : odds of the states, `[S]`. likelihood : odds of signals given the state, `[S, X]`.
    signals, states : names.

    Attributes
    ----------
    marginal : `float64[X]`, odds of one signal. pair : `float64[X, X]`, of the signals of two reporters.
    posterior : `float64[X, X]`, what one who saw x (row) believes that another saw.

    Raises `InputError` for odds that are none, fewer than two signals, or a signal that never comes.

    Examples
    --------
    >>> film = Signals([0.5, 0.5], [[0.85, 0.15], [0.45, 0.55]], signals=("h", "l"))
    >>> film.posterior[:, 0].round(4).tolist()
    [0.7115, 0.5357]
    """

    def __init__(
        self,
        prior: Any,
        likelihood: Any,
        *,
        signals: Sequence[str] | None = None,
        states: Sequence[str] | None = None,
    ) -> None:
        _, self.prior = _numbers(prior, "prior")
        _, self.likelihood = _numbers(likelihood, "likelihood")
        rows = (*self.likelihood, self.prior) if self.likelihood.ndim == 2 else ()
        fits = self.likelihood.ndim == 2 and self.prior.shape == self.likelihood.shape[:1]
        if (
            not fits
            or self.likelihood.shape[1] < 2
            or any((row < 0).any() or abs(row.sum() - 1) > 1e-9 for row in rows)
        ):
            raise InputError(
                f"A prior of shape {self.prior.shape}, likelihoods of shape {self.likelihood.shape}.",
                "Odds of states, and for each state odds of two or more signals, are not negative and sum to 1.",
                "Give prior[state] and likelihood[state, signal].",
            )
        self.signals = _distinct(_names(signals, self.likelihood.shape[1], "signal"))
        self.states = _distinct(_names(states, len(self.prior), "state"))
        if never := [name for name, odds in zip(self.signals, self.marginal, strict=True) if odds <= 0]:
            raise InputError(f"Nobody ever sees {never[0]!r}.", "Nothing follows from it.", "Leave it out.")

    def joint(self, count: int) -> Array:
        """`float64[X, …]`: odds of what so many reporters see."""
        rows = [reduce(np.multiply.outer, [row] * count) for row in self.likelihood]
        return np.tensordot(self.prior, np.array(rows), axes=1)

    @cached_property
    def marginal(self) -> Array:
        """`float64[X]`."""
        return self.prior @ self.likelihood

    @cached_property
    def pair(self) -> Array:
        """`float64[X, X]`."""
        return self.joint(2)

    @cached_property
    def posterior(self) -> Array:
        """`float64[X, X]`."""
        return self.pair / self.marginal[:, None]

    def __repr__(self) -> str:
        return f"Signals({len(self.prior)} states, {len(self.signals)} signals)"
