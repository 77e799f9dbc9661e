"""Feedback: do numbers that agents set drive one another away, who is in the loop, and which bound ends it?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..core.errors import InputError
from ..core.log import Log
from ..core.reading import Reading
from ._case import Monitor, NothingToRead, shown
from ._loop_choice import LARGEST, chosen, gathered
from ._loop_edge import runs_away
from ._loop_fit import Fit, Lagged, fitted, order
from ._loop_gains import alone, bounds, cycles, rounds, transient
from ._loop_growth import growth
from ._loop_looks import Looks
from ._loop_repeats import repeats
from ._loop_series import Series
from ._loop_words import agents, listed, multipliers, names, still, told, unread, without

LONGEST = 5000
"""Rounds from which answers are estimated at most, the last ones."""

WEIGHED = 200
"""Loops of which it is computed by how much each grows a round where answers come several rounds later."""

RISKS = ("network effects", "destabilising dynamics")
SYMMETRY = "without a loop, log changes given the past are symmetric about a trend of at most {:.3g} a round"


@dataclass(frozen=True)
class Feedback(Monitor):
    """Whether numbers set round by round (prices, orders, stocks) feed on one another until they run away.

    Three readings, each of many numbers together, in logarithms where a number is never 0 and keeps its sign:

    *repeats* : numbers grow by the very same factor once more, as only a rule that multiplies does. An e-value; with
    numbers written to enough digits two rounds are enough.
    *growth* : numbers grow by more than the trend for longer than chance does. Exact under flips of signs.
    *response* : every number is regressed on those that were seen when it was set. The effect is the spectral radius of
    a round, in which a disturbance above 1 grows for ever; beside it how far one grows before it dies, the loops and
    their gains, and by how much one reaction alone has to be weaker.

    It sees growth and answers, not causes: a common cost that grows by the same factor looks like a loop. `probe_gain`
    tells them apart where agents can be asked.

    Parameters
    ----------
    trend : growth a round that is nobody's fault: 0.01 is one per cent.
    most : numbers whose answers are estimated together; default 8, or up to 12 with 20 rounds for every slope.
    only : the one column to read ("action", "facts.price"); default all numbers.

    Raises `InputError` for a trend outside [0, 1), or `most` outside 1 to 12.
    """

    trend: float = 0.01
    most: int | None = None
    only: str | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 0 <= self.trend < 1:
            raise InputError(f"trend is {self.trend}.", do="Give growth a round between 0 and 1, such as 0.01.")
        if self.most is not None and not 1 <= self.most <= LARGEST:
            raise InputError(f"most is {self.most}.", "Slopes grow with its square.", "Give 1 to 12 numbers.")

    def read(self, log: Log, seed: int) -> Sequence[Reading]:
        """At most three readings."""
        numbers = gathered(log, self.most, self.only)
        debts = (numbers.values < 0).all(0)  # what is always below 0 grows away from it
        numbers = replace(numbers, values=np.where(debts, -numbers.values, numbers.values))
        rng = np.random.default_rng([seed, 8])
        found = [
            self._repeats(log, numbers),
            self._growth(log, numbers, rng),
            _response(log, numbers.last(LONGEST), self.most, rng),
        ]
        if not any(found):
            raise NothingToRead(
                f"{len(numbers)} rounds are too few for {len(numbers.names)} numbers; it needs more in which they move."
            )
        return [reading for reading in found if reading is not None]

    def follow(self, seed: int = 0) -> Looks:
        """Reads again from the beginning when there is half as much again, and pays for every look."""
        return Looks(self, seed)

    def _repeats(self, log: Log, numbers: Series) -> Reading | None:
        positive = _positive(numbers)
        if not positive.names or (found := repeats(positive, self.trend)) is None:
            return None
        each, said = multipliers(positive, found.members, np.arange(found.at - found.cycles, found.at) + 1)
        sentence = f"In {found.cycles} rounds one after another {listed(positive, found.members)} "
        sentence += f"grew by the same factor, {found.factor:.6g} a round. {said}"
        return Reading(
            "Feedback", sentence, found.factor, "times a round", found.cycles, e=found.e,
            assumes=SYMMETRY.format(self.trend) + ", with their mode there and no preferred factors",
            where={"test": "repeats"}, who=agents(positive, found.members), risks=RISKS,
            rows=shown(log, positive.rows[found.at - found.cycles : found.at + 1, list(found.members)].ravel()),
            numbers={"multipliers": each, "factor": found.factor, "members": names(positive, found.members)},
            source="Eisen (2011); e-value from the density of symmetric unimodal laws, see docs",
        )  # fmt: skip

    def _growth(self, log: Log, numbers: Series, rng: np.random.Generator) -> Reading | None:
        positive = _positive(numbers)
        if not positive.names or len(positive.steps) < 4:
            return None
        found = growth(positive, self.trend, rng)
        lead = int(np.argmax(np.abs(found.rates)))
        members = found.members or (lead,)
        each, said = multipliers(positive, members, positive.steps)
        factor, least, largest = (_times(one[lead]) for one in (found.rates, found.low, found.high))
        sentence = f"{positive.names[lead]} changes by a factor of {factor:.4g} a round "
        sentence += f"(95 % {least:.4g} to {largest:.4g})"
        others = [k for k in members if k != lead]
        sentence += f", and {listed(positive, others)} with it. {said}" if others else f". {said}"
        sentence = f"{sentence.rstrip()}{still(numbers)}{unread(numbers)}"
        return Reading(
            "Feedback", sentence, factor, "times a round", len(positive.steps), p=found.p,
            interval=(least, largest),
            assumes=SYMMETRY.format(self.trend) + f", and independent over {found.block} rounds",
            where={"test": "growth"}, who=agents(positive, members), risks=RISKS,
            rows=shown(log, positive.rows[-10:, lead]),
            numbers={"factors": dict(zip(positive.names, map(_times, found.rates), strict=True)),
                     "multipliers": each, "members": names(positive, members), "block": found.block},
            source="Sign flips in blocks: Fisher (1935); Shao (2010)",
        )  # fmt: skip


def _positive(numbers: Series) -> Series:
    return numbers.take(np.flatnonzero((numbers.values > 0).all(0)))


def _times(rate: float) -> float:
    return float(np.exp(np.clip(rate, -700, 700)))


def _response(log: Log, numbers: Series, most: int | None, rng: np.random.Generator) -> Reading | None:
    """How numbers answer one another, where enough rounds move for every slope and answers can be told apart."""
    choice = chosen(numbers, most)
    if choice is None:
        return None
    numbers, d = choice.series, len(choice.series.names)
    lagged = Lagged(numbers, choice.values, order(numbers, choice.values))
    if len(lagged.now) < 5 * (d + 1) or not lagged.tells_apart():
        return None
    fit, p = fitted(lagged, rng), runs_away(lagged, rng)
    largest, after = transient(rounds(fit.in_surprises, numbers.turn), d)
    loops = _loops(fit, numbers.turn)
    loop = loops[0][0] if loops else tuple(range(d))
    ends = bounds(fit.blocks, numbers.turn, loop) if fit.radius >= 1 and loops else []
    return Reading(
        "Feedback", told(numbers, fit, largest, after, loops, ends) + without(choice) + still(numbers), fit.radius,
        "times a round", len(lagged.now), p=p,
        interval=fit.interval, assumes="answers are linear and stay the same, and nothing unrecorded moves several",
        where={"test": "response"}, who=agents(numbers, loop), risks=RISKS,
        rows=shown(log, numbers.rows[-10:, list(loop)].ravel()),
        numbers={
            "numbers": list(numbers.names), "slopes": (fit.blocks * lagged.scale[:, None] / lagged.scale).tolist(),
            "largest growth of a disturbance": largest, "after rounds": after, "lags": lagged.lags,
            "loops": [{"members": names(numbers, one), "gain": gain, "a round": a} for one, gain, a in loops[:10]],
            "logarithms": choice.positive.tolist(), "turn": numbers.turn.tolist(), "left out": list(choice.left_out),
            "rounds that chose": choice.early, "rounds that move": choice.moved,
            "share that may stay": [[numbers.names[a], numbers.names[b], share] for a, b, share in ends],
        },
        source="Vector autoregression; wild bootstrap at the edge: Harvey, Leybourne, Sollis and Taylor (2016)",
    )  # fmt: skip


def _loops(fit: Fit, turn: np.ndarray) -> list[tuple[tuple[int, ...], float, float]]:
    """Loops with their gains, the largest a round first; an answer that comes rounds later takes as long to grow."""
    found = cycles(fit.answers, turn)
    if len(fit.blocks) > 1:
        found = [(loop, gain, alone(fit.blocks, turn, loop)) for loop, gain, _ in found[:WEIGHED]]
    return sorted(found, key=lambda one: (-one[2], one[0]))
