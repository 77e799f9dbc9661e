"""R8e, R8f and R17b: the price of a joint move, contracts and mediators, and aversion to inequality, on small games.

Monderer and Tennenholtz (2004): k(z) = Σ_i [max_a u_i(a, z_-i) − u_i(z)].
"""

import numpy as np
import pytest

from ostrom.core.forms.normal_form import NormalForm
from ostrom.designers._proposal import Impossible
from ostrom.designers.contract import contract
from ostrom.designers.mediator import mediator
from ostrom.designers.prosocial import prosocial
from ostrom.designers.restriction import restriction
from ostrom.designers.transfers import transfers
from ostrom.games import EscapeRoom, PublicGoods
from ostrom.institutions.transfers import Transfers
from ostrom.solvers.pure_equilibria import pure_equilibria

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
    found = transfers(game, tuple(target), margin=1e-6)
    assert found.numbers["price"] == expected
    assert found.numbers["cost"] == pytest.approx(expected, abs=1e-4)
    if isinstance(found, Impossible):
        assert (game, target) == (PD, "DD")  # nothing to pay for: it is dominant
    else:
        assert {claim.verdict for claim in found.claims if "best everybody" in claim.statement} == {"proved"}
        assert {claim.verdict for claim in found.claims if "No promises" in claim.statement} == {"proved"}


def test_the_papers_own_promises():
    """10 to the first at (f, f) and to the second at (e, e): f and e are dominant, and nothing is ever paid."""
    payments = np.zeros((2, 2, 2))
    payments[1, 1, 0] = payments[0, 0, 1] = 10
    table = CONGESTION.under(Transfers(moves=CONGESTION.moves, payments=payments)).payoffs
    assert (table[1, :, 0] > table[0, :, 0]).all()
    assert (table[:, 0, 1] > table[:, 1, 1]).all()
    found = transfers(CONGESTION, ("f", "e"), margin=1e-6)
    assert found.needs.cost == pytest.approx(0, abs=1e-4)
    assert found.needs.promise == pytest.approx(4, abs=1e-4)  # 6 − 2 is enough in place of 10


def test_public_goods():
    """n = 4, endowment 20, marginal return 2/5: each gains 12 by keeping, so full contribution costs 48."""
    found = transfers(PublicGoods(), margin=1e-6)
    assert found.target == ("20",) * 4
    assert found.numbers["price"] == pytest.approx(48)
    assert found.size == pytest.approx(48, abs=1e-2)
    assert transfers(PublicGoods(), kind="fines", margin=1e-6).size == pytest.approx(12, abs=1e-2)


def test_the_prisoners_dilemma_by_restriction_and_fines():
    """Two of four moves forbidden, or fines above 2 with a balanced budget."""
    assert restriction(PD).size == 2
    found = transfers(PD, kind="fines", margin=1e-6)
    assert (found.size, found.needs.cost) == (pytest.approx(2, abs=1e-4), 0)


@pytest.mark.parametrize(("players", "needed", "cost"), [(2, 1, 1.0), (3, 2, 2.0)])
def test_r17a_what_it_costs_to_get_out_of_the_room(players, needed, cost):
    """Whoever pulls a lever loses 1 by it: that is what has to be promised."""
    found = transfers(EscapeRoom(players=players, needed=needed), margin=1e-6)
    assert found.numbers["price"] == cost
    assert found.size == pytest.approx(cost, abs=1e-4)
    assert found.claims[0].verdict == "proved"


# R8f: contracts and mediators (Christoffersen et al. 2023; Ivanov et al. 2023), by hand on the dilemma


def transferred(theta):
    """The dilemma under an institution by which whoever alone defects pays θ to the other."""
    payments = np.zeros((2, 2, 2))
    payments[0, 1], payments[1, 0] = (theta, -theta), (-theta, theta)
    return PD.under(Transfers(moves=PD.moves, payments=payments))


@pytest.mark.parametrize(
    ("theta", "cooperation", "defection"),
    [
        *((0, False, True), (0.99, False, True), (1.0, False, True), (1.01, False, False)),
        *((1.99, False, False), (2.0, True, False), (3.0, True, False)),
    ],
)
def test_r8f_what_a_transfer_makes_stable(theta, cooperation, defection):
    """(C, C) is an equilibrium iff θ ≥ 2, and (D, D) stops being one iff θ > 1."""
    game = transferred(theta)
    stable = {game.labels(place) for place in pure_equilibria(game).profiles}
    assert (("C", "C") in stable, ("D", "D") in stable) == (cooperation, defection)


def test_r8f_the_designers_find_that_transfer():
    """The smallest fines that make (C, C) an equilibrium are 2, and so are the smallest damages."""
    found = transfers(PD, ("C", "C"), kind="fines", concept="equilibrium", margin=1e-9)
    assert found.size == pytest.approx(2, abs=1e-6)
    assert contract(PD, ("C", "C"), margin=1e-9).size == pytest.approx(2, abs=1e-6)


def test_r8f_a_mediator_is_joined_by_both():
    """It cooperates if both delegate, and defects otherwise: delegating is an equilibrium, with 3 for each."""
    found = mediator(PD, ("C", "C"))
    assert found.target == ("delegate", "delegate")
    place = found.governed.profile(found.target)
    assert found.governed.payoffs[place].tolist() == [3, 3]
    assert place in pure_equilibria(found.governed).profiles
    assert found.claims[0].verdict == "proved"


# R17b: inequity aversion (Fehr and Schmidt 1999), u_i − α·max(0, u_j − u_i) − β·max(0, u_i − u_j)


def averse(alpha, beta):
    """The dilemma between two who mind inequality."""
    less = PD.payoffs[..., ::-1] - PD.payoffs
    return NormalForm(PD.payoffs - alpha * np.maximum(less, 0) - beta * np.maximum(-less, 0), moves=PD.moves)


@pytest.mark.parametrize(("beta", "stable"), [(0.0, False), (0.05, False), (0.39, False), (0.4, True), (0.6, True)])
@pytest.mark.parametrize("alpha", [0.0, 5.0])
def test_r17b_guilt_of_two_fifths_makes_cooperation_stable(alpha, beta, stable):
    """5 − 5β ≤ 3 iff β ≥ 2/5, whatever α: envy is of no help, as nobody who leaves (C, C) is behind."""
    game = averse(alpha, beta)
    assert (((0, 0)) in pure_equilibria(game).profiles) == stable
    price = transfers(game, ("C", "C")).numbers["price"]
    assert price == pytest.approx(max(0, 2 * (5 - 5 * beta - 3)), abs=1e-9)


def test_prosocial_weight_of_the_dilemma():
    """The same 2/5 with (1 − w)·u_i + w·u_j: (1 − w)·5 ≤ 3."""
    assert prosocial(PD, ("C", "C"), margin=1e-9).numbers["least weight"] == 0.4
