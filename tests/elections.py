"""Elections that the tests of voting rules share: published ones, drawn ones, and answers of pref_voting."""

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
from hypothesis import strategies as st

from ostrom import Ballots

TENNESSEE = Ballots.of({"M > N > C > K": 42, "N > C > K > M": 26, "C > K > N > M": 15, "K > C > N > M": 17})
"""Where is the capital to be: Memphis, Nashville, Chattanooga or Knoxville?"""

CYCLE = Ballots.of(["a > b > c", "b > c > a", "c > a > b"])

_SCHULZE = {"ACBED": 5, "ADECB": 5, "BEDAC": 8, "CABED": 3, "CAEBD": 7, "CBADE": 2, "DCEBA": 7, "EBADC": 8}
SCHULZE = Ballots.of({" > ".join(order): many for order, many in _SCHULZE.items()}, "ABCDE")
"""Schulze (2011), 45 voters."""


@st.composite
def elections(draw, least=1, most=4, strict=False):
    """Up to six ballots, with ties and gaps, or complete strict ones."""
    size, count = draw(st.integers(least, most)), draw(st.integers(1, 6))
    row = st.permutations(range(size)) if strict else st.lists(st.integers(-1, 3), min_size=size, max_size=size)
    ranks = draw(st.lists(row, min_size=count, max_size=count))
    return Ballots(ranks, draw(st.lists(st.integers(1, 4), min_size=count, max_size=count)))


def rows(ballots):
    """`(how many, places)` of each ballot; what it does not mention is in the place 99."""
    for many, ranks in zip(ballots.counts.tolist(), ballots.ranks.tolist(), strict=True):
        yield many, [99 if rank < 0 else rank for rank in ranks]


def duels(ballots):
    """How many put one before the other, `{(one, other): votes}`, by a plain loop."""
    found = {}
    for one in range(len(ballots.alternatives)):
        for other in range(len(ballots.alternatives)):
            found[one, other] = sum(many for many, places in rows(ballots) if places[one] < places[other])
    return found


def first_places(ballots, standing, tied="split"):
    """Votes for those who stand, as fractions, by a plain loop."""
    votes = dict.fromkeys(standing, Fraction(0))
    for many, places in rows(ballots):
        top = min(places[one] for one in standing)
        first = [one for one in standing if places[one] == top]
        for one in first if top < 99 else ():
            votes[one] += Fraction(many, len(first) if tied == "split" else 1)
    return votes


def named(ballots, numbers):
    """The names of some alternatives, in their order."""
    return tuple(ballots.alternatives[k] for k in sorted(numbers))


def highest(ballots, scores):
    """The names of those with the highest of `{number: score}`."""
    return named(ballots, [k for k, score in scores.items() if score == max(scores.values())])


def stored(rule):
    """`(election, winners)` of each election that pref_voting decided by the rule."""
    path = Path(__file__).parent / "choice" / "data" / "pref_voting.json"
    for case in json.loads(path.read_text(encoding="utf-8"))["profiles"]:
        if rule in case["winners"]:
            ballots = Ballots(np.array(case["ranks"]))
            yield ballots, named(ballots, case["winners"][rule])
