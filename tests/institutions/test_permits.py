"""Permits: the market by hand in exact numbers, the cap, the least cost, and the register over seasons."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostrom.core.catalogue import build
from ostrom.core.errors import InputError, UnknownName
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.game import Fact
from ostrom.core.society import Session
from ostrom.institutions.permits import Permits
from ostrom.institutions.tax import Tax
from ostrom.testing.check_institution import check_institution

LEVELS = (0.0, 1.0, 2.0, 3.5)
SKY = NormalForm(np.zeros((4, 4, 4, 3)), facts=[Fact.of_own_move("emission", "tonnes", LEVELS)], players="xyz")
GAINS = np.array([[0, 5, 8.5, 10.5, 11], [0, 8, 14, 18, 20]])
FIRMS = NormalForm(
    np.stack(np.broadcast_arrays(GAINS[0][:, None], GAINS[1][None, :]), -1),
    players=("small", "large"),
    moves=tuple("01234"),
    facts=[Fact.of_own_move("emission", "tonnes", range(5))],
)
GRANTS = st.lists(st.integers(0, 4), min_size=3, max_size=3)


@pytest.mark.parametrize(
    ("rule", "declared"),
    [
        (Permits("emission", 1, price=0.5, penalty=3), ("counts", "none")),
        (Permits("D", 1, (("player 2", 0),), 0.5, 3), ("profile", "none")),
        (Permits("harvest", 3, season=2, bank=2), ("counts", "finite")),
        (Permits("D", 0, (("player 1", 1),), bank=1), ("profile", "finite")),
    ],
)
def test_it_keeps_what_it_declares_on_every_carrier(rule, declared):
    assert (rule.scope, rule.memory, rule.budget) == (*declared, "surplus")
    report = check_institution(rule)
    assert rule.memory == "finite" or "Governed" in report.carriers["table"]
    assert "states" in report.carriers["repeated"]
    assert "compiled steps pay as live" in report.carriers["world"] or "JAX" in report.carriers["world"]


def market(balances, price, penalty):
    """What each gets, in exact numbers: the short side trades in full, the long side in proportion."""
    long, short = (sum(Fraction(max(sign * b, 0)) for b in balances) for sign in (1, -1))
    traded = min(long, short)
    sold = [Fraction(max(b, 0)) * traded / long if long else Fraction(0) for b in balances]
    bought = [Fraction(max(-b, 0)) * traded / short if short else Fraction(0) for b in balances]
    return [
        Fraction(price) * (s - c) - Fraction(penalty) * (max(-b, 0) - c)
        for b, s, c in zip(balances, sold, bought, strict=True)
    ]


@given(GRANTS, st.integers(0, 8), st.integers(0, 16))
def test_payments_are_those_of_the_market_by_hand(grants, price, more):
    price, penalty = price / 4, (price + more) / 4
    rule = Permits("emission", 0, tuple(zip("xyz", grants, strict=True)), price, penalty)
    governed = SKY.under(rule)
    for place in np.ndindex(4, 4, 4):
        balances = [grant - Fraction(LEVELS[move]) for grant, move in zip(grants, place, strict=True)]
        assert np.allclose(governed.payoffs[place], [float(x) for x in market(balances, price, penalty)])
        # What leaves the players is the penalty on what is above the cap, whoever holds the permits.
        assert np.isclose(governed.treasury[place], penalty * max(0.0, -float(sum(balances))))


@given(GRANTS, st.floats(0, 3), st.floats(0, 3))
def test_nobody_would_rather_not_trade(grants, price, more):
    rule = Permits("emission", 0, tuple(zip("xyz", grants, strict=True)), price, price + more)
    use = SKY.facts_at(SKY.profiles())["emission"].reshape(4, 4, 4, 3)
    alone = -(price + more) * np.maximum(use - np.array(grants), 0)
    assert (SKY.under(rule).payoffs >= alone - 1e-9).all()


@given(st.integers(0, 4), st.permutations(range(3)))
def test_all_seats_are_treated_alike(grant, order):
    payoffs = SKY.under(Permits("emission", grant, price=0.75, penalty=2.0)).payoffs
    assert np.allclose(np.transpose(payoffs, (*order, 3))[..., list(order)], payoffs)


def test_where_the_cap_is_just_used_it_is_a_tax_that_leaves_the_permits():
    """Whoever may be short or long, a unit costs the price, and the grant is a gift of its worth."""
    for place in ((0, 2, 1), (1, 1, 1), (2, 0, 1)):
        paid = SKY.under(Permits("emission", 1, price=0.75, penalty=9.0)).payoffs[place]
        assert np.allclose(paid, SKY.under(Tax("emission", 0.75)).payoffs[place] + 0.75)


def equilibria(game):
    """Pure equilibria, by looking at every joint move."""
    own, other = game.payoffs[..., 0], game.payoffs[..., 1]
    stable = (own >= own.max(0) - 1e-9) & (other >= other.max(1, keepdims=True) - 1e-9)
    return [tuple(map(int, place)) for place in np.argwhere(stable)]


@pytest.mark.parametrize("grants", [(2, 2), (1, 3), (3, 1), (0, 4), (4, 0)])
def test_the_cap_is_met_at_least_cost_whoever_is_given_the_permits(grants):
    """Montgomery (1972): the four tonnes that are worth most, 8, 6, 5 and 4, so 1 and 3; the next is worth 3.5."""
    rule = Permits("emission", 0, tuple(zip(("small", "large"), grants, strict=True)), price=3.75, penalty=12.0)
    totals = {place: float(FIRMS.payoffs[place].sum()) for place in np.ndindex(5, 5) if sum(place) <= 4}
    assert max(totals, key=lambda place: totals[place]) == (1, 3)
    assert (1, 3) in equilibria(FIRMS.under(rule))


def test_a_penalty_below_the_price_is_the_price():
    assert np.allclose(
        SKY.under(Permits("emission", 1, price=5.0, penalty=1.0)).payoffs,
        SKY.under(Permits("emission", 1, price=1.0, penalty=1.0)).payoffs,
    )


def test_without_permits_it_is_a_tax_and_with_enough_it_is_nothing():
    assert np.allclose(SKY.under(Permits("emission", 0, penalty=2.0)).payoffs, SKY.under(Tax("emission", 2.0)).payoffs)
    assert np.allclose(SKY.under(Permits("emission", 4, penalty=2.0)).payoffs, 0)


@given(st.lists(st.tuples(*[st.integers(0, 3)] * 3), min_size=1, max_size=7), st.integers(1, 3), st.integers(0, 2))
def test_the_register_is_kept_over_seasons(plays, season, bank):
    """Against plain counting, with whole units: a begun tonne needs a whole permit."""
    rule = Permits("emission", 2, price=1.0, penalty=4.0, season=season, bank=bank)
    session, wanted, left = Session(SKY, [rule], rounds=len(plays)), np.zeros(3), [2, 2, 2]
    exact = season == 1 and not bank
    for time, play in enumerate(plays):
        if not exact:
            assert session.look(0).sees["permits_left"] == left
            assert session.look(0).sees["rounds_left"] == season - time % season
        for seat, move in enumerate(play):
            session.submit(seat, {"act": str(move + 1)})
            left[seat] -= LEVELS[move] if exact else int(np.ceil(LEVELS[move]))
        if time % season == season - 1:
            wanted += [float(x) for x in market(left, 1, 4)]
            sold, bought = (sum(max(sign * b, 0) for b in left) for sign in (1, -1))
            unsold = [max(b, 0) * max(sold - bought, 0) // max(sold, 1) for b in left]
            left = [2 + min(int(b), bank) for b in unsold]
        assert np.allclose(session.totals, wanted)


def test_a_world_pays_as_the_table(same_in_a_world):
    same_in_a_world(SKY, Permits("emission", 2, (("y", 0),), 0.5, 3.0))


def test_who_is_absent_is_given_none_for_the_round():
    session = Session(SKY, [Permits("emission", 1, price=1.0, penalty=3.0)], rounds=2)
    session.leave(2)
    session.lapse()
    before = session.totals
    session.submit(0, {"act": "3"})
    session.submit(1, {"act": "2"})
    assert np.allclose(session.totals - before, (-3, 0, 0))


def test_surplus_and_debt_of_who_is_absent_wait_for_it():
    """x is 2 short and y has 2 over as x leaves; the season closes without x, and finds it in debt when it is back."""
    session = Session(SKY, [Permits("emission", 2, price=1.0, penalty=3.0, season=2, bank=1)], rounds=5)
    session.leave(0)
    for seat, move in enumerate("414"):
        session.submit(seat, {"act": move})
    assert session.look(1).sees["permits_left"] == [-2, 2, -2]
    session.lapse()
    assert session.look(1).sees["permits_left"] == [0, 2, 2]
    assert session.totals.tolist() == [0, 2, -2]


def test_on_the_command_line_and_refused():
    wanted = Permits("emission", 1, (("small", 3),), 0.5)
    assert build("institutions", "permits:on=emission,grants=((small,3)),price=1/2") == wanted
    with pytest.raises(InputError, match="less than none"):
        Permits(grants=(("small", -1),))
    with pytest.raises(InputError, match="rows like"):
        Permits(grants=(("small",),))
    with pytest.raises(UnknownName, match="player"):
        SKY.under(Permits(grants=(("nobody", 1),)))
