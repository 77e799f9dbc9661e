"""Which layer of a running charter is not enforced, read off what was permitted and paid."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations

import numpy as np

from ..core.charter import Charter
from ..core.errors import InputError
from ..core.event import Event
from ..core.game import Game
from ..core.institution import Institution
from ..core.lifts.govern import ground_of
from ..institutions._silent import names_of, with_silent
from ._layer_filter import ALWAYS, NEVER, Filter, Filtered
from ._layer_round import Hypothesis
from ._layer_rounds import one_log, rounds_of
from ._layer_words import Breakdown, Explanation, Layer


def failing_layer(
    game: Game,
    institutions: Sequence[Institution],
    events: Iterable[Event] | Iterable[Iterable[Event]],
    *,
    level: float = 0.95,
    most: int = 2,
    now_and_then: float = 0.01,
) -> Breakdown:
    """Which layer of a charter is not enforced, from the log of sessions that were meant to be played under it.

    Each hypothesis follows the log round by round: who was asked, whether everybody did what it then permits, and
    whether all were paid what it then pays. Dice that are in the log fell as they fell; where their rows are left out,
    all ways in which they may have fallen are weighed by their odds. What seats choose among what is permitted is not
    judged: a limit shows only when somebody exceeds it, or has no other choice left.

    Parameters
    ----------
    game : what is played, a finite game.
    institutions : the charter as it is written, innermost first.
    events : a `Session`'s log, or several (an iterable of logs, whose episodes are numbered one after the other);
        rounds that were not paid are left out.
    level : the posterior that a verdict has to reach, in (0.5, 1).
    most : how many layers may fail at once, at least 1; more are looked at only where fewer explain nothing.
    now_and_then : how likely beforehand it is that a layer is enforced only in some rounds (with any odds alike),
        against 1 for one that is never enforced, and 1 for a charter that works.

    Returns a `Breakdown`.

    Raises `InputError` for no layers, for what is neither a log nor several, for a log without paid rounds, and numbers
    out of range; `UnknownName` for a log of other players or moves; `TooLarge` where too many dice are not in the log.

    Examples
    --------
    >>> from ostrom import games, institutions
    >>> from ostrom.core.society import Session
    >>> session = Session(games.PrisonersDilemma(), [], rounds=1)
    >>> for seat, act in enumerate(("D", "C")):
    ...     session.submit(seat, {"act": act})
    >>> failing_layer(games.PrisonersDilemma(), [institutions.Tax("D", 1.0)], session.log).failing
    ('Tax',)
    >>> failing_layer(games.PrisonersDilemma(), [institutions.Tax("D", 1.0)], [session.log, session.log]).rounds
    2
    """
    rules = tuple(institutions)
    _check(game, rules, level, most, now_and_then)
    names = names_of(rules)
    episodes = rounds_of(one_log(events), Charter(ground_of(game), rules).ground)
    log = Filter(lambda silent: Hypothesis(game, Charter(ground_of(game), with_silent(rules, silent))), episodes)
    weighed, first = _weighed(log, len(rules), most, now_and_then)
    likeliest = max(weighed, key=lambda one: one[2] + one[3], default=(frozenset(), -1, 0.0, 0.0))
    explanations = _explanations(weighed, names)
    verdict = explanations[0] if explanations and explanations[0].posterior >= level else None
    layers = []
    for k, name in enumerate(names):
        told = log.about(k, likeliest[0], likeliest[1] if likeliest[1] != k else -1)
        layers.append(Layer(name, told.worked, told.failed, _interval(told, level)))
    return Breakdown(verdict, explanations, tuple(layers), sum(map(len, episodes)), level, first)


Weighed = tuple[frozenset[int], int, float, float]
"""Layers that never work, the one that sometimes does (-1: none), the log likelihood, the log of what it was before."""


def _weighed(log: Filter, layers: int, most: int, now_and_then: float) -> tuple[list[Weighed], tuple[int, int] | None]:
    """All hypotheses of as few failing layers as explain the log, and where a charter that works is contradicted."""
    alone = [log.about(k) for k in range(layers)]
    found: list[Weighed] = [(frozenset(), -1, float(alone[0].logs[ALWAYS]), 0.0)]
    rare = np.log(now_and_then) if now_and_then else -np.inf
    for size in range(1, min(most, layers) + 1):
        for failing in map(frozenset, combinations(range(layers), size)):
            for k in sorted(failing):
                told = alone[k] if size == 1 else log.about(k, failing - {k})
                found.append((failing - {k}, k, told.evidence, rare))
                if k == min(failing):
                    found.append((failing, -1, float(told.logs[NEVER]), 0.0))
        left = [one for one in found if one[2] + one[3] > -np.inf]
        if left:
            return left, alone[0].broken
    return [], alone[0].broken


def _explanations(weighed: list[Weighed], names: tuple[str, ...]) -> tuple[Explanation, ...]:
    """The hypotheses in words, the likeliest first."""
    if not weighed:
        return ()
    logs = np.array([likely + before for _, _, likely, before in weighed])
    odds = np.exp(logs - logs.max())
    odds /= odds.sum()
    listed = [
        Explanation(tuple(names[j] for j in sorted(never)), names[k] if k >= 0 else "", float(likely), float(posterior))
        for (never, k, likely, _), posterior in zip(weighed, odds, strict=True)
    ]
    return tuple(sorted(listed, key=lambda one: -one.posterior))


def _interval(told: Filtered, level: float) -> tuple[float, float, float]:
    return told.interval(level) if np.isfinite(told.logs).any() else (0.0, 0.5, 1.0)


def _check(game: Game, rules: tuple[Institution, ...], level: float, most: int, now_and_then: float) -> None:
    if not isinstance(game, Game):
        raise InputError(
            f"{game!r:.80} is no finite game.",
            "What a round would have paid is worked out from a table or a rule for payoffs.",
            "Give the game that was played; the log of a world is not read here.",
        )
    if not rules:
        raise InputError("The charter has no layers.", "Nothing could fail.", "Give the institutions, innermost first.")
    if not 0.5 < level < 1:
        raise InputError(f"level={level!r} is no level of a verdict.", do="Give a number between 0.5 and 1, like 0.95.")
    if isinstance(most, bool) or not isinstance(most, int) or most < 1:
        raise InputError(f"most={most!r} is no number of layers.", do="Give a whole number of at least 1.")
    if not 0 <= now_and_then <= 1:
        raise InputError(f"now_and_then={now_and_then!r} is no odds.", do="Give a number from 0 to 1.")
