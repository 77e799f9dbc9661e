"""Licence auction: who wins and pays by hand, fair lots, the truth as the best bid, and balanced when shared."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.core.catalogue import build
from ostrom.core.errors import InputError
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.society import Session
from ostrom.institutions.licence_auction import LicenceAuction
from ostrom.testing.check_institution import check_institution

BIDS = (0.0, 1.0, 2.0, 3.0)


def fishery(*worth):
    """Each earns what fishing is worth to it, whatever the others do."""
    seats = len(worth)
    table = np.moveaxis(np.indices((2,) * seats), 0, -1) * np.array(worth)
    return NormalForm(table, players="wxyz"[:seats], moves=("rest", "fish"))


def plays(bid):
    """Bid this, and fish when allowed."""
    return lambda look: {"bid": f"{bid:g}"} if "bid" in look.choices else {"act": look.choices["act"][-1]}


@pytest.mark.parametrize(
    ("rule", "budget"),
    [
        (LicenceAuction("D", bids=(0.0, 2.0)), "surplus"),
        (LicenceAuction("harvest", 2, (1.0, 2.0), own_price=True, shared=True), "balanced"),
    ],
)
def test_it_keeps_what_it_declares_on_every_carrier(rule, budget):
    assert rule.budget == budget
    report = check_institution(rule)
    assert "Staged" in report.carriers["table"]
    assert "stages" in report.carriers["counts"]
    assert "compiled steps pay as live" in report.carriers["world"] or "JAX" in report.carriers["world"]


@settings(max_examples=60)
@given(
    st.lists(st.sampled_from(BIDS), min_size=4, max_size=4),
    st.integers(1, 5),
    st.booleans(),
    st.booleans(),
    st.integers(0, 99),
)
def test_who_wins_and_pays_is_counted_by_hand(bids, licences, own_price, shared, seed):
    rule, game = LicenceAuction("fish", licences, BIDS, own_price, shared), fishery(5.0, 6.0, 7.0, 8.0)
    session = Session(game, [rule], seed=seed)
    for seat, bid in enumerate(bids):
        assert session.look(seat).sees["licensed"] == [False] * 4
        session.submit(seat, {"bid": f"{bid:g}"})
    held = session.look(0).sees["licensed"]
    for seat in range(4):
        assert session.look(seat).choices["act"] == (("rest", "fish") if held[seat] else ("rest",))
        session.submit(seat, {"act": session.look(seat).choices["act"][-1]})
    assert sum(held) == min(licences, 4)
    losing = [bid for bid, has in zip(bids, held, strict=True) if not has]
    assert min(bid for bid, has in zip(bids, held, strict=True) if has) >= max(losing, default=0.0)
    prices = [(bid if own_price else max(losing, default=0.0)) * has for bid, has in zip(bids, held, strict=True)]
    back = sum(prices) / 4 if shared else 0.0
    worth = [w * has for w, has in zip((5, 6, 7, 8), held, strict=True)]
    assert np.allclose(session.totals, np.array(worth) - prices + back)


@pytest.mark.parametrize("licences", [1, 2, 3])
def test_the_lot_is_fair(licences):
    game = fishery(1.0, 1.0, 1.0, 1.0).under(LicenceAuction("fish", licences, (0.0,)))
    assert np.allclose(game.value(plays(0)), licences / 4)


@pytest.mark.parametrize("worth", [(3.0, 2.0), (1.0, 2.0), (2.0, 2.0), (1.0, 3.0)])
def test_the_truth_is_the_best_bid_whatever_the_other_bids(worth):
    """Vickrey (1961): at the second price; the winner is who wants it most and keeps the difference."""
    game = fishery(*worth).under(LicenceAuction("fish", bids=BIDS))
    for other in BIDS:
        assert game.gains([plays(worth[0]), plays(other)])[0] <= 1e-9
    paid = game.value([plays(w) for w in worth])
    assert np.allclose(paid, [max(w - v, 0.0) for w, v in zip(worth, worth[::-1], strict=True)])


def test_with_two_licences_the_truth_is_best_too():
    worth = (1.0, 2.0, 3.0)
    game = fishery(*worth).under(LicenceAuction("fish", 2, BIDS))
    assert np.allclose(game.gains([plays(w) for w in worth]), 0)
    assert np.allclose(game.value([plays(w) for w in worth]), (0, 1, 2))


def test_who_pays_its_own_bid_shades_it():
    game = fishery(3.0, 1.0).under(LicenceAuction("fish", bids=BIDS, own_price=True))
    assert np.allclose(game.gains([plays(3.0), plays(1.0)]), (1, 0))
    assert np.allclose(game.gains([plays(2.0), plays(1.0)]), 0)


def test_the_lowest_bid_is_the_least_price():
    game = fishery(3.0, 3.0).under(LicenceAuction("fish", 2, (1.5, 2.0)))
    assert np.allclose(game.value(plays(2.0)), 1.5)


def test_who_is_absent_bids_nothing():
    session = Session(fishery(5.0, 5.0, 5.0), [LicenceAuction("fish", 2, BIDS)], rounds=2, seed=3)
    session.leave(2)
    session.lapse()
    session.lapse()
    before = session.totals
    for seat in range(2):
        session.submit(seat, {"bid": "2"})
    for seat in range(2):
        session.submit(seat, {"act": "fish"})
    assert np.allclose(session.totals - before, (5, 5, 0))


def test_on_the_command_line_and_refused():
    assert build("institutions", "licence_auction:on=D,bids=(0,1,2)") == LicenceAuction("D", bids=(0.0, 1.0, 2.0))
    for bids in ((), (1.0, 1.0), (-1.0, 0.0), (0.0, float("inf"))):
        with pytest.raises(InputError, match="cannot be bid"):
            LicenceAuction(bids=bids)
