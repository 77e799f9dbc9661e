"""R2: the leading eight of Ohtsuki and Iwasa (2004), and stern judging in Santos, Santos and Pacheco (2016)."""

import numpy as np
import pytest

from ostrom.dynamics import mirrored, pairwise_comparison, stable_norms, standing


def test_r2a_the_leading_eight():
    """All 4,096 pairs: 306 are stable, and sixteen of them, the eight and their mirror images, keep cooperation up."""
    found = stable_norms()
    assert found.payoff.shape == (256, 16)
    assert found.stable.sum() == 306
    leading = {(norm, rule) for norm, rule, _ in found.leading(0.94)}
    assert len(leading) == 16
    assert all(mirrored(*pair) in leading for pair in leading)
    rest = found.stable & (found.payoff < 0.94)
    assert found.payoff[rest].max() == pytest.approx(0.8385, abs=5e-5)
    eight = [pair for pair in leading if pair[0][7] == "G" and pair[0][6] == "B" and pair[1][3] == "C"]
    assert len(eight) == 8
    for norm, rule in eight:
        (bad_bad, bad_good), (good_bad, good_good) = (
            [{"D": norm[4 * own + 2 * met], "C": norm[4 * own + 2 * met + 1]} for met in (0, 1)] for own in (0, 1)
        )
        assert good_good == {"C": "G", "D": "B"}
        assert good_bad["D"] == "G"
        assert bad_good == {"C": "G", "D": "B"}
        assert rule[1:] == "CDC"
        assert (rule[0] == "C") == (bad_bad == {"C": "G", "D": "B"})
    free = {(norm[5], norm[1], norm[0]) for norm, _ in eight}
    assert len(free) == 8


WIN = {"GBBG": 0.81, "GGBG": 0.63, "BGBG": 0.22, "BBBG": 0.06}


def cooperation(norm, execution):
    """How often help is given while four action rules evolve: help nobody, the bad, the good, all."""
    rules = ("DD", "CD", "DC", "CC")

    def at(counts):
        shares = counts / counts.sum(1, keepdims=True)
        errors = {"execution": execution, "assignment": 0.01, "perception": 0.01}
        return standing(norm, rules, shares, benefit=5, cost=1, **errors)

    found = pairwise_comparison(lambda counts: at(counts).payoff, 4, 50, strength=1.0, mutation=1 / 50)
    return found.odds @ at(found.counts).cooperation


@pytest.mark.slow
def test_r2b_stern_judging_wins():
    found = {norm: cooperation(norm, 0.08) for norm in WIN}
    for norm, expected in WIN.items():
        assert found[norm] == pytest.approx(expected, abs=0.05)
    assert sorted(found, key=found.get, reverse=True) == list(WIN)  # stern judging, simple standing, image, shunning
    assert cooperation("GBBG", 0.01) > 0.9


@pytest.mark.slow
def test_r2b_in_a_smaller_population_too():
    """Not a published figure: the two ends of the order already hold among twenty."""
    rules = ("DD", "CD", "DC", "CC")

    def at(norm, counts):
        errors = {"execution": 0.08, "assignment": 0.01, "perception": 0.01}
        return standing(norm, rules, counts / counts.sum(1, keepdims=True), benefit=5, cost=1, **errors)

    ends = []
    for norm in ("GBBG", "BBBG"):
        found = pairwise_comparison(lambda c, norm=norm: at(norm, c).payoff, 4, 20, strength=1.0, mutation=1 / 20)
        ends.append(found.odds @ at(norm, found.counts).cooperation)
    assert ends[0] > 0.5 > 0.2 > ends[1]
    assert np.isfinite(ends).all()
