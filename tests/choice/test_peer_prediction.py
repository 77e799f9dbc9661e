"""Payments for reports: published posteriors and laws, brute force over what is seen, and proper scores."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.choice.peer_prediction import (
    Signals,
    bayesian_truth_serum,
    correlated_agreement,
    determinant_mutual_information,
    miller_resnick_zeckhauser,
    output_agreement,
    robust_peer_truth_serum,
    score,
)
from ostrom.core.errors import InputError, TooLarge, UnknownName

FILM = Signals([0.5, 0.5], [[0.85, 0.15], [0.45, 0.55]], signals=("h", "l"))
SEEDS = st.integers(0, 9999)
RULES = [
    output_agreement, miller_resnick_zeckhauser, lambda s: bayesian_truth_serum(s, 3), correlated_agreement,
    determinant_mutual_information, robust_peer_truth_serum,
]  # fmt: skip


def drawn(seed, states=2, signals=2):
    rng = np.random.default_rng(seed)
    return Signals(rng.dirichlet(np.ones(states) * 2), rng.dirichlet(np.ones(signals) * 2, states))


def test_the_worked_example_of_miller_resnick_and_zeckhauser():
    """Prior 1/2, odds of h of .85 and .45: who saw h expects another h with .7115, who saw l another l with .4643."""
    assert FILM.marginal == pytest.approx([0.65, 0.35])
    assert FILM.posterior[0, 0] == pytest.approx(0.7115, abs=5e-5)
    assert FILM.posterior[1, 1] == pytest.approx(0.4643, abs=5e-5)
    assert FILM.posterior[1, 0] == pytest.approx(1 - 0.4643, abs=5e-5)
    paid = miller_resnick_zeckhauser(FILM, rule="log")(("h", "l"))
    assert paid == pytest.approx([np.log(1 - 0.46250 / 0.65), np.log(0.1875 / 0.35)])


@settings(max_examples=20, deadline=None)
@given(SEEDS, st.integers(2, 3))
def test_joint_odds_are_sums_over_states(seed, signals):
    model = drawn(seed, 3, signals)
    for count in (1, 2, 3):
        joint = model.joint(count)
        for seen in product(range(signals), repeat=count):
            by_hand = sum(
                p * np.prod([row[x] for x in seen]) for p, row in zip(model.prior, model.likelihood, strict=True)
            )
            assert joint[seen] == pytest.approx(by_hand, abs=1e-12)
    assert model.posterior.sum(1) == pytest.approx(1)


@settings(max_examples=40, deadline=None)
@given(SEEDS, st.sampled_from(["quadratic", "log", "spherical"]), st.integers(2, 4))
def test_scores_are_strictly_proper(seed, rule, size):
    rng = np.random.default_rng(seed)
    belief, other = rng.dirichlet(np.ones(size), 2)
    assert belief @ score(belief, rule) > belief @ score(other, rule)


def test_scores_by_hand():
    assert score([0.5, 0.5], "quadratic").tolist() == [0.5, 0.5]
    assert score([0.6, 0.4], "spherical") == pytest.approx(np.array([0.6, 0.4]) / np.sqrt(0.52))
    assert score([0.25, 0.75], "log") == pytest.approx(np.log([0.25, 0.75]))


def by_draws(rule, strategies):
    """Expected payments by going through all that can be seen in all tasks."""
    size, joint = len(rule.truth), rule.signals.joint(rule.reporters)
    total = np.zeros(rule.reporters)
    for seen in product(range(size), repeat=rule.tasks * rule.reporters):
        table = np.reshape(seen, (rule.tasks, rule.reporters))
        odds = np.prod([joint[tuple(row)] for row in table])
        said = [[strategies[i][x] for i, x in enumerate(row)] for row in table]
        total += odds * rule(np.array(said))
    return total


@pytest.mark.parametrize("number", range(len(RULES)))
@settings(max_examples=3, deadline=None)
@given(SEEDS)
def test_expected_payments_and_worth_by_brute_force(number, seed):
    rule, rng = RULES[number](drawn(seed)), np.random.default_rng(seed)
    maps = [rng.integers(0, len(rule.options), 2).tolist() for _ in range(rule.reporters)]
    assert rule.expected(maps) == pytest.approx(by_draws(rule, maps), abs=1e-12)
    odds, worth = rule.worth([1])
    strategy = maps[1]
    digits = np.array(list(product(range(2), repeat=rule.tasks)))
    said = [np.ravel_multi_index([strategy[x] for x in seen], [len(rule.options)] * rule.tasks) for seen in digits]
    others = [list(rule.truth)] * rule.reporters
    others[1] = strategy
    assert odds @ worth[np.arange(len(worth)), said] == pytest.approx(rule.expected(others)[1], abs=1e-12)


@settings(max_examples=15, deadline=None)
@given(SEEDS)
def test_mixed_strategies_are_mixtures(seed):
    rule, rng = output_agreement(drawn(seed), 3), np.random.default_rng(seed)
    odds = rng.dirichlet(np.ones(2), (3, 2))
    by_hand = np.zeros(3)
    for maps in product(product(range(2), repeat=2), repeat=3):
        weight = np.prod([odds[i, x, maps[i][x]] for i in range(3) for x in range(2)])
        by_hand += weight * rule.expected(maps)
    assert rule.expected(list(odds)) == pytest.approx(by_hand)


@settings(max_examples=15, deadline=None)
@given(SEEDS, st.lists(st.integers(0, 1), min_size=4, max_size=4), st.sampled_from([4, 5]))
def test_determinants_are_unbiased(seed, maps, tasks):
    """Kong (2020): the mean payment is the square of the determinant of the joint odds of reports."""
    model = drawn(seed, 3)
    rule = determinant_mutual_information(model, tasks=tasks)
    one, two = np.eye(2)[maps[:2]], np.eye(2)[maps[2:]]
    assert rule.expected([maps[:2], maps[2:]]) == pytest.approx(np.linalg.det(one.T @ model.pair @ two) ** 2, abs=1e-12)


@settings(max_examples=15, deadline=None)
@given(SEEDS, st.integers(2, 3))
def test_correlated_agreement_pays_for_what_goes_together(seed, signals):
    """Shnayder and others (2016): the truth is worth the sum of all that is likelier together than apart."""
    model = drawn(seed, 3, signals)
    delta = model.pair - np.outer(model.marginal, model.marginal)
    rule = correlated_agreement(model, tasks=2)
    assert rule.honest == pytest.approx(np.maximum(delta, 0).sum(), abs=1e-12)
    best = max(rule.expected([one, two])[0] for one in product(range(signals), repeat=signals)
               for two in product(range(signals), repeat=signals))  # fmt: skip
    assert best <= rule.honest[0] + 1e-12


@settings(max_examples=25, deadline=None)
@given(SEEDS, st.integers(2, 6), st.integers(2, 3))
def test_the_truth_serum_is_a_zero_sum_game_at_alpha_one(seed, reporters, signals):
    """Prelec (2004)."""
    model, rng = drawn(seed, 3, signals), np.random.default_rng(seed)
    reports = rng.integers(0, signals**2, reporters)
    assert bayesian_truth_serum(model, reporters)(reports).sum() == pytest.approx(0, abs=1e-9)


def test_the_truth_serum_by_its_formula():
    rule = bayesian_truth_serum(FILM, 3, alpha=0.5)
    told = [FILM.posterior[0], FILM.posterior[1], FILM.posterior[1]]  # h|h, h|l, l|l
    common = np.array([2 / 3, 1 / 3])
    means = np.exp(np.mean(np.log(told), axis=0))
    by_hand = [
        np.log(common[k] / means[k]) + 0.5 * (common @ np.log(own / common))
        for k, own in zip((0, 0, 1), told, strict=True)
    ]
    assert rule(("h|h", "h|l", "l|l")) == pytest.approx(by_hand)


def test_the_robust_serum_by_hand():
    """Reporter 1 says h, h, l; 2 says h, l, l: in others' other tasks h is 0 of 2 for task 1, 1 of 2 for tasks 2, 3."""
    paid = robust_peer_truth_serum(FILM)([("h", "h"), ("h", "l"), ("l", "l")])
    first = (0 + (-1) + (2 - 1)) / 3  # l: task 3, found in one of two others and matched
    second = ((2 - 1) + (-1) + 0) / 3
    assert paid == pytest.approx([first, second])


def test_agreement_pays_for_saying_the_same():
    rule = output_agreement(FILM, 3, reward=2.0)
    assert rule(("h", "h", "l")).tolist() == [1.0, 1.0, 0.0]
    assert rule([[0, 0, 0], [0, 1, 1]]).tolist() == [2.0, 3.0, 3.0]
    game = output_agreement(FILM).game()
    assert game.moves[0] == ("h,h", "h,l", "l,h", "l,l")
    assert game.payoffs[0, 0].tolist() == pytest.approx([1, 1])
    assert game.payoffs[1, 1].tolist() == pytest.approx([0.625, 0.625])


def test_what_cannot_be_used_is_refused():
    for prior, likelihood in (([1], [[1.0]]), ([0.5, 0.4], [[1, 0], [0, 1]]), ([1.0], [[0.5, 0.6]]), ([1.0], [[1, 0]])):
        with pytest.raises(InputError):
            Signals(prior, likelihood)
    with pytest.raises(InputError):
        bayesian_truth_serum(Signals([0.5, 0.5], [[1, 0], [0, 1]]))
    with pytest.raises(UnknownName):
        score([0.5, 0.5], "cubic")
    for call in (
        lambda: score([0.5, 0.6]),
        lambda: score([1, 0], "log"),
        lambda: output_agreement(FILM, 1),
        lambda: correlated_agreement(FILM, tasks=1),
        lambda: correlated_agreement(FILM, scores=[[1]]),
        lambda: determinant_mutual_information(FILM, tasks=3),
        lambda: robust_peer_truth_serum(FILM, tasks=1),
        lambda: output_agreement(FILM)(("h",)),
        lambda: correlated_agreement(FILM)(("h", "h")),
        lambda: output_agreement(FILM).expected([[0, 1]]),
        lambda: output_agreement(FILM).expected([[0, 1], [0, 1, 1]]),
    ):
        with pytest.raises(InputError):
            call()
    for report in ("x", 2):
        with pytest.raises(UnknownName):
            output_agreement(FILM)([report, "h"] if isinstance(report, str) else [report, 0])
    for call in (lambda: output_agreement(FILM, 40).honest, lambda: output_agreement(FILM, 9).game()):
        with pytest.raises(TooLarge):
            call()
