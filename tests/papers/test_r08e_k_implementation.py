"""R8e: the price of a joint move (Monderer and Tennenholtz 2004), k(z) = Σ_i [max_a u_i(a, z_-i) − u_i(z)]."""

import pytest

from ostrom.core.forms.normal_form import NormalForm
from ostrom.designers.restriction import restriction
from ostrom.designers.transfers import transfers

PD = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D"))
STAG = NormalForm([[[4, 4], [0, 3]], [[3, 0], [3, 3]]], moves=("C", "D"))
CONGESTION = NormalForm([[[3, 3], [6, 4]], [[4, 6], [2, 2]]], moves=("e", "f"))


@pytest.mark.parametrize(
    ("game", "target", "expected"),
    [
        (PD, "CC", 4),
        (PD, "CD", 1),
        (PD, "DC", 1),
        (PD, "DD", 0),
        (STAG, "CC", 0),
        (STAG, "DD", 0),
        (STAG, "CD", 4),
        (STAG, "DC", 4),
        (CONGESTION, "ef", 0),
        (CONGESTION, "fe", 0),
        (CONGESTION, "ee", 2),
        (CONGESTION, "ff", 8),
    ],
)
def test_price_of_every_joint_move(game, target, expected):
    """The last game is the congestion game that opens the paper (the matrix from memory)."""
    remedy = transfers(game, tuple(target))
    assert remedy.price == expected
    assert remedy.claim.verdict == "proved"


def test_public_goods():
    """n = 4, endowment 20, marginal return 2/5: each gains 12 by keeping, so full contribution costs 48."""
    game = NormalForm.from_function(lambda *g: [20 - x + 0.4 * sum(g) for x in g], [(0, 10, 20)] * 4)
    remedy = transfers(game)
    assert remedy.target == ("20",) * 4
    assert remedy.price == pytest.approx(48)
    assert transfers(game, kind="fines").largest == pytest.approx(12, rel=0.05)


def test_the_prisoners_dilemma_by_restriction_and_fines():
    """Two of four moves forbidden, or fines above 2 with a balanced budget."""
    assert restriction(PD).size == 2
    assert transfers(PD, kind="fines").largest == pytest.approx(2, rel=0.03)
    assert transfers(PD, kind="fines").cost == 0


@pytest.mark.parametrize(("fine", "stable"), [(1.9, False), (2.0, True), (2.1, True)])
def test_r8f_cooperation_is_stable_from_a_transfer_of_two(fine, stable):
    """A unilateral defector pays a cooperator θ: (C, C) is an equilibrium iff θ ≥ 2."""
    game = NormalForm([[[3, 3], [0 + fine, 5 - fine]], [[5 - fine, 0 + fine], [1, 1]]])
    assert (game.regret(game.pure((0, 0))) <= 1e-12) == stable
