"""Arms of a replay: which messages take the place of the original, and what the listener answers in each."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from ..core.agent import NEVER, Agent, Look, Policy, Sight
from ..core.errors import InputError
from ._influence_asked import Answers, asked, by_episode, mutual, numbered, variation

NOBODY = object()
"""In place of a message where no other episode has one in the same context."""

MIXED = "The listener answers with a move now and with odds then."

KINDS = 64
"""Messages of a context that are enumerated at most, the commonest."""


@dataclass(frozen=True)
class Outcome:
    """What an arm changed: total variation with its interval, p-value, and pairs of answers behind it."""

    change: float
    interval: tuple[float, float]
    p: float
    n: int


def exchanged(checkpoints: Sequence[Any], seed: int) -> list[Any]:
    """For each checkpoint a message of another episode in the same context, `NOBODY` where there is none."""
    random, where = np.random.default_rng([seed, 2]), defaultdict(list)
    for k, one in enumerate(checkpoints):
        where[one.context].append(k)
    out: list[Any] = [NOBODY] * len(checkpoints)
    for rows in where.values():
        episodes = np.array([checkpoints[k].episode for k in rows])
        for k in rows:
            others = np.flatnonzero(episodes != checkpoints[k].episode)
            if len(others):
                out[k] = checkpoints[rows[int(random.choice(others))]].message
    return out


class Asking:
    """A listener that is asked at checkpoints, with the same random numbers in every arm."""

    def __init__(self, listener: Callable[..., Any], checkpoints: Sequence[Any], samples: int, seed: int) -> None:
        self.listener, self.checkpoints, self.samples, self.seed = listener, checkpoints, samples, seed
        self._known: dict[int, list[Any]] = {}

    def answers(self, place: int, message: Any) -> list[Any]:
        """All answers at a checkpoint to a message; one, if they are odds."""
        sight, out = self.checkpoints[place].sight, []
        for k in range(self.samples):
            out.append(asked(self.listener, sight, message, np.random.default_rng([self.seed, 0, place, k])))
            if isinstance(out[0], Mapping):
                break
        if len({isinstance(one, Mapping) for one in out}) > 1:
            raise InputError(MIXED, do="Return the same kind always.")
        return out

    def original(self, place: int) -> list[Any]:
        """All answers to what was said."""
        if place not in self._known:
            self._known[place] = self.answers(place, self.checkpoints[place].message)
        return self._known[place]

    @cached_property
    def tells_odds(self) -> bool:
        """Whether the listener answers with odds."""
        return isinstance(self.original(0)[0], Mapping)

    def pairs(self, places: Sequence[int], messages: Sequence[Any]) -> list[tuple[int, Any, Any]]:
        """`(place, answer to the original, answer in the arm)`, one for each random number."""
        found = [(k, self.original(k), self.answers(k, messages[k])) for k in places]
        if any(isinstance(one[0], Mapping) != self.tells_odds for _, *both in found for one in both):
            raise InputError(MIXED, do="Return the same kind always.")
        return [(k, *pair) for k, one, other in found for pair in zip(one, other, strict=True)]

    def outcome(
        self, pairs: Sequence[Any], messages: Sequence[Any], random: np.random.Generator, rounds: int
    ) -> Outcome:
        """What an arm changes."""
        episode = numbered([self.checkpoints[k].episode for k, _, _ in pairs])[0]
        if self.tells_odds:
            apart = np.array([variation(one, other) for _, one, other in pairs])
            p = 1e-300 if apart.max() > 1e-9 else 1.0
            return Outcome(float(apart.mean()), by_episode(apart, episode, (0.0, 1.0)), p, len(pairs))
        codes, moves = numbered([one for _, one, _ in pairs] + [other for _, _, other in pairs])
        first, second = codes[: len(pairs)], codes[len(pairs) :]
        place = numbered([k for k, _, _ in pairs])[0]
        kind = numbered([self._kind(k, messages[k]) for k, _, _ in pairs])[0]
        answers = Answers(first, second, place, kind, episode, moves)
        return Outcome(*answers.change(), answers.p(random, rounds), len(pairs))

    def _kind(self, place: int, message: Any) -> Hashable:
        one = self.checkpoints[place]
        return one.context, repr(one.message), repr(message)

    def worth(self, pairs: Sequence[Any], payoff: Callable[[Any, Any], float]) -> np.ndarray:
        """By how much more the original brings than the arm, the mean of each episode, `float[E]`."""
        apart = np.array([self._worth(k, one, payoff) - self._worth(k, other, payoff) for k, one, other in pairs])
        episode, count = numbered([self.checkpoints[k].episode for k, _, _ in pairs])
        return np.bincount(episode, apart, count) / np.bincount(episode, minlength=count)

    def _worth(self, place: int, answer: Any, payoff: Callable[[Any, Any], float]) -> float:
        odds = answer if isinstance(answer, Mapping) else {answer: 1.0}
        worth = float(sum(chance * payoff(self.checkpoints[place].sight, move) for move, chance in odds.items()))
        if not np.isfinite(worth):
            raise InputError(f"The payoff of {answer!r:.40} is {worth}.", do="Return a finite number of points.")
        return worth

    def enumerated(self) -> tuple[float, tuple[float, float]]:
        """Bits between messages, set as often as they are sent in each context, and moves; the interval by episode."""
        sent: dict[Hashable, Counter[Any]] = defaultdict(Counter)
        for one in self.checkpoints:
            sent[one.context][one.message] += 1
        bits, most = [], 0.0
        for place, one in enumerate(self.checkpoints):
            common = sent[one.context].most_common(KINDS)
            whole = sum(times for _, times in common)
            odds = [self.answers(place, message)[0] for message, _ in common]
            bits.append(mutual(odds, [times / whole for _, times in common]))
            most = max(most, np.log2(len(common)))
        episode = numbered([one.episode for one in self.checkpoints])[0]
        return float(np.mean(bits)), by_episode(np.array(bits), episode, (0.0, float(most)))


def hears(agent: Agent | Policy, name: str, part: str | None) -> Callable[..., Any]:
    """The listener that an agent is: it is shown the message under a name, and chooses one part of its move."""

    def looking(look: Look, message: Any, random: np.random.Generator) -> Any:
        told = replace(look, sees={**look.sees, name: message})
        choice: Any = agent.act(agent.init(int(random.integers(2**31))), told)  # type: ignore[union-attr, arg-type]
        return choice[next(iter(told.choices)) if part is None else part]

    def seeing(sight: Sight, message: Any, random: np.random.Generator) -> dict[int, float]:
        told = replace(sight, seen={**sight.seen, name: np.asarray(message)})
        mine = next(iter(told.mask)) if part is None else part
        mask = np.asarray(told.mask[mine], bool)
        scores = agent.act(told, agent.begin())[0].get(mine, np.zeros(mask.shape))  # type: ignore[union-attr, arg-type]
        odds = np.where(mask, np.asarray(scores, float), NEVER)
        odds = np.exp(odds - odds.max())
        return {int(k): float(odds[k] / odds.sum()) for k in np.flatnonzero(mask)}

    return seeing if isinstance(agent, Policy) else looking
