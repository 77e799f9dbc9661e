"""Counting kernels: batches traced by JAX say what the rules say of each election."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from ostrom import Ballots, choice
from ostrom.choice import _tally

VOTERS, SIZE, BATCH = 7, 4, 40


def _masks(xp, places, weights):
    pairs = _tally.pairwise(xp, places, weights)
    scores = {
        "plurality": _tally.plurality(xp, places, weights),
        "approval": _tally.approval(xp, places, weights),
        "borda": _tally.borda(xp, pairs),
        "copeland": _tally.copeland(xp, pairs),
        "minimax": _tally.minimax(xp, pairs),
    }
    masks = {name: _tally.best(xp, score) for name, score in scores.items()}
    order = xp.arange(places.shape[-1])
    return masks | {
        "schulze": _tally.schulze(xp, pairs),
        "instant_runoff": _tally.instant_runoff(xp, places, weights, order),
    }


@pytest.fixture(scope="module")
def batch():
    rng = np.random.default_rng(3)
    ranks = rng.integers(-1, SIZE, (BATCH, VOTERS, SIZE))
    return [Ballots(one, rng.integers(1, 4, VOTERS)) for one in ranks]


@pytest.mark.parametrize("kind", [np.int32, np.float32])
def test_traced_by_jax_and_in_batches_they_say_what_the_rules_say(batch, kind):
    places = np.stack([np.where(one.ranks < 0, SIZE, one.ranks) for one in batch])
    weights = np.stack([one.counts for one in batch]).astype(kind)
    traced = jax.jit(lambda places, weights: _masks(jnp, places, weights))(places, weights)
    plain = _masks(np, places, weights)
    for name, mask in plain.items():
        assert (np.asarray(traced[name]) == mask).all()
        for one, won in zip(batch, mask, strict=True):
            decision = getattr(choice, name)(one, **({"order": list("abcd")} if name == "instant_runoff" else {}))
            named = tuple(one.alternatives[k] for k in np.flatnonzero(won))
            assert named == decision.winners or (name == "instant_runoff" and named == decision.winners[:1])


def test_pairs_are_those_of_the_ballots(batch):
    for one in batch:
        assert (_tally.pairwise(np, one.places, one.counts) == one.pairwise).all()


def test_one_alternative_always_wins():
    masks = _masks(np, np.zeros((3, 1), int), np.ones(3, int))
    assert all(mask.tolist() == [True] for mask in masks.values())
