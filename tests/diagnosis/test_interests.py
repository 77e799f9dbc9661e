"""Interests: the classes by definition, the degrees by hand, and what must not change them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostrom.core.delegation import Delegation
from ostrom.core.forms.normal_form import NormalForm
from ostrom.diagnosis.interests import interests

PD = [[[3, 3], [0, 5]], [[5, 0], [1, 1]]]


def random_game(seed, sizes=(2, 3, 2), bystanders=0):
    rng = np.random.default_rng(seed)
    return NormalForm(
        rng.integers(-9, 10, (*sizes, len(sizes))),
        bystanders=[f"neighbour {k}" for k in range(bystanders)],
        bystander_payoffs=rng.integers(-9, 10, (*sizes, bystanders)),
    )


@pytest.mark.parametrize(
    ("payoffs", "kind"),
    [
        (PD, "mixed"),
        ([[[2, 20], [0, 1]], [[0, 1], [1, 9]]], "common"),  # the same order on two scales
        ([[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]], "conflict"),
        ([[[1, 8], [3, 2]], [[2, 4], [9, -5]]], "conflict"),  # opposed orders that are not zero-sum
        ([[[1, 7], [3, 7]], [[2, 7], [9, 7]]], "indifferent"),
    ],
)
def test_the_class_is_the_ordinal_one(payoffs, kind):
    assert interests(NormalForm(payoffs)).players.kind == kind


def test_degrees_of_the_prisoners_dilemma_by_hand():
    """Centred payoffs are (3, -9, 11, -5)/4 and (3, 11, -9, -5)/4: correlation (9 - 99 - 99 + 25) / 236 = -41/59."""
    found = interests(NormalForm(PD)).players
    assert found.correlation == pytest.approx(-41 / 59)
    assert found.shared == pytest.approx(9 / 59)


def test_three_with_one_purpose_are_common_and_a_fourth_opposed_is_not():
    purpose = np.arange(16.0).reshape(2, 2, 2, 2)
    together = interests(NormalForm(np.stack([purpose] * 4, -1))).players
    apart = interests(NormalForm(np.stack([purpose] * 3 + [-purpose], -1))).players
    assert (together.kind, together.shared) == ("common", pytest.approx(1))
    assert (apart.kind, apart.shared) == ("mixed", pytest.approx(1 / 4))


def test_unrelated_parties_share_one_kth():
    independent = np.indices((2, 2, 2)).transpose(1, 2, 3, 0).astype(float)
    found = interests(NormalForm(independent)).players
    assert (found.correlation, found.shared) == (pytest.approx(0), pytest.approx(1 / 3))


def test_bystanders_are_parties_and_players_stand_apart_from_them():
    firms = np.array(PD, float)
    game = NormalForm(firms, bystanders=["consumers"], bystander_payoffs=-firms.sum(-1, keepdims=True))
    found = interests(game)
    assert found.everyone.parties == ("player 1", "player 2", "consumers")
    assert found.players == interests(NormalForm(PD)).players
    assert found.everyone.shared < found.players.shared
    assert any("who are affected" in finding.sentence for finding in found.findings)


def test_the_best_and_the_worst_pair_are_found():
    rng = np.random.default_rng(0)
    first, noise = rng.normal(size=(2, 2, 2, 2))
    game = NormalForm(np.stack([first, -first + 0.1 * noise, first + 0.1 * noise], -1), players=["Ann", "Bo", "Cy"])
    found = interests(game)
    assert [pair.parties for pair in found.best] == [("Ann", "Cy")]
    assert all("Bo" in pair.parties for pair in found.worst)
    sentences = [finding.sentence for finding in found.findings]
    assert any(said.startswith("Ann and Cy have the most in common") for said in sentences)


def test_nobody_stands_out_where_all_pairs_are_alike():
    found = interests(NormalForm(PD))
    assert len(found.findings) == 1
    assert "in common" not in found.findings[0].sentence


def test_pairs_that_tie_are_all_named():
    purpose = np.arange(8.0).reshape(2, 2, 2)
    game = NormalForm(np.stack([purpose, purpose, -purpose], -1), players=["Ann", "Bo", "Cy"])
    said = [finding.sentence for finding in interests(game).findings]
    assert said[1:] == [
        "Ann and Bo have the most in common (100 % shared).",
        "Ann and Cy; Bo and Cy have the least in common (0 % shared).",
    ]


def test_one_who_does_not_care_is_no_dyad():
    found = interests(NormalForm([[[1, 7], [3, 7]], [[2, 7], [9, 7]]]))
    assert found.best == found.worst == ()
    assert found.players.shared == 0


def test_utilities_count_and_rewards_do_not():
    selfless = np.array(PD, float).sum(-1, keepdims=True).repeat(2, -1)
    assert interests(Delegation(NormalForm(PD), rewards=selfless)) == interests(NormalForm(PD))
    assert interests(Delegation(NormalForm(PD), utilities=selfless)).players.kind == "common"


@given(
    st.integers(0, 10_000),
    st.lists(st.tuples(st.floats(-50, 50), st.floats(0.01, 100)), min_size=3, max_size=3),
)
def test_rescaling_utilities_changes_nothing(seed, scales):
    game = random_game(seed)
    shift, scale = np.array(scales).T
    before, after = interests(game), interests(NormalForm(shift + scale * game.payoffs))
    for one, other in zip((before.players, *before.pairs), (after.players, *after.pairs), strict=True):
        assert one.kind == other.kind
        assert one.correlation == pytest.approx(other.correlation, abs=1e-9)
        assert one.shared == pytest.approx(other.shared, abs=1e-9)


@given(st.integers(0, 10_000), st.permutations(range(3)))
def test_reordering_players_reorders_the_results(seed, order):
    game = random_game(seed, bystanders=1)
    names = [game.players[i] for i in order]
    turned = NormalForm(
        game.payoffs.transpose(*order, 3)[..., order],
        players=names,
        bystanders=game.bystanders,
        bystander_payoffs=game.bystander_payoffs.transpose(*order, 3),
    )
    before = {frozenset(pair.parties): pair for pair in interests(game).pairs}
    for pair in interests(turned).pairs:
        same = before[frozenset(pair.parties)]
        assert pair.kind == same.kind
        assert pair.correlation == pytest.approx(same.correlation)


@given(st.integers(0, 10_000), st.integers(0, 2))
def test_degrees_stay_in_range(seed, bystanders):
    found = interests(random_game(seed, bystanders=bystanders))
    for group in (found.everyone, found.players, *found.pairs):
        assert -1 <= group.correlation <= 1
        assert 0 <= group.shared <= 1
        assert group.kind != "common" or group.correlation > 0
        assert group.kind != "conflict" or group.correlation < 0
