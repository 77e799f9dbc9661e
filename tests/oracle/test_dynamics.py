"""Our dynamics against OpenSpiel and QuantEcon; run with `make oracle`."""

import numpy as np
import pytest

from ostrom.core.forms.normal_form import NormalForm
from ostrom.dynamics import fictitious_play, one_population, regret_matching, replicator_field

pytestmark = [pytest.mark.oracle, pytest.mark.filterwarnings("ignore")]


@pytest.mark.parametrize("shape", [(2, 2), (3, 4), (2, 3, 2), (3, 3, 3, 3)])
def test_the_replicator_field_of_many_populations(shape):
    dynamics = pytest.importorskip("open_spiel.python.egt.dynamics")
    rng = np.random.default_rng(shape)
    table = rng.random((*shape, len(shape)))
    field = dynamics.MultiPopulationDynamics(np.moveaxis(table, -1, 0), dynamics.replicator)
    for _ in range(20):
        mixture = tuple(rng.dirichlet(np.ones(size)) for size in shape)
        ours = np.concatenate(replicator_field(NormalForm(table), mixture))
        assert ours == pytest.approx(field(np.concatenate(mixture)), abs=1e-12)


def test_the_replicator_field_of_one_population():
    dynamics = pytest.importorskip("open_spiel.python.egt.dynamics")
    rng = np.random.default_rng(0)
    row = rng.random((4, 4))
    game = one_population(NormalForm(np.stack([row, row.T], axis=-1)))
    field = dynamics.SinglePopulationDynamics(np.stack([row, row.T]), dynamics.replicator)
    for _ in range(20):
        x = rng.dirichlet(np.ones(4))
        assert replicator_field(game, (x,))[0] == pytest.approx(field(x), abs=1e-12)


@pytest.mark.parametrize("rounds", [2, 3, 20])
def test_the_steps_of_regret_matching(rounds):
    """From the same regrets, with exploration off; it starts from regrets of a millionth, we from none."""
    theirs = pytest.importorskip("open_spiel.python.algorithms.regret_matching")
    rng = np.random.default_rng(1)
    table = rng.random((3, 3, 2))
    start = tuple(rng.dirichlet(np.ones(3)) for _ in range(2))
    played, regrets = list(start), [np.zeros(3), np.zeros(3)]
    for _ in range(rounds - 1):
        played = theirs._regret_matching_step([table[..., 0], table[..., 1]], played, regrets, 0.0)
    ours = regret_matching(NormalForm(table), start, rounds=rounds).last
    assert np.concatenate(ours) == pytest.approx(np.concatenate(played), abs=1e-9)


@pytest.mark.parametrize("size", [3, 30])
def test_the_frequencies_of_fictitious_play_are_quantecons(size):
    """Ours is followed run by run, theirs round by round; payoffs are random, so that nothing ties."""
    gt = pytest.importorskip("quantecon.game_theory")
    rng = np.random.default_rng(size)
    table = rng.random((size, size, 2))
    start = tuple(rng.dirichlet(np.ones(size)) for _ in range(2))
    players = [gt.Player(table[..., 0]), gt.Player(np.ascontiguousarray(table[..., 1].T))]
    theirs = gt.FictitiousPlay(gt.NormalFormGame(players)).play(actions=start, num_reps=999)
    ours = fictitious_play(NormalForm(table), start, rounds=1000, ties="lowest").average
    assert np.concatenate(ours) == pytest.approx(np.concatenate(theirs), abs=1e-9)
