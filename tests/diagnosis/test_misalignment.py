"""Misalignment of populations: a direct double loop, bad input, and the reading for games."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostrom.core.errors import InputError
from ostrom.core.forms.normal_form import NormalForm
from ostrom.diagnosis.misalignment import misalignment, misalignment_of_principals

MEANS = {
    "geometric": lambda a, b: (a * b) ** 0.5,
    "arithmetic": lambda a, b: (a + b) / 2,
    "harmonic": lambda a, b: 2 * a * b / (a + b) if a + b else 0.0,
    "min": min,
    "max": max,
}


@given(st.integers(0, 10_000), st.sampled_from(sorted(MEANS)))
def test_it_is_the_mean_over_pairs(seed, mean):
    rng = np.random.default_rng(seed)
    k, n = rng.integers(1, 4), rng.integers(2, 7)
    upper = np.triu(rng.uniform(size=(k, k)), 1)
    conflicts, goals, weights = upper + upper.T, rng.integers(0, k + 1, n), rng.uniform(size=n)
    total = 0.0
    for i in range(n):
        for j in range(i + 1, n):
            if goals[i] and goals[j]:
                total += conflicts[goals[i] - 1, goals[j] - 1] * MEANS[mean](weights[i], weights[j])
    expected = total / (n * (n - 1) / 2)
    assert misalignment(conflicts, goals.tolist(), weights.tolist(), mean=mean) == pytest.approx(expected)


def test_one_alone_is_in_no_conflict():
    assert misalignment([[0, 1], [1, 0]], [1]) == 0


def test_normalised_by_goals():
    assert misalignment(1 - np.eye(3), [1, 2, 3], by_goals=True) == pytest.approx(1.5)


@pytest.mark.parametrize(
    "arguments",
    [
        ([[0, 2], [2, 0]], [1, 2]),
        ([[0, float("nan")], [1, 0]], [1, 2]),
        ([[0, 1]], [1, 2]),
        ([[0, 1], [1, 0]], [1, 3]),
        ([[0, 1], [1, 0]], [-1, 1]),
        ([[0, 1], [1, 0]], [1, 2], [1.0]),
        ([[0, 1], [1, 0]], [1, 2], [1.0, -1.0]),
        ([[0, 1], [1, 0]], [1, 2], [1.0, float("nan")]),
    ],
)
def test_bad_input_is_refused(arguments):
    with pytest.raises(InputError):
        misalignment(*arguments)


def test_an_unknown_mean_is_refused_with_the_known_ones():
    with pytest.raises(InputError, match="geometric"):
        misalignment([[0.0]], [1, 1], mean="geometrical")


def test_games_from_no_conflict_to_full_conflict():
    purpose = np.arange(8.0).reshape(2, 2, 2)
    degree = {
        name: misalignment_of_principals(NormalForm(np.stack(columns, -1))).numbers["misalignment"]
        for name, columns in {
            "common": [purpose, 3 * purpose, purpose + 5],
            "one against two": [purpose, purpose, -purpose],
            "one without a wish": [purpose, -purpose, 0 * purpose],
        }.items()
    }
    assert degree == {
        "common": pytest.approx(0, abs=1e-12),
        "one against two": pytest.approx(2 / 3),
        "one without a wish": pytest.approx(1 / 3),
    }
    pennies = NormalForm([[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]])
    assert misalignment_of_principals(pennies).numbers["misalignment"] == pytest.approx(1)
