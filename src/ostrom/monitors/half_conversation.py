"""Only one side was recorded: what its own rows still tell, and never more than the whole record would."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ..core.log import Column, Log
from ..core.reading import Reading
from ._case import Monitor, NothingToRead, shown
from ._exchanges import Exchange, exchanges
from ._influence import LEAST, checked, ordered, spread
from ._influence_context import latest, observed, of_agent, passed_over
from ._influence_information import OWN, Told, known, own_moves, told
from ._rates import DOUBT, enough, perhaps

SOURCE = "Speaker consistency: Lowe et al., On the Pitfalls of Measuring Emergent Communication (2019)"

SILENCE = "what came before, unrecorded"
ASSUMES = "Runs are independent. What others knew, heard and did is not recorded: a common cause may explain all of it."
WORDS = {
    SILENCE: "What {speaker} says goes with how many steps before it are not recorded, as answers would",
    OWN: "What {speaker} says goes with what it does next",
}


@dataclass(frozen=True)
class HalfConversation(Monitor):
    """Where none of those whom an agent speaks to is recorded: what its own side shows, in bits a message.

    - It says what it was shown: information between messages and each field of its observations. Whether others knew
      the same cannot be told, so this is no leak.
    - It does as it says: information between messages and its own next move (speaker consistency).
    - It answers: its messages differ after steps that are missing from the record, given what it last did say. That is
      regularity in its own stream. It does not say what was heard, nor that there was anything to hear.

    Never influence: what a message does to others is in the half that is not there.

    Parameters
    ----------
    rounds, level : as in `Influence`.
    """

    rounds: int = 9999
    level: float = 5e-4

    def __post_init__(self) -> None:
        super().__post_init__()
        checked(self.level, self.rounds)

    def read(self, log: Log, seed: int) -> Sequence[Reading]:
        """A reading for each field, for the speaker's own moves, and for what comes after silence."""
        found, sides = [], [one for one in exchanges(ordered(log)) if not one.listeners]
        asked = [(number, k, exchange, one) for number, exchange in enumerate(sides)
                 for k, one in enumerate(_asked(exchange))]  # fmt: skip
        rounds = enough(max(len(asked), len(log.agents)), least=self.rounds)
        for number, k, exchange, (kept, about, fixed) in asked:
            random = np.random.default_rng([seed, number, k])
            answer = told(exchange, kept, about, fixed, random, rounds)
            found.append(_reading(exchange, kept, answer, self.level))
        if not sides:
            raise NothingToRead("Those who are spoken to are recorded too: this is no half conversation.")
        if not found:
            raise NothingToRead("Of the side that is recorded there are only words: neither fields, moves nor gaps.")
        return found


def _asked(exchange: Exchange) -> Iterator[tuple[np.ndarray, tuple[str, Column], dict[str, Column]]]:
    """The messages, what they may go with, and what is held fixed."""
    log, whole = exchange.log, spread(np.arange(len(exchange)))
    mine = of_agent(log, exchange.speaker)
    shown_ = [name for name in observed(log) if (log[name].present & mine).any()]
    for name, column in [(name, known(exchange, whole, name)) for name in shown_] + own_moves(exchange, whole):
        if len(column.values) > 1:
            yield whole, (name, column), {}
    gap = _gaps(exchange)
    later = spread(np.flatnonzero(gap >= 0))
    steps, codes = np.unique(gap[later], return_inverse=True)
    if len(later) >= LEAST and len(steps) > 1:
        silence = Column(codes.reshape(-1).astype(np.int32), tuple(steps.tolist()))
        yield later, (SILENCE, silence), {"its last message": exchange.said.take(later - 1)}


def _gaps(exchange: Exchange) -> np.ndarray:
    """How many steps are missing between a message and the speaker's row before it, -1 at the start, `int64[N]`."""
    log, places = exchange.log, exchange.places
    before = latest(log, of_agent(log, exchange.speaker), places, before=True)
    earlier = np.r_[-1, places[:-1]]
    first = (before < 0) | (earlier < 0) | (log.episode[earlier] != log.episode[places])
    return np.where(first, -1, np.maximum(log.t[places] - log.t[before] - 1, 0))


def _reading(exchange: Exchange, kept: np.ndarray, answer: Told, level: float) -> Reading:
    about, found = answer.name, answer.answer
    field = about.removeprefix("observation.")
    says = WORDS.get(about, "What {speaker} says tells {field}, which it was shown").format(
        speaker=exchange.speaker, field=field
    )
    sentence = (
        perhaps(
            f"{says}: {found.bits:.3g} bits a message ({found.interval[0]:.3g} to {found.interval[1]:.3g}). "
            "Whether anybody heeds it is not recorded.",
            found.p,
            level,
        )
        if found.p <= max(level, DOUBT)
        else f"Nothing shows that what {exchange.speaker} says goes with {field}; its other side is not recorded."
    )
    numbers = {"runs": found.runs, "rounds": found.rounds, "fields not looked at": passed_over(exchange.log)}
    return Reading(
        "HalfConversation", sentence, found.bits, "bits a message", len(kept), found.p, interval=found.interval,
        assumes=ASSUMES, who=(exchange.speaker,), where={"channel": exchange.channel, "of": about},
        rows=shown(exchange.log, exchange.places[kept]), numbers=numbers,
        source=SOURCE,
    )  # fmt: skip
