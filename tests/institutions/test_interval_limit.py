"""Forbidden intervals: on labels, facts and numbers, and the published gain of an eighth in Cournot competition."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostrom.core.catalogue import build
from ostrom.core.errors import InputError
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.game import Fact
from ostrom.core.ground import Ground, Part
from ostrom.core.institution import View
from ostrom.core.society import Session
from ostrom.core.world import World
from ostrom.games import Cournot
from ostrom.institutions.interval_limit import IntervalLimit
from ostrom.institutions.quota import Quota
from ostrom.institutions.tax import Tax
from ostrom.solvers.pure_equilibria import pure_equilibria
from ostrom.testing.check_institution import check_institution

AMOUNTS = (0.0, 1.0, 2.0, 3.0, 4.0)
LINE = NormalForm(np.zeros((5, 5, 2)), facts=[Fact.of_own_move("output", "units", AMOUNTS)])
ENDS = st.floats(-1, 5)
GAPS = st.lists(st.tuples(ENDS, ENDS).filter(lambda gap: gap[0] < gap[1]), max_size=4).map(tuple)
MARKET = 108.0


@pytest.mark.parametrize("rule", [IntervalLimit(((1.5, 4.0),), "harvest"), IntervalLimit(((0.5, 1.0),), "D")])
def test_it_keeps_what_it_declares_on_every_carrier(rule):
    report = check_institution(rule)
    assert report.carriers["table"] == "Governed, 1 joint moves"
    assert "GovernedCounts" in report.carriers["counts"]
    assert "compiled steps pay as live" in report.carriers["world"] or "JAX" in report.carriers["world"]


def forbidden(amount, gaps):
    return any(low < amount <= high for low, high in gaps)


@given(GAPS)
def test_what_is_left_are_the_moves_outside_all_gaps(gaps):
    left = tuple(str(k + 1) for k, amount in enumerate(AMOUNTS) if not forbidden(amount, gaps))
    assert LINE.under(IntervalLimit(gaps)).moves == (left or LINE.moves[0],) * 2


@given(GAPS, st.floats(-2, 6))
def test_a_number_in_a_gap_becomes_the_largest_allowed_one_below(gaps, amount):
    rule = IntervalLimit(gaps)
    lowered = float(rule.lowered(np.array(amount), np))
    assert not forbidden(lowered, gaps)
    if not forbidden(amount, gaps):
        assert lowered == amount
    else:
        assert lowered < amount
        assert all(forbidden(x, gaps) for x in np.linspace(lowered, amount, 20)[1:])
    ends = [end for gap in rule.merged for end in gap]
    assert ends == sorted(set(ends))


def test_no_gaps_are_no_rule_and_one_without_end_is_a_quota():
    assert LINE.under(IntervalLimit(())).moves == LINE.moves
    assert LINE.under(IntervalLimit(((2.0, math.inf),))).moves == LINE.under(Quota("output", 2.0)).moves


@pytest.mark.parametrize("demand", [12.0, 108.0])
def test_the_published_restriction_raises_the_firms_welfare_by_an_eighth(demand):
    """Each sells a third without a rule, 2λ²/9 for both; with (λ/4, λ/2] forbidden a quarter, λ²/4 for both.

    Quantities are a step apart here, so that the first one above λ/2 has to be forbidden too.
    """
    game = Cournot(demand=demand, step=demand / 108)
    bare = pure_equilibria(game).profiles
    assert np.allclose([game.payoffs_at(np.array(p)).sum() for p in bare], 2 * demand**2 / 9)
    ruled = game.under(IntervalLimit(((demand / 4, demand / 2 + 1.5 * demand / 108),)))
    found = pure_equilibria(ruled).profiles
    welfare = [float(ruled.payoffs_at(np.array(p)).sum()) for p in found]
    assert [ruled.labels(p) for p in found] == [(f"{demand / 4:g}",) * 2]
    assert welfare[0] == pytest.approx(demand**2 / 4)
    assert welfare[0] / (2 * demand**2 / 9) == pytest.approx(1.125)


@pytest.mark.parametrize(("end", "other"), [(53.0, (27, 54)), (54.0, (26, 55))])
def test_a_gap_that_ends_too_early_leaves_a_worse_equilibrium(end, other):
    game = Cournot(demand=MARKET, step=1.0).under(IntervalLimit(((27.0, end),)))
    found = {tuple(map(float, game.labels(p))) for p in pure_equilibria(game).profiles}
    assert found == {(27, 27), other, other[::-1]}
    assert float(game.payoffs_at(np.array(game.profile([str(x) for x in other]))).sum()) == 2187 < 2592


class Duopoly(World):
    """Two firms choose how much to sell, a number from 0 to λ."""

    demand: float = MARKET
    horizon: int = 2

    @property
    def ground(self):
        """One number."""
        return Ground(("one", "two"), play=((Part("act", low=0.0, high=MARKET),),), facts=("sold",))

    def reset(self, key):
        """Nothing to keep."""
        return np.float32(0)

    def step(self, key, state, moves):
        """λx - x² - xy."""
        sold = moves["act"]
        return state, self.demand * sold - sold * sold.sum()

    def observe(self, state):
        """Nothing to see."""
        return View()

    def facts(self, before, moves, after):
        """What was sold."""
        return {"sold": moves["act"]}


@pytest.fixture(scope="module")
def sells():
    """`sells(x, y)`: payoffs of (x, y) under the published restriction, in a compiled world of numbers."""
    jax = pytest.importorskip("jax", reason="worlds need JAX: pip install 'ostrom[worlds]'")
    key = np.zeros(2, np.uint32)
    world = Duopoly().under(IntervalLimit(((MARKET / 4, MARKET / 2),), "act"))
    return jax.jit(jax.vmap(lambda x: world.step(key, world.reset(key), {"act": x})[1]))


def test_in_a_world_of_numbers_a_quarter_each_is_the_best_reply(sells):
    own = np.linspace(0, MARKET, 1081, dtype=np.float32)
    against = np.array(sells(np.stack([own, np.full_like(own, MARKET / 4)], -1)))[:, 0]
    assert against.max() == pytest.approx(MARKET**2 / 8)
    assert own[against.argmax()] == pytest.approx(MARKET / 4)
    # Against a third, the old equilibrium, one would sell a third too: it is carried out as a quarter.
    assert np.array(sells(np.array([[36.0, 36.0]])))[0].tolist() == pytest.approx([MARKET**2 / 8] * 2)


def test_a_live_session_of_numbers_carries_out_the_same(sells):
    session = Session(Duopoly(), [IntervalLimit(((27.0, 54.0), (100.0, math.inf)), "act"), Tax("act", 1.0)], rounds=1)
    assert session.look(0).choices["act"] == (0.0, 100.0)
    session.submit(0, {"act": 40.0})
    session.submit(1, {"act": 60.0})
    assert session.totals.tolist() == pytest.approx([27 * (108 - 87) - 40, 60 * (108 - 87) - 60])
    assert [event.facts["sold"] for event in session.log if event.channel == "paid"] == [27.0, 60.0]


def test_a_world_permits_as_the_table(same_in_a_world):
    same_in_a_world(LINE, IntervalLimit(((0.5, 1.5), (2.5, 3.0))))


def test_on_the_command_line_and_refused():
    assert build("institutions", "interval_limit:on=output,gaps=((27,54),(60,70))") == IntervalLimit(
        ((27.0, 54.0), (60.0, 70.0))
    )
    for gap in ((2.0, 1.0), (1.0, 1.0), (math.nan, 1.0), (-math.inf, 1.0), (1.0, math.nan)):
        with pytest.raises(InputError, match="holds"):
            IntervalLimit((gap,))


def test_a_gap_at_the_low_end_leaves_the_least_number_above_it(sells):
    """From below 0 to 54: 40 is carried out as just above 54, live and compiled; 60 stays what it is."""
    rule = IntervalLimit(((-1.0, 54.0),), "act")
    session = Session(Duopoly(), [rule], rounds=1)
    low, high = session.look(0).choices["act"]
    assert low == pytest.approx(54.0)
    assert high == MARKET
    session.submit(0, {"act": float(np.nextafter(low, 55.0))})
    session.submit(1, {"act": 60.0})
    world, key = Duopoly().under(rule), np.zeros(2, np.uint32)
    paid = np.array(world.step(key, world.reset(key), {"act": np.array([40.0, 60.0], np.float32)})[1])
    assert paid == pytest.approx([54 * (108 - 114), 60 * (108 - 114)], rel=1e-5)
    assert session.totals == pytest.approx(paid, rel=1e-5)
