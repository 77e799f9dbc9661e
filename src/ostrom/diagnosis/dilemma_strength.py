"""How strong a dilemma is, free of units: greed and fear against what cooperation brings, with intervals."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np

from ..core._numbers import number
from ..core.claim import Finding
from ..core.delegation import Delegation, as_delegation
from ..core.errors import InputError
from ..core.forms.symmetric import Symmetric
from ..core.game import Array, Game
from ._dilemma import Dilemma, dilemma_of
from ._log_intervals import t_quantile
from ._sampled_found import SampledGame
from ._tables import opened, principals_game

SOURCE = (
    "Universal dilemma strength (Wang, Kokubo, Jusup and Tanimoto 2015); index of cooperation (Rapoport 1967); "
    "intervals of ratios by Fieller (1954)."
)


@dataclass(frozen=True)
class Ratio:
    """A ratio with its interval, infinite where what divides is not told from 0; both ends at the value if exact."""

    value: float
    low: float
    high: float

    @property
    def words(self) -> str:
        """`0.67`, or `0.67 (0.41 to 0.96)`."""
        if self.low == self.high:
            return f"{self.value:.3g}"
        return f"{self.value:.2f} ({self.low:.2f} to {self.high:.2f})"


@dataclass(frozen=True)
class DilemmaStrength:
    """The strength of a dilemma for each player; with R, S, T, P as in `dilemmas`.

    Attributes
    ----------
    dilemma : which it is. confidence : of the intervals.
    greed : (T - R) / (R - P), how much leaving the others alone brings, in units of what cooperation brings.
    fear : (P - S) / (R - P), what being left alone costs, in the same units.
    index : (R - P) / (T - S) = 1 / (1 + greed + fear), 1 where there is no dilemma, 0 where nothing is to be won.

    All three are empty where no dilemma has a name, or for somebody cooperation brings nothing.
    """

    dilemma: Dilemma
    greed: tuple[Ratio, ...]
    fear: tuple[Ratio, ...]
    index: tuple[Ratio, ...]
    confidence: float

    @property
    def settled(self) -> bool:
        """Whether no interval of greed or fear has 0 inside: then the dilemma's name does not hang on chance."""
        return bool(self.greed) and not any(one.low < 0 < one.high for one in (*self.greed, *self.fear))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """One sentence for the player for whom the dilemma is strongest."""
        if not self.greed:
            return (Finding("dilemma strength", "No dilemma whose strength could be told.", source=SOURCE),)
        at = int(np.argmin([one.value for one in self.index]))
        greed, fear = self.greed[at], self.fear[at]
        who = "each" if len(set(self.index)) == 1 else self.dilemma.players[at]
        said = (
            f"for {who}, in units of what cooperation brings, to leave it alone gains {greed.words} and to be left "
            f"alone with it costs {fear.words}; the index of cooperation is {self.index[at].words}."
        )
        if not self.settled:
            said += " The intervals do not settle whether there is greed and fear at all."
        numbers: dict[str, Any] = {
            name: {who: [one.value, one.low, one.high] for who, one in zip(self.dilemma.players, own, strict=True)}
            for name, own in (("greed", self.greed), ("fear", self.fear), ("index", self.index))
        }
        numbers["confidence"] = self.confidence
        return (Finding("dilemma strength", opened(said), self.dilemma.players, numbers, SOURCE),)


def dilemma_strength(
    subject: Game | Delegation | SampledGame,
    *,
    errors: Any = None,
    freedom: float = math.inf,
    confidence: float = 0.95,
) -> DilemmaStrength:
    """How strong the dilemma is that `dilemmas` finds, whatever the unit and zero of payoffs.

    Parameters
    ----------
    subject : a game, or a `SampledGame`, which brings standard errors and degrees of freedom of its own.
    errors : standard errors of the payoffs, `float[A_1, …, A_P, P]`, independent of each other; none if not given.
    freedom : degrees of freedom of the errors (their smallest number of samples less one); infinite: normal.
    confidence : of the intervals, in (0, 1).

    Intervals are Fieller's: exact for normal means, and unbounded where the gain by cooperation is not told from 0. The
    joint moves are those that the estimates single out; that choice is not part of the interval.

    Raises `InputError` for errors that do not fit or are negative, or a confidence outside (0, 1).

    Examples
    --------
    >>> from ostrom import NormalForm
    >>> found = dilemma_strength(NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]]))
    >>> found.greed[0].value, found.fear[0].value, found.index[0].value
    (1.0, 0.5, 0.4)
    """
    freedom = number(freedom, "number of degrees of freedom", 1.0, infinite=True)
    confidence = number(confidence, "confidence")
    if not 0 < confidence < 1:
        raise InputError(
            f"A confidence of {confidence}.",
            do="Give a confidence in (0, 1).",
        )
    if isinstance(subject, SampledGame):
        freedom = float(subject.counts.min()) - 1
        errors = subject.margins / np.vectorize(lambda n: t_quantile(0.975, n - 1))(subject.counts)[..., None]
        subject = subject.game
    found = dilemma_of(subject)
    game = as_delegation(subject).game
    cells = _cells(game, found)
    if cells is None:
        return DilemmaStrength(found, (), (), (), confidence)
    paid, players = _paid(subject, game, cells), range(len(found.players))
    if any(paid[i, 0] <= paid[i, 3] for i in players):
        return DilemmaStrength(found, (), (), (), confidence)
    wide = np.zeros_like(paid) if errors is None else _errors(game, errors, cells)
    _, size = np.frexp(np.maximum(np.abs(paid), wide).max(1, keepdims=True))
    paid, wide = np.ldexp(paid, -size), np.ldexp(wide, -size)  # so that squares neither vanish nor overflow
    tail = 0.5 + confidence / 2
    times = NormalDist().inv_cdf(tail) if math.isinf(freedom) else t_quantile(tail, round(freedom))
    reads = {"greed": (_T - _R, _R - _P), "fear": (_P - _S, _R - _P), "index": (_R - _P, _T - _S)}
    made = {
        name: tuple(fieller(over @ paid[i], under @ paid[i], over, under, wide[i] ** 2, times) for i in players)
        for name, (over, under) in reads.items()
    }
    return DilemmaStrength(found, confidence=confidence, **made)


_R, _S, _T, _P = np.eye(4)


def fieller(a: float, b: float, over: Array, under: Array, variances: Array, times: float) -> Ratio:
    """The interval of a / b, linear in means with these `variances` and weights `over` and `under` (Fieller 1954).

    All θ with (a - θ b)² ≤ times² Var(a - θ b); unbounded on both sides where b is not told from 0.
    """
    if b == 0:
        return Ratio(math.nan, -math.inf, math.inf)
    value = a / b + 0.0
    aa, ab, bb = (times**2 * float(x * y @ variances) for x, y in ((over, over), (over, under), (under, under)))
    if aa == bb == 0:
        return Ratio(value, value, value)
    lead, middle, last = b * b - bb, a * b - ab, a * a - aa
    if lead <= 0:
        return Ratio(value, -math.inf, math.inf)
    half = math.sqrt(max(middle * middle - lead * last, 0.0))
    return Ratio(value, (middle - half) / lead, (middle + half) / lead)


def _cells(game: Game, found: Dilemma) -> Array | None:
    """`int[P, 4, P]`: the joint moves in which each player gets its R, S, T and P; None without a dilemma."""
    if not found.cooperate or found.name in ("none", "battle of the sexes"):
        return None
    together, apart = np.array(game.profile(found.cooperate)), np.array(game.profile(found.defect))
    count = len(together)
    cells = np.stack([np.tile(one, (count, 1)) for one in (together, apart, together, apart)], 1)
    mine = np.arange(count)
    cells[mine, 1, mine], cells[mine, 2, mine] = together, apart
    return cells


def _paid(subject: Any, game: Game, cells: Array) -> Array:
    """`float[P, 4]`: what each gets for itself there; T is the best it can get by leaving."""
    count = len(cells)
    own = game if isinstance(subject, Symmetric) else principals_game(as_delegation(subject))
    paid = np.stack([own.payoffs_at(cells[i])[:, i] for i in range(count)])
    for i in range(count):
        leaving = np.repeat(cells[i, 0][None], own.sizes[i], 0)
        leaving[:, i] = np.arange(own.sizes[i])
        gets = own.payoffs_at(leaving)[:, i]
        gets[cells[i, 0, i]] = -np.inf
        cells[i, 2, i] = int(gets.argmax())
        paid[i, 2] = gets.max()
    return paid


def _errors(game: Game, errors: Any, cells: Array) -> Array:
    """`float[P, 4]`: the standard errors of those payoffs."""
    try:
        table = np.asarray(errors, float)
    except (TypeError, ValueError, OverflowError) as error:
        raise InputError(f"Errors are no numbers: {error}.", do="Give a standard error for every payoff.") from None
    if table.shape != (*game.sizes, len(game.players)) or not (np.isfinite(table) & (table >= 0)).all():
        raise InputError(
            f"Errors of shape {table.shape} for a game of shape {(*game.sizes, len(game.players))}, or negative.",
            do="Give a finite standard error of at least 0 for every payoff.",
        )
    return np.stack([table[(*own.T, i)] for i, own in enumerate(cells)])
