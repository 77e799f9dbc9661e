"""Delegations: what is left out, what does not fit, and the written form."""

import math

import numpy as np
import pytest

from ostrom.core.delegation import Delegation, as_delegation
from ostrom.core.errors import InputError, UnknownName
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.welfare import Egalitarian, Utilitarian, Weighted
from ostrom.institutions.prosocial import Prosocial
from ostrom.institutions.reputation import Reputation
from ostrom.institutions.tax import Tax

PD = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], players=["Ann", "Bob"], moves=("C", "D"))
WATCHED = NormalForm(
    PD.payoffs, players=PD.players, moves=PD.moves, bystanders=["public"], bystander_payoffs=[[[4], [2]], [[2], [0]]]
)


def test_a_bare_game_is_its_own_delegation():
    found = as_delegation(WATCHED)
    assert found.principals == ("Ann", "Bob", "public")
    assert np.array_equal(found.rewards, PD.payoffs)
    assert np.array_equal(found.utilities[..., 2], [[4, 2], [2, 0]])
    assert found.precision is None
    assert found.observed is None
    assert found.counts is None
    assert found.specified is None
    assert found.welfare == Utilitarian()
    assert as_delegation(found) is found


def test_rewards_default_to_the_utilities_given():
    utilities = 2 * WATCHED.payoffs.sum(-1, keepdims=True).repeat(3, -1)
    found = Delegation(WATCHED, utilities=utilities)
    assert np.array_equal(found.rewards, utilities[..., :2])


def test_counts_of_own_moves_are_taken_as_independent():
    found = Delegation(PD, observed=[[3, 1], [0, 5]])
    assert found.observed is not None
    assert np.allclose(found.observed, [[0, 0.75], [0, 0.25]])
    assert [own.tolist() for own in found.counts or ()] == [[3, 1], [0, 5]]


def test_counts_of_joint_moves_keep_who_met_whom():
    found = Delegation(PD, observed_joint=[[6, 0], [1, 3]])
    assert found.observed is not None
    assert np.allclose(found.observed, [[0.6, 0], [0.1, 0.3]])
    assert [own.tolist() for own in found.counts or ()] == [[6, 4], [7, 3]]


@pytest.mark.parametrize("precision", [0, -1, math.nan, "fast"])
def test_precision_is_positive(precision):
    with pytest.raises(InputError, match=r"precision is .*(0|nan|fast|-1)"):
        Delegation(PD, precision=precision)


def test_infinite_precision_may_be_written():
    assert Delegation(PD, precision="inf").precision == math.inf


@pytest.mark.parametrize("key", ["rewards", "utilities", "specified"])
def test_tables_have_to_fit(key):
    with pytest.raises(InputError, match=r"shape \(3, 2\).*\(2, 2, 2\)"):
        Delegation(PD, **{key: np.ones((3, 2))})
    with pytest.raises(InputError, match="not a table of numbers"):
        Delegation(PD, **{key: [["a", "b"], ["c", "d"]]})
    bad = np.ones((2, 2, 2))
    bad[1, 0, 1] = np.nan
    with pytest.raises(InputError, match=r"nan at index \(1, 0, 1\)"):
        Delegation(PD, **{key: bad})


def test_observations_have_to_be_counts_of_something():
    with pytest.raises(InputError, match="1 players; the game has 2"):
        Delegation(PD, observed=[[1, 2]])
    with pytest.raises(InputError, match="observed moves of 'Bob'"):
        Delegation(PD, observed=[[1, 2], [1, 2, 3]])
    with pytest.raises(InputError, match="zero or more"):
        Delegation(PD, observed=[[1, 2], [-1, 2]])
    with pytest.raises(InputError, match="something has to have been seen"):
        Delegation(PD, observed_joint=np.zeros((2, 2)))


# The written form


def test_an_empty_document_is_the_bare_game():
    found = Delegation.from_dict(PD, {})
    assert found.game is PD
    assert np.array_equal(found.utilities, PD.payoffs)


def test_tables_and_mixes():
    document = {
        "utilities": {"Bob": [[1, 2], [3, 4]]},
        "rewards": {"Ann": {"Ann": 1, "Bob": 0.5}},
        "specified": {"Ann": {"Bob": -1}},
    }
    found = Delegation.from_dict(PD, document)
    assert np.array_equal(found.utilities[..., 0], PD.payoffs[..., 0])
    assert np.array_equal(found.utilities[..., 1], [[1, 2], [3, 4]])
    assert np.array_equal(found.rewards[..., 0], PD.payoffs[..., 0] + PD.payoffs[..., 1] / 2)
    assert np.array_equal(found.rewards[..., 1], [[1, 2], [3, 4]])
    assert found.specified is not None
    assert np.array_equal(found.specified[..., 0], -PD.payoffs[..., 1])


def test_a_document_brings_bystanders():
    document = {
        "bystanders": {"fish": {"Ann": -1, "Bob": -1}, "birds": [[0, 1], [1, 2]]},
        "rewards": {"Ann": {"fish": 1}},
    }
    found = Delegation.from_dict(WATCHED, document)
    assert found.principals == ("Ann", "Bob", "public", "fish", "birds")
    assert np.array_equal(found.utilities[..., 3], -PD.payoffs.sum(-1))
    assert np.array_equal(found.rewards[..., 0], -PD.payoffs.sum(-1))


def test_play_and_welfare():
    document = {"observed": {"Bob": {"D": 7}, "Ann": [1, 3]}, "precision": 2, "welfare": "egalitarian"}
    found = Delegation.from_dict(PD, document)
    assert [own.tolist() for own in found.counts or ()] == [[1, 3], [0, 7]]
    assert found.precision == 2
    assert found.welfare == Egalitarian()
    assert Delegation.from_dict(PD, {"welfare": {"Ann": 1, "Bob": 3}}).welfare == Weighted((1, 3))
    assert Delegation.from_dict(PD, {"observed_joint": [[1, 0], [0, 1]], "precision": "inf"}).precision == math.inf


@pytest.mark.parametrize(
    ("document", "error", "said"),
    [
        ({"reward": {}}, UnknownName, "part of a delegation.*Did you mean rewards"),
        ({"rewards": 3}, InputError, "'rewards' is '3'"),
        ({"rewards": {"Anne": [[1, 2], [3, 4]]}}, UnknownName, "principal.*rewards.*Did you mean Ann"),
        ({"rewards": {"Ann": {"Bobb": 1}}}, UnknownName, "principal.*Did you mean Bob"),
        ({"rewards": {"Ann": {"Bob": "much"}}}, InputError, "rewards of 'Ann' is 'much'"),
        ({"rewards": {"Ann": [[1, 2, 3]]}}, InputError, r"rewards of 'Ann' have shape \(1, 3\)"),
        ({"rewards": {"Ann": [[1, 2], [3]]}}, InputError, "rewards of 'Ann' are not a table"),
        ({"utilities": {"Ann": [[1, 2], [3, math.inf]]}}, InputError, r"inf at index \(1, 1\)"),
        ({"bystanders": {"Ann": [[1, 2], [3, 4]]}}, InputError, "share a name"),
        ({"observed": {"Ann": [1, 2]}}, InputError, "Nothing is given for player.*Bob"),
        ({"observed": {"Ann": {"E": 1}, "Bob": [1, 2]}}, UnknownName, "move of 'Ann'"),
        ({"observed": {"Ann": [1, 2], "Bob": [1, 2], "Cy": [1]}}, UnknownName, "Cy"),
        ({"observed": [[1, 2], [3, 4]]}, InputError, "'observed' is"),
        ({"welfare": {"Ann": 1}}, InputError, "Nothing is given for principal.*Bob"),
        ({"welfare": {"Ann": 1, "Bob": -1}}, InputError, "weights"),
        ({"welfare": "fair"}, UnknownName, "welfare"),
        ({"precision": -2}, InputError, "precision is -2"),
        (["rewards"], InputError, "'delegation' is"),
    ],
    ids=str,
)
def test_what_cannot_be_used_is_named(document, error, said):
    with pytest.raises(error, match=f"(?s){said}"):
        Delegation.from_dict(PD, document)


def test_a_delegation_says_what_it_is():
    assert "3 principals, precision inf" in repr(Delegation(WATCHED))
    assert "precision fitted" in repr(Delegation(PD, observed=[[1, 1], [1, 1]]))
    assert "precision 2.5" in repr(Delegation(PD, precision=2.5))


# Rules that change what agents want --------------------------------------------------------------------------------


def test_under_a_motivational_rule_principals_get_what_is_paid():
    wanted = WATCHED.under(Prosocial(weight=0.45))
    found = as_delegation(wanted)
    assert found.motivated
    assert np.array_equal(found.rewards, wanted.payoffs)
    assert np.array_equal(found.utilities, as_delegation(WATCHED).utilities)
    taxed = as_delegation(WATCHED.under(Tax("D", 1.0), Prosocial(weight=0.45)))
    assert np.array_equal(taxed.utilities[..., :2], WATCHED.under(Tax("D", 1.0)).payoffs)


def test_what_is_given_stands_under_a_motivational_rule():
    wanted, other = PD.under(Prosocial(weight=0.45)), np.arange(8.0).reshape(2, 2, 2)
    assert np.array_equal(Delegation(wanted, rewards=other).rewards, other)
    assert np.array_equal(Delegation(wanted, rewards=other).utilities, PD.payoffs)
    assert np.array_equal(Delegation(wanted, utilities=other).rewards, other)


def test_money_changes_no_wishes():
    taxed = as_delegation(PD.under(Tax("D", 1.0)))
    assert not taxed.motivated
    assert np.array_equal(taxed.rewards, taxed.utilities)
    assert not PD.repeated(0.9).under(Reputation()).charter.motivates  # it settles nothing
