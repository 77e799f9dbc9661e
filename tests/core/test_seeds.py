"""Dice: the published test vectors of Threefry, thresholds, and the same faces in NumPy and JAX."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostrom.core.errors import InputError
from ostrom.core.seeds import check_odds, roll, threefry, thresholds, words

# Known answers of Threefry-2x32-20 distributed with Random123 (Salmon et al. 2011).
VECTORS = [
    ((0x00000000, 0x00000000), (0x00000000, 0x00000000), (0x6B200159, 0x99BA4EFE)),
    ((0xFFFFFFFF, 0xFFFFFFFF), (0xFFFFFFFF, 0xFFFFFFFF), (0x1CB996FC, 0xBB002BE7)),
    ((0x13198A2E, 0x03707344), (0x243F6A88, 0x85A308D3), (0xC4923A9C, 0x483DF7A0)),
]


def _one(word: int) -> np.ndarray:
    return np.array([word], np.uint32)


@pytest.mark.parametrize(("key", "counter", "answer"), VECTORS)
def test_the_published_vectors(key, counter, answer):
    left, right = threefry((_one(key[0]), _one(key[1])), (_one(counter[0]), _one(counter[1])))
    assert (int(left[0]), int(right[0])) == answer


def test_faces_fall_as_often_as_their_odds_say():
    odds = np.array([[0.1, 0.2, 0.7]] * 30_000)
    faces = roll((_one(5), _one(0)), 3, [{"d": odds[:4000]}])[0]["d"]
    counts = np.bincount(faces, minlength=3) / len(faces)
    assert np.abs(counts - [0.1, 0.2, 0.7]).max() < 4 * np.sqrt(0.25 / len(faces))


def test_a_face_without_odds_never_falls_and_a_sure_one_always_does():
    assert (thresholds(np.array([[0.0, 1.0, 0.0]])) == [[0, 1 << 24, 1 << 24]]).all()
    for seed in range(50):
        assert roll((_one(seed), _one(0)), seed, [{"d": np.array([[0.0, 1.0, 0.0]])}])[0]["d"].tolist() == [1]


def test_dice_of_layers_and_rounds_are_their_own():
    odds = [{"a": np.full((3, 2), 0.5), "b": np.full((3, 2), 0.5)}, {"a": np.full((3, 2), 0.5)}]
    seen = {
        tuple(np.concatenate([v for layer in roll((_one(1), _one(0)), t, odds) for v in layer.values()]))
        for t in range(40)
    }
    assert len(seen) > 30


@given(seed=st.integers(0, 2**64 - 1), time=st.integers(0, 2**31 - 1), faces=st.integers(1, 5))
def test_numpy_and_jax_throw_the_same(seed, time, faces):
    jnp = pytest.importorskip("jax.numpy")
    low, high = words(seed)
    odds = np.random.default_rng(seed % 2**32).dirichlet(np.ones(faces), size=3)
    here = roll((_one(low), _one(high)), time, [{"d": odds}])[0]["d"]
    there = roll((jnp.asarray(_one(low)), jnp.asarray(_one(high))), jnp.uint32(time), [{"d": jnp.asarray(odds)}], jnp)[
        0
    ]["d"]
    assert here.tolist() == there.tolist()


@pytest.mark.parametrize("odds", [[[0.5, 0.6]], [[-0.1, 1.1]], [0.5, 0.5], [[np.nan, 1.0]]])
def test_odds_that_are_none_are_refused(odds):
    with pytest.raises(InputError, match="Odds are rows"):
        check_odds("Rule", "d", np.array(odds))


def test_a_seed_out_of_range_is_refused():
    with pytest.raises(InputError, match="whole number"):
        words(-1)
    for odd in (0.5, "x", True, None, 2**64):
        with pytest.raises(InputError, match="whole number"):
            words(odd)
