"""What is left of a channel after a remedy: paraphrase, a limit on messages, silence, or other roles."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from numbers import Integral

import numpy as np

from ..core.errors import InputError
from ..core.event import Event
from ..core.log import Log
from ..core.reading import Reading
from ..core.seeds import refuse_seed
from ._carriers import carried
from ._case import NothingToRead
from ._channel_case import SOURCE, Asked, ask
from ._channel_secret import KINDS
from ._exchanges import exchanges

Remedy = Callable[[Log, np.random.Generator], Log]
"""Makes of a log one in which the same is said in another way, with the same rows in the same order."""


def paraphrase(rewrite: Callable[[str], str]) -> Remedy:
    """Every message in other words, by a function from text to text."""

    def remedy(log: Log, rng: np.random.Generator) -> Log:
        return _said(log, [None if text is None else _text(rewrite(text)) for text in _texts(log)])

    return remedy


def rate_limit(messages: int) -> Remedy:
    """At most so many messages of each agent an episode: the first ones. Raises `InputError` below 1."""
    if not isinstance(messages, Integral) or messages < 1:
        raise InputError(f"At most {messages!r:.40} messages.", "A limit leaves at least one.", "Use mute() for none.")

    def remedy(log: Log, rng: np.random.Generator) -> Log:
        agent, sent, kept = log.get("agent").codes, {}, []
        for k, text in enumerate(_texts(log)):
            place = int(log.episode[k]), int(agent[k])
            sent[place] = sent.get(place, 0) + (text is not None)
            kept.append(text if sent[place] <= messages else None)
        return _said(log, kept)

    return remedy


def mute(agent: str | None = None) -> Remedy:
    """No messages, of one agent or of all. Raises `InputError` for one who is not in the log."""

    def remedy(log: Log, rng: np.random.Generator) -> Log:
        if agent is not None and agent not in log.agents:
            raise InputError(f"{agent!r} is not in {log.source}.", do=f"Name one of {', '.join(log.agents[:12])}.")
        who = log.get("agent")
        return _said(log, [text if agent not in (None, who[k]) else None for k, text in enumerate(_texts(log))])

    return remedy


def shuffle_roles() -> Remedy:
    """In each episode the messages change hands among those who spoke in it, at random."""

    def remedy(log: Log, rng: np.random.Generator) -> Log:
        texts, agent = _texts(log), log.get("agent").codes
        kept: list[str | None] = [None] * len(texts)
        spoken = np.array([text is not None for text in texts], bool)
        for number in np.unique(log.episode):
            rows = np.flatnonzero((log.episode == number) & spoken)
            speakers = np.unique(agent[rows])
            for one, other in zip(speakers, rng.permutation(speakers), strict=True):
                mine, theirs = rows[agent[rows] == one], rows[agent[rows] == other]
                for place, taken in zip(mine, theirs, strict=False):
                    kept[place] = texts[taken]
        return _said(log, kept)

    return remedy


def mitigated(
    log: Log,
    remedy: Remedy,
    *,
    private: tuple[str, ...] = (),
    public: tuple[str, ...] = (),
    seed: int = 0,
    rounds: int = 999,
) -> tuple[Reading, ...]:
    """How many bits an episode a remedy takes from each speaker, channel and private field.

    The estimator of `Channels`, before the remedy and after it, over the same episodes. The effect is before less
    after, with an interval from the differences of episodes; p is for no bits taken. What was left, with the evidence
    for it, is among the numbers. This says what the messages would have told in another form; not what agents would
    have done, had they known of the remedy.

    Parameters
    ----------
    remedy : `paraphrase(f)`, `rate_limit(n)`, `mute()`, `shuffle_roles()`, or a function of a log and a generator.
    private, public : as in `Channels`. rounds : draws at most in each test.

    Raises `InputError` where the remedy returns other rows; `NothingToRead` where nobody says enough.
    """
    refuse_seed(seed)
    if not callable(remedy) or remedy in (paraphrase, rate_limit, mute, shuffle_roles):
        raise InputError(
            f"The remedy is {getattr(remedy, '__name__', remedy)!r:.60}.",
            "It takes a log and a generator, and gives the log as it would have been.",
            "Give one, made: mute(), rate_limit(2), paraphrase(f), shuffle_roles().",
        )
    after = remedy(log, np.random.default_rng([seed, 1]))
    same = isinstance(after, Log) and len(after) == len(log) and np.array_equal(after.episode, log.episode)
    if not same:
        raise InputError("The remedy changed the rows.", "The same episodes are compared.", "Change what is said only.")
    left = {_key(one): one for one in _asked(after, private, public, seed, rounds, least=8)}
    return tuple(_compared(one, left.get(_key(one))) for one in _asked(log, private, public, seed, rounds, least=20))


def _asked(
    log: Log, private: tuple[str, ...], public: tuple[str, ...], seed: int, rounds: int, least: int
) -> Iterator[Asked]:
    try:
        for number, exchange in enumerate(exchanges(log, private, public, least=least)):
            said = carried(exchange)
            for k, name in enumerate(exchange.private):
                found = ask(exchange, name, said, np.random.default_rng([seed, number, k]), rounds)
                if found is not None:
                    yield found
    except NothingToRead:
        if least >= 20:
            raise


def _key(one: Asked) -> tuple[str, str, str]:
    return one.exchange.speaker, one.exchange.channel, one.name


def _compared(before: Asked, after: Asked | None) -> Reading:
    from scipy.special import ndtr

    episodes = np.unique(before.episode)
    told, kept = _an_episode(before, episodes), _an_episode(after, episodes)
    taken = told - kept
    effect = float(taken.mean())
    error = float(taken.std(ddof=1)) / math.sqrt(len(taken)) if len(taken) > 1 else math.inf
    error = error if error > 0 else 1e-12  # nothing changed in any episode
    wide = 1.96 * error if math.isfinite(error) else float(np.log2(KINDS)) * len(before.rows)
    who, channel, name = _key(before)
    field = name.removeprefix("observation.").removeprefix("facts.")
    rest = "nothing is said any more" if after is None else f"p = {after.found.p:.2g} for what is left"
    return Reading(
        "Mitigation",
        f"The remedy takes {effect:.3g} bits an episode ({effect - wide:.3g} to {effect + wide:.3g}) from what {who} "
        f"tells about {field} on {channel!r}: {abs(told.mean()):.3g} before, {abs(kept.mean()):.3g} after; {rest}.",
        effect,
        "bits an episode",
        len(episodes),
        p=float(np.clip(ndtr(-effect / error), 1e-300, 1.0)) if math.isfinite(error) else 1.0,
        interval=(effect - wide, effect + wide),
        basis=before.basis,
        assumes="that agents would have said the same, had they known of the remedy",
        who=(who,),
        where={"channel": channel, "field": field},
        risks=("collusion", "information asymmetries"),
        numbers={
            "before": max(0.0, float(told.mean())),
            "after": max(0.0, float(kept.mean())),
            "p before": before.found.p,
            "p after": 1.0 if after is None else after.found.p,
            "carrier before": before.strongest[0],
            "carrier after": None if after is None else after.strongest[0],
        },
        source=SOURCE,
    )


def _an_episode(asked: Asked | None, episodes: np.ndarray) -> np.ndarray:
    """Bits told in each episode, those of chance taken off evenly, `float[E]`."""
    if asked is None:
        return np.zeros(len(episodes))
    told = asked.capacity
    each = told.each - told.each.mean() + told.bits
    place = np.searchsorted(episodes, asked.episode)
    return np.round(np.bincount(place, each, len(episodes)), 12) + 0.0


def _texts(log: Log) -> list[str | None]:
    column = log.get("message")
    return [column[k] for k in range(len(log))]


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise InputError(f"A paraphrase is {value!r:.60}.", "It is a text for a text.", "Return a string.")
    return value


def _said(log: Log, texts: list[str | None]) -> Log:
    """The same log with other messages."""
    rows = zip(log.events(), texts, strict=True)
    changed: Iterator[Event] = (replace(event, message=text) for event, text in rows)
    return Log.of(changed, log.source, log.row.tolist())
