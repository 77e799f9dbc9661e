"""Moves: dominance by brute force, said of the right players, and not said where it is not so."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.core.delegation import Delegation
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.game import Fact
from ostrom.diagnosis.moves import moves

PD = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D"))
NONE = "No move of anybody is dominant or dominated: what is best depends on what the others do."


def sentences(game):
    return [finding.sentence for finding in moves(game).findings]


def test_one_sentence_for_all_who_are_alike():
    assert sentences(PD) == ["Every player does best with D, whatever the others do."]


def test_players_are_called_by_what_they_are():
    fishers = NormalForm(PD.payoffs, players=["fisher 1", "fisher 2"], moves=("C", "D"))
    assert sentences(fishers) == ["Every fisher does best with D, whatever the others do."]


def test_only_who_has_a_dominant_move_is_said_to():
    game = NormalForm([[[3, 5], [0, 4]], [[5, 0], [1, 1]]], players=["Ann", "Bo"], moves=("C", "D"))
    found = moves(game)
    assert found.findings[0].sentence == "Ann does best with D, whatever the others do."
    assert found.findings[0].who == ("Ann",)
    assert not any("Bo does" in said for said in sentences(game))


@pytest.mark.parametrize(
    "payoffs",
    [
        [[[6, 6], [2, 7]], [[7, 2], [0, 0]]],
        [[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]],
        [[[2, 1], [0, 0]], [[0, 0], [1, 2]]],
        [[[0, 0], [0, 0]], [[0, 0], [0, 0]]],
    ],
)
def test_nothing_is_said_to_be_dominated_where_nothing_is(payoffs):
    assert sentences(NormalForm(payoffs)) == [NONE]


def test_more_pays_where_every_step_pays():
    game = NormalForm.from_function(
        lambda *h: [x * 6 - 4 * sum(h) for x in h],
        [range(4)] * 3,
        players=[f"fisher {k}" for k in (1, 2, 3)],
        facts=[Fact.of_own_move("harvest", "tonnes", range(4))],
    )
    assert sentences(game) == ["Every fisher gains by more harvest, whatever the others do: 3 is dominant."]
    bare = NormalForm(game.payoffs, players=game.players, moves=game.moves)
    assert sentences(bare) == ["Every fisher gains by taking more, whatever the others do: 3 is dominant."]


def test_a_dominant_middle_is_not_said_to_be_more():
    game = NormalForm.from_function(lambda a, b: [-abs(a - 1), -abs(b - 1)], [range(3)] * 2)
    assert sentences(game)[0] == "Every player does best with 1, whatever the others do."


def test_a_fact_about_others_is_no_quantity_of_ones_own():
    read = Fact("crowding", "cars", lambda profiles: np.broadcast_to(profiles.sum(-1, keepdims=True), profiles.shape))
    game = NormalForm(PD.payoffs, moves=("C", "D"), facts=[read])
    assert moves(game).trends == (None, None)


def test_weak_dominance_is_said_weakly():
    game = NormalForm([[[1, 1], [1, 0]], [[1, 0], [0, 0]]], moves=("up", "down"))
    assert (
        sentences(game)[0]
        == "Every player does at least as well with up as with anything else, whatever the others do."
    )


def test_a_move_dominated_by_a_mixture_only_names_the_mixture():
    payoffs = np.zeros((3, 2, 2))
    payoffs[..., 0] = [[4, 0], [0, 4], [1, 1]]
    payoffs[..., 1] = [[1, 0], [0, 1], [0, 0]]
    game = NormalForm(payoffs, players=["Ann", "Bo"], moves=[("a", "b", "c"), ("l", "r")])
    found = [finding for finding in moves(game).findings if finding.who == ("Ann",)]
    assert (
        found[0].sentence == "For Ann, c is never worth playing (a mix of a and b is better), whatever the others do."
    )


def test_repeated_removal_is_told_when_it_goes_further():
    """Guess half of what the others guess: step by step everything but the least falls."""
    game = NormalForm.from_function(
        lambda a, b: [-abs(a - (a + b) / 4), -abs(b - (a + b) / 4)], [range(5)] * 2, players=["Ann", "Bo"]
    )
    last = moves(game).findings[-1]
    assert last.sentence.endswith("times over, leaves only (0, 0).")
    assert last.numbers["rounds"] >= 2
    assert not any("times over" in said for said in sentences(PD))


def test_agents_follow_their_rewards():
    kind = PD.payoffs.sum(-1, keepdims=True).repeat(2, -1)
    assert sentences(Delegation(PD, rewards=kind)) == ["Every player does best with C, whatever the others do."]


@settings(max_examples=40)
@given(st.integers(0, 10_000))
def test_dominance_by_brute_force(seed):
    sizes = (2, 3, 2)
    game = NormalForm(np.random.default_rng(seed).integers(0, 4, (*sizes, 3)))
    found = moves(game)
    for i in range(3):
        own = np.moveaxis(game.payoffs[..., i], i, 0).reshape(sizes[i], -1)
        strict = [a for a in range(sizes[i]) if all((own[a] > own[b]).all() for b in range(sizes[i]) if b != a)]
        assert found.dominance.strictly_dominant[i] == (strict[0] if strict else None)
        by_pure = {b for a, b in product(range(sizes[i]), repeat=2) if a != b and (own[a] > own[b]).all()}
        seen = {d.move for d in found.dominance.dominated if d.player == i and d.strict}
        assert by_pure <= seen
    assert (NONE in [f.sentence for f in found.findings]) == (
        not found.dominance.dominated and not any(k is not None for k in found.dominance.weakly_dominant)
    )


@settings(max_examples=40)
@given(st.integers(0, 10_000), st.permutations(range(3)))
def test_reordering_players_reorders_the_results(seed, order):
    game = NormalForm(np.random.default_rng(seed).integers(0, 5, (2, 2, 3, 3)))
    turned = NormalForm(game.payoffs.transpose(*order, 3)[..., order])
    before, after = moves(game), moves(turned)
    assert after.dominance.strictly_dominant == tuple(before.dominance.strictly_dominant[i] for i in order)
    assert after.trends == tuple(before.trends[i] for i in order)
