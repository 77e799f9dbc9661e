"""Messages of one speaker, what it was shown when it sent them, and what all could see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.log import Column
from ._earlier import mattering, recalled
from ._exchanges import Exchange
from ._glossary_distances import tokens
from ._influence_codes import coded, filled, in_words, refined
from ._influence_context import held_fixed, latest, observed, of_agent
from ._influence_information import both_shown, known

ASSUMES = "Given {fixed}, nothing else moves both the words and what they go with; runs are independent."

TOGETHER = 10
"""Messages, one after another, that are drawn together."""


@dataclass(frozen=True, eq=False)
class Case:
    """The messages of a speaker on a channel.

    Attributes
    ----------
    parts : words or letters of each distinct message. code : `int64[N]`, which of them each row is.
    meanings : by name, columns of N rows. episode, context : `int64[N]`. fixed : what the context is made of.
    """

    exchange: Exchange
    parts: list[Any]
    code: np.ndarray
    episode: np.ndarray
    meanings: dict[str, Column]
    context: np.ndarray
    fixed: tuple[str, ...]

    @classmethod
    def of(cls, exchange: Exchange, declared: Sequence[str]) -> Case:
        """The messages of an exchange; `declared` fields are meanings, or else what not all could see."""
        log, kept, said = exchange.log, np.arange(len(exchange)), exchange.said
        mine = of_agent(log, exchange.speaker)
        shown_ = [name for name in observed(log, declared=declared) if (log[name].present & mine).any()]
        wanted = {name for name in shown_ if name in declared or name.removeprefix("observation.") in declared}
        open_ = {name for name in shown_ if name in exchange.public or _all_see(exchange, kept, name)} - wanted
        names = [name for name in shown_ if name in (wanted or set(shown_) - open_)]
        meanings = {name: column for name in names if len((column := known(exchange, kept, name)).values) > 1}
        public = {name: filled(log[name], latest(log, log[name].present, exchange.places)) for name in sorted(open_)}
        code = np.maximum(said.codes, 0).astype(np.int64)
        joint = refined([coded(one).codes for one in meanings.values()], len(kept))
        context, fixed, _ = held_fixed(public, None, joint)
        if meanings and (before := recalled(log, sorted(open_), exchange.places)):
            goes = {one for column in meanings.values() for one in mattering(coded(column).codes, before, context)}
            also = {name: column for name, column in before.items() if name in goes}
            context, fixed, _ = held_fixed(public | also, None, joint)
        episode = log.episode[exchange.places]
        return cls(exchange, tokens(said.values), code, episode, meanings, context, fixed)

    def sample(self, most: int, random: np.random.Generator) -> np.ndarray:
        """At most so many rows, in order: stretches of `TOGETHER` that follow one another, drawn evenly."""
        count = len(self.code)
        if count <= most:
            return np.arange(count)
        parts = np.array_split(np.arange(count), -(-count // TOGETHER))
        drawn = random.choice(len(parts), most // TOGETHER, replace=False)
        return np.concatenate([parts[k] for k in np.sort(drawn)])

    def assumes(self) -> str:
        """What readings of it rest on."""
        return ASSUMES.format(fixed=", ".join(map(short, self.fixed)) or "nothing that was public")


def _all_see(exchange: Exchange, kept: np.ndarray, name: str) -> bool:
    return bool(exchange.listeners) and all(both_shown(exchange, kept, name, one) for one in exchange.listeners)


def short(field: str) -> str:
    """The name of a field without that it was observed."""
    return in_words(field.removeprefix("observation."))
