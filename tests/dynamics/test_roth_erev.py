"""Urns: exact odds of the first plays, a slow loop of our own, and where reinforcement is known to lead."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ostrom as om
from ostrom.core.errors import InputError, TooLarge
from ostrom.core.forms.bayesian import Bayesian
from ostrom.core.forms.normal_form import NormalForm
from ostrom.dynamics import _urns
from ostrom.dynamics.roth_erev import Informed, _seats, roth_erev

DILEMMA = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]])
THREE = NormalForm(np.random.default_rng(3).integers(0, 6, (2, 3, 5, 3)).astype(float))
TALK = Informed.talk(np.random.default_rng(4).integers(0, 3, (2, 3, 2)), odds=[0.3, 0.7], signals=2)


def exactly(play, rounds, start, forgetting, trying):
    """Expected contents of all urns after few rounds, by following every history with its odds."""
    floor = play.payoffs.reshape(-1, len(play.sizes)).min(0)
    urns = [np.full((o, a), start) for o, a in zip(play.sights, play.sizes, strict=True)]
    total = [np.zeros_like(urn) for urn in urns]
    stack = [(1.0, rounds, urns)]
    while stack:
        odds, left, urns = stack.pop()
        if not left:
            for own, urn in zip(total, urns, strict=True):
                own += odds * urn
            continue
        for cell in itertools.product(*map(range, play.payoffs.shape[:-1])):
            chance, after = odds * play.odds[cell[0]], [urn.copy() for urn in urns]
            for i, move in enumerate(cell[1:]):
                seen = int(play.sees[i][cell[: i + 1]])
                chance *= urns[i][seen, move] / urns[i][seen].sum()
                paid, size = play.payoffs[cell][i] - floor[i], play.sizes[i]
                after[i][seen] *= 1 - forgetting
                for k in range(size):
                    after[i][seen, k] += paid * ((1 - trying) if k == move else trying / (size - 1))
            stack.append((chance, left - 1, after))
    return total


@pytest.mark.parametrize(("forgetting", "trying"), [(0.0, 0.0), (0.1, 0.2)])
@pytest.mark.parametrize("subject", [DILEMMA, THREE, TALK], ids=["dilemma", "three players", "talk"])
def test_mean_contents_after_two_rounds_are_the_exact_ones(subject, forgetting, trying):
    play, runs = Informed.of(subject), 40_000
    ends, _ = _urns.drawn(_seats(play, 1.5, None), play.odds, runs, 2, 1, 0, forgetting, trying)
    for urn, mean in zip(ends, exactly(play, 2, 1.5, forgetting, trying), strict=True):
        error = urn.std(0) / math.sqrt(runs)
        assert (np.abs(urn.mean(0) - mean) <= 5 * error + 1e-9).all()


@settings(max_examples=10)
@given(st.integers(0, 99), st.sampled_from([0.0, 0.05]))
def test_books_add_up(seed, forgetting):
    game = NormalForm(np.random.default_rng(seed).integers(-3, 4, (3, 2, 2)))
    found = roth_erev(game, 5, rounds=40, seed=seed, forgetting=forgetting, share=0.5)
    assert found.joint.shape == (5, 1, 3, 2)
    assert found.joint.sum(axis=(1, 2, 3)) == pytest.approx(np.ones(5))
    assert found.joint * found.counted == pytest.approx(np.rint(found.joint * 20))
    assert found.payoffs == pytest.approx(np.einsum("rtab,abp->rp", found.joint, game.payoffs))
    for run in range(5):
        assert found.expected[run] == pytest.approx(game.expected_payoffs(tuple(own[run, 0] for own in found.odds)))


def test_what_urns_hold_is_what_was_paid():
    """With no forgetting, everything ever added to an urn is the sum of payoffs over all rounds."""
    found = roth_erev(DILEMMA, 50, rounds=200, share=1.0, start=2.0)
    for i, own in enumerate(found.odds):
        earned = found.payoffs[:, i] * 200  # the least payoff is 0
        for move in range(2):
            made = found.joint[:, 0].take(move, axis=1 + i) * 200
            paid = (made * DILEMMA.payoffs[..., i].take(move, axis=i)).sum(-1)
            assert own[:, 0, move] == pytest.approx((2 + paid) / (4 + earned))


def test_the_same_twice_and_more_runs_leave_the_first_alone(monkeypatch):
    monkeypatch.setattr(_urns, "COLUMNS", 16)
    one, two, more = (roth_erev(DILEMMA, runs, rounds=30, seed=5).odds[0] for runs in (32, 32, 48))
    assert np.array_equal(one, two)
    assert np.array_equal(one, more[:32])
    assert not np.array_equal(one[:16], one[16:])
    assert not np.array_equal(one, roth_erev(DILEMMA, 32, rounds=30, seed=6).odds[0])


def test_single_and_double_precision_draw_alike(monkeypatch):
    """Whole numbers are exact in both; shares of runs agree within five standard errors."""
    single = roth_erev(DILEMMA, 4000, rounds=300)
    monkeypatch.setattr(_urns, "_whole_in_singles", lambda *asked: False)
    double = roth_erev(DILEMMA, 4000, rounds=300)
    gap = np.abs(single.odds[0].mean(0) - double.odds[0].mean(0)).max()
    assert gap < 5 * np.hypot(single.odds[0][:, 0, 0].std(), double.odds[0][:, 0, 0].std()) / math.sqrt(4000)


@pytest.mark.parametrize(
    ("start", "reward", "rounds", "whole"),
    [(1.0, 1.0, 1000, True), (0.5, 0.25, 1000, True), (1.0, 0.1, 10, False), (1.0, 1.0, 2**24, False)],
)
def test_single_precision_only_where_it_is_exact(start, reward, rounds, whole):
    seat = _urns.Seat(np.zeros(1, int), np.array([0.0, reward]), np.full((1, 2), start))
    assert _urns._whole_in_singles([seat], rounds, 0, 0) is whole
    assert _urns._whole_in_singles([seat], rounds, 0.1, 0) is False
    if whole:
        most = np.float32(2 * start + rounds * reward)
        assert float(most - np.float32(reward)) == 2 * start + (rounds - 1) * reward


def test_a_dominant_move_is_learnt():
    found = roth_erev(DILEMMA, 500, rounds=5000)
    assert np.median(found.odds[0][:, 0, 1]) > 0.95
    assert found.payoffs.mean() == pytest.approx(found.expected.mean(), abs=0.1)


def test_one_urn_alone_is_polyas():
    """Two moves that always pay 1 are Pólya's urn, whose share tends to a uniform number: mean 1/2, variance 1/12."""
    alone = NormalForm(np.ones((2, 1)))
    found = roth_erev(alone, 4000, rounds=1000, least=[0.0])
    share = found.odds[0][:, 0, 0]
    assert share.mean() == pytest.approx(1 / 2, abs=5 / math.sqrt(12 * 4000))
    assert share.var() == pytest.approx(1 / 12, rel=0.1)
    for level in (0.1, 0.25, 0.5, 0.9):
        assert (share < level).mean() == pytest.approx(level, abs=5 * 0.5 / math.sqrt(4000))


def test_experimentation_keeps_every_move_alive():
    found = roth_erev(DILEMMA, 200, rounds=3000, forgetting=0.01, experimentation=0.2)
    assert found.odds[0][:, 0].min() > 0.02


def test_signals_get_a_meaning_and_a_bayesian_game_is_the_same_play():
    lewis = roth_erev(Informed.lewis(2), 200, rounds=5000)
    assert (lewis.expected[:, 0] > 0.8).mean() > 0.8
    match = [[[1.0], [0.0]], [[0.0], [1.0]]]
    seen = Bayesian(match, [[0.5, 0.0], [0.0, 0.5]], players=("a",))
    blind = Bayesian(match, [[0.5], [0.5]], players=("a",))
    assert np.median(roth_erev(seen, 100, rounds=3000).expected) > 0.9
    assert roth_erev(blind, 100, rounds=3000).expected == pytest.approx(np.full((100, 1), 0.5))


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"runs": 0}, "0 runs"),
        ({"rounds": 0}, "0 rounds"),
        ({"forgetting": 1.0}, "forgetting"),
        ({"experimentation": -0.1}, "experimentation"),
        ({"share": 0.0}, "a share"),
        ({"start": 0.0}, "at first"),
        ({"start": [1.0]}, "2 players"),
        ({"start": [[1, 2, 3], 1]}, "broadcast"),
        ({"least": [1.0, 0.0]}, "Least payoffs"),
        ({"seed": -1}, "seed"),
    ],
)
def test_bad_input_is_refused(how, said):
    with pytest.raises(InputError, match=said):
        roth_erev(DILEMMA, **{"runs": 2, "rounds": 3, **how})


def test_what_does_not_fit_is_refused():
    with pytest.raises(TooLarge, match="runs keep"):
        roth_erev(om.games.Chicken(), 10**9)
    with pytest.raises(InputError, match="see"):
        Informed(np.zeros((2, 2, 1)), (np.array([0, 2]),), np.array([0.5, 0.5]))
    with pytest.raises(InputError, match="sum to one"):
        Informed(np.zeros((2, 2, 1)), (np.array([0, 1]),), np.array([0.5, 0.6]))
    with pytest.raises(InputError, match="Talk is between two"):
        Informed.talk(np.zeros((2, 2)))
