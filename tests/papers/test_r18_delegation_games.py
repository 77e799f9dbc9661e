"""R18: alignment of delegation games (Sourbut, Hammond and Wood 2024) and of populations (Kierans et al. 2024)."""

import numpy as np
import pytest

from ostrom.core.delegation import Delegation
from ostrom.core.forms.normal_form import NormalForm
from ostrom.diagnosis._standard import columns, standardise
from ostrom.diagnosis.alignment import alignment
from ostrom.diagnosis.misalignment import misalignment
from ostrom.diagnosis.regret_bound import regret_bound


def alike(r, s, t, p):
    return NormalForm([[[r, r], [s, t]], [[t, s], [p, p]]])


PD = alike(3, 0, 5, 1)
PENNIES = NormalForm([[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]])


@pytest.mark.parametrize(
    ("game", "expected"),
    [
        (PD, 0.079425),
        (alike(-1, -3, 0, -2), 0.051317),
        (alike(4, 0, 3, 3), 1 - 1 / np.sqrt(2)),
        (alike(2, 0, 0, 1), 1.0),
        (PENNIES, 0.0),
        (alike(4, 3, 2, 1), 0.683772),
    ],
    ids=["PD(3,0,5,1)", "PD(-1,-3,0,-2)", "stag hunt", "pure coordination", "matching pennies", "harmony"],
)
def test_r18d_collective_alignment(game, expected):
    assert alignment(game, game.uniform()).collective == pytest.approx(expected, abs=1e-5)


def test_r18d_magnitude_of_the_prisoners_dilemma():
    assert standardise(columns(PD.payoffs))[1] == pytest.approx([3.840573] * 2, abs=1e-5)


def test_r18d_regret_of_the_prisoners_dilemma_is_all_inter_agent():
    found = regret_bound(PD, PD.pure((1, 1)))
    assert (found.regret, found.bound) == (2.0, 2.0)
    assert (found.inter_agent, found.capability, found.intent, found.magnitude) == (2.0, 0.0, 0.0, 0.0)
    assert found.cooperation == 0.0


def _standardised(rng, shape):
    return standardise(rng.normal(size=(int(np.prod(shape[:-1])), shape[-1])))[0].reshape(shape)


def test_r18b_no_violation_when_magnitudes_agree():
    """The un-split form on random delegations with m = m̂, where R is 0; without its intent term it would not hold."""
    rng = np.random.default_rng(18)
    needed = 0
    for _ in range(1500):
        sizes = tuple(int(k) for k in rng.integers(2, 4, rng.integers(2, 4)))
        shape = (*sizes, len(sizes))
        sizes_of = rng.uniform(0.5, 1.5, len(sizes))
        utilities = sizes_of * _standardised(rng, shape)
        blend = rng.uniform(-1, 1, len(sizes))
        mixed = blend * utilities + rng.uniform(0, 1, len(sizes)) * rng.normal(size=shape)
        rewards = sizes_of * standardise(columns(mixed))[0].reshape(shape) + rng.normal(size=len(sizes))
        delegation = Delegation(NormalForm(utilities), rewards=rewards)
        found = regret_bound(delegation, delegation.game.pure([rng.integers(size) for size in sizes]))
        assert found.magnitude == pytest.approx(0, abs=1e-9)
        assert found.regret <= found.agents_loss + found.intent + 1e-9
        assert found.ideal_regret <= found.ideal_bound + 1e-9
        needed += found.regret > found.agents_loss + found.intent / 4
    assert needed > 10


def test_r18b_bound_is_the_sum_of_its_terms():
    rng = np.random.default_rng(2)
    rewards, utilities = rng.normal(size=(2, 3, 3, 2))
    delegation = Delegation(NormalForm(utilities), rewards=rewards)
    agents = NormalForm(rewards)
    stable = [p for p in np.ndindex(3, 3) if agents.regret(agents.pure(p)) <= 0]
    assert stable
    found = regret_bound(delegation, agents.pure(stable[0]))
    assert found.bound == pytest.approx(found.inter_agent + found.capability + found.intent + found.magnitude)
    welfare = rewards.mean(-1)
    worst = min(welfare[p] for p in stable)
    assert found.inter_agent == pytest.approx(welfare.max() - welfare[stable[0]])
    assert found.cooperation == pytest.approx((welfare[stable[0]] - worst) / (welfare.max() - worst))


def test_r18a_terms_against_the_definition_written_out():
    """IA and CA once more with loops and Python's own arithmetic."""
    rng = np.random.default_rng(4)
    rewards, utilities = rng.normal(size=(2, 2, 3, 2))
    found = alignment(Delegation(NormalForm(utilities), rewards=rewards), NormalForm(utilities).uniform())

    def shape(values):
        mean = sum(values) / len(values)
        size = sum((v - mean) ** 2 for v in values) ** 0.5
        return [(v - mean) / size for v in values], size

    def distance(one, other):
        return sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) ** 0.5

    own = [shape(rewards[..., i].ravel().tolist()) for i in (0, 1)]
    theirs = [shape(utilities[..., i].ravel().tolist()) for i in (0, 1)]
    for i in (0, 1):
        assert found.individual[i] == pytest.approx(1 - distance(own[i][0], theirs[i][0]) / 2)
    total = sum(size for _, size in theirs)
    centre = [sum(size * nu[k] for nu, size in theirs) / total for k in range(6)]
    assert found.collective == pytest.approx(1 - sum(size * distance(centre, nu) for nu, size in theirs) / total)


@pytest.mark.parametrize(
    ("goals", "expected"), [([1] * 5 + [2] * 5, 5 / 9), ([1] * 9 + [2], 0.2), ([1, 2], 1.0), ([0] * 5 + [2] * 5, 0.0)]
)
def test_r18e_population_misalignment(goals, expected):
    assert misalignment([[0, 1], [1, 0]], goals) == pytest.approx(expected, abs=1e-9)
