"""Learners that are run: planted failures, witnesses that replay, intervals against SciPy, rows that stay the same."""

import numpy as np
import pytest
from scipy.stats import binomtest, t

from ostrom import NormalForm
from ostrom.audits._case import Case
from ostrom.audits._student import interval, quantile, wilson
from ostrom.audits.learners import RULES, Learners
from ostrom.core.errors import InputError, UnknownName
from ostrom.testing.check_audit import check_audit

DILEMMA = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D"))
HUNT = NormalForm([[[4, 4], [0, 3]], [[3, 0], [3, 3]]], moves=("stag", "hare"))


@pytest.mark.parametrize("rule", RULES)
def test_planted_failure_and_success(rule):
    """Nobody learns to cooperate in a dilemma played once, and everybody learns to defect."""
    audit = Learners(seeds=8, rounds=200, rules=(rule,))
    check_audit(audit, fails=(DILEMMA, ("C", "C")), holds=(DILEMMA, ("D", "D")))


def test_the_worst_run_replays():
    audit = Learners(seeds=6, rounds=100, rules=("regret matching", "q-learning"))
    for claim in audit(HUNT, ("stag", "stag"), seed=4):
        assert claim.verdict == "refuted"
        told = claim.witness
        again = audit.welfare(Case.of(HUNT, ("stag", "stag"), seed=told["seed"]), told["rule"], [told["run"]])
        assert again[0] == told["welfare"]


@pytest.mark.parametrize("rule", RULES)
def test_a_run_does_not_depend_on_the_others(rule):
    game = NormalForm(np.random.default_rng(0).normal(size=(3, 2, 2, 3)))
    case, audit = Case.of(game, seed=5), Learners(rounds=30)
    together = audit.welfare(case, rule, range(9))
    assert audit.welfare(case, rule, [7, 2]).tolist() == together[[7, 2]].tolist()
    assert audit.welfare(case.asking(seed=6), rule, range(9)).tolist() != together.tolist()


def test_welfare_is_that_of_the_second_half():
    """Fictitious play of a dilemma: whatever the start, from the second round on both defect."""
    found = Learners(rounds=2).welfare(Case.of(DILEMMA), "fictitious play", range(5))
    assert found == pytest.approx(np.ones(5), abs=1e-12)


def test_no_run_makes_up_for_another():
    """From half of the starts both get 0, from half 3: short of 1 on average, and not above it."""
    game = NormalForm([[[3, 3], [-1, -1]], [[-1, -1], [0, 0]]])
    welfare = np.array([[3.0, 1.0], [1.0, 0.0]])
    (claim,) = Learners(rounds=60, rules=("hedge",))(game, ("1", "2"), worth=welfare)
    assert claim.numbers["mean"] > 1 > claim.numbers["mean up to the target"]
    assert claim.verdict != "supported"
    assert claim.numbers["reached"] < claim.numbers["n"]
    short = claim.numbers["n"] - claim.numbers["reached"]
    assert claim.statement.endswith(f" {short} of {claim.numbers['n']} runs fell short by more.")


def test_a_welfare_that_nothing_changes_is_reached():
    (claim,) = Learners(rounds=50, rules=("hedge",))(DILEMMA, worth=np.full((2, 2), 0.1))
    assert claim.verdict == "supported"


def test_intervals_are_those_of_scipy():
    for freedom in (1, 2, 3, 4, 7, 31, 100):
        assert quantile(freedom) == pytest.approx(t.ppf(0.975, freedom), abs=1e-9)
    values = np.random.default_rng(0).normal(size=12)
    wanted = t.interval(0.95, 11, values.mean(), values.std(ddof=1) / np.sqrt(12))
    assert interval(values) == pytest.approx(wanted)
    for count, of in ((0, 5), (3, 7), (32, 32)):
        found = binomtest(count, of).proportion_ci(method="wilson")
        assert wilson(count, of) == pytest.approx([found.low, found.high], abs=1e-9)


def test_what_takes_too_long_is_unknown():
    game = NormalForm(np.zeros((100, 100, 2)))
    verdicts = [claim.verdict for claim in Learners(rounds=10**7, rules=("hedge",))(game)]
    assert verdicts == ["unknown"]
    memory = Learners(rules=("q-learning with memory",), seeds=32)
    (claim,) = memory(NormalForm(np.zeros((300, 300, 2))))
    assert claim.verdict == "unknown"
    assert "fit" in claim.numbers["reason"] or "numbers" in claim.numbers["reason"]


def test_wrong_words_and_numbers_are_refused():
    with pytest.raises(UnknownName, match="hedge"):
        Learners(rules=("hedges",))
    for wrong in ({"seeds": 1}, {"rounds": 1}, {"tolerance": -0.1}, {"tolerance": float("nan")}):
        with pytest.raises(InputError):
            Learners(**wrong)
