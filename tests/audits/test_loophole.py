"""Moves and side payments that the model lacks: thresholds that are sharp, and bribes that both sides take."""

from fractions import Fraction
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.audits import _case
from ostrom.audits.loophole import Loophole
from ostrom.core.errors import InputError
from ostrom.core.forms.normal_form import NormalForm
from ostrom.institutions.tax import Tax
from ostrom.institutions.transfers import Transfers
from ostrom.testing.check_audit import check_audit

PD = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D"))
BRIBED = NormalForm([[[3, 3], [0, 5]], [[2, 6], [1, 1]]], moves=("C", "D"))
CC = ("C", "C")
SEEDS = st.integers(0, 10_000)


def paid(seed, sizes=(2, 3, 2)):
    rng = np.random.default_rng(seed)
    shape = (*sizes, len(sizes))
    game = NormalForm(rng.integers(0, 8, shape).astype(float))
    governed = game.under(Transfers(game.moves, rng.integers(-4, 3, shape).astype(float)))
    return governed, tuple(int(rng.integers(size)) for size in sizes)


def test_planted_failures_and_successes():
    taxed = PD.under(Tax(on="D", rate=3.0))
    subsidised = PD.under(Tax(on="D", rate=-3.0))
    check_audit(Loophole(), fails=(BRIBED, CC), holds=(taxed, CC))
    check_audit(Loophole(), fails=(subsidised, CC), holds=(taxed, CC))
    check_audit(
        Loophole(0.0), fails=(taxed, CC), holds=(NormalForm([[[3, 3], [1, 1]], [[1, 1], [2, 2]]], moves=("C", "D")), CC)
    )


def test_a_known_move_out_of_sight():
    """Under a tax of 3, defecting unseen brings 5, and keeping to C brings 3: two fifths of the range 0 to 5."""
    taxed = PD.under(Tax(on="D", rate=3.0))
    told = Loophole()(taxed, CC)[0]
    assert told.verdict == "proved"
    assert (told.numbers["above the best modelled move"], told.numbers["in ranges of payoffs"]) == (-2.0, -0.4)
    assert Loophole(-0.4)(taxed, CC)[0].verdict == "proved"
    unseen = Loophole(0.0)(taxed, CC)[0]
    assert (unseen.verdict, unseen.witness["best move"], unseen.witness["gain"]) == ("refuted", "D", 2)


@settings(max_examples=20)
@given(SEEDS)
def test_the_threshold_for_a_new_move_is_sharp(seed):
    """A move is added for whoever is closest: it gains when it brings more than the threshold, and not when less."""
    game, place = paid(seed)
    target = game.labels(place)
    told = Loophole()(game, target)[0].numbers
    i = game.players.index(told["player"])
    best = (game.payoffs - game.adds)[(*place[:i], slice(None), *place[i + 1 :], i)].max()
    for step, verdict in ((-0.01, "proved"), (0.01, "refuted")):
        new = np.full((*game.sizes[:i], 1, *game.sizes[i + 1 :], 3), best + told["above the best modelled move"] + step)
        larger = NormalForm(np.concatenate([game.payoffs, new], axis=i))
        own = larger.deviation_payoffs(larger.pure(place))[i]
        assert (own[-1] > own[place[i]]) == (verdict == "refuted")
        assert Loophole(told["in ranges of payoffs"] + step / 100)(game, target)[0].verdict == verdict


def test_a_bribe_that_both_take():
    """Player 1 loses 1 by defecting, and player 2 gains 3 from it: any payment between 1 and 3 will do."""
    claim = Loophole()(BRIBED, CC)[1]
    assert claim.witness == {"payer": "player 2", "player": "player 1", "move": "D", "amount": Fraction(2)}
    assert claim.numbers == {"left over for the payer": 2.0, "the player needs more than": 1.0}


def test_mutual_defection_is_open_to_bribes():
    assert Loophole()(PD, ("D", "D"))[1].verdict == "refuted"
    assert Loophole()(PD, CC)[1].verdict == "proved"  # it falls without any


@settings(max_examples=25)
@given(SEEDS)
def test_side_payments_as_by_brute_force(seed):
    """Amounts on a grid of halves find a bribe exactly where the audit does (differences are whole numbers)."""
    game, place = paid(seed)
    claim = Loophole()(game, game.labels(place))[1]
    assert (claim.verdict == "refuted") == any(
        takes(game, place, payer, player, move, amount)
        for payer, player in permutations(range(3), 2)
        for move in range(game.sizes[player])
        for amount in np.arange(0, 16, 0.5)
    )
    if claim.verdict == "refuted":
        payer, player = (game.players.index(claim.witness[who]) for who in ("payer", "player"))
        move = game.moves[player].index(claim.witness["move"])
        assert takes(game, place, payer, player, move, float(claim.witness["amount"]))


def takes(game, place, payer, player, move, amount):
    there = (*place[:player], move, *place[player + 1 :])
    change = game.payoffs[there] - game.payoffs[place]
    return move != place[player] and change[player] + amount > 0 and change[payer] - amount > 0


def test_an_insurance_is_drawn_on_by_two():
    """Whoever hunts the stag alone is paid 6: the two take turns, and share 9 instead of 8."""
    hunt = NormalForm([[[4, 4], [0, 3]], [[3, 0], [3, 3]]], moves=("stag", "hare"))
    insured = hunt.under(Transfers(hunt.moves, [[[0, 0], [6, 0]], [[0, 6], [0, 0]]]))
    claim = Loophole()(insured, ("stag", "stag"))[2]
    assert (claim.verdict, claim.witness["gain"], claim.witness["paid"]) == ("refuted", 1, 6)
    less = hunt.under(Transfers(hunt.moves, [[[0, 0], [5, 0]], [[0, 5], [0, 0]]]))
    assert Loophole()(less, ("stag", "stag"))[2].verdict == "proved"


@settings(max_examples=30)
@given(SEEDS)
def test_pairs_as_by_brute_force(seed):
    game, place = paid(seed)
    claim = Loophole()(game, game.labels(place))[2]
    gains = {}
    for at in np.ndindex(*game.sizes):
        for pair in ((0, 1), (0, 2), (1, 2)):
            if all(at[k] == place[k] for k in range(3) if k not in pair):
                gain, more = ((t[at] - t[place])[list(pair)].sum() for t in (game.payoffs, game.adds))
                if gain > 0 and more > 0:
                    gains[at, pair] = gain
    assert (claim.verdict == "refuted") == bool(gains)
    if gains:
        assert float(claim.witness["gain"]) == max(gains.values())


def test_without_payments_nobody_draws_on_them():
    assert len(Loophole()(PD, CC)) == 2


def test_a_large_table_is_judged_in_float64(monkeypatch):
    monkeypatch.setattr(_case, "EXACT", 0)
    assert [claim.verdict for claim in Loophole(0.0)(BRIBED, CC)] == ["refuted", "refuted"]
    assert [claim.verdict for claim in Loophole()(PD.under(Tax(on="D", rate=3.0)), CC)] == ["proved"] * 3


def test_an_advantage_that_is_no_number():
    with pytest.raises(InputError):
        Loophole(float("nan"))
