"""Dilemmas: names by definition, brute force over all orders, and games that must not be named."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostrom.core.delegation import Delegation
from ostrom.core.errors import TooLarge
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.forms.symmetric import Symmetric
from ostrom.core.welfare import Utilitarian
from ostrom.diagnosis._dilemma import GENERAL, SCHELLING, TWO_BY_TWO
from ostrom.diagnosis._greed_and_fear import among_alike, in_table
from ostrom.diagnosis.dilemmas import dilemmas
from ostrom.games import DisasterResponse


def alike(r, s, t, p, scales=(1, 1)):
    """The symmetric 2×2 game with these payoffs, each player's on its own scale."""
    return NormalForm(np.array([[[r, r], [s, t]], [[t, s], [p, p]]]) * scales, moves=("C", "D"))


def public_goods(players, share=0.4, threshold=0):
    """Contribute 20 or nothing; the pot is worth `share` to each, once `threshold` contribute."""
    return Symmetric(
        lambda own, others: 20 * (1 - own) + np.where(own + others >= threshold, share * 20 * (own + others), 0),
        players=players,
        moves=("keep", "give"),
        amounts=(0, 1),
    )


NAMED = {
    "prisoner's dilemma": alike(3, 0, 5, 1),
    "chicken": alike(6, 2, 7, 0),
    "stag hunt": alike(4, 0, 3, 3),
    "coordination": alike(2, 0, 0, 1),
    "harmony": alike(4, 3, 2, 1),
    "deadlock": alike(2, 5, 0, 1),
    "battle of the sexes": NormalForm([[[2, 1], [0, 0]], [[0, 0], [1, 2]]], moves=("C", "D")),
    "none": NormalForm([[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]]),
}


@pytest.mark.parametrize("name", NAMED)
def test_games_have_their_names(name):
    assert dilemmas(NAMED[name]).name == name


@pytest.mark.parametrize("name", NAMED)
@pytest.mark.parametrize("scales", [(3, 1), (0.1, 70)])
def test_names_do_not_depend_on_scales(name, scales):
    assert dilemmas(NormalForm(NAMED[name].payoffs * scales)).name == name


@pytest.mark.parametrize("name", NAMED)
def test_names_do_not_depend_on_the_order_of_moves_or_players(name):
    payoffs = NAMED[name].payoffs
    for turned in (payoffs[::-1], payoffs[:, ::-1], payoffs[::-1, ::-1], payoffs.transpose(1, 0, 2)[..., ::-1]):
        assert dilemmas(NormalForm(turned)).name == name


@pytest.mark.parametrize("order", list(permutations((1, 2, 3, 4))))
def test_every_strict_order_by_its_definition(order):
    """The twelve symmetric games, from the order of payoffs alone (C is what both would rather both play)."""
    r, s, t, p = order if order[0] > order[3] else order[::-1]
    if t > r > p > s:
        expected = "prisoner's dilemma"
    elif t > r > s > p:
        expected = "chicken"
    elif min(s, t) > max(r, p):
        expected = "battle of the sexes"
    elif r > t > p > s:
        expected = "stag hunt"
    elif r > p > max(s, t):
        expected = "coordination"
    else:
        expected = "harmony" if r > s else "deadlock"
    assert dilemmas(alike(*order)).name == expected


def test_greed_and_fear_of_the_prisoners_dilemma():
    found = dilemmas(NAMED["prisoner's dilemma"])
    assert (found.cooperate, found.defect) == (("C", "C"), ("D", "D"))
    assert (found.greed, found.fear) == ((2.0, 2.0), (1.0, 1.0))
    assert (found.gain, found.turns, found.source) == (2.0, False, TWO_BY_TWO)


def test_taking_turns_is_seen():
    assert dilemmas(alike(3, 0, 7, 1)).turns
    assert "turns" in dilemmas(alike(3, 0, 7, 1)).findings[0].sentence
    assert "turns" not in dilemmas(NAMED["prisoner's dilemma"]).findings[0].sentence


@pytest.mark.parametrize("players", [3, 4, 9])
def test_linear_public_goods_with_and_without_a_table(players):
    """Marginal return 0.4: greed 20 - 8 = 12 = fear, whatever the others do."""
    game = public_goods(players)
    found = dilemmas(game)
    assert found.source == SCHELLING
    assert (found.name, found.cooperate) == ("prisoner's dilemma", ("give",) * players)
    assert found.greed == pytest.approx((12.0,) * players)
    assert found.fear == pytest.approx((12.0,) * players)
    assert found.curves == pytest.approx(dilemmas(game.dense()).curves)
    assert found.curves == pytest.approx(8 * np.arange(players) + np.array([[8], [20]]))


def test_three_hundred_players_need_no_table():
    found = dilemmas(public_goods(300))
    assert (found.name, found.gain) == ("prisoner's dilemma", pytest.approx(0.4 * 20 * 300 - 20))


def test_many_players_in_other_dilemmas():
    assert dilemmas(public_goods(4, share=1.2)).name == "harmony"
    assert dilemmas(public_goods(5, share=0.5, threshold=3)).name == "threshold dilemma"
    assert dilemmas(public_goods(4, share=0.5, threshold=4)).name == "stag hunt"  # only all together reach it
    volunteer = Symmetric(
        lambda own, others: np.where(own + others > 0, 2, 0) - own, players=4, moves=("wait", "help"), amounts=(0, 1)
    )
    assert dilemmas(volunteer).name == "chicken"  # Diekmann's (1985) volunteer's dilemma
    majority = Symmetric(
        lambda own, others: 1.0 * (own == (own + others >= 2)), players=3, moves=("a", "b"), amounts=(0, 1)
    )
    assert dilemmas(majority).name in ("coordination", "none")


def test_games_with_more_moves_are_judged_in_general():
    public = NormalForm.from_function(lambda *g: [20 - x + 0.4 * sum(g) for x in g], [range(0, 21, 5)] * 3)
    effort = NormalForm.from_function(lambda *e: [2 * min(e) - x for x in e], [range(1, 5)] * 3)
    easy = NormalForm.from_function(lambda a, b: [a + b, a + b], [range(3)] * 2)
    found = [dilemmas(game) for game in (public, effort, easy)]
    assert [one.name for one in found] == ["prisoner's dilemma", "stag hunt", "harmony"]
    assert {one.source for one in found} == {GENERAL}
    assert found[0].greed == pytest.approx((12.0,) * 3)
    assert found[1].fear == pytest.approx((3.0,) * 3)


def test_unlike_players_with_two_moves_are_judged_in_general():
    game = NormalForm.from_function(
        lambda *g: [w * (20 - x) + 8 * sum(g) / 20 for w, x in zip((1, 1.05, 1.1), g, strict=True)], [(0, 20)] * 3
    )
    assert (dilemmas(game).name, dilemmas(game).source) == ("prisoner's dilemma", GENERAL)


@pytest.mark.parametrize(
    "game",
    [
        NormalForm([[[0, 0], [-1, 1], [1, -1]], [[1, -1], [0, 0], [-1, 1]], [[-1, 1], [1, -1], [0, 0]]]),
        NormalForm(np.random.default_rng(0).normal(size=(3, 3, 3, 3))),
        NormalForm(np.zeros((2, 2, 2))),
        NormalForm(np.zeros((2, 2, 2, 3))),
        NormalForm([[[3, 5], [0, 4]], [[5, 0], [1, 1]]]),  # a dilemma for the first player only
    ],
)
def test_what_is_no_dilemma_is_not_named(game):
    found = dilemmas(game)
    assert (found.name, found.greed, found.cooperate) == ("none", (), ())
    assert "no named social dilemma" in found.findings[0].sentence.lower()


def test_a_cartel_is_told_from_cooperation():
    firms = NAMED["prisoner's dilemma"].payoffs
    game = NormalForm(firms, moves=("high", "low"), bystanders=["buyers"], bystander_payoffs=[[[0], [8]], [[8], [16]]])
    found = dilemmas(game)
    assert found.name == "prisoner's dilemma"
    assert found.gain == pytest.approx((6 - (2 + 16)) / 3)
    assert "bystanders would more than lose" in found.findings[0].sentence
    assert "bystanders" not in dilemmas(NAMED["prisoner's dilemma"]).findings[0].sentence


def test_principals_utilities_decide_and_rewards_do_not():
    game = NAMED["prisoner's dilemma"]
    summed = game.payoffs.sum(-1, keepdims=True).repeat(2, -1)
    assert dilemmas(Delegation(game, rewards=summed)).name == "prisoner's dilemma"
    assert dilemmas(Delegation(game, utilities=summed)).name == "harmony"


def test_many_alike_players_with_many_moves_are_judged_by_what_all_do():
    """A common pool (Ostrom, Gardner and Walker 1994): that all take 4 would be better than that all take 8."""
    game = Symmetric(
        lambda own, others: 5 * (10 - own) + own * (23 - 0.25 * (own + others)),
        players=8,
        moves=[str(k) for k in range(11)],
        amounts=range(11),
    )
    found = dilemmas(game)
    assert (found.name, found.cooperate[0], found.defect[0]) == ("prisoner's dilemma", "4", "8")
    here = [5 * (10 - x) + x * (23 - 0.25 * (x + 28)) for x in range(11)]
    there = [5 * (10 - x) + x * (23 - 0.25 * (x + 56)) for x in range(11)]
    assert found.greed[0] == pytest.approx(max(here) - here[4])
    assert found.fear[0] == pytest.approx(there[8] - there[4])


@given(st.integers(0, 5_000))
def test_alike_players_and_their_table_agree_where_everybody_does_the_same(seed):
    """Where optimum and worst equilibrium of the table treat all alike, the shorter way finds them as well."""
    rng = np.random.default_rng(seed)
    game = Symmetric(rng.integers(0, 9, (3, 6)), players=3, moves=("a", "b", "c"))
    whole, short = in_table(game.dense(), Utilitarian()), among_alike(game, Utilitarian())
    if whole is None or any(len(set(place)) > 1 for place in (whole.best, whole.worst)):
        return
    assert short is not None
    if game.payoffs_at(np.array(whole.best)).mean() > game.payoffs_at(np.array(whole.worst)).mean():
        assert (short.best, short.worst) == (whole.best, whole.worst)
        assert short.greed == pytest.approx(whole.greed)
        assert short.fear == pytest.approx(whole.fear)


def test_what_cannot_be_listed_is_refused():
    game = Symmetric(lambda own, others: 1.0 * own, players=60, moves=("a", "b", "c"), amounts=(0, 1, 2))
    with pytest.raises(TooLarge):
        dilemmas(Delegation(game))


@given(st.integers(0, 20_000))
def test_a_name_means_what_it_says(seed):
    """On random 2×2 games: a named dilemma has the best replies that its name promises."""
    game = NormalForm(np.random.default_rng(seed).integers(0, 6, (2, 2, 2)))
    found = dilemmas(game)
    if found.name == "prisoner's dilemma":
        both, none = game.payoffs[game.profile(found.cooperate)], game.payoffs[game.profile(found.defect)]
        assert (both > none).all()
        assert min(found.greed) > 0 < min(found.fear)
    if found.name in ("coordination", "battle of the sexes"):
        for labels in (found.cooperate, found.defect):
            assert game.regret(game.pure(game.profile(labels))) == 0
    if found.name in ("stag hunt", "harmony"):
        assert game.regret(game.pure(game.profile(found.cooperate))) == 0


def test_what_each_does_best_is_no_harmony_where_all_would_do_better_apart():
    """Teams that all crowd at the worst site, each by a dominant move, save less than teams that spread."""
    assert dilemmas(DisasterResponse()).name == "none"
    assert dilemmas(DisasterResponse(skill=0.01, decline=0.5)).name == "harmony"
