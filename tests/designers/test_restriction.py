"""Restrictions: minimal by brute force, checked by listing equilibria, and honest about learners."""

from itertools import chain, combinations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostrom.core.errors import InputError, TooLarge
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.forms.symmetric import Symmetric
from ostrom.designers.restriction import restriction
from ostrom.solvers.pure_equilibria import pure_equilibria

PD = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D"))


def random_game(seed, sizes):
    return NormalForm(np.random.default_rng(seed).integers(0, 6, (*sizes, len(sizes))))


def even(game):
    return np.full(game.sizes, 1 / game.size)


def stable(payoffs, kept):
    """The pure equilibria when only these moves are left, the slow way."""
    found = set()
    for place in product(*kept):
        better = False
        for i, own in enumerate(kept):
            for move in own:
                other = (*place[:i], move, *place[i + 1 :])
                better |= bool(payoffs[(*other, i)] > payoffs[(*place, i)])
        if not better:
            found.add(place)
    return found


def smallest_by_brute_force(payoffs, target):
    moves = [(i, k) for i, size in enumerate(payoffs.shape[:-1]) for k in range(size) if k != target[i]]
    for removed in chain.from_iterable(combinations(moves, size) for size in range(len(moves) + 1)):
        kept = [[k for k in range(size) if (i, k) not in removed] for i, size in enumerate(payoffs.shape[:-1])]
        if stable(payoffs, kept) == {target}:
            return len(removed)
    raise AssertionError


@pytest.mark.parametrize("sizes", [(3, 3), (2, 2, 2), (3, 2, 3)])
@given(seed=st.integers(0, 10_000))
def test_it_is_smallest_and_leaves_one_equilibrium(sizes, seed):
    game = random_game(seed, sizes)
    remedy = restriction(game, played=even(game))
    target = game.profile(remedy.target)
    assert (remedy.status, remedy.at_least) == ("complete", remedy.size)
    assert remedy.size == smallest_by_brute_force(game.payoffs, target)
    kept = [[game.moves[i].index(label) for label in own] for i, own in enumerate(remedy.kept)]
    assert stable(game.payoffs, kept) == {target}
    assert remedy.claim.verdict == "proved"
    assert len(pure_equilibria(remedy.governed)) == 1
    assert game.payoffs[target].mean() == game.payoffs.mean(-1).max()


@given(st.integers(0, 10_000))
def test_any_joint_move_can_be_made_the_only_equilibrium(seed):
    game = random_game(seed, (3, 3))
    remedy = restriction(game, ("2", "3"), played=even(game))
    assert remedy.target == ("2", "3")
    assert remedy.size == smallest_by_brute_force(game.payoffs, (1, 2))


@given(st.integers(0, 10_000))
def test_out_of_time_it_still_works_and_says_what_is_known(seed):
    game = random_game(seed, (4, 4))
    quick, full = (restriction(game, subsets=tries, played=even(game)) for tries in (1, 10_000))
    assert quick.claim.verdict == "proved"
    assert quick.at_least <= full.size <= quick.size
    assert quick.status == "complete" or quick.at_least > 0
    removed = [(i, game.moves[i].index(label)) for i, own in enumerate(quick.removed) for label in own]
    for given_back in removed if quick.status == "timed out" else []:
        kept = [[k for k in range(4) if (i, k) not in removed or (i, k) == given_back] for i in range(2)]
        assert stable(game.payoffs, kept) != {game.profile(quick.target)}


def test_the_prisoners_dilemma_loses_two_of_four_moves():
    remedy = restriction(PD)
    assert remedy.removed == (("D",), ("D",))
    assert remedy.findings[0].sentence == "Forbidding D to everybody leaves (C, C) as the only pure equilibrium."
    assert remedy.effects.change == {"player 1": 2.0, "player 2": 2.0}
    assert remedy.learners.verdict == "proved"


def test_nothing_is_forbidden_where_nothing_has_to_be():
    remedy = restriction(NormalForm([[[4, 4], [3, 2]], [[2, 3], [1, 1]]]))
    assert (remedy.size, remedy.objection) == (0, "What is played now is as good.")
    assert "Nothing needs to be forbidden" in remedy.findings[0].sentence


def test_names_tell_who_loses_what():
    game = NormalForm([[[2, 2], [0, 0]], [[0, 0], [1, 1]]], players=["Ann", "Bo"], moves=("left", "right"))
    said = restriction(game).findings[0].sentence
    assert said.startswith("Forbidding right to ")
    assert "everybody" not in said


def test_learners_may_miss_a_unique_pure_equilibrium():
    """Rock, paper, scissors with a way out that only pays together: one pure equilibrium, and learners who cycle."""
    cycle = np.array([[0, -1, 1], [1, 0, -1], [-1, 1, 0]])
    payoffs = np.full((4, 4, 2), -2.0)
    payoffs[:3, :3] = np.stack([cycle, -cycle], -1)
    payoffs[3, 3] = 3
    remedy = restriction(NormalForm(payoffs))
    assert (remedy.size, remedy.claim.verdict, remedy.learners.verdict) == (0, "proved", "refuted")
    witness = remedy.learners.witness
    assert witness is not None
    joint = np.zeros((4, 4))
    for labels, share in witness["joint"].items():
        joint[tuple(int(k) - 1 for k in labels.split(", "))] = share
    assert joint.sum() == pytest.approx(1)
    assert float((joint * payoffs.mean(-1)).sum()) == pytest.approx(witness["welfare"])
    assert witness["welfare"] <= 1e-9  # cycling alone gives 0 on average, and learners may do worse
    for i in (0, 1):
        others = joint.sum(i)
        table = payoffs[..., 0] if i == 0 else payoffs[..., 1].T
        assert (table @ others).max() <= (joint * payoffs[..., i]).sum() + 1e-9
    assert "Learners may still miss it" in remedy.findings[0].sentence


def test_a_cartel_is_not_proposed():
    game = NormalForm(
        PD.payoffs, moves=("high", "low"), bystanders=["buyers"], bystander_payoffs=[[[0], [3]], [[3], [16]]]
    )
    remedy = restriction(game, ("high", "high"))
    assert remedy.effects.takes_from_bystanders
    assert "buyers would lose" in remedy.objection
    assert remedy.governed.bystander_payoffs.tolist() == [[[0.0]]]


def test_bad_input_is_refused():
    with pytest.raises(InputError):
        restriction(PD, ("C", "E"))
    with pytest.raises(InputError):
        restriction(NormalForm([[[1, 1], [2, 2]]]))
    with pytest.raises(TooLarge):
        restriction(Symmetric(lambda own, others: 1.0 * others, players=60, moves=("a", "b"), amounts=(0, 1)))
