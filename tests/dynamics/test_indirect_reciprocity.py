import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostrom.core.errors import InputError
from ostrom.dynamics.indirect_reciprocity import mirrored, stable_norms, standing

norms = st.text("BG", min_size=8, max_size=8)
rules = st.text("DC", min_size=4, max_size=4)
small = st.floats(0.01, 0.3)
ERRORS = {"execution": 0.05, "assignment": 0.04, "perception": 0.03}


def simulated(norm, population, rounds, seed):
    """The same population agent by agent, all met by one random donor each in every round."""
    rng, size = np.random.default_rng(seed), len(population)
    verdicts = np.array([letter == "G" for letter in norm]).reshape(2, 2, 2)
    acts = np.array([[letter == "C" for letter in rule] for rule in population]).reshape(size, 2, 2)
    good = np.ones(size, int)
    seen, got, gave = np.zeros(size), np.zeros(size), np.zeros(size)
    for time in range(rounds):
        for donor, recipient in zip(rng.permutation(size), rng.integers(size, size=size), strict=True):
            looks = good[recipient] ^ (rng.random() < ERRORS["perception"])
            helps = acts[donor, good[donor], looks] and rng.random() > ERRORS["execution"]
            if time >= rounds // 10:
                gave[donor] += helps
                got[recipient] += helps
            judged = verdicts[good[donor], good[recipient], int(helps)]
            good[donor] = judged ^ (rng.random() < ERRORS["assignment"])
        if time >= rounds // 10:
            seen += good
    counted = rounds - rounds // 10
    return seen / counted, (3 * got - gave) / counted


@pytest.mark.parametrize("norm", ["GBBGGBBG", "GGBGGBBG", "BBBGBGBG"])
def test_a_population_simulated_agent_by_agent(norm):
    kinds, size = ("CDCD", "DCDC", "CCDC", "DDDD"), 200
    shares = np.array([0.4, 0.3, 0.2, 0.1])
    which = np.repeat(np.arange(4), (shares * size).astype(int))
    found = standing(norm, kinds, shares, benefit=3, cost=1, **ERRORS)
    good, payoff = simulated(norm, [kinds[k] for k in which], 600, 3)
    for kind in range(4):
        assert good[which == kind].mean() == pytest.approx(found.good[kind], abs=0.03)
        assert payoff[which == kind].mean() == pytest.approx(found.payoff[kind], abs=0.1)


@given(norms, rules, rules, st.floats(0, 1), small, small, small)
def test_calling_good_bad_changes_no_payoff(norm, one, other, share, execution, assignment, perception):
    errors = {"execution": execution, "assignment": assignment, "perception": perception}
    there = standing(norm, (one, other), [share, 1 - share], benefit=2, cost=1, **errors)
    again, own = mirrored(norm, one)
    _, others = mirrored(norm, other)
    mirror = standing(again, (own, others), [share, 1 - share], benefit=2, cost=1, **errors)
    assert mirrored(again, own) == (norm, one)
    if one == other:
        assert np.allclose(mirror.good, 1 - there.good, atol=1e-9)
        assert np.allclose(mirror.payoff, there.payoff, atol=1e-9)
        assert np.isclose(mirror.cooperation, there.cooperation, atol=1e-9)


@given(norms, st.lists(rules, min_size=3, max_size=3), small, small, small)
def test_standings_stay_as_they_are_and_help_is_given_and_got(norm, kinds, execution, assignment, perception):
    shares = np.array([0.2, 0.3, 0.5])
    errors = {"execution": execution, "assignment": assignment, "perception": perception}
    found = standing(norm, tuple(kinds), shares, benefit=2, cost=1, **errors)
    everybody, verdict = shares @ found.good, np.array([letter == "G" for letter in norm]).reshape(2, 2, 2)
    for kind, good in zip(kinds, found.good, strict=True):
        act, after = np.array([letter == "C" for letter in kind]).reshape(2, 2), 0.0
        for own, met, seen, failed in np.ndindex(2, 2, 2, 2):
            odds = (good if own else 1 - good) * (everybody if met else 1 - everybody)
            odds *= (perception if seen != met else 1 - perception) * (execution if failed else 1 - execution)
            judged = verdict[own, met, int(act[own, seen] and not failed)]
            after += odds * (1 - assignment if judged else assignment)
        assert after == pytest.approx(good, abs=1e-9)
    assert shares @ found.payoff == pytest.approx(found.cooperation)  # benefit - cost = 1


def test_norms_of_the_second_order_are_among_those_of_the_third():
    second, third = stable_norms(order=2), stable_norms()
    for n, norm in enumerate(second.norms):
        for m, rule in enumerate(second.rules):
            row, column = third.norms.index(norm * 2), third.rules.index(rule * 2)
            assert second.payoff[n, m] == pytest.approx(third.payoff[row, column])
            assert second.margin[n, m] >= third.margin[row, column] - 1e-12  # fewer mutants


def test_the_margin_is_that_of_the_best_mutant():
    found = stable_norms(benefit=3, execution=0.05)
    n, m = found.norms.index("GBBGGBBG"), found.rules.index("CDCD")
    for mutant in found.rules:
        pair = standing(found.norms[n], ("CDCD", mutant), [1, 0], benefit=3, cost=1, execution=0.05, assignment=0.02)
        gain = pair.payoff[1] - pair.payoff[0]
        assert gain <= -found.margin[n, m] + 1e-9 or mutant == "CDCD"
        if mutant == found.rules[found.best[n, m]]:
            assert gain == pytest.approx(-found.margin[n, m])


def test_without_cost_to_be_stable_there_is_nobody_who_helps_for_nothing():
    """Where help costs more than it brings nobody's help is stable, under any norm."""
    found = stable_norms(benefit=0.9, cost=1.0)
    assert (found.payoff[found.stable] > -1e-9).all()


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"norm": "GGX"}, "no norm"),
        ({"rules": ("DC", "E")}, "no action rule"),
        ({"shares": [0.5, 0.6]}, "sum to 1"),
        ({"shares": [1.0]}, "2 rules"),
        ({"shares": [np.nan, 1.0]}, "at least 0"),
        ({"execution": 0.7}, "0 to 1/2"),
        ({"assignment": float("nan")}, "0 to 1/2"),
    ],
)
def test_nonsense_is_refused(change, match):
    given_ = {"norm": "GBBG", "rules": ("DC", "DD"), "shares": [0.5, 0.5], "benefit": 2, "cost": 1} | change
    with pytest.raises(InputError, match=match):
        standing(given_.pop("norm"), given_.pop("rules"), given_.pop("shares"), **given_)
    with pytest.raises(InputError, match="order=4"):
        stable_norms(order=4)


def test_where_nobody_ever_changes_standing_all_stay_good():
    """No errors in what is entered, and the good never fall under L8 when all they meet are good and helped."""
    found = standing("BBBGGGBG", ("DCDC",), [1.0], benefit=5, cost=1, execution=0.0, assignment=0.0)
    assert found.good == pytest.approx(1.0)
    assert np.isfinite(found.payoff).all()
