"""Is it a channel? Whether messages tell something, and whether they move who hears them: one of four."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.log import Log
from ..core.reading import Reading
from ._case import Monitor, NothingToRead, shown
from ._influence import Heard, assumed, checked, influence, pairs, spread
from ._influence_context import passed_over, short
from ._influence_information import Told, all_told
from ._influence_weighed import Weighed
from ._rates import DOUBT, enough, perhaps

SOURCE = "Signalling and listening apart: Lowe et al., On the Pitfalls of Measuring Emergent Communication (2019)"

VERDICTS = {
    (False, False): "none",
    (True, False): "leak unused",
    (False, True): "influence without information",
    (True, True): "working channel",
}
"""By whether messages tell something, and whether they move the listener."""

WORDS = {
    "none": "Nothing shows that what {speaker} says to {listener} tells or does anything",
    "leak unused": "What {speaker} says tells {name}, but nothing shows that {listener} heeds it: a leak, unused",
    "influence without information": (
        "What {speaker} says moves {listener}, but nothing shows that it tells anything: influence without information"
    ),
    "working channel": "What {speaker} says tells {name} and moves {listener}: a working channel",
}
RISKS = {
    "leak unused": ("information asymmetries",),
    "influence without information": ("network effects",),
    "working channel": ("multi-agent security", "information asymmetries"),
}


def quadrant(tells: bool, moves: bool) -> str:
    """The verdict: "none", "leak unused", "influence without information" or "working channel".

    Examples
    --------
    >>> quadrant(True, False)
    'leak unused'
    """
    return VERDICTS[bool(tells), bool(moves)]


@dataclass(frozen=True)
class WorkingChannel(Monitor):
    """For each speaker and listener: do the messages tell something, and do they move the listener?

    They tell something if they go with what the speaker alone was shown, or with what it does next, beyond what was
    public; of several fields the best counts, and p is multiplied by how many there are. They move the listener as in
    `Influence`. The reading's effect is the lesser of both in bits a message, and its p-value the larger: evidence that
    there is a *working* channel. The verdict takes a half as shown from its p-value at the level; what is not shown may
    still be there, up to the upper ends of the intervals.

    Parameters
    ----------
    private : fields that the speaker alone knows, beside those that the log shows to be private.
    public, heard, rounds : as in `Influence`.
    level : p-values up to it show a half: the verdict. In words a half is said to be likely up to 0.05, and only above
        that is it said that nothing shows it.
    """

    private: tuple[str, ...] = ()
    public: tuple[str, ...] = ()
    heard: tuple[str, ...] = ()
    rounds: int = 9999
    level: float = 5e-4

    def __post_init__(self) -> None:
        super().__post_init__()
        checked(self.level, self.rounds)

    def read(self, log: Log, seed: int) -> Sequence[Reading]:
        """One reading for each speaker and listener on each channel."""
        found = []
        heard = list(pairs(log, self.public, self.heard, private=self.private))
        rounds = enough(max(len(heard), len(log.agents)), least=self.rounds)
        for number, pair in enumerate(heard):
            tells = self._tells(pair, seed, number, rounds)
            if tells:
                moves, asked = influence(pair, np.random.default_rng([seed, number]), rounds)
                found.append(_reading(pair, tells, moves, self.level, len(tells) / (rounds + 1), asked))
        if not found:
            raise NothingToRead("No speaker was shown anything of its own, and none moves after it speaks.")
        return found

    def _tells(self, pair: Heard, seed: int, number: int, rounds: int) -> list[Told]:
        exchange, kept = pair.exchange, spread(np.flatnonzero(pair.exchange.heard(pair.listener)))
        return all_told(exchange, kept, pair.listener, [seed, number], rounds, self.private)


def _reading(
    pair: Heard, tells: Sequence[Told], moves: Weighed, level: float, least: float = 0.0, asked: Any = None
) -> Reading:
    # those that tell most of what the listener does, as far as that was asked
    rows = pair.places if asked is None else pair.places[np.argsort(-asked.pointwise(), kind="stable")]
    best = min(tells, key=lambda one: (one.answer.p, -one.answer.bits))
    p = min(1.0, best.answer.p * len(tells))
    verdict, limit = quadrant(p <= level, moves.p <= level), max(level, DOUBT)
    likely = quadrant(p <= limit, moves.p <= limit)
    names = {"speaker": pair.exchange.speaker, "listener": pair.listener, "name": short(best.name)}
    half = best.answer
    halves = "; ".join(
        f"{verb} {max(0.0, one.bits):.2g}{unit}, {one.interval[0]:.2g} to {one.interval[1]:.2g}"
        for verb, one, unit in (("tells", half, " bits a message"), ("moves", moves, ""))
    )
    sentence = f"{WORDS[likely].format(**names)} ({halves})."
    if likely != "none":
        sentence = perhaps(sentence, 0.0 if likely == verdict else 1.0, level)
    interval = tuple(min(ends) for ends in zip(half.interval, moves.interval, strict=True))
    numbers = {
        "verdict": verdict,
        "least p": least,
        "tells": _half(half, p) | {"field": best.name, "fields": len(tells), "fixed": [*map(short, best.fixed)]},
        "moves": _half(moves, moves.p) | {"fixed": list(pair.fixed)},
        "fields not looked at": passed_over(pair.exchange.log),
    }
    return Reading(
        "WorkingChannel", sentence, min(half.bits, moves.bits), "bits a message", len(pair), max(p, moves.p),
        interval=(interval[0], interval[1]), assumes=assumed(pair), who=(pair.exchange.speaker, pair.listener),
        where={"channel": pair.exchange.channel}, rows=shown(pair.exchange.log, rows),
        risks=RISKS.get(likely, ()), numbers=numbers, source=SOURCE,
    )  # fmt: skip


def _half(answer: Weighed, p: float) -> dict[str, Any]:
    return {"bits": answer.bits, "interval": list(answer.interval), "p": p, "runs": answer.runs}
