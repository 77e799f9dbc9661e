"""The nucleolus: the division by which the coalition that complains most complains least, then the next, and so on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ..core.errors import InputError
from ..core.exact import fraction
from ..core.forms.coalitional import Coalitional
from ..core.solution import Status
from ._excess import Level, excesses, lexical, refuse_many
from ._span import Span


@dataclass(frozen=True)
class Nucleolus:
    """A division and its proof.

    Attributes
    ----------
    players : names. values : what each gets.
    exact : the same in rationals; None where it could not be proved.
    levels : one for each round, from the largest excess down: the excess, and coalitions with positive weights that
        prove it cannot be smaller (Kohlberg's balanced collections). `check_nucleolus` needs nothing else.
    status : "complete" where it is proved, otherwise "partial".
    """

    players: tuple[str, ...]
    values: tuple[float, ...]
    exact: tuple[Fraction, ...] | None
    levels: tuple[Level, ...]
    status: Status
    method: str

    @property
    def shares(self) -> Mapping[str, float]:
        """What each gets, by name."""
        return dict(zip(self.players, self.values, strict=True))


def nucleolus(game: Coalitional, *, imputations: bool = True) -> Nucleolus:
    """The nucleolus (Schmeidler 1969); with `imputations=False` the prenucleolus.

    Of all divisions of what all are worth (that leave nobody below what it is worth alone, if `imputations`) the one
    whose excesses, from the largest down, are smallest in lexical order. There is one. Found by at most n − 1 linear
    programs (Maschler, Peleg and Shapley 1979); each is proved in rationals by weights on coalitions, so that the
    answer does not rest on floats.

    Raises
    ------
    InputError : all together are worth less than each alone, and imputations are wanted.
    TooLarge : more than 20 players.

    Examples
    --------
    >>> talmud = Coalitional(lambda group: max(200 - sum((100, 200, 300)[i] for i in range(3) if i not in group), 0), 3)
    >>> nucleolus(talmud).values
    (50.0, 75.0, 75.0)
    """
    _refuse(game, imputations)
    found = lexical(game, imputations)
    method = "a sequence of linear programs (HiGHS), each proved in rationals"
    if found.exact is None or check_nucleolus(game, found.exact, found.levels, imputations=imputations):
        return Nucleolus(game.players, found.near, None, found.levels, "partial", method)
    return Nucleolus(game.players, tuple(map(float, found.exact)), found.exact, found.levels, "complete", method)


def check_nucleolus(
    game: Coalitional, shares: Sequence[Fraction | float], levels: Sequence[Level], *, imputations: bool = True
) -> str:
    """Why levels do not prove that a division is the nucleolus; "" where they do. In rationals, without a solver.

    Round by round (Kohlberg 1971): no coalition that is not fixed yet complains more than the level says; those that
    prove it complain exactly so much; and with their weights they add up to coalitions that are fixed already, so that
    no division has a smaller largest excess. In the end everything is fixed.
    """
    exact = tuple(fraction(share) if not isinstance(share, Fraction) else share for share in shares)
    if sum(exact) != game.rational(game.everybody):
        return f"{sum(exact)} is divided, and there is {game.rational(game.everybody)}."
    short = [i for i, share in enumerate(exact) if share < game.rational(1 << i)]
    if imputations and short:
        return f"{game.players[short[0]]} gets less than it is worth alone."
    left, unit = excesses(game, exact)
    span = Span(game.count)
    span.add(game.everybody)
    for number, level in enumerate(levels, 1):
        open_ = np.where(span.holds(), False, left > level.excess * unit)
        if open_.any():
            return f"In round {number} {game.members(int(open_.argmax()))} complain more than {level.excess}."
        why = _unproved(game, exact, level, left, unit, span, imputations)
        if why:
            return f"In round {number} {why}"
        for mask in (*level.weights, *(1 << i for i in level.floors)):
            span.add(mask)
    return "" if span.rank == game.count else "Other divisions are as good."


def _refuse(game: Coalitional, imputations: bool) -> None:
    """Raise what `nucleolus` raises."""
    refuse_many(game)
    alone = sum(game.rational(1 << i) for i in range(game.count))
    if imputations and alone > game.rational(game.everybody):
        raise InputError(
            f"All together are worth {float(game.rational(game.everybody)):g}, each alone adds up to {float(alone):g}.",
            "No division leaves everybody at least what it has alone.",
            "Ask with imputations=False, for the prenucleolus.",
        )


def _unproved(game, exact, level, left, unit, span, imputations) -> str:
    """Why the weights of a level prove nothing; "" where they do."""
    if (
        not level.weights
        or min((*level.weights.values(), *level.floors.values())) <= 0
        or (level.floors and not imputations)
    ):
        return "weights are not all positive."
    if any(Fraction(int(left[mask]), unit) != level.excess for mask in level.weights):
        return "a coalition of the proof complains less than the level."
    if any(exact[i] != game.rational(1 << i) for i in level.floors):
        return "a player of the proof gets more than it is worth alone."
    total = sum(
        (weight * span.row(mask) for mask, weight in level.weights.items()),
        np.full(game.count, Fraction(0), dtype=object),
    )
    for i, weight in level.floors.items():
        total[i] += weight
    return "" if span.follows(total) else "coalitions do not add up to fixed ones."
