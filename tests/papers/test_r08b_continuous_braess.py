"""R8b: the continuous Braess paradox, a, b, c, d = 0, b, 4, 0: forbidding part of the interval helps, most at b = 9.

Each of two players gets −4x² + (b − 5)x − 4y + 17 for the share x of its traffic on one of its roads, x in [0, 1].
"""

from fractions import Fraction

import pytest

from ostrom.designers.interval_restriction import GoalName, IntervalRestriction, Quadratic, interval_restriction

WHOLE = [Fraction(b) for b in range(4, 19)]


def braess(b):
    return Quadratic((-4, 0, 0, b - 5, -4, 17), 0, 1)


def clip(x):
    return min(max(x, Fraction(0)), Fraction(1))


def designed(b, goal: GoalName = "best"):
    found = interval_restriction(braess(b), goal=goal)
    assert isinstance(found, IntervalRestriction)
    assert found.welfare_before is not None
    assert found.welfare_after is not None
    return found, found.welfare_before, found.welfare_after


@pytest.mark.parametrize("b", WHOLE)
def test_equilibrium_and_target_are_the_closed_forms(b):
    found, (worst, best), (_, after) = designed(b)
    nash, wanted = clip(Fraction(b - 5) / 8), clip(Fraction(b - 9) / 8)
    assert found.before == ((nash, nash),)
    assert found.target == (wanted, wanted)
    assert worst == best == braess(b).welfare((nash, nash))
    assert after == braess(b).welfare((wanted, wanted))
    assert (wanted, wanted) in found.after


@pytest.mark.parametrize(
    ("b", "before", "after"), [(9, 32, 34), (6, Fraction(265, 8), 34), (13, 34, 36), (17, 42, 42), (18, 44, 44)]
)
def test_the_published_welfare(b, before, after):
    goals: tuple[GoalName, ...] = ("best", "worst", "unique")
    for goal in goals:
        found, (worst, _), (low, best) = designed(b, goal)
        assert (worst, best) == (before, after)
        assert low == after or goal == "best"
        assert {claim.verdict for claim in found.claims} == {"proved"}


def test_the_gain_is_a_sixteenth_at_most_and_there_at_nine():
    gains = {b: after / before - 1 for b in WHOLE for _, (before, _), (_, after) in [designed(b)]}
    assert max(gains.values()) == gains[Fraction(9)] == Fraction(1, 16)
    assert float(gains[Fraction(6)]) == pytest.approx(0.02642, abs=5e-6)
    assert all(gain == 0 for b, gain in gains.items() if b >= 17)


def test_what_has_to_go_for_it():
    """At b = 6 a quarter of the interval; at b = 9 all that lies between the ends, and the other end for safety."""
    assert designed(6)[0].left == ((0, 0), (Fraction(1, 4), 1))
    assert designed(9)[0].left == ((0, 0), (1, 1))
    assert designed(9, "worst")[0].left == ((0, 0),)
