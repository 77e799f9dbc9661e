from itertools import combinations
from math import factorial

from ostrom.games import SecurityCouncil
from ostrom.solvers import shapley

KNOWN = SecurityCouncil.reference


def test_who_wins():
    council = SecurityCouncil()
    for others in range(11):
        assert council.wins((*range(5), *range(5, 5 + others))) == (others >= 4)
    assert not any(council.wins([k for k in range(15) if k != gone]) for gone in range(5))


def test_the_index_is_the_known_one_and_that_of_counting():
    values = shapley(SecurityCouncil()).exact
    assert set(values[:5]) == {KNOWN["share of a permanent member"]}
    assert set(values[5:]) == {KNOWN["share of another member"]}
    # member 15 decides when it is the fourth of the others, after all five
    orders = sum(1 for _ in combinations(range(9), 3)) * factorial(8) * factorial(6)
    assert KNOWN["share of another member"] * factorial(15) == orders
