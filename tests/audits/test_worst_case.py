"""What learners without regret can end in, compared with SciPy's linear programs, and distributions that replay."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from ostrom import NormalForm, games, institutions
from ostrom.audits.worst_case import WorstCase
from ostrom.core.exact import fraction
from ostrom.testing.check_audit import check_audit

DILEMMA = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D"))
HUNT = NormalForm([[[4, 4], [0, 3]], [[3, 0], [3, 3]]], moves=("stag", "hare"))


def worst_by_scipy(game):
    """The least mean payoff over coarse correlated equilibria."""
    rows = []
    for i in range(len(game.players)):
        for move in range(game.sizes[i]):
            fixed = np.take(game.payoffs[..., i], [move], axis=i)
            rows.append((fixed - game.payoffs[..., i]).ravel())
    goal = game.payoffs.mean(-1).ravel()
    found = linprog(goal, A_ub=rows, b_ub=np.zeros(len(rows)), A_eq=[np.ones(goal.size)], b_eq=[1], bounds=(0, None))
    return found.fun


def test_planted_failure_and_success():
    check_audit(WorstCase(), fails=(HUNT, ("stag", "stag")), holds=(DILEMMA, ("D", "D")))
    check_audit(WorstCase(floor=1.5), fails=(DILEMMA, ("D", "D")), holds=(HUNT, ("stag", "stag")))


def test_a_governed_game_counts_welfare_before_payments():
    fined = DILEMMA.under(institutions.Fines((("*", "D", 3.0),), shared=False))
    check_audit(WorstCase(), fails=(DILEMMA, ("C", "C")), holds=(fined, ("C", "C")))


@settings(max_examples=30)
@given(st.integers(0, 10_000), st.sampled_from([(2, 2), (3, 2), (2, 2, 2), (3, 3)]))
def test_floors_round_the_worst_that_scipy_finds(seed, sizes):
    game = NormalForm(np.random.default_rng(seed).integers(0, 9, (*sizes, len(sizes))).astype(float))
    worst = worst_by_scipy(game)
    (below,) = WorstCase(floor=worst - 0.01)(game)
    (above,) = WorstCase(floor=worst + 0.01)(game)
    assert below.verdict == "proved"
    assert below.evidence["kind"] == "coarse floor"
    if worst < game.payoffs.mean(-1).max() - 0.01:
        assert above.verdict == "refuted"
        assert above.witness["welfare"] == pytest.approx(worst, abs=1e-7)
        assert float(fraction(above.evidence["worth"])) == pytest.approx(worst, abs=1e-5)


def test_the_distribution_replays():
    (claim,) = WorstCase()(HUNT, ("stag", "stag"))
    odds = {
        HUNT.profile(place.strip("()").split(", ")): share for place, share in claim.witness["distribution"].items()
    }
    assert sum(odds.values()) == pytest.approx(1)
    assert sum(share * HUNT.payoffs[place].mean() for place, share in odds.items()) == pytest.approx(
        claim.witness["welfare"]
    )
    for i in range(2):
        for move in range(2):
            other = {place: (*place[:i], move, *place[i + 1 :]) for place in odds}
            gain = sum(share * (HUNT.payoffs[other[p]][i] - HUNT.payoffs[p][i]) for p, share in odds.items())
            assert gain < 1e-9


def test_bystanders_count_in_the_welfare():
    loss = np.array([[[0.0], [0.0]], [[0.0], [-9.0]]])
    game = NormalForm(DILEMMA.payoffs, moves=("C", "D"), bystanders=("town",), bystander_payoffs=loss)
    (claim,) = WorstCase()(game, ("D", "D"))
    assert claim.verdict == "proved"
    assert claim.evidence["worth"] == fraction("-7/3")


def test_a_move_may_have_the_name_of_its_player():
    game = NormalForm(DILEMMA.payoffs, players=("C", "D"), moves=("C", "D"))
    assert [claim.verdict for claim in WorstCase()(game, ("D", "D"))] == ["proved"]


def test_a_table_that_is_too_large_is_unknown():
    (claim,) = WorstCase()(NormalForm(np.zeros((600, 600, 2))))
    assert claim.verdict == "unknown"
    assert "reason" in claim.numbers


@pytest.mark.parametrize("crash", [-1e3, -1e6, -2e6, -1e9])
def test_a_large_penalty_does_not_buy_a_proof(crash):
    """(swerve, straight) is an equilibrium worth 4.5, so learners can end there, however bad the crash is."""
    (claim,) = WorstCase()(games.Chicken(crash=crash), ("swerve", "swerve"))
    assert claim.verdict in ("refuted", "unknown")
