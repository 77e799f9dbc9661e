"""Does it hold? Planted successes pass, planted failures are refuted, and witnesses replay."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom import NormalForm, games, institutions
from ostrom.audits._case import Case
from ostrom.audits.equilibria import Equilibria, subgame_perfect
from ostrom.core.errors import InputError, UnknownName
from ostrom.testing.check_audit import check_audit

DILEMMA = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D"))
HUNT = NormalForm([[[4, 4], [0, 3]], [[3, 0], [3, 3]]], moves=("stag", "hare"))


def verdicts(game, target, **more):
    return [claim.verdict for claim in Equilibria()(game, target, **more)]


def test_planted_failure_and_success():
    check_audit(Equilibria(), fails=(DILEMMA, ("C", "C")), holds=(DILEMMA, ("D", "D")))
    check_audit(Equilibria(), fails=(HUNT, ("stag", "stag")), holds=(DILEMMA, ("D", "D")))


def test_leaving_and_settling_elsewhere_are_two_claims():
    assert verdicts(DILEMMA, ("D", "D")) == ["proved", "proved"]
    assert verdicts(DILEMMA, ("C", "C")) == ["refuted"]  # what is no equilibrium is not the only one
    assert verdicts(HUNT, ("stag", "stag")) == ["proved", "refuted"]


def test_who_gains_by_leaving_is_named():
    (claim,) = Equilibria()(DILEMMA, ("C", "C"))
    assert claim.witness == {"at": ("C", "C"), "player": "player 1", "move": "D", "gain": 2}


def test_another_equilibrium_is_a_witness_that_replays():
    _, only = Equilibria()(HUNT, ("stag", "stag"))
    if "equilibrium" in only.witness:
        shares = HUNT.pure(HUNT.profile(only.witness["equilibrium"]))
    else:
        shares = [np.array(list(only.witness[player].values())) for player in HUNT.players]
    assert HUNT.regret(shares) < 1e-12
    assert not all(own[0] == 1 for own in shares)


def test_a_mixed_equilibrium_beside_the_target_is_found():
    """(a, a) is the only pure equilibrium; matching pennies over b and c is another, mixed one."""
    table = np.array(
        [[[1, 1], [0, 0], [0, 0]], [[0, 0], [3, -1], [-1, 3]], [[0, 0], [-1, 3], [3, -1]]],
    )
    game = NormalForm(table, moves=("a", "b", "c"))
    first, only = Equilibria()(game, ("a", "a"))
    assert (first.verdict, only.verdict) == ("proved", "refuted")
    shares = [np.array(list(only.witness[player].values())) for player in game.players]
    assert game.regret(shares) < 1e-12
    assert shares[0][0] < 1


def test_three_players_are_checked_for_other_pure_equilibria():
    """Everybody has to hold the lever or nobody gains: all and none are equilibria."""
    table = NormalForm.from_function(lambda *held: [3.0 * all(held) - held[i] for i in range(3)], [(0, 1)] * 3)
    first, only = Equilibria()(table, ("1", "1", "1"))
    assert first.verdict == "proved"
    assert only.statement == "(1, 1, 1) is the only pure equilibrium."
    assert only.witness["equilibrium"] == ["0", "0", "0"]


def test_payments_count_for_the_players():
    paid = DILEMMA.payoffs + np.array([[[0, 0], [3, -3]], [[-3, 3], [0, 0]]])
    assert verdicts(NormalForm(paid, moves=("C", "D")), ("C", "C"), worth=DILEMMA.payoffs.mean(-1)) == ["proved"] * 2
    assert verdicts(DILEMMA.under(institutions.Fines((("*", "D", 3.0),))), ("C", "C")) == ["proved"] * 2


def test_a_welfare_of_another_shape_is_refused():
    with pytest.raises(InputError, match="shape"):
        Equilibria()(DILEMMA, ("C", "C"), worth=np.zeros(3))


def test_the_default_target_has_the_highest_welfare():
    assert Case.of(DILEMMA).target == ("C", "C")
    loss = np.array([[[-9.0], [0.0]], [[0.0], [0.0]]])
    game = NormalForm(DILEMMA.payoffs, moves=("C", "D"), bystanders=("town",), bystander_payoffs=loss)
    assert Case.of(game).target == ("C", "D")
    assert Case.of(game).wanted == pytest.approx(5 / 3)


def test_rationals_are_compared_exactly():
    """A gain of 1/10^12 refutes, in fractions and in floats; what sums of floats leave in the last place does not."""
    tiny = Fraction(1, 10**12)
    exact = NormalForm([[[1, 1], [0, 0]], [[1 + tiny, 0], [0, 0]]], moves=("a", "b"))
    (refuted,) = Equilibria()(exact, ("a", "a"))
    assert refuted.witness["gain"] == tiny
    first = Equilibria()(NormalForm(exact.payoffs, moves=("a", "b")), ("a", "a"))[0]
    assert first.verdict == "refuted"
    sums = NormalForm([[[0.3, 1], [0, 0]], [[0.1 + 0.2, 0], [0, 0]]], moves=("a", "b"))
    assert Equilibria()(sums, ("a", "a"))[0].verdict == "proved"


def test_a_penalty_elsewhere_hides_no_gain():
    """One very large loss sets the scale of all payoffs, and a gain is a gain all the same."""
    table = np.zeros((3, 3, 2))
    table[:2, :2] = [[[3, 3], [0, 3.5]], [[3.5, 0], [1, 1]]]
    for loss in (1e8, 1e9, 1e13):
        table[2, 2] = -loss
        game = NormalForm(table, moves=("C", "D", "X"))
        assert Equilibria()(game, ("C", "C"))[0].verdict == "refuted"


def test_an_unknown_move_is_refused():
    with pytest.raises(UnknownName, match="Did you mean"):
        Equilibria()(HUNT, ("stagg", "stag"))


@settings(max_examples=40)
@given(st.integers(0, 10_000), st.integers(0, 3))
def test_verdicts_agree_with_brute_force_over_pure_play(seed, flat):
    """Random 2×2×2 games: an equilibrium and the only pure one exactly when single deviations say so."""
    table = np.random.default_rng(seed).integers(0, 6, (2, 2, 2, 3)).astype(float)
    game = NormalForm(table)
    target = (flat // 2, flat % 2, seed % 2)
    stable = [
        place
        for place in np.ndindex(2, 2, 2)
        if all(table[place][i] >= table[(*place[:i], 1 - place[i], *place[i + 1 :])][i] for i in range(3))
    ]
    claims = Equilibria()(game, game.labels(target))
    assert (claims[0].verdict == "proved") == (target in stable)
    if target in stable and "pure" in claims[1].statement:
        assert (claims[1].verdict == "proved") == (stable == [target])
    elif target in stable:
        assert stable == [target]  # the only one of all implies the only pure one


@settings(max_examples=25)
@given(st.integers(0, 10_000))
def test_renaming_players_renames_witnesses(seed):
    table = np.random.default_rng(seed).integers(0, 6, (2, 3, 2)).astype(float)
    names = {"player 1": "row", "player 2": "column"}
    for old, new in zip(
        Equilibria()(NormalForm(table), ("1", "2")),
        Equilibria()(NormalForm(table, players=tuple(names.values())), ("1", "2")),
        strict=True,
    ):
        assert old.verdict == new.verdict
        if old.witness and "player" in old.witness:
            assert {**old.witness, "player": names[old.witness["player"]]} == new.witness


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
