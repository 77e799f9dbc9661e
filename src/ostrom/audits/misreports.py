"""Does it pay to lie? Misreports to any rule that turns preferences into who gets what, alone and in pairs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from math import prod
from typing import Any

import numpy as np

from ..core._numbers import count
from ..core.claim import Claim
from ..core.errors import InputError
from ..core.game import Array
from ._misreported import SLACK, Lies, Of, answer, lies_of, read, strict_rows, witness_of, worth_of
from ._misreports_everywhere import best_gain, few_enough, outcomes
from ._student import wilson

Rule = Callable[[Array], Any]
Worth = Callable[[int, Array, Any], float]


@dataclass(frozen=True)
class Misreports:
    """Whether somebody gets what it likes better by saying what is not so.

    Everybody in turn, and on request every pair, tries other reports while the rest stay as they are: all of them where
    they are few, else obvious ones (leaving things out, moving one to the top) and others drawn from the seed. A pair
    gains where both do; with `weak` also where one does and the other does not lose.

    Parameters
    ----------
    up_to : the most agents that lie together, 1 or 2.
    of : "ranks", where preferences are whole numbers `[N, M]`, 0 the best and -1 not acceptable, and lies are strict
        lists; "values", where they are numbers and lies are the same numbers in another order.
    shorter : whether lies may leave out what is acceptable (ranks only), also where no true list does: the rule then
        reads -1 in what it is given. Say False for a rule of complete lists.
    weak : whether a pair counts in which only one gains.
    most : joint reports of one group up to which all are tried; beyond it, so many are.

    Raises `InputError` for numbers outside these ranges.

    Source: Gibbard (1973); Dubins and Freedman (1981); Abdulkadiroğlu and Sönmez (2003).

    Examples
    --------
    >>> from ostrom.choice import serial_dictatorship
    >>> claims = Misreports(up_to=2)(serial_dictatorship, [[0, 1, 2], [0, 2, 1], [1, 0, 2]])
    >>> [claim.verdict for claim in claims]
    ['proved', 'proved']
    """

    up_to: int = 1
    of: Of = "ranks"
    shorter: bool = True
    weak: bool = False
    most: int = 5_000

    def __post_init__(self) -> None:
        object.__setattr__(self, "most", count(self.most, "number of reports"))
        object.__setattr__(self, "up_to", count(self.up_to, "number of liars"))
        if self.up_to > 2 or not isinstance(self.of, str) or self.of not in ("ranks", "values"):
            raise InputError(
                f"Up to {self.up_to} liars, of {self.of!r}, {self.most} reports.",
                "One or two lie together, about ranks or values, and at least one report is tried.",
                "Give such arguments.",
            )

    def __call__(self, rule: Rule, preferences: Any, *, worth: Worth | None = None, seed: int = 0) -> tuple[Claim, ...]:
        """That nobody, and no pair, gains by lying at these preferences: a claim for each size.

        `rule` maps a table like `preferences` to what each row gets: a number (-1 for nothing), or a `Matching`; of
        values, to the owner of each good, or a `Division`. `worth(agent, row, outcome)` is what an outcome is worth to
        an agent with these true preferences; by default minus the rank of what it gets, or the sum of values. The rule
        has to answer the same when it is asked the same. Raises `InputError` for what is no such table, and for a rule
        that fails, with the report at which it does.
        """
        truth = read(preferences, self.of)
        value, seed = worth or worth_of(self.of), count(seed, "seed", 0)
        drawn = np.random.default_rng(seed)
        lies = [lies_of(row, self.of, self.shorter, self.most, drawn) for row in truth]
        before = answer(rule, truth)
        now = [value(i, row, before) for i, row in enumerate(truth)]
        sizes = range(1, min(self.up_to, len(truth)) + 1)
        return tuple(self._claim(size, rule, truth, lies, value, now, (seed, drawn)) for size in sizes)

    def everywhere(self, rule: Rule, agents: int, things: int) -> tuple[Claim, ...]:
        """The same at every profile of strict lists (with `shorter` also incomplete ones) that so many agents can have.

        Of ranks only. Raises `InputError` where of values, and `TooLarge` beyond a million profiles.
        """
        agents, things = count(agents, "number of agents"), count(things, "number of things")
        if self.of != "ranks":
            raise InputError(
                f"Every profile of {self.of}.", "Only strict lists can be gone through.", 'Ask of="ranks".'
            )
        few_enough(agents, things, self.shorter)
        rows = strict_rows(things, self.shorter)
        table = outcomes(rule, rows, agents)
        method = f"all lies at each of {len(rows) ** agents:,} profiles"
        claims = []
        for size in range(1, min(self.up_to, agents) + 1):
            found = best_gain(table, rows, size, self.weak)
            statement = f"{_who(size)} gains by lying, whatever the strict lists of {agents} about {things}."
            if found is None:
                claims.append(Claim(statement, "proved", method, 0.0, {"profiles": len(rows) ** agents}))
                continue
            truth, said = (np.array([rows[k] for k in one]) for one in (found.truth, found.said))
            witness = witness_of(found.group, truth, said, table[found.truth], table[found.said], found.gains)
            claims.append(Claim(statement, "refuted", method, 0.0, {"gain": min(found.gains)}, witness))
        return tuple(claims)

    def replay(self, rule: Rule, witness: Mapping[str, Any], worth: Worth | None = None) -> tuple[float, ...]:
        """What each liar of a witness gains, by asking the rule again, with the truth and with the lie."""
        value = worth or worth_of(self.of)
        if not isinstance(witness, Mapping) or not {"agents", "truth", "said"} <= set(witness):
            raise InputError(f"The witness is {witness!r:.80}.", do="Give the witness of a refuted claim.")
        truth, said = (read(witness[key], self.of) for key in ("truth", "said"))
        before, after = answer(rule, truth), answer(rule, said, witness["agents"])
        return tuple(value(i, truth[i], after) - value(i, truth[i], before) for i in witness["agents"])

    def _claim(
        self,
        size: int,
        rule: Rule,
        truth: Array,
        lies: Sequence[Lies],
        value: Worth,
        now: Sequence[float],
        sampling: tuple[int, np.random.Generator],
    ) -> Claim:
        seed, drawn = sampling
        slack = 0.0 if self.of == "ranks" else SLACK * float(np.abs(truth).max())
        best, tried, whole = None, 0, True
        for group in combinations(range(len(truth)), size):
            choices = [lies[i] for i in group]
            whole &= all(one.whole for one in choices) and prod(len(one.rows) for one in choices) <= self.most
            for rows in _joint(choices, self.most, drawn):
                said = truth.copy()
                said[list(group)] = rows
                after, tried = answer(rule, said, group), tried + 1
                gains = [value(i, truth[i], after) - now[i] for i in group]
                if self._pays(gains, slack) and (best is None or _score(gains) > _score(best[2])):
                    best = group, said, gains, after
        how = "lying in a strict list" if self.of == "ranks" else "giving its values in another order"
        statement = f"{_who(size)} gains by {how}, at these preferences."
        method = f"all {tried:,} lies" if whole else f"{tried:,} lies, obvious ones and drawn ones"
        numbers = {"n": tried, "seeds": [seed]} if not whole else {"lies": tried}
        if best is not None:
            group, said, gains, after = best
            witness = witness_of(group, truth, said, answer(rule, truth), after, gains)
            return Claim(statement, "refuted", method, None, {**numbers, "gain": min(gains)}, witness)
        if whole:
            return Claim(statement, "proved", method, slack, numbers)
        numbers |= {"interval": wilson(0, tried), "share": "of such lies that pay"}
        return Claim(statement, "supported" if tried else "unknown", method, None, numbers)

    def _pays(self, gains: Sequence[float], slack: float) -> bool:
        return min(gains) > slack or (self.weak and min(gains) >= -slack and max(gains) > slack)


def _joint(choices: Sequence[Lies], most: int, drawn: np.random.Generator) -> Iterator[list[Array]]:
    """All joint lies where they are few enough, else as many drawn ones."""
    rows = [one.rows for one in choices]
    if prod(map(len, rows)) <= most:
        yield from (list(one) for one in product(*rows))
    else:
        for _ in range(most):
            yield [own[int(drawn.integers(len(own)))] for own in rows]


def _who(size: int) -> str:
    return "Nobody" if size == 1 else "No pair"


def _score(gains: Sequence[float]) -> tuple[float, float]:
    return min(gains), max(gains)
