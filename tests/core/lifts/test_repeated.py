"""Repeated games with memory: the thresholds of the literature, at every state."""

import numpy as np
import pytest

from ostrom.core.errors import CarrierError, InputError
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.institution import Institution
from ostrom.institutions.contract import Contract
from ostrom.institutions.graduated_sanctions import GraduatedSanctions
from ostrom.institutions.quota import Quota
from ostrom.institutions.reputation import Reputation

PD = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D"), name="pd")


def discriminate(look):
    return {"act": "C" if look.sees["standing"][1 - look.seat] else "D"}


@pytest.mark.parametrize(("discount", "holds"), [(0.60, False), (0.66, False), (0.67, True), (0.9, True)])
def test_stern_judging_sustains_cooperation_from_two_thirds_on(discount, holds):
    game = PD.repeated(discount).under(Reputation("GBBG"))
    assert len(game.states) == 4
    assert np.allclose(game.value(discriminate)[0], 3)
    assert (game.gains(discriminate).max() < 1e-9) == holds


def test_without_a_norm_that_tells_apart_cooperation_does_not_hold():
    always_good = PD.repeated(0.9).under(Reputation("GGGG"))
    assert always_good.gains(discriminate).max() > 0.5


def test_value_equals_a_long_simulation():
    game = PD.repeated(0.8).under(Reputation("GBBG"))

    def mixed(look):
        return {"act": {"C": 0.7, "D": 0.3}} if look.seat else discriminate(look)

    value = game.value(mixed)[0]
    random, total = np.random.default_rng(0), np.zeros(2)
    for _ in range(4000):
        standing, payoff, weight = np.array([True, True]), np.zeros(2), 0.2
        for _ in range(60):
            moves = [0 if standing[1] else 1, int(random.random() < 0.3)]
            payoff += weight * PD.payoffs[tuple(moves)]
            good = [letter == "G" for letter in "GBBG"]
            standing = np.array([good[2 * int(standing[1 - i]) + int(moves[i] == 0)] for i in range(2)])
            weight *= 0.8
        total += payoff
    assert np.abs(total / 4000 - value).max() < 0.05


def test_opening_ballots_last_for_the_episode():
    game = PD.repeated(0.9).under(Contract("C", damages=3.0))
    assert len(game.states) == 5

    def sign_and_keep(look):
        if "sign" in look.choices:
            return {"sign": "yes"}
        return {"act": "C" if look.sees["sign"] == ("yes", "yes") else "D"}

    assert np.allclose(game.value(sign_and_keep)[0], 3)
    assert game.gains(sign_and_keep).max() < 1e-9


def test_an_allowance_used_up_over_a_season():
    game = PD.repeated(0.9).under(Quota("D", 1.0, season=3))
    taken = game.value(lambda look: {"act": look.choices["act"][-1]})
    assert np.allclose(taken[0], [(1 + 3 * (0.9 + 0.81)) / (1 + 0.9 + 0.81)] * 2)


def test_real_numbers_cannot_be_states():
    class Grudge(Institution):
        """Remembers a real number."""

        memory = "unbounded"

        def found(self, ground):
            return {"grudge": np.zeros(len(ground.players))}

    with pytest.raises(CarrierError, match="whole numbers"):
        PD.repeated(0.9).under(Grudge()).value(lambda look: {"act": "C"})


@pytest.mark.parametrize("discount", [-0.1, 1.0, float("nan")])
def test_a_discount_out_of_range(discount):
    with pytest.raises(InputError, match="discount"):
        PD.repeated(discount)


def test_a_group_of_one_gains_what_a_seat_does():
    game = PD.repeated(0.7).under(Reputation(norm="GBBG"))
    alone = game.gains(lambda look: {"act": "C"})
    for seat in range(2):
        assert np.allclose(game.joint_gains(lambda look: {"act": "C"}, (seat,)), alone[:, seat])


def test_a_pair_takes_turns_where_that_is_worth_more():
    """(C, D) is worth 8 in sum and (C, C) 6: the best plan is worth 2 more a round, from everywhere."""
    turns = NormalForm([[[3, 3], [0, 8]], [[8, 0], [1, 1]]], moves=("C", "D"))
    game = turns.repeated(0.9).under(Reputation(norm="GBBG"))
    assert np.allclose(game.joint_gains(lambda look: {"act": "C"}, (0, 1)), 2.0)


def test_a_pair_signs_and_breaks_a_contract_together():
    """Two of three, when all have signed: damages of 1.5 each, of which the other half comes back to the pair."""
    table = np.full((2, 2, 2, 3), 3.0)
    for moves in np.ndindex(2, 2, 2):
        if sum(moves) >= 2:
            table[moves] = [5.0 if own else 0.0 for own in moves]
    game = NormalForm(table, moves=("C", "D")).repeated(0.5).under(Contract("C", 1.5))

    def keeps(look):
        return {part: {"sign": "yes", "act": "C"}[part] for part in look.choices}

    signed = game.joint_gains(keeps, (0, 1))
    broken = 10.0 - 2 * 1.5 + 2 * 0.75 - 6.0  # kept secret from nobody: each pays 1.5 to the two others in halves
    unsigned = 10.0 - 6.0  # one of them does not sign, and nothing is in force
    assert signed[0] == pytest.approx(max(broken, unsigned))


def test_a_record_as_long_as_there_are_plays_is_not_taken_for_one_of_each():
    """Two seats, two plays: strikes are one number a seat, whatever is played; the gain is a free warning's."""
    game = NormalForm([[[0, 0]], [[2, 0]]], players=("a", "b"), moves=(("C", "D"), ("w",))).repeated(0.9)
    governed = game.under(GraduatedSanctions("D", fines=(0.0, 3.0)))
    keeps = [lambda look: {"act": "C"}, lambda look: {"act": "w"}]
    assert governed.gains(keeps)[0] == pytest.approx([0.1 * 2.0, 0.0])
    looks = [plays.look(0, 0, row).sees["strikes"] for plays in governed.states for row in range(plays.rows)]
    assert all(len(seen) == 2 for seen in looks)
