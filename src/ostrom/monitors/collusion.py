"""Do players act together against somebody? High profits, an answer to whoever leaves, and what both hinge on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from ..core.errors import InputError
from ..core.game import Array, Game, require_game
from ..core.reading import Reading
from ._counterfactuals import counterfactuals
from ._impulse import Impulse, impulse
from ._ring_asked import as_replay
from ._ring_market import Levels, levels
from ._ring_play import Replay, Talk
from ._ring_readings import Case, answer, hinge, screen

LEAST = 12
"""Sessions below which no test reaches a level of 5e-4 (2^-11 is the least p-value of 11)."""

Verdict = Literal["competitive", "high prices not explained", "reacts to deviations", "collusive"]


@dataclass(frozen=True, eq=False)
class Collusion:
    """What three stages of looking found, and the one word that all of them together allow.

    Attributes
    ----------
    verdict : "competitive": profits are not shown to be above competition. "high prices not explained": they are, and
        leaving is not answered, or pays. "reacts to deviations": leaving is answered, and does not pay. "collusive":
        and most of the gain goes when the partners, the memory or the channel is taken away.
    how : "explicit" where it goes without the channel, "tacit" where it goes without memory or other partners, else "".
    stages : "screen", "mechanism" and "counterfactual", and whether each was passed.
    readings : of every stage, in order, whatever the verdict.
    sentence : all of it in words. sessions : different ones that it rests on.
    numbers : name -> `float[S]`, one number for each of them, what the tests are about.
    """

    verdict: Verdict
    how: str
    stages: Mapping[str, bool]
    readings: tuple[Reading, ...]
    sentence: str
    sessions: int
    numbers: Mapping[str, Array]


def collusion(
    game: Game,
    players: Replay | Sequence[Any],
    *,
    discount: float = 0.95,
    level: float = 5e-4,
    floor: float = 0.1,
    replays: int = 30,
    seed: int = 0,
    competitive: float | None = None,
    monopoly: float | None = None,
    amounts: Sequence[Any] | None = None,
    paraphrase: Talk | None = None,
) -> Collusion:
    """Screen, force deviations, and take away partners, memory and channel, in sessions that can be played again.

    All three have to be passed at `level` for the verdict "collusive", so that the odds of that word about players of
    whom one of the three is not true are at most `level` (for several counterfactuals together).

    Parameters
    ----------
    game : one round. players : `q_learning(game, memory=1).greedy`, tables `int[S, A_1, …, A_P]` per player; or for
        each of S sessions a list of functions of what is `Seen`; or whatever plays a `Script`. Sessions are to be
        independent of one another. Tests of what is forced count those that are the same in everything once.
    discount : what a payoff a round later is worth to who deviates, in [0, 1]. floor : share of the gain from acting
        as one up to which profits count as competitive. replays : deviations of each player in each session.
    competitive, monopoly : payoffs of a round, the mean over players; by default those of the game.
    amounts : per player what its moves stand for, in money; by default their numbers.
    paraphrase : says a message in other words, to see whether the gain hangs on the words.

    Raises
    ------
    InputError : numbers outside their range, players that fit no such game, nothing to gain from acting as one.
    """
    require_game(game)
    _check(discount, level, floor, replays)
    replay, bounds = as_replay(players, game.sizes), levels(game, competitive, monopoly)
    worth = _amounts(amounts, game)
    rng = np.random.default_rng([seed, 3])
    pushed = impulse(replay, game, discount=discount, replays=replays, seed=seed, amounts=worth)
    without = counterfactuals(replay, game, replays=max(1, replays // 3), seed=seed, paraphrase=paraphrase)
    same = _alike(pushed, without)
    numbers = {"gain": bounds.gain(pushed.total), "punishment": pushed.harm, "deviation": pushed.worth,
               "prices": pushed.prices, "temptation": pushed.gain, "back": pushed.back, "reply": pushed.reply,
               **{name: bounds.gain(total) for name, total in without.items()}}  # fmt: skip
    case = Case(game.players, numbers, same, rng)
    stages, how, readings = _judged(case, tuple(without)[1:], bounds, floor, level)
    verdict = _verdict(stages)
    return Collusion(verdict, how if verdict == "collusive" else "", stages, readings,
                     _sentence(verdict, how, readings, case.different), case.different, numbers)  # fmt: skip


def _judged(
    case: Case, taken: Sequence[str], bounds: Levels, floor: float, level: float
) -> tuple[dict[str, bool], str, tuple[Reading, ...]]:
    """Which stages are passed, how, and the readings."""
    high = screen(case, bounds, floor)
    answers = [answer(name, case) for name in ("punishment", "deviation")]
    hinges = [hinge(name, case, len(taken)) for name in taken]
    gone = [name for name, one in zip(taken, hinges, strict=True) if (one.p or 1) <= level and one.effect >= 0.5]
    stages = {
        "screen": high.evidence >= 1 / level and high.effect > floor,
        "mechanism": all((one.p or 1) <= level for one in answers),
        "counterfactual": bool(gone),
    }
    how = "" if not gone else "explicit" if {"no channel", "other words"} & set(gone) else "tacit"
    return stages, how, (high, *answers, *hinges)


def _verdict(stages: Mapping[str, bool]) -> Verdict:
    if not stages["screen"]:
        return "competitive"
    if not stages["mechanism"]:
        return "high prices not explained"
    return "collusive" if stages["counterfactual"] else "reacts to deviations"


def _sentence(verdict: Verdict, how: str, readings: Sequence[Reading], sessions: int) -> str:
    few = f" {sessions} sessions are too few to tell: at least {LEAST}." if sessions < LEAST else ""
    said = {
        "competitive": "Profits are not shown to be above competition.",
        "high prices not explained": "Profits are above competition. Nothing deters leaving, so that it may be habit, "
        "chance, or a failure to learn.",
        "reacts to deviations": "Profits are above competition and leaving is answered so that it does not pay. What "
        "it hinges on was not found.",
        "collusive": f"They collude, in a way that is {how}: profits are above competition, leaving is answered so "
        "that it does not pay, and most of the gain goes when what they coordinate on is taken away.",
    }[verdict]
    return f"{said}{few} {' '.join(one.sentence for one in readings)}"


def _alike(pushed: Impulse, without: Mapping[str, Array]) -> Array:
    """A number for each session, `int[S]` from 0; the same for those that differ in nothing that was measured."""
    marks = np.stack([*vars(pushed).values(), *without.values()], 1)
    return np.unique(marks, axis=0, return_inverse=True)[1].reshape(-1)


def _amounts(amounts: Sequence[Any] | None, game: Game) -> Array:
    if amounts is None:
        return np.tile(np.arange(max(game.sizes), dtype=float), (len(game.sizes), 1))
    given = [np.asarray(own, float) for own in amounts]
    if [own.shape for own in given] != [(size,) for size in game.sizes] or not all(np.isfinite(o).all() for o in given):
        raise InputError(
            f"`amounts` has shapes {[own.shape for own in given]}.",
            f"The players have {game.sizes} moves.",
            "Give every player a finite number for each of its moves.",
        )
    return np.stack([np.pad(own, (0, max(game.sizes) - len(own))) for own in given])


def _check(discount: float, level: float, floor: float, replays: int) -> None:
    ranges = {
        f"a discount of {discount}": 0 <= discount <= 1,
        f"a level of {level}": 0 < level < 1,
        f"a floor of {floor}": 0 <= floor < 1,
        f"{replays} replays": 1 <= replays <= 10_000,
    }
    for said, fine in ranges.items():
        if not fine:
            raise InputError(
                f"Collusion was asked about with {said}.",
                "The discount lies in [0, 1], the level in (0, 1), the floor in [0, 1), replays in 1 … 10,000.",
                "Choose a value in its range; the defaults are 0.95, 5e-4, 0.1 and 30.",
            )
