"""Ask a listener again from the same place with the message changed: what it does then is what messages do to it."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.agent import Agent, Policy
from ..core.errors import InputError
from ..core.log import Log
from ..core.reading import Reading
from ..core.seeds import refuse_seed
from ._case import NothingToRead
from ._influence import pairs, sights
from ._influence_arms import NOBODY, Asking, exchanged, hears
from ._influence_readings import arm_reading, causal_reading, value_reading

Listener = Callable[[Any, Any, np.random.Generator], Any]
"""`(sight, message, random) -> move`, or `{move: probability}`."""


@dataclass(frozen=True)
class Checkpoint:
    """A place at which a listener moved after it had heard something.

    Attributes
    ----------
    sight : what the listener sees beside the message; whatever the listener takes.
    message : what it heard.
    context : checkpoints of the same context may exchange messages.
    episode : checkpoints of one episode count together.
    """

    sight: Any
    message: Any
    context: Hashable = None
    episode: int = 0


def replay(
    listener: Listener,
    checkpoints: Sequence[Checkpoint],
    *,
    blank: Any = "",
    paraphrase: Callable[[Any], Any] | None = None,
    template: Callable[[Any], Any] | None = None,
    payoff: Callable[[Any, Any], float] | None = None,
    samples: int = 20,
    rounds: int = 9999,
    who: tuple[str, str] = ("the speaker", "the listener"),
    seed: int = 0,
) -> tuple[Reading, ...]:
    """What changes when the listener hears something else: one reading for each arm.

    Arms are `another run`, the message of another episode in the same context; `blank`; and, where they are given,
    `paraphrase` of the message and an honest `template` for it, both functions of the message. In each the listener
    is asked `samples` times at each checkpoint with the same random numbers as for the original.

    Parameters
    ----------
    listener : `(sight, message, random) -> move` or `{move: probability}`; `hearing` makes one of an agent.
    blank : what stands for nothing said.
    payoff : `(sight, move) -> points`; then the value of being heard is a reading beside each arm.
    rounds : permutations at most; the p-value is at least 1 / (rounds + 1).
    who : speaker and listener. seed : of the random numbers.

    The effect is the total variation between the moves, in shares of moves. It is tested by permuting arm labels within
    each checkpoint. From a listener that gives odds it is computed, not sampled; then the first reading is its causal
    influence, in bits, with the messages of each context set as often as they were sent in it.

    Raises `InputError` where there are no checkpoints, or for answers that cannot be counted.
    """
    if not checkpoints or not 1 <= samples <= 100_000 or not 99 <= rounds <= 10_000_000:
        raise InputError(
            f"There are {len(checkpoints)} checkpoints, {samples} samples and {rounds} rounds.",
            "A listener is asked at some checkpoint, and permutations tell nothing below 99.",
            "Give checkpoints (checkpoints(log, speaker, listener) finds them), and leave the rest out.",
        )
    refuse_seed(seed)
    _refuse_pair(who)
    asking = Asking(listener, checkpoints, samples, seed)
    others = {"another run": exchanged(checkpoints, seed), "blank": [blank] * len(checkpoints)}
    for name, changed in (("paraphrase", paraphrase), ("template", template)):
        if changed is not None:
            others[name] = [changed(one.message) for one in checkpoints]
    found = [causal_reading(asking, who)] if asking.tells_odds else []
    for number, (arm, messages) in enumerate(others.items()):
        pairs = asking.pairs([k for k, message in enumerate(messages) if message is not NOBODY], messages)
        if pairs:
            random = np.random.default_rng([seed, 1, number])
            found.append(arm_reading(asking.outcome(pairs, messages, random, rounds), arm, who, asking))
            if payoff is not None:
                found.append(value_reading(asking.worth(pairs, payoff), arm, who, random, rounds))
    return tuple(found)


def value_of_being_heard(
    heard: Any,
    unheard: Any,
    *,
    who: tuple[str, str] = ("the speaker", "the listener"),
    rounds: int = 9999,
    seed: int = 0,
) -> Reading:
    """What being heard is worth, from episodes played twice: with the messages, and with others in their place.

    Parameters
    ----------
    heard, unheard : `float[E]`, points of each episode, played from the same start with the same random numbers.
    who : speaker and listener. rounds : permutations at most. seed : of the draws.

    The interval is a percentile-t bootstrap of the pairs; the p-value of signs that change places, exact where hearing
    makes no difference. Raises `InputError` for arrays that do not pair up.
    """
    refuse_seed(seed)
    _refuse_pair(who)
    one, other = (np.asarray(given, float) for given in (heard, unheard))
    if one.ndim != 1 or one.shape != other.shape or not one.size or not np.isfinite(one - other).all():
        raise InputError(
            f"There are points of the shapes {one.shape} and {other.shape}.",
            "Every episode is played twice, and brings a finite number of points each time.",
            "Give two arrays of the same length.",
        )
    return value_reading(one - other, "another message", who, np.random.default_rng([seed, 3]), rounds)


def _refuse_pair(who: Sequence[str]) -> None:
    """Raise the `InputError` for what is no name of a speaker and of a listener."""
    if isinstance(who, str) or len(who) != 2:
        raise InputError(f"Named are {who!r:.60}.", do='Name the speaker and the listener: ("ann", "bob").')


def checkpoints(
    log: Log, speaker: str, listener: str, *, public: Sequence[str] = (), heard: Sequence[str] = ()
) -> tuple[Checkpoint, ...]:
    """The places of a log at which a listener moved after a speaker had said something, to be asked again.

    The sight is what the listener was shown last when it moved, by field. Contexts are those that `Influence` holds
    fixed. `public` and `heard` are as there. Raises `NothingToRead` if it never did.
    """
    found = []
    for pair in pairs(log, public, heard, least=1):
        if (pair.exchange.speaker, pair.listener) == (speaker, listener):
            episodes = pair.exchange.log.episode[pair.places]
            for k, sight in enumerate(sights(pair)):
                found.append(Checkpoint(sight, pair.said[k], int(pair.context[k]), int(episodes[k])))
    if not found:
        raise NothingToRead(f"{listener} never moves after {speaker} spoke to it.")
    return tuple(found)


def hearing(agent: Agent | Policy, name: str = "message", part: str | None = None) -> Listener:
    """The listener that an agent is.

    Parameters
    ----------
    agent : an `Agent`, whose sights are `Look`s, or a `Policy`, whose sights are `Sight`s; it answers as at its start.
    name : under which it is shown the message. part : of its move that is looked at; by default the first.
    """
    return hears(agent, name, part)


def samples_for(change: float, level: float = 0.05, power: float = 0.9) -> int:
    """Answers an arm that it takes to find a change of one of two moves, a total variation in (0, 1].

    (z_level + z_power)² / (2 δ²), about 5.25 / δ² at a level of 0.05 and a power of 0.9.

    Examples
    --------
    >>> samples_for(0.1), samples_for(0.1, level=5e-4)
    (526, 1134)
    """
    from scipy.special import ndtri

    if not 0 < change <= 1 or not 0 < level < 1 or not level < power < 1:
        raise InputError(
            f"The change is {change}, the level {level}, the power {power}.",
            "A change is a share of moves above 0; a level and a power are odds, the power the larger.",
            "Give them like samples_for(0.1, level=0.05, power=0.9).",
        )
    return math.ceil((ndtri(1 - level / 2) + ndtri(power)) ** 2 / (2 * change**2))
