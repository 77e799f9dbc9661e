"""Referendum: votes are counted as by hand, the level that wins is the rule that holds, and the median voter has it."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.core.catalogue import build
from ostrom.core.charter import Charter
from ostrom.core.errors import InputError
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.institution import Now
from ostrom.core.lifts.govern import ground_of
from ostrom.core.society import Session
from ostrom.games import Commons, PublicGoods
from ostrom.institutions import Contract, GraduatedSanctions, Mistakes, Quota, Referendum, Reputation, Tax, Vote
from ostrom.testing.check_institution import check_institution

LEVELS = (0.0, 1.0, 4.0)
THREE = NormalForm(np.zeros((2, 2, 2, 3)), players=("ann", "bob", "cem"), moves=("C", "D"))


@pytest.mark.parametrize(
    ("rule", "budget"),
    [
        (Referendum(Tax("D"), "rate", LEVELS), None),
        (Referendum(Tax("D", shared=True), "rate", LEVELS, "plurality"), "balanced"),
        (Referendum(Quota("harvest"), "limit", (3.0, 1.0)), "balanced"),
        (Referendum(GraduatedSanctions("harvest"), "above", (0.0, 2.0)), "surplus"),
    ],
    ids=str,
)
def test_it_keeps_what_it_declares_on_every_carrier(rule, budget):
    assert rule.budget == budget
    carriers = check_institution(rule).carriers
    assert "compiled steps pay as live" in carriers["world"] or "JAX" in carriers["world"]


@given(
    st.lists(st.integers(0, 2), min_size=3, max_size=3),
    st.lists(st.booleans(), min_size=3, max_size=3),
    st.sampled_from(["median", "plurality"]),
)
def test_votes_are_those_counted_by_hand(ballots, here, count):
    rule = Referendum(Tax("D"), "rate", LEVELS, count)
    ground = Charter(ground_of(THREE), [rule]).ground
    moves = {"ballot": np.array([ballots] * 2, np.int32), "act": np.full((2, 3), -1, np.int32)}
    cast = sorted(b for b, there in zip(ballots, here, strict=True) if there)
    wins = 0
    if cast and count == "median":
        wins = cast[(len(cast) - 1) // 2]
    elif cast:
        tally = [cast.count(k) for k in range(3)]
        wins = tally.index(max(tally)) if tally.count(max(tally)) == 1 else 0
    assert rule.chosen(Now(ground, {}, moves, present=np.array(here))).tolist() == [[wins]] * 2


@pytest.mark.parametrize("ballots", list(product(range(3), repeat=3))[::2])
def test_what_wins_is_paid(ballots):
    session = Session(THREE, [Referendum(Tax("D"), "rate", LEVELS)])
    for seat, ballot in enumerate(ballots):
        session.submit(seat, {"ballot": f"rate {LEVELS[ballot]:g}"})
    for seat, act in enumerate("CDD"):
        session.submit(seat, {"act": act})
    rate = LEVELS[sorted(ballots)[1]]
    assert session.totals.tolist() == [0, -rate, -rate]


def test_a_quota_that_was_voted_for_closes_moves():
    game = Commons(players=3)
    session = Session(game, [Referendum(Quota("harvest"), "limit", (4.0, 2.0))])
    for seat, ballot in enumerate(("limit 2", "limit 4", "limit 2")):
        session.submit(seat, {"ballot": ballot})
    assert session.look(1).choices == {"act": ("0", "1", "2")}


@given(st.permutations([0.0, 1.0, 2.0]), st.floats(0.1, 3))
@settings(deadline=None, max_examples=12)
def test_the_median_voter_has_its_way(peaks, slope):
    """Whoever wants a level loses by its distance: voting for one's own is an equilibrium, at the peak in the middle.

    A game of one move each, which pays by the level: seat i is taxed `rate`, and gets back what makes its peak best.
    """

    from ostrom.core.institution import Institution

    class Distance(Institution):
        rate: float = 0.0

        def settle(self, now, payoffs):
            return payoffs - slope * abs(np.array(peaks) - self.rate)

    game = NormalForm(np.zeros((1, 1, 1, 3)), moves=("stay",))
    governed = game.under(Referendum(Distance(), "rate", (0.0, 1.0, 2.0)))

    def own_peak(look):
        return {"ballot": f"rate {peaks[look.seat]:g}"} if "ballot" in look.choices else {"act": "stay"}

    assert np.allclose(governed.value(own_peak), -slope * abs(np.array(peaks) - 1.0))
    assert governed.gains(own_peak).max() <= 1e-9


def test_all_would_vote_for_a_rule_that_none_would_keep_alone():
    """Taxed 13 for keeping, giving is dominant and worth 24 instead of 20: both votes are equilibria, 24 is one."""
    game = PublicGoods(players=3, levels=2).under(Referendum(Tax("0"), "rate", (0.0, 13.0)))
    payoffs = {tuple(round(x, 9) for x in o.payoffs) for o in game.subgame_perfect().points}
    assert payoffs == {(20.0,) * 3, (24.0,) * 3}


def test_the_rule_keeps_its_own_stages_and_records():
    session = Session(THREE, [Referendum(Contract("C"), "damages", (0.0, 6.0))])
    for seat in range(3):
        session.submit(seat, {"sign": "yes"})
    for seat in range(3):
        session.submit(seat, {"ballot": "damages 6"})
    for seat, act in enumerate("CCD"):
        session.submit(seat, {"act": act})
    assert session.totals.tolist() == [3, 3, -6]
    strict = Session(THREE, [Referendum(GraduatedSanctions("D", fines=(1.0, 2.0)), "above", (0.0, 1.0))], rounds=3)
    for ballot, strikes in (("above 1", [0, 0, 0]), ("above 0", [0, 0, 1])):
        for seat in range(3):
            strict.submit(seat, {"ballot": ballot})
        for seat, act in enumerate("CCD"):
            strict.submit(seat, {"act": act})
        assert strict.look(0).sees["strikes"] == strikes


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ((Tax("D"), "limit"), "one of: rate"),
        ((Vote("C"), "rate"), "has no numbers"),
        ((Tax("D"), "rate", (1.0,)), "two or more"),
        ((Tax("D"), "rate", (1.0, 1.0)), "two or more"),
        ((Contract("C"), "damages", (-1.0, 1.0)), "out of range"),
    ],
)
def test_questions_that_cannot_be_asked(given, said):
    with pytest.raises(InputError, match=said):
        Referendum(*given)


def test_rules_that_cannot_be_asked_about():
    with pytest.raises(InputError, match="rolls dice"):
        Session(THREE, [Referendum(Mistakes(Reputation()), "error", (0.0, 0.1))])
    with pytest.raises(InputError, match="part 'ballot' of its own"):
        Session(THREE, [Referendum(Referendum2(Tax("D"), "rate", (0.0, 1.0)), "weight", (0.0, 1.0))])


class Referendum2(Referendum):
    """With a number of its own."""

    weight: float = 0.0


def test_on_the_command_line():
    text = "referendum:rule=(tax:on=D),parameter=rate,levels=(0,1,4)"
    assert build("institutions", text) == Referendum(Tax("D"), "rate", LEVELS)
