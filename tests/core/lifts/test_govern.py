"""Institutions on tables: the numbers of the textbook, and what the lift refuses."""

import numpy as np
import pytest

from ostrom.core.charter import Charter
from ostrom.core.errors import CarrierError, DeclarationError, UnknownName
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.game import Fact
from ostrom.core.ground import Part
from ostrom.core.institution import Around, Institution
from ostrom.core.lifts.govern import Governed, ground_of
from ostrom.institutions.mediator import Mediator
from ostrom.institutions.prosocial import Prosocial
from ostrom.institutions.quota import Quota
from ostrom.institutions.reputation import Reputation
from ostrom.institutions.tax import Tax

PD = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D"), name="pd")


def pure_equilibria(game):
    return {game.labels(p) for p in game.profiles() if game.regret(game.pure(p)) <= 1e-12}


def test_a_tax_by_name():
    taxed = PD.under(Tax("D", 3.0))
    assert isinstance(taxed, Governed)
    assert taxed.payoffs.tolist() == [[[3, 3], [0, 2]], [[2, 0], [-2, -2]]]
    assert taxed.treasury.tolist() == [[0, 3], [3, 6]]
    assert pure_equilibria(taxed) == {("C", "C")}


def test_a_shared_tax_is_balanced():
    assert np.abs(PD.under(Tax("D", 3.0, shared=True)).treasury).max() < 1e-12


def test_a_quota_removes_moves_and_keeps_names():
    assert PD.under(Quota("D", 0.0)).moves == (("C",), ("C",))


def test_the_acting_mediator_adds_one_equilibrium():
    game = PD.under(Mediator("C", "D"))
    assert game.moves[0] == ("C", "D", "delegate")
    assert pure_equilibria(game) == {("D", "D"), ("delegate", "delegate")}
    assert game.payoffs[2, 2].tolist() == [3, 3]


def test_a_tax_outside_a_mediator_still_finds_its_move_by_name():
    game = PD.under(Mediator("C", "D"), Tax("D", 10.0))
    assert game.payoffs[game.profile(("D", "delegate"))].tolist() == [1 - 10, 1]
    inside = PD.under(Tax("D", 10.0), Mediator("C", "D"))
    assert inside.payoffs[inside.profile(("D", "delegate"))].tolist() == [1 - 10, 1 - 10]


def test_taxing_a_fact_equals_taxing_the_moves_that_make_it():
    fact = Fact.of_own_move("harvest", "fish", (1.0, 2.0))
    game = NormalForm(PD.payoffs, moves=("C", "D"), facts=[fact])
    by_fact = game.under(Tax("harvest", 1.0)).payoffs
    by_hand = game.payoffs - np.array([[[1, 1], [1, 2]], [[2, 1], [2, 2]]])
    assert np.allclose(by_fact, by_hand)


def test_facts_of_a_governed_game_follow_what_was_carried_out():
    fact = Fact.of_own_move("harvest", "fish", (1.0, 2.0))
    game = NormalForm(PD.payoffs, moves=("C", "D"), facts=[fact]).under(Mediator("C", "D"))
    assert game.facts_at(np.array([2, 2]))["harvest"].tolist() == [1, 1]


def test_memory_on_a_game_played_once_is_refused_with_the_remedy():
    with pytest.raises(CarrierError, match=r"repeated\(discount"):
        PD.under(Reputation())


def test_an_unknown_label_says_what_there_is():
    with pytest.raises(UnknownName, match="C, D"):
        PD.under(Tax("E"))


def test_a_class_instead_of_an_instance_is_told_so():
    with pytest.raises(DeclarationError, match="not Tax"):
        PD.under(Tax)  # type: ignore[arg-type]


def test_rules_that_forbid_everything_are_named():
    class Never(Institution):
        """Forbids all."""

        def permit(self, now, mask):
            return {part: m & False for part, m in mask.items()}

    with pytest.raises(CarrierError, match="Never"):
        PD.under(Never())


def test_a_label_that_nothing_below_understands_is_refused():
    class Longer(Institution):
        """Adds a label and does not say what it means."""

        def menu(self, ground):
            return ground.extended("act", "wait")

    with pytest.raises(DeclarationError, match="without an enact"):
        PD.under(Longer())


def test_a_continuous_part_has_no_place_on_a_table():
    class Bid(Institution):
        """Adds a number."""

        def menu(self, ground):
            return ground.alongside(Part("bid", low=0.0, high=1.0))

    with pytest.raises(CarrierError, match="finitely many"):
        PD.under(Bid())


def test_a_forbidden_move_made_below_is_clamped():
    game = PD.under(Quota("D", 0.0), Mediator("D", "D"))
    assert game.payoffs[game.profile(("delegate", "delegate"))].tolist() == [3, 3]


def test_the_ground_of_a_game_with_different_moves_per_player():
    game = NormalForm(np.zeros((2, 3, 2)), moves=(("u", "d"), ("l", "m", "r")))
    assert Charter(ground_of(game), [Tax("m", 1.0)]).ground.part("act").labels_of(1) == ("l", "m", "r")
    assert game.under(Tax("m", 1.0)).payoffs[0, 1].tolist() == [0, -1]


# What agents want is no money --------------------------------------------------------------------------------------

CARE = Prosocial(weight=0.3)


@pytest.mark.parametrize("care", [CARE, Around(CARE)])
@pytest.mark.parametrize("outside", [False, True])
def test_what_agents_want_is_no_payment(care, outside):
    tax = Tax("D", 3.0)
    taxed, game = PD.under(tax), PD.under(*((tax, care) if outside else (care, tax)))
    assert game.treasury.tolist() == taxed.treasury.tolist() == [[0, 3], [3, 6]]
    assert np.array_equal(game.payments, taxed.payments)
    assert np.array_equal(game.paid, taxed.payoffs)
    before = taxed.payoffs if outside else PD.payoffs
    wanted = 0.7 * before + 0.3 * before[..., ::-1] + (0 if outside else taxed.adds)
    assert np.allclose(game.payoffs, wanted, atol=1e-12)
    assert np.allclose(game.adds, wanted - PD.payoffs, atol=1e-12)


def test_utilities_are_what_is_paid():
    town = NormalForm(PD.payoffs, moves=("C", "D"), bystanders=("town",), bystander_payoffs=np.ones((2, 2, 1)))
    game, places = town.under(CARE, Mediator("C", "D")), np.array([[0, 1], [2, 2]])
    assert game.utilities_at(places).tolist() == [[0, 5, 1], [3, 3, 1]]
    half = tuple(np.array([0.5, 0.5, 0]) for _ in range(2))
    assert np.allclose(game.expected_utilities(half), [2.25, 2.25, 1])
    taxed = town.under(Tax("D", 3.0))
    assert np.array_equal(taxed.utilities_at(places[:1]), [[0, 2, 1]])
    assert taxed.paid is taxed.payoffs
