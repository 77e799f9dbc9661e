"""The core: divisions in it, balanced coalitions where it is empty, and the glove market."""

import json
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.core.errors import InputError
from ostrom.core.forms.coalitional import Coalitional
from ostrom.solvers import core_of, left_by, worth_balanced

STORED = json.loads((Path(__file__).parent / "data" / "coalitions.json").read_text(encoding="utf-8"))["games"]
TABLES = st.integers(2, 5).flatmap(lambda n: st.lists(st.integers(0, 9), min_size=2**n - 1, max_size=2**n - 1))


@pytest.mark.parametrize("game", STORED, ids=lambda game: game["name"])
def test_coopgame_says_the_same(game):
    assert core_of(Coalitional(game["worth"])).empty is not game["core"]


@given(TABLES, st.integers(0, 20))
@settings(max_examples=50)
def test_either_answer_can_be_checked_by_hand(worths, more):
    worths[-1] += more
    game = Coalitional([0, *worths])
    found = core_of(game)
    assert found.status == "complete"
    if found.empty:
        covers = [sum(w for group, w in found.balanced.items() if player in group) for player in game.players]
        assert covers == [1] * game.count
        worth = sum(w * worths[game.mask(*group) - 1] for group, w in found.balanced.items())
        assert worth == worths[-1] + found.shortfall > worths[-1]
        richer = core_of(Coalitional([0, *worths[:-1], worths[-1] + found.shortfall]))
        assert richer.empty is False, "so much more, and there is a core"
    else:
        assert sum(found.exact) == worths[-1]
        for mask in range(1, 2**game.count):
            assert sum(share for i, share in enumerate(found.exact) if mask >> i & 1) >= worths[mask - 1]


def test_the_scarce_glove_takes_all():
    """One left glove, two right ones (Shapley and Shubik 1969): the core gives all to whoever has the left one."""
    game = Coalitional(lambda group: min(len({0} & {*group}), len({1, 2} & {*group})), players=3)
    assert core_of(game).exact == (1, 0, 0)
    assert left_by(game, (0.9, 0.1, 0)) == ("player 1", "player 3")
    assert left_by(game, (1, 0, 0)) == ()


def test_three_by_majority_have_no_core():
    game = Coalitional.weighted_voting(2, [1, 1, 1], ["a", "b", "c"])
    found = core_of(game)
    assert found.empty
    assert found.balanced == dict.fromkeys([("a", "b"), ("a", "c"), ("b", "c")], Fraction(1, 2))
    assert found.shortfall == Fraction(1, 2)


def test_refusals():
    game = Coalitional([0, 0, 0, 1])
    with pytest.raises(InputError, match="no division"):
        left_by(game, (1, 1))
    with pytest.raises(InputError, match="add up to 1"):
        worth_balanced(game, {1: Fraction(1)})
