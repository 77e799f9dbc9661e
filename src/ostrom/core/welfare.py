"""What "jointly good" means: utilities `[..., P]` of all principals to one number `[...]`.

Every built-in welfare is worth c when everybody gets c, so it is in the units of one principal's utility and can be
compared across welfares. Welfare is applied to outcomes and then averaged, never to averages: a lottery between
two unequal outcomes is not an equal outcome. Each works on NumPy and on jax.numpy arrays alike, also inside `jit`.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .errors import InputError, UnknownName


class Welfare(ABC):
    """A welfare function: call it with utilities `[..., P]`, get `[...]`.

    `name` says which one in words. Where a welfare makes no sense (geometric means of negative gains) it answers
    NaN, so that it can run inside `jit`; `on_table` is the checked form that raises instead.
    """

    name: str = "welfare"
    domain: str = "It means nothing for these utilities."

    @abstractmethod
    def __call__(self, utilities: Any) -> Any:
        """Welfare `[...]` of utilities `[..., P]`."""

    def on_table(self, utilities: np.ndarray) -> np.ndarray:
        """Welfare `float[...]` of a table of outcomes; `InputError` names the outcome where it means nothing."""
        answer = np.asarray(self(utilities), float)
        if answer.shape != utilities.shape[:-1]:
            raise InputError(
                f"The welfare {self.name!r} gave shape {answer.shape} for utilities of shape {utilities.shape}.",
                "Welfare is one number per outcome.",
                "Reduce the last axis, the principals, and nothing else.",
            )
        if not np.isfinite(answer).all():
            place = tuple(int(k) for k in np.argwhere(~np.isfinite(answer))[0])
            raise InputError(
                f"The welfare {self.name!r} is {answer[place]} at joint move {place}, where the utilities are "
                f"{utilities[place].tolist()}.",
                self.domain,
                "Use another welfare (utilitarian works everywhere), or move the zero of the utilities.",
            )
        return answer


@dataclass(frozen=True)
class Utilitarian(Welfare):
    """The mean utility (the default). Bentham's sum, divided by the number of principals."""

    name = "utilitarian"

    def __call__(self, utilities: Any) -> Any:
        """Mean over principals."""
        return _array(utilities).mean(-1)


@dataclass(frozen=True)
class Egalitarian(Welfare):
    """The utility of whoever is worst off (Rawls' maximin)."""

    name = "egalitarian"

    def __call__(self, utilities: Any) -> Any:
        """Minimum over principals."""
        return _array(utilities).min(-1)


@dataclass(frozen=True)
class Nash(Welfare):
    """The geometric mean of the gains over a disagreement point, on top of that point (Nash 1950).

    `disagreement` is what everybody gets when nothing is agreed, one number for all; NaN where somebody gets less.
    """

    disagreement: float = 0.0

    name = "Nash"
    domain = "Nash welfare needs everybody at or above the disagreement point."

    def __call__(self, utilities: Any) -> Any:
        """disagreement + (∏ (u_i − disagreement))^(1/P)."""
        return self.disagreement + _geometric(_array(utilities) - self.disagreement)


@dataclass(frozen=True)
class Gini(Welfare):
    """Mean × (1 − Gini coefficient) (Sen 1976): the mean with more weight on whoever is worse off.

    With utilities in rising order the weights are (2P − 1, 2P − 3, …, 1) / P². Defined for negative utilities too.
    """

    name = "Gini"

    def __call__(self, utilities: Any) -> Any:
        """Rank-weighted mean, worst off first."""
        values = _array(utilities)
        count = values.shape[-1]
        weights = (2 * np.arange(count, 0, -1) - 1) / count**2
        return (_space(values).sort(values, axis=-1) * weights).sum(-1)


@dataclass(frozen=True)
class Atkinson(Welfare):
    """The equal utility that is worth as much (Atkinson 1970); `aversion` ≥ 0 is the aversion to inequality.

    0 is the mean, 1 the geometric mean, ∞ would be the minimum. Needs utilities ≥ 0; NaN otherwise.
    """

    aversion: float = 0.5

    name = "Atkinson"
    domain = "Atkinson's measure needs utilities of zero or more."

    def __post_init__(self) -> None:
        if not (self.aversion >= 0 and math.isfinite(self.aversion)):
            raise InputError(
                f"Atkinson aversion is {self.aversion!r}.",
                "Aversion to inequality is a finite number, zero or more.",
                "Use 0 for the mean; for the limit, the minimum, use Egalitarian().",
            )

    def __call__(self, utilities: Any) -> Any:
        """(mean u^(1−ε))^(1/(1−ε)), and the geometric mean at ε = 1."""
        values, power = _array(utilities), 1 - self.aversion
        if power == 0:
            return _geometric(values)
        xp = _space(values)
        lowest = values.min(-1)
        # Dividing by the lowest keeps large powers finite: every ratio is at least 1.
        scale = lowest if power < 0 else values.max(-1)
        safe = xp.where(scale > 0, scale, 1.0)
        ratios = xp.where((lowest >= 0)[..., None] & (scale > 0)[..., None], values / safe[..., None], 1.0)
        equal = xp.where(scale > 0, safe * (ratios**power).mean(-1) ** (1 / power), 0.0)
        return xp.where(lowest < 0, math.nan, equal)


@dataclass(frozen=True)
class Weighted(Welfare):
    """A weighted mean; `weights` are one number ≥ 0 per principal, put to sum 1."""

    weights: tuple[float, ...]

    name = "weighted"

    def __post_init__(self) -> None:
        weights = tuple(float(w) for w in self.weights)
        if not weights or min(weights) < 0 or not math.isfinite(sum(weights)) or sum(weights) == 0:
            raise InputError(
                f"Welfare weights are {self.weights}.",
                "Weights are finite, zero or more, and not all zero.",
                "Give one weight per principal, players first, then bystanders.",
            )
        object.__setattr__(self, "weights", weights)

    def __call__(self, utilities: Any) -> Any:
        """Σ w_i u_i / Σ w_i."""
        values = _array(utilities)
        if values.shape[-1] != len(self.weights):
            raise InputError(
                f"{len(self.weights)} welfare weights for {values.shape[-1]} principals.",
                do="Give one weight per principal, players first, then bystanders.",
            )
        return (values * (np.array(self.weights) / sum(self.weights))).sum(-1)


@dataclass(frozen=True)
class Custom(Welfare):
    """Your own: any function from utilities `[..., P]` to `[...]`."""

    function: Callable[[Any], Any]
    name: str = "custom"

    def __call__(self, utilities: Any) -> Any:
        """Whatever the function says."""
        return self.function(_array(utilities))


_NAMED: dict[str, type[Welfare]] = {
    "utilitarian": Utilitarian,
    "egalitarian": Egalitarian,
    "nash": Nash,
    "gini": Gini,
    "atkinson": Atkinson,
}


def as_welfare(given: Welfare | str | Sequence[float] | Callable[[Any], Any] | None) -> Welfare:
    """The welfare meant: None is the utilitarian mean, a name a built-in, a list weights, a function your own."""
    if given is None:
        return Utilitarian()
    if isinstance(given, Welfare):
        return given
    if isinstance(given, str):
        if given.lower() not in _NAMED:
            raise UnknownName("welfare", given, _NAMED)
        return _NAMED[given.lower()]()
    if isinstance(given, Sequence):
        return Weighted(tuple(given))
    if callable(given):
        return Custom(given)
    raise InputError(
        f"{given!r} is not a welfare.", do="Give a name, one weight per principal, or a function of utilities [..., P]."
    )


def _array(values: Any) -> Any:
    return values if hasattr(values, "__array_namespace__") else np.asarray(values, float)


def _space(values: Any) -> Any:
    """The array library the values belong to: NumPy or jax.numpy, without importing either for the other."""
    return values.__array_namespace__()


def _geometric(gains: Any) -> Any:
    """Geometric mean over the last axis; 0 when somebody has nothing, NaN when somebody has less."""
    xp = _space(gains)
    lowest = gains.min(-1)
    mean = xp.exp(xp.log(xp.where(gains > 0, gains, 1.0)).mean(-1))
    return xp.where(lowest < 0, math.nan, xp.where(lowest > 0, mean, 0.0))
