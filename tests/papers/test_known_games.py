"""Games with known answers, through the one question every game answers."""

import numpy as np
import pytest

from ostrom.core.forms.normal_form import NormalForm
from ostrom.games import BattleOfTheSexes, Chicken, Cournot, PrisonersDilemma, PublicGoods, StagHunt

SHAPLEY = NormalForm(np.stack([[[1, 0, 0], [0, 1, 0], [0, 0, 1]], [[0, 1, 0], [0, 0, 1], [1, 0, 0]]], -1))
STENGEL = NormalForm(np.stack([[[3, 3], [2, 5], [0, 6]], [[3, 2], [2, 6], [3, 1]]], -1))
THIRD = np.full(3, 1 / 3)

EQUILIBRIA = [
    (PrisonersDilemma(), ([0, 1], [0, 1]), (1, 1)),
    (BattleOfTheSexes(), ([2 / 3, 1 / 3], [1 / 3, 2 / 3]), (2 / 3, 2 / 3)),
    (BattleOfTheSexes(), ([1, 0], [1, 0]), (2, 1)),
    (Chicken(), ([2 / 3, 1 / 3], [2 / 3, 1 / 3]), (14 / 3, 14 / 3)),
    (Chicken(), ([1, 0], [0, 1]), (2, 7)),
    (StagHunt(), ([3 / 4, 1 / 4], [3 / 4, 1 / 4]), (3, 3)),
    (StagHunt(), ([1, 0], [1, 0]), (4, 4)),
    (SHAPLEY, (THIRD, THIRD), (1 / 3, 1 / 3)),
    (STENGEL, ([1, 0, 0], [1, 0]), (3, 3)),
    (STENGEL, ([4 / 5, 1 / 5, 0], [2 / 3, 1 / 3]), (3, 14 / 5)),
    (STENGEL, ([0, 1 / 3, 2 / 3], [1 / 3, 2 / 3]), (4, 8 / 3)),
]


@pytest.mark.parametrize(("game", "mixture", "paid"), EQUILIBRIA)
def test_known_equilibria_have_no_regret_and_pay_what_is_known(game, mixture, paid):
    mixture = tuple(np.array(own, float) for own in mixture)
    assert game.regret(mixture) < 1e-14
    assert game.expected_payoffs(mixture) == pytest.approx(paid, abs=1e-14)


def test_a_point_that_is_none_has_regret():
    assert PrisonersDilemma().regret((np.array([1.0, 0.0]), np.array([1.0, 0.0]))) == 2
    assert SHAPLEY.regret((np.array([1.0, 0, 0]), THIRD)) == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("device", "total"), [([[1 / 2, 1 / 4], [1 / 4, 0]], 21 / 2), ([[0, 2 / 5], [2 / 5, 1 / 5]], 36 / 5)]
)
def test_aumanns_devices_are_obeyed(device, total):
    table, device = Chicken().payoffs, np.array(device)
    assert (device[..., None] * table).sum() == pytest.approx(total, abs=1e-12)
    for told, other in [(0, 1), (1, 0)]:
        assert device[told] @ (table[other, :, 0] - table[told, :, 0]) <= 1e-12
        assert device[:, told] @ (table[:, other, 1] - table[:, told, 1]) <= 1e-12


def test_public_goods_welfare():
    game = PublicGoods()
    assert game.payoffs_at(np.zeros(4, int)).sum() == 80
    assert game.payoffs_at(np.full(4, 2)).sum() == 128


@pytest.mark.parametrize(("firms", "share"), [(2, 8 / 9), (3, 15 / 16), (4, 24 / 25)])
def test_cournot_welfare_share(firms, share):
    game = Cournot(players=firms, demand=60.0, step=60 / (firms + 1) / 4)
    profile = np.full(firms, 4)
    assert game.regret(game.pure(profile)) < 1e-9
    assert game.utilities_at(profile).sum() / 1800 == pytest.approx(share, abs=1e-12)
