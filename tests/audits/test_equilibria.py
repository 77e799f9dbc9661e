"""Does it hold? Planted successes pass, planted failures are refuted, and witnesses replay."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom import NormalForm, games, institutions
from ostrom.audits.equilibria import Equilibria, subgame_perfect
from ostrom.core.errors import UnknownName

DILEMMA = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D"))
HUNT = NormalForm([[[4, 4], [0, 3]], [[3, 0], [3, 3]]], moves=("stag", "hare"))


def verdicts(game, target, **more):
    return [claim.verdict for claim in Equilibria(target, **more)(game)]


def test_planted_success():
    assert verdicts(DILEMMA, ("D", "D")) == ["proved", "proved"]


def test_planted_failures():
    assert verdicts(DILEMMA, ("C", "C")) == ["refuted", "refuted"]
    assert verdicts(HUNT, ("stag", "stag")) == ["refuted", "refuted"]
    assert verdicts(HUNT, ("hare", "hare")) == ["refuted", "proved"]  # nothing is worse than hare


def test_who_gains_by_leaving_is_named():
    only, _ = Equilibria(("C", "C"))(DILEMMA)
    assert only.witness == {"player": "player 1", "move": "D", "gain": 2.0}


def test_another_equilibrium_is_a_witness_that_replays():
    only, _ = Equilibria(("stag", "stag"))(HUNT)
    shares = [np.array(list(only.witness[player].values())) for player in HUNT.players]
    assert HUNT.regret(shares) < 1e-12
    assert not all(own[0] == 1 for own in shares)


def test_where_learners_can_end_is_a_distribution_that_replays():
    _, learners = Equilibria(("stag", "stag"))(HUNT)
    value = sum(odds * HUNT.payoffs[_place(place)].mean() for place, odds in learners.witness["distribution"].items())
    assert value == pytest.approx(learners.witness["welfare"])
    assert value < 4


def _place(words):
    return HUNT.profile(words.strip("()").split(", "))


def test_three_players_are_checked_for_other_pure_equilibria():
    """Everybody has to hold the lever or nobody gains: all and none are equilibria."""
    table = NormalForm.from_function(lambda *held: [3.0 * all(held) - held[i] for i in range(3)], [(0, 1)] * 3)
    only, learners = Equilibria(("1", "1", "1"))(table)
    assert only.statement == "(1, 1, 1) is the only pure equilibrium."
    assert only.witness["equilibrium"] == ["0", "0", "0"]
    assert learners.verdict == "refuted"


def test_bystanders_count_in_the_welfare_learners_may_miss():
    loss = np.array([[[0.0], [0.0]], [[0.0], [-9.0]]])
    game = NormalForm(DILEMMA.payoffs, moves=("C", "D"), bystanders=("town",), bystander_payoffs=loss)
    _, learners = Equilibria(("D", "D"))(game)
    assert learners.numbers["target"] == pytest.approx((1 + 1 - 9) / 3)


def test_welfare_before_payments_can_be_given():
    paid = DILEMMA.payoffs + np.array([[[0, 0], [3, -3]], [[-3, 3], [0, 0]]])
    game = NormalForm(paid, moves=("C", "D"))
    assert verdicts(game, ("C", "C"), worth=DILEMMA.payoffs.mean(-1)) == ["proved", "proved"]


def test_rationals_are_compared_exactly():
    """A gain of 1/10^12 refutes in rationals, and is rounding in float64."""
    tiny = Fraction(1, 10**12)
    exact = NormalForm([[[1, 1], [0, 0]], [[1 + tiny, 0], [0, 0]]], moves=("a", "b"))
    rounded = NormalForm(exact.payoffs, moves=("a", "b"))
    assert Equilibria(("a", "a"))(exact)[0].witness["gain"] == pytest.approx(1e-12)
    assert "move" not in (Equilibria(("a", "a"))(rounded)[0].witness or {})


def test_an_unknown_move_is_refused():
    with pytest.raises(UnknownName, match="Did you mean"):
        Equilibria(("stagg", "stag"))(HUNT)


@settings(max_examples=40)
@given(st.integers(0, 10_000), st.integers(0, 3))
def test_verdicts_agree_with_brute_force_over_pure_play(seed, flat):
    """Random 2×2×2 games: proved exactly when the target alone survives every single deviation."""
    table = np.random.default_rng(seed).integers(0, 6, (2, 2, 2, 3)).astype(float)
    game = NormalForm(table)
    target = (flat // 2, flat % 2, seed % 2)
    stable = [
        place
        for place in np.ndindex(2, 2, 2)
        if all(table[place][i] >= table[(*place[:i], 1 - place[i], *place[i + 1 :])][i] for i in range(3))
    ]
    only, _ = Equilibria(game.labels(target))(game)
    assert (only.verdict == "proved") == (stable == [target])


def test_backward_induction_proves_and_refutes():
    """Under a veto on defection everybody cooperates; under a vote that needs a majority of two, nobody may."""
    voted = games.PrisonersDilemma().under(institutions.Vote(motion="C"))
    refuted = subgame_perfect(voted, 3.0)
    assert refuted.verdict == "refuted"
    assert refuted.witness["welfare"] < 3
    assert subgame_perfect(voted, 1.0).verdict == "proved"


def test_private_views_are_another_question():
    device = ((("stag", "stag"), 0.5), (("stag", "hare"), 0.25), (("hare", "stag"), 0.25))
    claim = subgame_perfect(HUNT.under(institutions.Advice(device=device)), 1.0)
    assert claim.verdict == "unknown"
    assert claim.numbers["reason"] == "views are private"


@pytest.mark.parametrize("crash", [-1e3, -1e6, -2e6, -1e9])
def test_a_large_penalty_does_not_buy_a_proof(crash):
    """(swerve, straight) is an equilibrium worth 4.5, so learners can end there, however bad the crash is."""
    game = games.Chicken(crash=crash)
    verdicts = {c.verdict for c in Equilibria(("swerve", "swerve"))(game) if c.statement.startswith("Learners")}
    assert verdicts <= {"refuted", "unknown"}
