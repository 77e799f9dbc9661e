"""Institutions on games that never become a table, against the tables of small ones."""

import numpy as np
import pytest

from ostrom.core.errors import CarrierError, TooLarge
from ostrom.core.forms.symmetric import Symmetric
from ostrom.core.game import Fact, Game
from ostrom.core.institution import Institution
from ostrom.core.lifts.large import GovernedCounts, GovernedSeparable
from ostrom.institutions.contract import Contract
from ostrom.institutions.mediator import Mediator
from ostrom.institutions.prosocial import Prosocial
from ostrom.institutions.quota import Quota
from ostrom.institutions.tax import Tax


def public_good(players: int) -> Symmetric:
    return Symmetric(
        lambda own, others: 0.4 * (own + others[:, 1]) - own,
        players=players,
        moves=("keep", "give"),
        name="public good",
        bystanders=("town",),
        bystander_payoffs=lambda counts: 0.1 * counts[:, 1:],
        facts=[Fact.of_own_move("contribution", "coins", (0.0, 1.0))],
    )


class Inspection(Institution):
    """A die for each seat: who keeps and is inspected pays."""

    scope = "additive"

    def dice(self, now):
        return {"inspected": np.array([[0.75, 0.25]] * now.players)}

    def settle(self, now, payoffs):
        return payoffs - 2.0 * (now.did("act", "keep") & (now.luck["inspected"] == 1))


CHARTERS = [
    (Tax("keep", 0.7),),
    (Tax("keep", 0.7, shared=True),),
    (Mediator("give", "keep"),),
    (Mediator("give", "keep"), Tax("keep", 0.3)),
    (Quota("contribution", 0.0), Tax("keep", 0.2)),
    (Inspection(),),
]


def mixtures(game: Game, seed: int):
    draw = np.random.default_rng(seed)
    return tuple(draw.dirichlet(np.ones(size)) for size in game.sizes)


@pytest.mark.parametrize("charter", CHARTERS, ids=lambda c: "+".join(type(i).__name__ for i in c))
def test_counts_equal_the_table(charter):
    table = public_good(4).under(*charter)
    counts = GovernedCounts(public_good(4), table.charter)
    assert np.allclose(counts.dense().payoffs, table.payoffs, atol=1e-12)
    assert np.allclose(counts.dense().bystander_payoffs, table.bystander_payoffs, atol=1e-12)
    assert counts.moves == table.moves


@pytest.mark.parametrize("charter", [c for c in CHARTERS if not isinstance(c[0], Mediator)])
def test_separable_transfers_equal_the_table(charter):
    table = public_good(4).under(*charter)
    probed = GovernedSeparable(public_good(4), table.charter)
    mixture = mixtures(table, 1)
    for here, there in zip(probed.deviation_payoffs(mixture), table.deviation_payoffs(mixture), strict=True):
        assert np.allclose(here, there, atol=1e-12)


def test_a_hundred_players_and_a_mediator():
    game = public_good(100).under(Mediator("give", "keep"))
    assert isinstance(game, GovernedCounts)
    assert game.regret(game.pure([2] * 100)) == 0
    assert game.regret(game.pure([1] * 100)) == pytest.approx(0.6)


def test_facts_pass_through():
    game = public_good(100).under(Tax("contribution", 0.1))
    profile = np.array([1] * 3 + [0] * 97)
    assert game.facts_at(profile)["contribution"].sum() == 3
    assert game.payoffs_at(profile)[0] == pytest.approx(0.4 * 3 - 1 - 0.1)


def test_twenty_inspected_seats_are_averaged_one_by_one():
    game = public_good(40).under(Inspection())
    assert game.payoffs_at(np.zeros(40, int)) == pytest.approx(np.full(40, -0.5))


LOTTERY = Mediator("give", "keep", (("", ("give",) * 4, 0.5), ("", ("keep",) * 4, 0.5)))


class Slip(Institution):
    """Each seat's move becomes "keep" with probability 1/4, whatever it was."""

    scope = "additive"

    def dice(self, now):
        return {"slips": np.array([[0.75, 0.25]] * now.players)}

    def enact(self, now, moves):
        slips = now.luck["slips"] == 1
        return {**moves, "act": now.xp.where(slips, 0, moves["act"]).astype(moves["act"].dtype)}


@pytest.mark.parametrize(
    "charter", [(LOTTERY,), (Slip(),), (Slip(), Tax("contribution", 0.2, shared=True)), (LOTTERY, Tax("give", 0.2))]
)
def test_bystanders_and_facts_are_averaged_over_what_dice_carry_out(charter):
    table = public_good(4).under(*charter)
    counts = GovernedCounts(public_good(4), table.charter)
    places = table.profiles()
    assert np.allclose(counts.payoffs_at(places), table.payoffs_at(places), atol=1e-12)
    assert np.allclose(counts.bystander_payoffs_at(places), table.bystander_payoffs_at(places), atol=1e-12)
    assert np.allclose(counts.facts_at(places)["contribution"], table.facts_at(places)["contribution"], atol=1e-12)


def test_a_lottery_for_a_hundred_is_worth_its_mean():
    """Half of the time all hundred give: the town has 5 of at most 10, and everybody has given a half."""
    half = Mediator("give", "keep", (("", ("give",) * 100, 0.5), ("", ("keep",) * 100, 0.5)))
    game, place = public_good(100).under(half), np.full(100, 2)
    assert game.payoffs_at(place) == pytest.approx(np.full(100, 0.5 * (0.4 * 100 - 1)))
    assert game.bystander_payoffs_at(place) == pytest.approx([5.0])
    assert game.facts_at(place)["contribution"] == pytest.approx(np.full(100, 0.5))


class Pride(Institution):
    """Who gives is glad of it: a wish that reads the own move alone, and no money."""

    scope, kind = "additive", "motivational"

    def settle(self, now, payoffs):
        return payoffs + 0.2 * now.did("act", "give")


@pytest.mark.parametrize(("large", "care"), [(GovernedCounts, Prosocial(weight=0.2)), (GovernedSeparable, Pride())])
def test_utilities_are_what_is_paid(large, care):
    table = public_good(4).under(Tax("keep", 0.7), care)
    counts, places = large(public_good(4), table.charter), table.profiles()
    assert np.allclose(counts.payoffs_at(places), table.payoffs_at(places), atol=1e-12)
    assert np.allclose(counts.utilities_at(places), table.utilities_at(places), atol=1e-12)
    assert not np.allclose(counts.utilities_at(places)[:, :4], table.payoffs_at(places))


def test_moves_that_dice_carry_out_are_not_taken_for_certain():
    with pytest.raises(CarrierError, match="dice decide what is carried out"):
        GovernedSeparable(public_good(4), public_good(4).under(Slip()).charter)
    with pytest.raises(TooLarge, match="what every seat does"):
        public_good(40).under(Slip())


def test_rules_that_favour_a_seat_are_refused():
    class King(Institution):
        """Everybody pays the first seat."""

        def settle(self, now, payoffs):
            gift = np.full(now.players, -1.0)
            gift[0] = now.players - 1
            return payoffs + gift

    with pytest.raises(CarrierError, match="treats the seats"):
        public_good(100).under(King())


def test_stages_need_a_table():
    with pytest.raises(CarrierError, match="stages"):
        public_good(100).under(Contract("give"))


def test_a_rule_that_reads_the_profile_is_refused_where_only_sums_are_exact():
    small = public_good(4).under(Mediator("give", "keep"))
    with pytest.raises(CarrierError, match="whole profile"):
        GovernedSeparable(public_good(4), small.charter)


def test_a_false_declaration_is_caught_by_probes():
    class Prize(Institution):
        """Declared a sum; in truth the first unanimous vote of thumbs."""

        scope = "counts"

        def settle(self, now, payoffs):
            return payoffs + now.did("act", "give").all(-1, keepdims=True)

    governed = public_good(4).under(Prize())
    with pytest.raises(CarrierError, match="cannot be recovered"):
        GovernedSeparable(public_good(4), governed.charter)
