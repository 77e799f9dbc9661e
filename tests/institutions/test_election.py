"""Elections: winners as `ostrom.choice` has them, bound seat by seat, and the ways in which rules are gamed."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom import Ballots, choice
from ostrom.core.catalogue import build
from ostrom.core.charter import Charter
from ostrom.core.errors import InputError, TooLarge, UnknownName
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.institution import Now
from ostrom.core.lifts.govern import ground_of
from ostrom.core.society import Session
from ostrom.institutions.election import Election
from ostrom.testing.check_institution import check_institution

RULES = {
    "plurality": choice.plurality,
    "approval": choice.approval,
    "borda": choice.borda,
    "copeland": choice.copeland,
    "minimax": choice.minimax,
    "schulze": choice.schulze,
    "instant runoff": lambda ballots: choice.instant_runoff(ballots, order=tuple(ballots.alternatives)),
}
EVERY = pytest.mark.parametrize("by", list(RULES))
SITES = ("a", "b", "c")


def town(worth):
    """All earn what a site is worth to each where all agree on it, and nothing else: `worth[seat][site]`."""
    worth = np.asarray(worth, float)
    seats, sites = worth.shape
    table = np.zeros((sites,) * seats + (seats,))
    for site in range(sites):
        table[(site,) * seats] = worth[:, site]
    return NormalForm(table, moves=SITES[:sites])


def votes(ballot):
    return lambda look: {"ballot": ballot} if "ballot" in look.choices else {"act": look.choices["act"][0]}


@pytest.mark.parametrize(
    "by", [one if one == "schulze" else pytest.param(one, marks=pytest.mark.slow) for one in RULES]
)
def test_it_keeps_what_it_declares_on_every_carrier(by):
    report = check_institution(Election(("C", "D"), by))
    assert "Staged" in report.carriers["table"]
    assert "compiled steps pay as live" in report.carriers["world"] or "JAX" in report.carriers["world"]


@EVERY
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_what_wins_is_what_choice_says_and_ties_go_to_the_first(by, data):
    weights = tuple(data.draw(st.lists(st.integers(1, 3), min_size=5, max_size=5)))
    rule = Election(SITES, by, weights)
    cast = data.draw(st.lists(st.sampled_from(rule.ballots), min_size=5, max_size=5))
    session = Session(town(np.zeros((5, 3))), [rule])
    for seat, ballot in enumerate(cast):
        session.submit(seat, {"ballot": ballot})
    written = [one.replace("+", " = ").replace("none", "").replace(">", " > ") for one in cast]
    found = RULES[by](Ballots(Ballots.of(written, SITES).ranks, weights, SITES))
    first = min(found.winners, key=SITES.index)
    assert [session.look(seat).choices["act"] for seat in range(5)] == [(first,)] * 5


def test_a_motion_may_ask_different_things_of_different_seats():
    rule = Election((("a", "b"), ("b", "a")))
    assert rule.ballots == ("a/b", "b/a")
    session = Session(town(np.zeros((2, 2))), [rule])
    session.submit(0, {"ballot": "b/a"})
    session.submit(1, {"ballot": "b/a"})
    assert [session.look(seat).choices["act"] for seat in range(2)] == [("b",), ("a",)]


def test_with_two_motions_the_majority_wins_and_the_truth_is_best():
    """May (1952): between two motions nobody gains by a lie, by any of the rules that rank."""
    worth = [[1.0, 0.0], [0.0, 1.0], [1.0, 0.0]]
    for by in ("plurality", "borda", "copeland", "schulze", "instant runoff"):
        rule = Election(("a", "b"), by)
        sincere = [votes(rule.ballots[int(own[1] > own[0])]) for own in worth]
        game = town(worth).under(rule)
        assert game.value(sincere).tolist() == [1, 0, 1]
        assert game.gains(sincere).max() == 0


def test_with_three_motions_a_lie_pays_under_each_of_them():
    """Gibbard (1973), Satterthwaite (1975): none of these is a dictatorship, so for each some sincere profile has a lie
    that pays. All profiles of three voters are gone through until one is found."""
    orders = list(itertools.permutations(range(3)))
    for by in ("plurality", "borda", "instant runoff", "minimax"):
        rule = Election(SITES, by)
        for profile in itertools.product(orders, repeat=3):
            worth = np.array([[2.0 - own.index(site) for site in range(3)] for own in profile])
            named = [SITES[own[0]] if by == "plurality" else ">".join(SITES[k] for k in own) for own in profile]
            if _best_lie(rule, worth, named) > 0:
                break
        else:
            pytest.fail(f"no lie was found under {by}")


def _best_lie(rule, worth, named):
    """The most that a voter gains by another ballot, by counting with `elected` directly."""
    charter = Charter(ground_of(town(worth)), [rule])
    numbers = np.array([rule.ballots.index(own) for own in named])
    cast = np.repeat(numbers[None], 3 * len(rule.ballots), 0)
    for k, (seat, ballot) in enumerate(itertools.product(range(3), range(len(rule.ballots)))):
        cast[k, seat] = ballot
    moves = {"ballot": cast.astype(np.int32), "act": np.full_like(cast, -1, np.int32)}
    won = rule.elected(Now(charter.ground, {}, moves))[:, 0].reshape(3, -1)
    sincere = rule.elected(Now(charter.ground, {}, {"ballot": numbers[None], "act": numbers[None] * 0 - 1}))[0, 0]
    return max(float((worth[seat][won[seat]] - worth[seat][sincere]).max()) for seat in range(3))


def test_who_is_absent_has_no_vote():
    session = Session(town(np.zeros((3, 2))), [Election(("a", "b"))], rounds=2)
    session.leave(2)
    session.lapse()
    session.lapse()
    session.submit(0, {"ballot": "b"})
    session.submit(1, {"ballot": "b"})
    assert session.look(0).choices["act"] == ("b",)


def test_on_the_command_line_and_refused():
    assert build("institutions", Election.example) == Election(("C", "D"), "borda")
    for how in ({"motions": ("C",)}, {"motions": ("C", "C")}, {"weights": (-1, 1)}):
        with pytest.raises(InputError):
            Election(**how)
    with pytest.raises(TooLarge):
        Election(tuple("abcdef"), "borda")
    with pytest.raises(InputError, match="weights"):
        town(np.zeros((2, 2))).under(Election(("a", "b"), weights=(1, 1, 1)))
    with pytest.raises(UnknownName):
        town(np.zeros((2, 2))).under(Election(("a", "z")))


def test_many_motions_can_be_put_to_the_vote_by_plurality():
    assert len(Election(tuple(f"m{k}" for k in range(50))).ballots) == 50
    with pytest.raises(TooLarge):
        Election(tuple(f"m{k}" for k in range(9)), "approval")


@pytest.mark.parametrize("motions", [("none", "C"), ("A", "B", "A+B")])
def test_ballots_that_read_the_same_are_refused(motions):
    with pytest.raises(InputError, match="read the same"):
        Election(motions, "approval")


def test_weights_that_overflow_are_refused():
    with pytest.raises(InputError, match="32 bits"):
        Election(weights=(2**40, 1))
