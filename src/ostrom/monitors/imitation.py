"""Imitation: who does as whom, beyond what its own past, what all were shown and the crowd explain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..core.errors import InputError
from ..core.log import Log
from ..core.reading import Reading
from ._case import Blocks, Follower, Monitor, NothingToRead, shown
from ._imitation_kinds import Way, way
from ._imitation_steps import PARTS, Moves, Pair, moves, pair
from ._imitation_tests import Followed, followed, tested
from ._rates import by, enough

RESOLVED = 2_500
"""Draws for every other agent, so that p can be below 5e-4 after it has been multiplied by their number."""

BLOCK = 1_000
"""Rows of the first block that is read when following."""

TESTS = (
    "Cochran-Mantel-Haenszel matches with permutations within strata and swapped or shifted streams "
    "(cf. Schreiber, Measuring information transfer, 2000)"
)


@dataclass(frozen=True)
class Imitation(Monitor):
    """Who imitates whom: whether an agent does next what another did, more often than can be explained otherwise.

    For every pair the moves of one are matched with the last move of the other. Held constant are the learner's own
    last moves (two, or one where there are too few), everything that all were shown now and at the other's move (and up
    to eight steps before, where one of both clearly goes by that), what most of the rest did last, and the part of the
    log. Moves that are numbers of many values are put in four groups by size, less what public numbers explain of them:
    being in the same group is then what counts as a match, and no copy of a number.

    The effect is the share of the learner's moves that are copies: matches beyond those that the frequencies in each
    stratum give, over what they would be if all were. Its p-value is the larger of two: the other's moves permuted
    within strata, and its stream swapped between episodes (shifted, where there are few) within parts of the log. It
    holds where either one does. There is one reading a learner, about the one it follows most, with p multiplied by the
    number of those it could have followed; `graph` has all pairs.

    Where payoffs are recorded, the way of imitating is told as well: after the best paid of the last step, after most,
    or after who was paid most so far.

    It cannot tell imitation from a common cause that lasts, that reaches one earlier than the other and that nobody
    recorded; nor sees it what is copied after a pause, in another form, or only in a mind.

    Parameters
    ----------
    channel : where the moves are; default the channel with most.
    public : columns that are held constant; default all that are shown to all.
    least : moves below which an agent or a pair is not looked at.
    width : moves in a part of the log, within which odds are taken as constant; there are one to twelve parts.
    rounds : draws for each of both tests, at most; more where there are many agents, so that p can be small enough.

    Raises `InputError` for numbers below 1.
    """

    channel: str | None = None
    public: tuple[str, ...] | None = None
    least: int = 50
    width: int = 50
    rounds: int = 9_999

    def __post_init__(self) -> None:
        super().__post_init__()
        if min(self.least, self.width, self.rounds) < 1:
            raise InputError(
                f"At least {self.least} moves, parts of {self.width}, {self.rounds} rounds.", do="Give numbers from 1."
            )

    def read(self, log: Log, seed: int) -> Sequence[Reading]:
        """Of every agent, whom it follows most."""
        table = moves(log, self.channel, self.public, self.least)
        count = len(table.agents)
        rounds = max((count - 1) * max(RESOLVED, enough(len(log.agents))), self.rounds)
        found, pairs = [], self._pairs(table)
        for learner in sorted({learner for _, learner in pairs}):
            own = {model: one for (model, other), one in pairs.items() if other == learner}
            model = max(own, key=lambda k: (own[k][1].z, -k))
            p = min(1.0, len(own) * tested(own[model][0], (seed, model, learner), rounds, len(own)))
            found.append(_reading(log, table, (model, learner), own, p, way(table, learner, model, self.width)))
        return found

    def follow(self, seed: int = 0) -> Follower:
        """Follow in blocks of rows; there the reading is of the learner, whomever it follows most in each block."""
        return Blocks(_Unnamed(self), seed, BLOCK)

    def graph(self, log: Log, seed: int = 0, level: float = 0.05) -> dict[tuple[str, str], float]:
        """Who follows whom: `(model, learner) -> share of moves copied`, at a false-discovery rate of `level`.

        Benjamini and Yekutieli (2001), over all pairs, whatever depends on what. As many draws are made as it takes to
        tell one pair among all.
        """
        if not 0 < level < 1:
            raise InputError(f"The level is {level}.", do="Give a share between 0 and 1.")
        table = moves(log, self.channel, self.public, self.least)
        pairs = self._pairs(table)
        rounds = enough(len(pairs), level, self.rounds)
        p = np.array([tested(rows, (seed, *who), rounds, len(pairs)) for who, (rows, _) in pairs.items()])
        named = list(pairs.items())
        kept = (named[k] for k in by(p, level))
        return {(table.agents[i], table.agents[j]): one.share for (i, j), (_, one) in kept}

    def _pairs(self, table: Moves) -> dict[tuple[int, int], tuple[Pair, Followed]]:
        """The moves of all pairs `(model, learner)`, and how much is followed."""
        found = {}
        count = len(table.agents)
        for model, learner in ((i, j) for i in range(count) for j in range(count) if i != j):
            rows = pair(table, model, learner, self.width)
            if len(rows.then) >= self.least:
                found[model, learner] = rows, followed(rows)
        if not found:
            raise NothingToRead(
                f"No agent makes {self.least} moves, of kinds that recur, after another in the same episode. To see "
                "who repeats whose words, read texts as moves: write “action” for “message” in the rows."
            )
        return found


@dataclass(frozen=True)
class _Unnamed(Monitor):
    """The same, of the learner alone: evidence about a model that is chosen in each block could not be multiplied."""

    monitor: Imitation

    def read(self, log: Log, seed: int) -> Sequence[Reading]:
        return [replace(one, who=one.who[1:], numbers={**one.numbers, "model": one.who[0]})
                for one in self.monitor.read(log, seed)]  # fmt: skip


def _reading(
    log: Log, table: Moves, who: tuple[int, int], own: dict[int, tuple[Pair, Followed]], p: float, how: Way | None
) -> Reading:
    """Whom an agent follows most."""
    (model, learner), names = who, table.agents
    rows, best = own[model]
    rest = [one.share for k, (_, one) in own.items() if k != model]
    said = f"{_matched(table, names[learner], names[model], best.share)}, beyond what its own past and what "
    usual = float(np.mean(rest)) if rest else 0.0
    others = f"in {usual:.1%}" if usual > 0 else "in about none"
    said += "all were shown explain" + (f" (the others on average {others})." if rest else ".")
    if how is not None and how.name != "undecided" and p < 0.01:
        said += f" Its way is {how.name}."
    numbers: dict[str, Any] = {
        "models": {names[k]: {"share": one.share, "interval": one.interval, "z": one.z} for k, (_, one) in own.items()},
        "groups": table.groups, "memory": rows.memory, "strata": int(rows.strata.max()) + 1,
        "not held constant": list(table.left),
    }  # fmt: skip
    if how is not None:
        numbers["way"] = {"name": how.name, "shares": how.shares, "errors": how.errors}
    return Reading(
        "imitation", said, best.share, "of moves in the same group" if table.groups else "of moves copied", best.n, p=p,
        interval=best.interval,
        assumes="no common cause that lasts and is not recorded" + _left(table), who=(names[model], names[learner]),
        rows=shown(log, _copies(table, learner, rows)), risks=("network effects", "selection pressures"),
        numbers=numbers, source=TESTS,
    )  # fmt: skip


def _matched(table: Moves, learner: str, model: str, share: float) -> str:
    """What was matched how often: kinds of moves, or no more than the group that a number is in."""
    if not table.groups:
        return f"{learner} copies {model} in {share:.1%} of its moves"
    group = "quarter" if table.groups == PARTS else f"of {table.groups} groups by size"
    of = "all moves (less what public numbers explain of them)" if table.beyond else "all moves"
    return f"{learner} follows {model} into the same {group} of {of} in {share:.1%} of its moves"


def _left(table: Moves) -> str:
    left = ", ".join(table.left)
    return f", and none in {left}, which has too many values to be held constant" if left else ""


def _copies(table: Moves, learner: int, rows: Pair) -> np.ndarray:
    """The rows of moves that are as the other's and not as its own before."""
    new = (rows.then == rows.did) & (table.done[rows.at, learner] != rows.then)
    return table.row[rows.at[new], learner]
