"""What the tests of committees share: drawn approvals, a published election, brute force, and answers of abcvoting."""

import itertools
import json
from fractions import Fraction
from pathlib import Path

import numpy as np
from hypothesis import strategies as st

from ostrom import Ballots

STORED = json.loads((Path(__file__).parent / "choice" / "data" / "abcvoting.json").read_text(encoding="utf-8"))


def approving(rows, counts=None, alternatives=None):
    """An election from rows of 0 and 1, 1 for what is approved."""
    return Ballots(np.where(np.array(rows) == 1, 0, -1), counts, alternatives)


def stored(rule):
    """`(election, seats, tied committees)` of the published election and each drawn one, by abcvoting."""
    for case in [STORED["survey"], *STORED["cases"]]:
        ballots = election(case)
        yield ballots, case["seats"], {tuple(ballots.alternatives[k] for k in one) for one in case["committees"][rule]}


def election(case):
    """The ballots of a stored case."""
    return approving([list(map(int, row)) for row in case["approved"]])


SURVEY = election(STORED["survey"])
"""Lackner and Skowron (2023), the running example: twelve voters, eight alternatives of which nobody approves of h."""


@st.composite
def approvals(draw, most=5, voters=5):
    """`(election, seats)`, with counts."""
    size, count = draw(st.integers(1, most)), draw(st.integers(1, voters))
    row = st.lists(st.integers(0, 1), min_size=size, max_size=size)
    rows = draw(st.lists(row, min_size=count, max_size=count))
    counts = draw(st.lists(st.integers(1, 3), min_size=count, max_size=count))
    return approving(rows, counts), draw(st.integers(1, size))


def voters(ballots):
    """For each voter the set of those that it approves of, by name."""
    return [
        {name for name, rank in zip(ballots.alternatives, ranks, strict=True) if rank == 0}
        for ranks, many in zip(ballots.ranks.tolist(), ballots.counts.tolist(), strict=True)
        for _ in range(many)
    ]


def committees(ballots, seats):
    """All committees."""
    return itertools.combinations(ballots.alternatives, seats)


def thiele(ballots, members, weights):
    """The sum over voters of the first so many weights."""
    return sum((Fraction(w) for own in voters(ballots) for w in weights[: len(own & set(members))]), Fraction(0))
