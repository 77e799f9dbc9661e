"""Congestion: Sioux Falls and Braess (R7 a to e)."""

import numpy as np
import pytest

from ostrom.designers.closing import closing
from ostrom.designers.tolls import tolls
from ostrom.formats.tntp import load_tntp
from ostrom.games import Braess, Pigou
from ostrom.solvers.assignment import (
    check_assignment,
    marginal_tolls,
    price_of_anarchy,
    system_optimum,
    user_equilibrium,
)


@pytest.fixture(scope="module")
def sioux_falls(shared_data):
    return load_tntp(shared_data / "tntp" / "SiouxFalls_net.tntp")


@pytest.fixture(scope="module")
def equilibrium(sioux_falls):
    return user_equilibrium(sioux_falls, gap=1e-10)


@pytest.fixture(scope="module")
def optimum(sioux_falls):
    return system_optimum(sioux_falls, gap=1e-10)


def test_r7a_user_equilibrium(sioux_falls, equilibrium):
    """TNTP collection: objective 42.31335287107440 (in 1e5); total travel time 7,480,225.345."""
    assert equilibrium.status == "complete"
    assert equilibrium.iterations < 50
    assert equilibrium.objective == pytest.approx(4_231_335.28710744, abs=1e-5)
    assert equilibrium.total_time == pytest.approx(7_480_225.345, abs=0.5)
    assert check_assignment(sioux_falls, equilibrium).verdict == "proved"


def test_r7a_a_coarse_gap_is_close(sioux_falls):
    coarse = user_equilibrium(sioux_falls, gap=1e-6)
    assert coarse.total_time == pytest.approx(7_480_225.345, rel=1e-4)
    assert coarse.objective == pytest.approx(4_231_335.28710744, rel=1e-6)


def test_r7b_system_optimum(sioux_falls, equilibrium, optimum):
    assert optimum.total_time == pytest.approx(7_194_256.053, abs=0.01)
    assert equilibrium.total_time / optimum.total_time == pytest.approx(1.039750, abs=1e-6)
    assert check_assignment(sioux_falls, optimum).verdict == "proved"


def test_r7c_marginal_cost_tolls_make_the_optimum_an_equilibrium(sioux_falls, optimum):
    tolled = sioux_falls.tolled(marginal_tolls(sioux_falls, optimum))
    led = user_equilibrium(tolled, gap=1e-8)
    assert led.total_time == pytest.approx(7_194_256.053, rel=1e-4)
    assert np.abs(led.flows - optimum.flows).max() < 1
    assert np.abs(optimum.flows - user_equilibrium(sioux_falls, gap=1e-8).flows).max() > 1000


def test_r7c_tolls_that_are_designed_collect_a_seventh_of_that(sioux_falls, optimum):
    """Least revenue 2,066,638 (a linear program) against 14,492,931 from marginal costs; both lead to the optimum."""
    plan = tolls(sioux_falls, kind="minimal")
    assert plan.after == pytest.approx(7_194_256.053, rel=1e-4)
    assert [claim.verdict for claim in plan.claims] == ["proved", "proved"]
    assert plan.revenue == pytest.approx(2_066_638, rel=1e-4)
    assert float(marginal_tolls(sioux_falls, optimum) @ optimum.flows) == pytest.approx(14_492_931, rel=1e-5)
    assert len(plan.effects.crowds) == 528
    assert sum(share.trips * share.paid for share in plan.effects.origins) == pytest.approx(plan.revenue)
    assert user_equilibrium(plan.governed, gap=1e-8).total_time == pytest.approx(7_194_256.053, rel=1e-4)


def test_r7d_braess_of_the_tntp_collection():
    network = Braess(**Braess.reference["the classic of six"]["parameters"])
    selfish, best = user_equilibrium(network, gap=1e-12), system_optimum(network, gap=1e-12)
    assert selfish.total_time == pytest.approx(552, abs=1e-6)
    assert selfish.route_flows == pytest.approx([2, 2, 2], abs=1e-5)
    assert selfish.pair_times == pytest.approx([92], abs=1e-6)
    assert best.total_time == pytest.approx(498, abs=1e-6)
    assert best.flows == pytest.approx([3, 3, 3, 3, 0], abs=1e-5)
    closed = network.without("north>south")
    assert user_equilibrium(closed, gap=1e-12).total_time == pytest.approx(498, abs=1e-6)
    assert closing(network, gap=1e-10).closed == ("north>south",)
    assert price_of_anarchy(network, gap=1e-12) == pytest.approx(1.108434, abs=1e-6)


def test_r7e_braess_and_pigou_with_unit_demand():
    for network, selfish, best in ((Braess(), 2, 1.5), (Pigou(), 1, 0.75)):
        assert user_equilibrium(network, gap=1e-12).total_time == pytest.approx(selfish, abs=1e-9)
        assert system_optimum(network, gap=1e-12).total_time == pytest.approx(best, abs=1e-9)
        assert price_of_anarchy(network, gap=1e-12) == pytest.approx(4 / 3, abs=1e-9)
