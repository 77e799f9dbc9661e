"""Making a joint move unstable: one ban, or the cheapest promise, against all there are."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.core.errors import InputError, TooLarge
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.forms.symmetric import Symmetric
from ostrom.designers.unstable import unstable

PD = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D"))
HUNT = NormalForm([[[4, 4], [0, 3]], [[3, 0], [3, 3]]], moves=("stag", "hare"))
MARGIN = 0.125


def stable(payoffs, kept=None):
    """The pure equilibria, the slow way."""
    kept = kept or [range(size) for size in payoffs.shape[:-1]]
    found = []
    for place in product(*kept):
        others = [((*place[:i], move, *place[i + 1 :]), i) for i, own in enumerate(kept) for move in own]
        if all(payoffs[other][i] <= payoffs[place][i] for other, i in others):
            found.append(place)
    return found


def an_equilibrium(seed, sizes=(3, 2, 3)):
    """A random game with a pure equilibrium, and its last one."""
    rng = np.random.default_rng(seed)
    while not (found := stable(payoffs := rng.integers(0, 6, (*sizes, len(sizes))))):
        pass
    return NormalForm(payoffs), found[-1]


@settings(max_examples=40)
@given(st.integers(0, 10_000))
def test_of_all_single_bans_the_one_with_the_best_worst_equilibrium_is_chosen(seed):
    game, place = an_equilibrium(seed)
    found = unstable(game, game.labels(place))
    worsts = []
    for i, move in enumerate(place):
        kept = [[k for k in range(size) if (j, k) != (i, move)] for j, size in enumerate(game.sizes)]
        worsts.append(min((game.payoffs[one].mean() for one in stable(game.payoffs, kept)), default=-np.inf))
    assert min((worth for _, worth in found.settles), default=-np.inf) == pytest.approx(max(worsts))
    i = game.players.index(found.player)
    assert found.move == game.moves[i][place[i]]
    assert found.move not in found.governed.moves[i]
    assert sum(found.governed.sizes) == sum(game.sizes) - 1
    assert all(claim.verdict == "proved" for claim in found.claims)


@settings(max_examples=40)
@given(st.integers(0, 10_000))
def test_no_promise_is_cheaper_and_a_little_less_would_not_do(seed):
    game, place = an_equilibrium(seed)
    found = unstable(game, game.labels(place), kind="promise", margin=MARGIN)
    costs = []
    for i, size in enumerate(game.sizes):
        for move in set(range(size)) - {place[i]}:
            other = (*place[:i], move, *place[i + 1 :])
            lead = MARGIN * (np.ptp(game.payoffs[..., i]) or 1)
            costs.append(game.payoffs[place][i] - game.payoffs[other][i] + lead)
    assert found.amount == pytest.approx(min(costs))
    i = game.players.index(found.player)
    there = (*place[:i], game.moves[i].index(found.move), *place[i + 1 :])
    paid = found.governed.payoffs - game.payoffs
    assert (np.count_nonzero(paid), paid[there][i]) == (1, pytest.approx(found.amount))
    assert place not in stable(found.governed.payoffs)
    less = game.payoffs.astype(float)
    less[there][i] += found.amount - MARGIN * (np.ptp(game.payoffs[..., i]) or 1)
    assert place in stable(less)
    after = stable(found.governed.payoffs)
    assert found.paid == (found.amount if there in after else 0)
    assert {labels for labels, _ in found.settles} == set(map(game.labels, after))
    assert all(claim.verdict == "proved" for claim in found.claims)


def test_the_dilemma_cannot_be_left_alone():
    """Whoever leaves (D, D) is exploited: the promise has to go on, and a ban leaves a sucker."""
    promised = unstable(PD, ("D", "D"), kind="promise", margin=0.2)
    assert (promised.amount, promised.paid) == (2.0, 2.0)
    assert "it would be paid for as long as play stays at (C, D)" in promised.findings[0].sentence
    assert unstable(PD, ("D", "D")).settles == ((("C", "D"), 2.5),)


def test_a_push_out_of_the_worse_equilibrium_costs_nothing_in_the_end():
    promised = unstable(HUNT, ("hare", "hare"), kind="promise")
    assert promised.amount == pytest.approx(3.04)
    assert (promised.paid, promised.settles) == (0, ((("stag", "stag"), 4.0),))
    assert "nothing of it is paid" in promised.findings[0].sentence
    assert promised.objection == unstable(HUNT, ("hare", "hare")).objection == ""


def test_leaving_what_is_best_is_not_proposed():
    found = unstable(HUNT, ("stag", "stag"))
    assert found.objection == "Play can then settle at (hare, hare), which is worth no more."
    assert "Not proposed" in found.findings[0].sentence


def test_where_play_cannot_settle_it_says_so():
    """Matching pennies with a way out that both like: without it nothing pure is left."""
    pennies = np.array([[1, -1], [-1, 1]])
    payoffs = np.zeros((3, 3, 2))
    payoffs[:2, :2] = np.stack([pennies, -pennies], -1)
    payoffs[2, :2], payoffs[:2, 2], payoffs[2, 2] = (-1, 0), (0, -1), (5, 5)
    found = unstable(NormalForm(payoffs), ("3", "3"))
    assert found.settles == ()
    assert "No pure equilibrium is left" in found.objection
    assert len(found.claims) == 1


@pytest.mark.parametrize("kind", ["ban", "promise"])
def test_nothing_is_done_about_what_does_not_last(kind):
    found = unstable(PD, ("C", "C"), kind=kind)
    assert (found.player, found.move, found.amount, found.paid) == ("", "", 0, 0)
    assert found.findings[0].sentence == "Nothing is needed: somebody gains by leaving (C, C) as it is."
    assert found.governed.sizes == PD.sizes


@pytest.mark.parametrize(
    "arguments",
    [
        {"profile": ("C", "E")},
        {"profile": ("C",)},
        {"profile": ("D", "D"), "kind": "threat"},
        {"profile": ("D", "D"), "kind": "promise", "margin": 0.0},
        {"profile": ("D", "D"), "kind": "promise", "margin": float("nan")},
    ],
)
def test_bad_input_is_refused(arguments):
    with pytest.raises(InputError):
        unstable(PD, **arguments)


def test_what_is_no_interaction_or_too_large_is_refused():
    with pytest.raises(InputError):
        unstable(NormalForm([[[1, 1], [2, 2]]]), ("1", "1"))
    many = Symmetric(lambda own, others: 1.0 * others, players=60, moves=("a", "b"), amounts=(0, 1))
    with pytest.raises(TooLarge):
        unstable(many, ("a",) * 60)
