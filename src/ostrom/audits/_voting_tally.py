"""At how many elections axioms fail, over all elections of a size or drawn ones."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations_with_replacement, product
from typing import Any

from numpy.random import default_rng

from ..core.claim import Claim
from ..core.errors import TooLarge
from ..core.forms.ballots import Ballots
from ._student import wilson
from ._voting_axioms import AXIOMS
from ._voting_ballots import Parts, orders, parts_of, strict_only
from ._voting_profile import Profile

PROFILES = 50_000
"""Elections that are gone through one by one, at most."""


class Tally:
    """At how many elections an axiom failed, and the first."""

    def __init__(self, axiom: str) -> None:
        self.axiom, self.failing, self.count, self.weight, self.whole = axiom, 0, 0, 0.0, True
        self.witness: dict[str, Any] | None = None

    def look(self, profile: Profile, weight: float) -> None:
        """Look at one more election, so likely in the impartial culture."""
        failure, whole = AXIOMS[self.axiom](profile)
        self.count, self.whole = self.count + 1, self.whole and whole
        if failure is not None:
            self.failing, self.weight = self.failing + 1, self.weight + weight
            self.witness = self.witness or profile.witness(self.axiom, failure)

    def claim(self, who: str, every: bool, seed: int) -> Claim:
        """What was found at all elections of these sizes, or at drawn ones."""
        statement = f"{self.axiom[0].upper()}{self.axiom[1:]} holds at all elections of {who}."
        numbers: dict[str, Any] = {"failing": self.failing, "share": self.failing / self.count}
        if every:
            numbers |= {"elections": self.count, "impartial share": self.weight}
        else:
            numbers |= {"n": self.count, "seeds": [seed], "interval": wilson(self.failing, self.count)}
        method = f"{'all' if every else 'drawn'} {self.count:,} elections" + ("" if self.whole else ", in part")
        if self.witness is not None:
            return Claim(statement, "refuted", method, 0.0, numbers, self.witness)
        return Claim(statement, "proved" if every and self.whole else "supported", method, 0.0, numbers)


def every_election(sizes: Sequence[int], names: int, anonymous: bool) -> Iterator[tuple[Parts, float]]:
    """All elections, and how likely each is where every order is as likely as any other."""
    count = math.factorial(names)
    number = sum(math.comb(count + n - 1, n) if anonymous else count**n for n in sizes)
    if number > PROFILES:
        raise TooLarge(
            f"{number:,} elections of {spoken(sizes)} about {names} alternatives.",
            f"At most {PROFILES:,} are gone through one by one.",
            "Take fewer voters, or draw some: culture=impartial, samples=1000.",
        )
    rows = orders(names)
    for n in sizes:
        for said in combinations_with_replacement(rows, n) if anonymous else product(rows, repeat=n):
            if not anonymous:
                yield tuple((row, 1) for row in said), count**-n
                continue
            parts = tuple((row, said.count(row)) for row in dict.fromkeys(said))
            yield parts, math.factorial(n) / math.prod(math.factorial(many) for _, many in parts) / count**n


def drawn_elections(
    sizes: Sequence[int], blank: Ballots, culture: Callable[[int, Any, Any], Ballots], samples: int, seed: int
) -> Iterator[tuple[Parts, float]]:
    """So many elections for each number of voters; `InputError` for ballots that are no strict orders."""
    drawn = default_rng(seed)
    for n in sizes:
        for _ in range(samples):
            parts = parts_of(culture(n, blank.alternatives, drawn).gathered())
            strict_only(parts)
            yield parts, 1 / samples


def spoken(sizes: Sequence[int]) -> str:
    """Numbers of voters in words."""
    given = ", ".join(map(str, sizes))
    return f"{given} voter{'s' * (sizes != (1,))}"
