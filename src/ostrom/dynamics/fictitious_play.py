"""Fictitious play: everybody answers best to how often the others have made each move, all starts at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal, get_args

import numpy as np

from ..core.errors import UnknownName
from ..core.forms.normal_form import NormalForm
from ..core.game import Array, Game, Mixture
from ._play import Learner, Play, play
from ._runs import Answers, by_runs

ROUNDING = 1e-10
"""Worths closer than this share of the largest the player has seen are equal: what tells them apart is rounding."""

Ties = Literal["split", "lowest"]


def fictitious_play(game: Game, start: Mixture, rounds: int = 1000, *, ties: Ties = "split", worth: Any = None) -> Play:
    """Everybody plays a best move against the others' past frequencies, all at the same time (Brown 1951).

    `start[..., A_i]` is played first and counts as the first round of the frequencies. Beliefs about several others
    are the product of each one's frequencies (Monderer and Shapley 1996). Frequencies, which are `average` in the
    record, come to equilibrium in zero-sum games (Robinson 1951) and potential games, and circle for ever in some
    others (Shapley 1964); `last` is the last best move and hardly ever at rest when the equilibrium is mixed.

    Parameters
    ----------
    rounds : at least 1.
    ties : between equally good moves; "split" plays them all equally often, "lowest" the one that is listed first.
    worth : a table `[A_1, …, A_P]` whose mean under joint play the record shall have. Joint play can stay far
        from what the frequencies suggest: two who miss each other in turn have the frequencies of an equilibrium.

    Raises
    ------
    InputError : no rounds, a start that is not a mixture of every player, or a worth that is not such a table.
    UnknownName : another word for ties.
    """
    if ties not in get_args(Ties):
        raise UnknownName("way to break ties", str(ties), get_args(Ties))
    if isinstance(game, NormalForm) and len(game.players) == 2:
        return by_runs(game, start, rounds, *_answers_to_totals(game, ties), worth)
    return play(game, start, rounds, _rule(game, ties), "fictitious play", worth)


def _answers_to_totals(game: NormalForm, ties: Ties) -> tuple[Answers, Callable[[Array, int, int], Array]]:
    """The best answers to what moves have been worth so far, and below which difference of totals they may yet tie."""
    scales, largest = _scales(game), float(np.abs(game.payoffs).max())

    def answer(total: Array, player: int, rounds: Array) -> Array:
        return _best(total / rounds, scales[player], ties)

    def slack(total: Array, player: int, rounds: int) -> Array:
        return np.full((len(total), 1), ROUNDING * rounds * largest)

    return answer, slack


def _rule(game: Game, ties: Ties) -> Callable[[Sequence[Learner]], list[Array]]:
    scales = _scales(game)

    def answers(learners: Sequence[Learner]) -> list[Array]:
        beliefs = tuple(one.played / one.played.sum(-1, keepdims=True) for one in learners)
        worths = game.deviation_payoffs(beliefs)
        return [_best(worth, scale, ties) for worth, scale in zip(worths, scales, strict=True)]

    return answers


def _best(worth: Array, scale: float, ties: Ties) -> Array:
    best = worth.max(-1, keepdims=True)
    good = worth >= best - ROUNDING * np.maximum(np.abs(best), scale)
    if ties == "lowest":
        good &= good.cumsum(-1) == 1
    return good / good.sum(-1, keepdims=True)


def _scales(game: Game) -> list[float]:
    """Per player, the largest payoff against others who all make their k-th move: sums that cancel hide their size."""
    moves = np.arange(max(game.sizes))
    diagonal = tuple(np.eye(size)[moves % size] for size in game.sizes)
    return [float(np.abs(worth).max()) for worth in game.deviation_payoffs(diagonal)]
