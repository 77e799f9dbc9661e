"""Laws of the impact facets, on random delegations."""

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ostrom.core.delegation import Delegation
from ostrom.core.forms.normal_form import NormalForm
from ostrom.diagnosis._play import OWN, Play
from ostrom.diagnosis.facets import facets

SIZES = [(2, 2), (3, 2), (3, 3), (2, 2, 2), (2, 3, 2)]
PRECISIONS = [None, 0.5, 2.0, 8.0]
NUMBERS = (
    *("gap", "intent", "capability", "inter_agent", "coordination", "conflict"),
    *("played", "worst_equilibrium", "best_equilibrium", "beyond_pairs"),
)


@st.composite
def delegations(draw, sizes=SIZES):
    """Whole payoffs, so that ties and degenerate games come up; rewards sometimes the utilities."""
    shape = draw(st.sampled_from(sizes))
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    top = draw(st.sampled_from([3, 5, 10]))
    utilities = rng.integers(0, top, (*shape, len(shape))).astype(float)
    rewards = utilities if draw(st.booleans()) else rng.integers(0, top, utilities.shape).astype(float)
    return NormalForm(utilities), rewards, draw(st.sampled_from(PRECISIONS))


def same(one, other, stake):
    for name in NUMBERS:
        assert getattr(one, name) == pytest.approx(getattr(other, name), abs=1e-5 * max(stake, 1e-9)), name


@settings(max_examples=12)
@given(delegations(), st.integers(0, 10**6))
def test_parts_sum_to_the_gap(delegation, seed):
    game, rewards, precision = delegation
    specified = np.random.default_rng(seed).integers(0, 4, rewards.shape)
    found = facets(Delegation(game, rewards=rewards, precision=precision, specified=specified))
    assert found.intent + found.capability + found.inter_agent == pytest.approx(found.gap, abs=1e-9)
    assert found.coordination + found.conflict == pytest.approx(found.inter_agent, abs=1e-9)
    assert found.outer is not None
    assert found.inner is not None
    assert found.outer + found.inner == pytest.approx(found.intent, abs=1e-9)
    assert sum(found.lines.values()) == pytest.approx(found.gap, abs=1e-9)
    assert found.corners["intent+capability+inter-agent"] == pytest.approx(found.optimum, abs=1e-12)
    assert found.corners[""] == found.played
    for facet in ("intent", "capability"):
        owen = sum(share.value for share in found.by_agent if share.facet == facet)
        assert owen == pytest.approx(getattr(found, facet), abs=1e-9)


@settings(max_examples=8)
@given(delegations(), st.floats(0.05, 20), st.floats(-50, 50))
@pytest.mark.slow
def test_intent_does_not_change_with_the_scale_of_a_reward(delegation, scale, shift):
    game, rewards, precision = delegation
    rescaled = rewards.copy()
    rescaled[..., 0] = shift + scale * rescaled[..., 0]
    before = facets(Delegation(game, rewards=rewards, precision=precision))
    after = facets(Delegation(game, rewards=rescaled, precision=precision))
    same(before, after, before.stake)


@settings(max_examples=10)
@given(delegations(), st.floats(0.05, 20), st.floats(-50, 50))
def test_a_reward_that_is_a_rescaled_utility_has_no_intent_facet(delegation, scale, shift):
    game, _, precision = delegation
    found = facets(Delegation(game, rewards=shift + scale * game.payoffs, precision=precision))
    assert found.intent == 0


@settings(max_examples=10)
@given(delegations(), st.randoms(use_true_random=False))
@pytest.mark.slow
def test_renaming_players_and_moves_renames_the_result(delegation, random):
    game, rewards, precision = delegation
    seats = random.sample(range(len(game.players)), len(game.players))
    orders = [random.sample(range(size), size) for size in game.sizes]

    def renamed(table):
        return np.moveaxis(table[np.ix_(*orders, range(len(seats)))], seats, range(len(seats)))[..., seats]

    before = facets(Delegation(game, rewards=rewards, precision=precision))
    other = NormalForm(renamed(game.payoffs), players=[game.players[seat] for seat in seats])
    after = facets(Delegation(other, rewards=renamed(rewards), precision=precision))
    same(before, after, before.stake)
    shares = {(share.facet, frozenset(share.who)): share.value for share in (*after.by_agent, *after.by_pair)}
    for share in (*before.by_agent, *before.by_pair):
        there = shares[share.facet, frozenset(share.who)]
        assert share.value == pytest.approx(there, abs=1e-5 * max(before.stake, 1e-9))
    for name, effect in before.effects.items():
        assert effect == pytest.approx(after.effects[name], abs=1e-5 * max(1.0, abs(effect[0])))


def separable(rng, sizes):
    """Everybody's payoff depends on its own move alone."""
    columns = []
    for i, size in enumerate(sizes):
        own = rng.normal(size=size) * rng.uniform(0.1, 5)
        columns.append(np.broadcast_to(own.reshape([-1 if k == i else 1 for k in range(len(sizes))]), sizes))
    return np.stack(columns, -1)


@settings(max_examples=25)
@given(
    st.sampled_from([*SIZES, (2, 3, 2, 2)]),
    st.integers(0, 10**6),
    st.sampled_from([*PRECISIONS, 0.05, 50.0]),
    st.booleans(),
)
def test_agents_who_do_not_affect_each_other_have_no_inter_agent_facet(sizes, seed, precision, faithful):
    rng = np.random.default_rng(seed)
    utilities = separable(rng, sizes)
    rewards = utilities if faithful else separable(rng, sizes)
    found = facets(Delegation(NormalForm(utilities), rewards=rewards, precision=precision))
    assert found.inter_agent == pytest.approx(0, abs=1e-9)
    assert found.coordination == pytest.approx(0, abs=1e-9)
    assert found.by_pair == ()
    assert found.beyond_pairs == pytest.approx(0, abs=1e-9)


@settings(max_examples=30)
@given(st.sampled_from(SIZES), st.integers(0, 10**6), st.sampled_from([0.05, 0.5, 2.0, 8.0]))
def test_agents_with_one_common_payoff_keep_their_precision_as_one(sizes, seed, precision):
    common = np.random.default_rng(seed).normal(size=sizes)
    play = Play(Delegation(NormalForm(np.stack([common] * len(sizes), -1))), precision)
    odds = play.together((OWN,) * len(sizes), (False,) * len(sizes))
    weights = np.exp(precision / play.unit * (common - common.max()))
    assert odds == pytest.approx(weights / weights.sum(), abs=1e-12)


@settings(max_examples=30)
@given(st.sampled_from(SIZES), st.integers(0, 10**6), st.sampled_from([0.5, 4.0]), st.integers(0, 7))
def test_agents_who_do_not_affect_each_other_play_the_same_when_some_are_perfect(sizes, seed, precision, which):
    """As one and each for itself: also with any set of agents repaired."""
    utilities = separable(np.random.default_rng(seed), sizes)
    play = Play(Delegation(NormalForm(utilities)), precision)
    sharp = tuple(bool(which >> i & 1) for i in range(len(sizes)))
    alone = np.ones(())
    for odds in play.alone((OWN,) * len(sizes), sharp):
        alone = alone[..., None] * odds
    assert play.together((OWN,) * len(sizes), sharp) == pytest.approx(alone, abs=1e-9)


@settings(max_examples=6)
@given(delegations([(2, 2), (3, 2), (2, 2, 2)]))
def test_very_precise_play_is_nearly_perfect_play(delegation):
    """λ → ∞ is the limit of finite λ, where no indifference lets the limit be slow."""
    game, _, _ = delegation
    perfect, precise = facets(game), facets(Delegation(game, precision=1e4))
    assume(perfect.selection == "robust")
    assert precise.gap == pytest.approx(perfect.gap, abs=0.02 * max(perfect.stake, 1e-9))
    assert abs(precise.capability) <= 0.02 * max(perfect.stake, 1e-9)


@settings(max_examples=8)
@given(delegations([(2, 2), (2, 3), (2, 2, 2)]), st.integers(1, 10**6))
@pytest.mark.slow
def test_observed_play_splits_off_what_the_model_does_not_explain(delegation, seed):
    game, rewards, _ = delegation
    rng = np.random.default_rng(seed)
    observed = [rng.integers(1, 20, size) for size in game.sizes]
    subject = Delegation(game, rewards=rewards, observed=observed)
    found = facets(subject)
    assert found.fitted
    assert 0 <= found.precision <= math.inf
    assert subject.observed is not None
    seen = float((subject.observed * game.payoffs.mean(-1)).sum())
    assert found.observed == pytest.approx(seen)
    assert sum(found.lines.values()) == pytest.approx(found.optimum - seen, abs=1e-9)
