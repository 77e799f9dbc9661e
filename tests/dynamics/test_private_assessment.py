"""Private opinions against a population simulated deed by deed, recursions by hand, and the public case."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.core.errors import InputError, TooLarge
from ostrom.dynamics.indirect_reciprocity import stable_norms, standing
from ostrom.dynamics.pairwise_comparison import pairwise_comparison
from ostrom.dynamics.private_assessment import (
    LEADING_EIGHT,
    private_assessment,
    private_mean_field,
    resistance,
)

NAMED = {"stern judging": "GBBG", "simple standing": "GGBG", "image scoring": "BGBG", "shunning": "BBBG"}
norms = st.text("BG", min_size=4, max_size=4)
small = st.floats(0.02, 0.3)
VALUE = {"benefit": 5, "cost": 1}


def test_the_leading_eight_are_those_of_the_public_case():
    found = {pair[:2] for pair in stable_norms().leading()}
    assert set(LEADING_EIGHT) <= found
    assert len(set(LEADING_EIGHT)) == 8
    assert LEADING_EIGHT[2] == ("GGBG" * 2, "DC" * 2)  # simple standing
    assert LEADING_EIGHT[5] == ("GBBG" * 2, "DC" * 2)  # stern judging


# Simulation -------------------------------------------------------------------------------------------------------


def deed_by_deed(norm, rules, rounds, settling, seed, seen, noise, execution, assignment):
    """The same, one opinion after another."""
    rng, size = np.random.default_rng(seed), len(rules)
    opinion = [[True] * size for _ in range(size)]
    gave, got, liked = np.zeros(size), np.zeros(size), np.zeros(size)
    for time in range(rounds):
        deeds = []
        for donor in range(size):
            met = rng.choice([other for other in range(size) if other != donor])
            helps = rules[donor][2 * opinion[donor][donor] + opinion[donor][met]] == "C"
            deeds.append((donor, met, helps and rng.random() >= execution))
        if time >= settling:
            for donor, met, helps in deeds:
                gave[donor] += helps
                got[met] += helps
                liked[donor] += sum(opinion[k][donor] for k in range(size) if k != donor)
        after = [row[:] for row in opinion]
        for donor, met, helps in deeds:
            for k in range(size):
                if k not in (donor, met) and rng.random() >= seen:
                    continue
                did = helps ^ (k != donor and rng.random() < noise)
                letter = norm[4 * opinion[k][donor] + 2 * opinion[k][met] + did]
                after[k][donor] = (letter == "G") ^ (rng.random() < assignment)
        opinion = after
    return liked / (rounds - settling) / (size - 1), (5 * got - gave) / (rounds - settling)


@pytest.mark.parametrize(("norm", "rule"), [LEADING_EIGHT[0], LEADING_EIGHT[6], ("BBGGGBBG", "CDDC")])
def test_a_population_simulated_deed_by_deed(norm, rule):
    errors = {"seen": 0.7, "noise": 0.04, "execution": 0.06, "assignment": 0.03}
    rules, counts = (rule, "CCCC", "DDDD"), [5, 2, 2]
    which = np.repeat(np.arange(3), counts)
    good, payoff = deed_by_deed(norm, [rules[k] for k in which], 1500, 100, 1, **errors)
    found = private_assessment(norm, rules, [counts] * 4, **VALUE, rounds=3000, seed=2, **errors)
    for kind in range(3):
        assert good[which == kind].mean() == pytest.approx(found.good[:, kind].mean(), abs=0.03)
        assert payoff[which == kind].mean() == pytest.approx(
            found.payoff[:, kind].mean(), abs=0.27
        )  # three standard errors


@given(norms, st.integers(0, 99), st.floats(0, 0.5))
@settings(max_examples=5, deadline=None)
def test_the_same_seed_gives_the_same_and_help_is_given_and_got(norm, seed, noise):
    odds = {"seen": 0.8, "noise": noise, "rounds": 60, "settling": 10}
    once, again = (
        private_assessment(norm, ("DC", "CC"), [[4, 2], [6, 0]], **VALUE, seed=seed, **odds) for _ in range(2)
    )
    assert all(np.array_equal(getattr(once, name), getattr(again, name), equal_nan=True) for name in vars(once))
    assert np.isnan(once.payoff[1, 1])
    assert once.payoff[0] @ [4, 2] / 6 == pytest.approx(4 * once.cooperation[0])  # benefit - cost
    assert once.payoff[1, 0] == pytest.approx(4 * once.cooperation[1])


@pytest.mark.parametrize(("norm", "rule"), LEADING_EIGHT)
def test_where_all_see_all_without_error_opinions_are_public(norm, rule):
    found = private_assessment(norm, (rule,), [100], **VALUE, execution=0.1, rounds=1000, seed=1)
    public = standing(norm, (rule,), [1.0], **VALUE, execution=0.1, assignment=1e-9)
    assert found.agreement == 1
    assert found.good[0] == pytest.approx(public.good[0], abs=0.02)
    assert found.payoff[0] == pytest.approx(public.payoff[0], abs=0.08)


@pytest.mark.parametrize("norm", NAMED.values(), ids=NAMED)
def test_many_who_are_simulated_come_to_the_mean_field(norm):
    errors = {"noise": 0.03, "execution": 0.05, "assignment": 0.02}
    rules, counts = ("DC", "CC", "DD"), np.array([150, 60, 40])
    found = private_assessment(norm, rules, counts, **VALUE, rounds=250, settling=50, seed=3, **errors)
    law = private_mean_field(norm, rules, counts / 250, **VALUE, **errors)
    assert found.good == pytest.approx(law.good, abs=0.012)
    assert found.payoff == pytest.approx(law.payoff, abs=0.08)
    assert found.agreement == pytest.approx(law.agreement, abs=0.01)


# Mean field -------------------------------------------------------------------------------------------------------


@given(small, small, small)
@settings(max_examples=10, deadline=None)
def test_under_stern_judging_one_half_is_good_in_anybodys_eyes(noise, execution, assignment):
    """Uchida and Sasaki (2013)."""
    found = resistance("GBBG", noise=noise, execution=execution, assignment=assignment)
    assert (found.good, found.always, found.never) == pytest.approx((0.5, 0.5, 0.5), abs=1e-7)
    assert found.cooperation == pytest.approx((1 - execution) / 2, abs=1e-7)
    assert not found.possible


@given(small, st.floats(0, 0.3))
@settings(max_examples=10, deadline=None)
def test_image_scoring_has_a_closed_form_and_no_benefit_makes_it_stable(wrong, execution):
    found = resistance("BGBG", execution=execution, assignment=wrong)
    kept = (1 - 2 * wrong) * (1 - execution)
    assert found.good == pytest.approx(wrong / (1 - kept), abs=1e-6)
    assert found.low == pytest.approx(1 / kept, rel=1e-5)
    assert found.high == pytest.approx(found.low, rel=1e-5)
    assert not found.possible


@given(small, st.floats(0, 0.3))
@settings(max_examples=10, deadline=None)
def test_simple_standing_and_shunning_are_renewals(wrong, execution):
    """After help (under shunning, after none) goodness begins anew; between, it follows one line."""
    for norm, again in (("GGBG", True), ("BBBG", False)):
        good = 1 - wrong if again else wrong
        weight = total = mean = 0.0
        weight = 1.0
        for _ in range(3000):
            total, mean = total + weight, mean + weight * good
            helped = (1 - execution) * good
            weight *= 1 - helped if again else helped
            fine = (1 - good if again else good) * (1 - 2 * wrong) + wrong
            good = fine
        found = resistance(norm, execution=execution, assignment=wrong)
        assert found.good == pytest.approx(mean / total, abs=1e-5)


@given(st.sampled_from(sorted(NAMED.values())), small, st.floats(0, 0.2), st.floats(1.05, 8))
@settings(max_examples=15, deadline=None)
def test_resistance_is_what_payoffs_say(norm, wrong, execution, ratio):
    found = resistance(norm, execution=execution, assignment=wrong)
    odds = {"execution": execution, "assignment": wrong}
    payoff = private_mean_field(norm, ("DC", "CC", "DD"), [1, 0, 0], benefit=ratio, cost=1, **odds).payoff
    if min(abs(ratio - found.low), abs(ratio - found.high)) > 1e-3:
        assert (payoff[0] > payoff[1:].max() + 1e-9) == (found.possible and found.low < ratio < found.high)


def test_simple_standing_can_be_stable_and_stern_judging_never():
    """Fujimoto and Ohtsuki (2023): found so for the four norms at their errors; what can be and what cannot."""
    for wrong in (0.01, 0.05, 0.1):
        found = {name: resistance(norm, assignment=wrong) for name, norm in NAMED.items()}
        assert found["simple standing"].possible
        assert 1 < found["simple standing"].low < found["simple standing"].high < 3
        assert found["simple standing"].cooperation > 0.75
        assert not found["stern judging"].possible
        assert not found["image scoring"].possible
        assert found["shunning"].low > 1 / wrong / 2  # a benefit that is out of all proportion


# The leading eight ------------------------------------------------------------------------------------------------


def test_private_noise_breaks_what_errors_in_public_do_not():
    """Among those who all follow a norm (Hilbe et al., 2018): stern judging one half, L8 next to nothing."""
    odds = {"seen": 0.9, "noise": 0.05, "rounds": 700, "seed": 4}
    helps = [
        float(private_assessment(norm, (rule,), [50], **VALUE, **odds).cooperation) for norm, rule in LEADING_EIGHT
    ]
    assert helps[5] == pytest.approx(0.5, abs=0.02)
    assert helps[7] < 0.1
    assert min(helps[k] for k in (0, 2, 3, 6)) > 0.8
    assert all(0.55 < helps[k] < 0.75 for k in (1, 4))
    public = [standing(norm, (rule,), [1.0], **VALUE, assignment=0.05).cooperation for norm, rule in LEADING_EIGHT]
    assert min(public) > 0.88


@pytest.mark.slow
def test_which_norms_sustain_cooperation_when_others_can_invade():
    """Imitation among twenty, exactly, with those who always and never help: three of eight keep up some, none all."""

    def helps(payoffs):
        kept = {}

        def at(counts):
            kept["help"], payoff = payoffs(counts)
            return payoff

        return pairwise_comparison(at, 3, 20, mutation=0.01).odds @ kept["help"]

    def private(norm, rule):
        odds = {"seen": 0.9, "noise": 0.05, "rounds": 200, "settling": 50, "seed": 5}

        def at(counts):
            found = private_assessment(norm, (rule, "CC", "DD"), counts, **VALUE, **odds)
            return found.cooperation, found.payoff

        return helps(at)

    def public(norm, rule):
        def at(counts):
            shares = counts / counts.sum(1, keepdims=True)
            found = standing(norm, (rule, "CC", "DD"), shares, **VALUE, assignment=0.05)
            return found.cooperation, found.payoff

        return helps(at)

    alone, shared = ([how(*pair) for pair in LEADING_EIGHT] for how in (private, public))
    assert min(shared) > 0.65
    assert min(alone[k] for k in (0, 1, 6)) > 0.5
    assert max(alone[k] for k in (2, 3, 4, 5, 7)) < 0.3
    assert max(alone) < min(shared)


# What is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"norm": "GGX"}, "no norm"),
        ({"rules": ("DC", "E")}, "no action rule"),
        ({"rules": ()}, "at least one"),
        ({"counts": [3]}, "2 rules"),
        ({"counts": [0.5, 1.5]}, "The counts are"),
        ({"counts": [[3, 1], [2, 1]]}, "same size"),
        ({"counts": [1, 0]}, "2 or more"),
        ({"seen": 1.5}, "odds from 0 to 1"),
        ({"rounds": 10}, "after those of settling"),
        ({"noise": float("nan")}, "0 to 1/2"),
        ({"counts": [3000, 3000]}, "too many opinions"),
    ],
)
def test_nonsense_is_refused(change, match):
    given_ = {"norm": "GBBG", "rules": ("DC", "DD"), "counts": [3, 1], "seed": 0, **VALUE} | change
    with pytest.raises((InputError, TooLarge), match=match):
        private_assessment(**given_)


def test_the_mean_field_is_for_norms_of_the_second_order():
    with pytest.raises(InputError, match="Simulate it"):
        private_mean_field("BGBGGBBG", ("CCDC",), [1.0], **VALUE, noise=0.1)
    with pytest.raises(InputError, match="sum to 1"):
        private_mean_field("GBBG", ("DC",), [0.5], **VALUE, noise=0.1)
