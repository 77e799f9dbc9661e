"""The nucleolus: published divisions, coopgame-py's exact answers, its certificate, and what is no nucleolus."""

import itertools
import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.core.errors import InputError, TooLarge
from ostrom.core.forms.coalitional import Coalitional
from ostrom.solvers import check_nucleolus, nucleolus

STORED = json.loads((Path(__file__).parent / "data" / "coalitions.json").read_text(encoding="utf-8"))["games"]
TABLES = st.integers(2, 5).flatmap(lambda n: st.lists(st.integers(0, 9), min_size=2**n - 1, max_size=2**n - 1))


def bankruptcy(estate, claims):
    everybody = range(len(claims))
    return Coalitional(lambda group: max(estate - sum(claims[i] for i in everybody if i not in group), 0), len(claims))


def contested_garment(estate, claims):
    """Aumann's and Maschler's rule: half of the claims as awards or as losses, equally and up to the claim."""
    half = [Fraction(claim, 2) for claim in claims]
    lose = estate > sum(half)
    left = Fraction(sum(claims) - estate if lose else estate)
    paid, open_ = [Fraction(0)] * len(claims), sorted(range(len(claims)), key=lambda i: claims[i])
    for k, i in enumerate(open_):
        paid[i] = min(half[i], left / (len(claims) - k))
        left -= paid[i]
    return [claim - one for claim, one in zip(claims, paid, strict=True)] if lose else paid


@pytest.mark.parametrize("game", STORED, ids=lambda game: game["name"])
def test_coopgame_finds_the_same_in_rationals(game):
    table = Coalitional(game["worth"])
    assert nucleolus(table).exact == tuple(map(Fraction, game["nucleolus"]))
    assert nucleolus(table, imputations=False).exact == tuple(map(Fraction, game["prenucleolus"]))


@pytest.mark.parametrize(
    ("estate", "divided"), [(100, (Fraction(100, 3),) * 3), (200, (50, 75, 75)), (300, (50, 100, 150))]
)
def test_the_talmud(estate, divided):
    """The three divisions of Kethubot 93a (Aumann and Maschler 1985)."""
    assert nucleolus(bankruptcy(estate, (100, 200, 300))).exact == divided


@given(st.lists(st.integers(1, 40), min_size=2, max_size=5), st.floats(0.05, 0.95))
@settings(max_examples=25)
def test_bankruptcy_is_settled_by_contested_garments(claims, share):
    estate = round(share * sum(claims))
    found = nucleolus(bankruptcy(estate, claims))
    assert list(found.exact) == contested_garment(estate, claims)


@given(TABLES)
@settings(max_examples=40)
def test_every_answer_is_certified(worths):
    game = Coalitional([0, *worths])
    found = nucleolus(game, imputations=False)
    assert found.status == "complete"
    assert check_nucleolus(game, found.exact, found.levels, imputations=False) == ""
    assert sum(found.exact) == worths[-1]
    assert all(later.excess <= one.excess for one, later in itertools.pairwise(found.levels))


@given(TABLES, st.integers(0, 4), st.integers(0, 4), st.fractions(-2, 2))
@settings(max_examples=40)
def test_no_other_division_is_better_and_none_is_certified(worths, giver, taker, amount):
    game = Coalitional([0, *worths])
    found, count = nucleolus(game, imputations=False), game.count
    giver, taker = giver % count, taker % count
    other = list(found.exact)
    other[giver] -= amount
    other[taker] += amount
    if other == list(found.exact):
        return
    assert check_nucleolus(game, other, found.levels, imputations=False)
    assert complaints(worths, found.exact) < complaints(worths, other)


def complaints(worths, shares):
    """Excesses from the largest down, listed one by one."""
    count = len(shares)
    groups = [[i for i in range(count) if mask >> i & 1] for mask in range(1, 2**count - 1)]
    return sorted((worths[sum(1 << i for i in own) - 1] - sum(shares[i] for i in own) for own in groups), reverse=True)


def test_a_false_certificate_is_found_out():
    game = bankruptcy(200, (100, 200, 300))
    found = nucleolus(game)
    first = found.levels[0]
    assert "complain more" in check_nucleolus(
        game, found.exact, [replace(first, excess=first.excess - 1), *found.levels[1:]]
    )
    assert "complains less" in check_nucleolus(
        game, found.exact, [replace(first, excess=first.excess + 1), *found.levels[1:]]
    )
    mask = next(iter(first.weights))
    lighter = replace(first, weights={**first.weights, mask: first.weights[mask] / 2})
    assert "add up" in check_nucleolus(game, found.exact, [lighter, *found.levels[1:]])
    negative = replace(first, weights={**first.weights, mask: -first.weights[mask]})
    assert "positive" in check_nucleolus(game, found.exact, [negative])
    assert "Other divisions" in check_nucleolus(game, found.exact, [first])
    assert "is divided" in check_nucleolus(game, (0, 0, 0), found.levels)
    assert "worth alone" in check_nucleolus(Coalitional([0, 1, 0, 1]), (Fraction(0), Fraction(1)), ())


def test_many_players_and_floats():
    """Twelve players who own unlike amounts of one good, sold in pairs; the certificate is exact all the same."""
    rng = np.random.default_rng(5)
    table = np.round(rng.random(2**12), 3) * 10
    table[0], table[1 << np.arange(12)], table[-1] = 0, 0, 40
    game = Coalitional(table)
    found = nucleolus(game)
    assert found.status == "complete"
    assert check_nucleolus(game, found.exact, found.levels) == ""


def test_whole_numbers_of_any_length():
    """A game times 3^50 has its nucleolus times 3^50; nothing is lost to floats."""
    small = [0, 1, 0, 7, 2, 5, 8, 12]
    large = [3**50 * Fraction(one, 7) for one in small]
    times = [3**50 * share / 7 for share in nucleolus(Coalitional(small)).exact]
    assert list(nucleolus(Coalitional(large)).exact) == times


def test_one_player_has_it_all():
    assert nucleolus(Coalitional([0, 5])).exact == (5,)


def test_what_cannot_be_divided_is_refused():
    with pytest.raises(InputError, match="prenucleolus"):
        nucleolus(Coalitional([0, 2, 2, 3]))
    assert nucleolus(Coalitional([0, 2, 2, 3]), imputations=False).exact == (Fraction(3, 2), Fraction(3, 2))
    with pytest.raises(TooLarge):
        nucleolus(Coalitional(len, players=21))
