"""Schelling's diagram of worlds whose payoffs are known by arithmetic."""

import pytest

pytest.importorskip("jax")

import ostrom as om
from ostrom.core.agent import Policy
from ostrom.core.errors import InputError, UnknownName
from ostrom.diagnosis import schelling
from ostrom.worlds import MatrixWorld, Stock


class Fixed(Policy):
    """Always the move of this number."""

    number: float = 0.0

    def act(self, sight, memory):
        return {"act": sight.scores("act", self.number)}, memory


def test_public_goods_are_straight_lines():
    """Four with 20 each and a return of 0.4: who gives all gets 8 for each who does, and who keeps has 20 besides."""
    goods = om.games.PublicGoods(players=4)
    most = len(goods.dense().moves[0]) - 1
    world = MatrixWorld.of(goods, horizon=3)
    found = schelling(world, Fixed(most), Fixed(0), episodes=2)
    assert [one.value for one in found.cooperator] == pytest.approx([3 * 8 * (k + 1) for k in range(4)])
    assert [one.value for one in found.defector] == pytest.approx([3 * (20 + 8 * k) for k in range(4)])
    assert (found.greed, found.fear, found.gain) == pytest.approx((36, 36, 36))
    assert found.dilemma
    assert "greed and fear" in found.findings[0].sentence
    assert len(found.table.splitlines()) == 5


@pytest.mark.slow
def test_a_stag_hunt_has_fear_and_no_greed_and_a_common_interest_neither():
    hunt = schelling(MatrixWorld.of(om.games.StagHunt(), horizon=2), Fixed(0), Fixed(1), episodes=2)
    assert hunt.greed < 0 < hunt.fear
    assert hunt.dilemma
    pure = om.NormalForm([[[2, 2], [0, 0]], [[0, 0], [1, 1]]])
    assert not schelling(MatrixWorld.of(pure, horizon=2), Fixed(0), Fixed(1), episodes=2).greed > 0


@pytest.mark.slow
def test_bots_by_name():
    """Three on a stock of 60 for a year: all fair, 120 each; all for themselves, 20 and it is gone."""
    found = schelling(Stock.small(), episodes=2)
    assert found.names == ("cooperative", "selfish")
    assert found.cooperator[-1].value == pytest.approx(120)
    assert found.defector[0].value == pytest.approx(20)
    assert found.dilemma


def test_nonsense_is_refused():
    with pytest.raises(UnknownName, match="altruist"):
        schelling(Stock.small(), "altruist")
    with pytest.raises(InputError, match="1 episodes"):
        schelling(Stock.small(), episodes=1)
