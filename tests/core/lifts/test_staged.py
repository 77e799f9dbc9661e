"""Games in stages: backward induction, obedience, and strategic forms, against numbers from the literature."""

import numpy as np
import pytest

from ostrom.core.errors import CarrierError, InputError
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.ground import Part
from ostrom.core.institution import Institution
from ostrom.core.lifts.staged import Staged
from ostrom.institutions.advice import Advice
from ostrom.institutions.contract import Contract
from ostrom.institutions.prosocial import Prosocial
from ostrom.institutions.tax import Tax
from ostrom.institutions.vote import Vote

PD = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D"), name="pd")
CHICKEN = NormalForm([[[6, 6], [2, 7]], [[7, 2], [0, 0]]], moves=("C", "D"), name="chicken")
AUMANN = ((("C", "C"), 0.5), (("C", "D"), 0.25), (("D", "C"), 0.25))


def obey(look):
    return {"act": ("C", "D")[look.sees["advice"]]}


def values(game):
    return {tuple(np.round(point.payoffs, 9)) for point in game.subgame_perfect().points}


def test_a_contract_that_deters_adds_the_cooperative_outcome():
    game = PD.under(Contract("C", damages=3.0))
    assert isinstance(game, Staged)
    assert game.concept == "subgame-perfect equilibrium"
    assert values(game) == {(1, 1), (3, 3)}
    assert game.subgame_perfect().status == "complete"


def test_a_contract_too_cheap_to_deter_adds_nothing():
    assert values(PD.under(Contract("C", damages=0.5))) == {(1, 1)}


def test_a_vote_that_needs_everybody():
    assert values(PD.under(Vote("C", needed=2))) == {(1, 1), (3, 3)}


def test_aumanns_device_is_obeyed_and_is_worth_five_and_a_quarter():
    game = CHICKEN.under(Advice(AUMANN))
    assert not game.public
    assert "obedience" in game.concept
    assert np.allclose(game.value(obey), 5.25)
    assert np.abs(game.gains(obey)).max() < 1e-12


def test_the_same_device_read_aloud_is_not_obeyed():
    assert (
        CHICKEN.under(Advice(AUMANN, aloud=True))
        .gains(lambda look: {"act": ("C", "D")[look.sees["advice"][look.seat]]})
        .max()
        > 0.4
    )


def test_a_bad_device_is_caught():
    bad = Advice(((("C", "C"), 0.9), (("D", "D"), 0.1)))
    assert CHICKEN.under(bad).gains(obey).max() > 0.1


def test_private_views_have_no_subgames():
    with pytest.raises(CarrierError, match="gains"):
        CHICKEN.under(Advice(AUMANN)).subgame_perfect()


def test_obedience_gains_equal_the_incentive_rows_of_a_correlated_equilibrium():
    random = np.random.default_rng(3)
    for _ in range(10):
        game = NormalForm(random.integers(-5, 6, (2, 2, 2)), moves=("C", "D"))
        odds = random.dirichlet(np.ones(4))
        device = Advice(
            tuple((pair, float(p)) for pair, p in zip([(a, b) for a in "CD" for b in "CD"], odds, strict=True))
        )
        table = odds.reshape(2, 2)
        for seat in range(2):
            rows = np.moveaxis(game.payoffs[..., seat], seat, 0)
            weights = np.moveaxis(table, seat, 0)
            best = sum(max(float(weights[told] @ rows[done]) for done in range(2)) for told in range(2))
            obeyed = float((table * game.payoffs[..., seat]).sum())
            assert np.isclose(game.under(device).gains(obey)[seat], best - obeyed)


def test_the_strategic_form_has_the_same_equilibrium_payoffs_as_the_tree():
    form = PD.under(Contract("C", damages=3.0)).dense()
    assert form.payoffs.shape == (8, 8, 2)
    nash = {tuple(form.payoffs[p]) for p in map(tuple, form.profiles()) if form.regret(form.pure(p)) <= 1e-12}
    assert {(1.0, 1.0), (3.0, 3.0)} <= nash


class Punishment(Institution):
    """After play, each may pay 1 to take 4 from the other."""

    def menu(self, ground):
        return ground.followed_by(Part("punish", ("no", "yes")))

    def settle(self, now, payoffs):
        punish = now.did("punish", "yes")
        return payoffs - 1.0 * punish - 4.0 * punish[..., ::-1]


def test_punishing_costs_so_nobody_does_it_in_a_subgame_perfect_equilibrium_but_a_threat_is_nash():
    game = PD.under(Punishment())
    assert values(game) == {(1, 1)}

    def threat(look):
        if "act" in look.choices:
            return {"act": "C"}
        return {"punish": "yes" if look.sees["act"][1 - look.seat] == "D" else "no"}

    assert np.allclose(game.value(threat), 3)
    assert np.abs(game.gains(threat)).max() < 1e-12


def test_matching_pennies_inside_makes_the_answer_partial():
    pennies = NormalForm([[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]], moves=("C", "D"))
    answer = pennies.under(Vote("C", needed=2)).subgame_perfect()
    assert answer.status == "partial"
    assert "no equilibrium" in answer.note


def test_a_strategy_that_does_what_is_not_allowed_is_told():
    with pytest.raises(InputError, match="may choose"):
        PD.under(Contract()).value(lambda look: dict.fromkeys(look.choices, "maybe"))


def test_stages_compose_with_transfers():
    assert values(PD.under(Contract("C", damages=3.0), Tax("D", 3.0))) == {(3, 3)}


def test_forgetting_ones_own_move_is_refused():
    class Blind(Institution):
        """Hides the ballots of an earlier stage from everybody, one's own included, by replacing them in the view."""

        def menu(self, ground):
            return ground.preceded_by(Part("coin", ("h", "t")))

        def inform(self, now, view):
            return view.hide("coin")

    game = PD.under(Blind())
    assert not game.public
    assert np.isfinite(game.gains(lambda look: {part: options[0] for part, options in look.choices.items()})).all()


def test_utilities_of_strategies_are_what_is_paid():
    rules, care = (Contract("C", damages=3.0, each_round=True), Tax("D", 0.5)), Prosocial(weight=0.2)
    plain, wanted = PD.under(*rules), PD.under(*rules, care)
    places = plain.profiles()
    assert wanted.moves == plain.moves
    assert np.allclose(wanted.utilities_at(places), plain.payoffs_at(places))
    assert np.allclose(plain.utilities_at(places), plain.payoffs_at(places))
    mixed = 0.8 * plain.payoffs_at(places) + 0.2 * plain.payoffs_at(places)[:, ::-1]
    assert np.allclose(wanted.payoffs_at(places), mixed)
