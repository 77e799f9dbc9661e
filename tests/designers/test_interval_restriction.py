"""The designer of forbidden intervals: published numbers, tables of whole numbers, brute force over cuts."""

from fractions import Fraction
from itertools import combinations_with_replacement

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.core.errors import InputError, UnknownName
from ostrom.core.ground import Ground, Part
from ostrom.core.institution import View
from ostrom.core.society import Session
from ostrom.core.world import World
from ostrom.designers._interval_cases import equilibria
from ostrom.designers._interval_claims import enclosed, listed
from ostrom.designers._interval_enclosure import Span, enclosure
from ostrom.designers._interval_target import best_target
from ostrom.designers._proposal import Impossible
from ostrom.designers.interval_restriction import IntervalRestriction, Quadratic, interval_restriction
from ostrom.institutions.interval_limit import IntervalLimit
from ostrom.solvers.pure_equilibria import pure_equilibria

FEW = settings(deadline=None, max_examples=15)
VERY_FEW = settings(deadline=None, max_examples=8)
COURNOT = Quadratic((-1, -1, 0, 108, 0, 0), 0, 108)


def whole(draw, symmetric, top):
    """Payoffs whose best replies to whole numbers are whole."""
    row = st.tuples(
        st.sampled_from([-1, -1, -1, 1]), st.sampled_from([-4, 0, 4]), st.integers(-2, 2),
        st.integers(-top, top).map(lambda d: 2 * d), st.integers(-6, 6), st.just(0),
    )  # fmt: skip
    return Quadratic(draw(row), 0, top) if symmetric else Quadratic((draw(row), draw(row)), 0, top)


@st.composite
def wholes(draw):
    return whole(draw, draw(st.booleans()), 8)


CUTS = st.lists(st.integers(0, 8), min_size=2, max_size=6).map(sorted).map(lambda c: c[: len(c) // 2 * 2])


@given(wholes(), CUTS)
@FEW
def test_equilibria_at_whole_numbers_are_those_of_the_table(game, cuts):
    left = [(Fraction(s), Fraction(t)) for s, t in zip(cuts[::2], cuts[1::2], strict=True)]
    amounts = [x for x in range(9) if any(s <= x <= t for s, t in left)]
    table = game.table(amounts)
    expected = {tuple(amounts[k] for k in place) for place in pure_equilibria(table).profiles}
    if game.symmetric:
        expected = {tuple(sorted(place)) for place in expected}
    found = equilibria(game, left)
    assert {p for p in found if all(x.denominator == 1 for x in p)} == expected


@st.composite
def rough(draw, top=4):
    """Any small payoffs with best replies that are single points."""
    row = st.tuples(
        st.sampled_from([-3, -2, -1, -1, 1]), st.sampled_from([-3, -1, 0, 1, 3]), st.integers(-2, 2),
        st.integers(-9, 9), st.integers(-6, 6), st.just(0),
    )  # fmt: skip
    return Quadratic(draw(row) if draw(st.booleans()) else (draw(row), draw(row)), 0, top)


@given(rough(8), CUTS)
@FEW
def test_boxes_and_cases_agree_although_neither_knows_of_the_other(game, cuts):
    left = [(Fraction(s), Fraction(t)) for s, t in zip(cuts[::2], cuts[1::2], strict=True)]
    try:
        found = equilibria(game, left)
    except InputError:
        return
    boxes = enclosure(game, left)
    assert boxes.complete
    assert boxes.without(found) == 0
    for point in found:
        inside = (boxes.low <= np.array([float(x) for x in point]) + 1e-12) & (
            boxes.high >= np.array([float(x) for x in point]) - 1e-12
        )
        assert inside.all(-1).any()
    if found:
        worth = [float(game.welfare(p)) for p in found]
        assert boxes.welfare is not None
        assert boxes.welfare[0] <= min(worth) + 1e-9
        assert boxes.welfare[1] >= max(worth) - 1e-9


@given(*[st.fractions(-9, 9, max_denominator=7)] * 4)
def test_interval_arithmetic_holds_the_exact_result(a, b, c, d):
    exact = (a + b) * (c - d)
    span = (Span.of(a) + Span.of(b)) * (Span.of(c) - Span.of(d))
    assert Fraction(float(span.low)) <= exact <= Fraction(float(span.high))


def replies(game, player, other, left):
    """The best numbers of one player, the slow way."""
    a, b, d = (float(v) for v in game.slope(player))
    tries = [x for interval in left for x in interval]
    if a < 0:
        peak = -(b * other + d) / (2 * a)
        tries += [min(max(peak, s), t) for s, t in left]
    worth = [a * x * x + (b * other + d) * x for x in tries]
    return {round(x, 9) for x, w in zip(tries, worth, strict=True) if w >= max(worth) - 1e-9}


def settles(game, left):
    """All equilibria of two players: an end and the reply to it, or both where their replies cross."""
    (a, b, d), (p, q, s) = (tuple(map(float, game.slope(i))) for i in (0, 1))
    ends = {round(x, 9) for interval in left for x in interval}
    tries = {(x, y) for x in ends for y in replies(game, 1, x, left)} | {
        (x, y) for y in ends for x in replies(game, 0, y, left)
    }
    x, y = np.linalg.solve([[2 * a, b], [q, 2 * p]], [-d, -s])
    tries.add((round(float(x), 9), round(float(y), 9)))
    return {(x, y) for x, y in tries if x in replies(game, 0, y, left) and y in replies(game, 1, x, left)}


def unions(points):
    for s, t in combinations_with_replacement(points, 2):
        yield ((s, t),)
    for s, t, u, v in combinations_with_replacement(points, 4):
        if t < u:
            yield ((s, t), (u, v))


@st.composite
def designed(draw):
    goal = draw(st.sampled_from(["unique", "worst"]))
    rows = [
        (draw(st.sampled_from([-2, -1])), draw(st.sampled_from([-3, -1, 0, 1, 3])), draw(st.integers(-1, 0)),
         draw(st.integers(-6, 6)), draw(st.integers(-4, 4)), 0)
        for _ in range(draw(st.integers(1, 2)))
    ]  # fmt: skip
    return goal, Quadratic(rows[0] if len(rows) == 1 else rows, 0, 3)


@given(designed())
@VERY_FEW
def test_no_union_of_two_intervals_forbids_less(case):
    """By all unions with ends in steps of a half: none that does what is asked forbids less than is claimed."""
    goal, game = case
    found = interval_restriction(game, goal=goal, intervals=2, margin=0.01)
    target = best_target(game)
    floor, place = float(game.welfare(target)), tuple(map(float, target))
    sizes = []
    for left in unions(np.arange(0, 3.25, 0.5).tolist()):
        stable = settles(game, left)
        kept = any(np.allclose(point, place) for point in stable)
        fine = all(
            np.allclose(sorted(point) if game.symmetric else point, sorted(place) if game.symmetric else place)
            if goal == "unique"
            else float(game.welfare(point)) >= floor - 1e-7
            for point in stable
        )
        if kept and fine:
            sizes.append(1 - sum(t - s for s, t in left) / 3)
    if isinstance(found, Impossible):
        assert not sizes or "Without a margin" in found.nearest
        return
    assert min(sizes, default=1.0) >= found.at_least - 1e-6
    assert found.at_least <= found.share
    assert found.claims[0].verdict == "proved"
    stable = settles(game, [(float(s), float(t)) for s, t in found.left])
    assert any(np.allclose(point, place) for point in stable)
    assert all(float(game.welfare(point)) >= floor - 1e-6 for point in stable)


@given(rough())
@FEW
def test_no_better_target_can_be_made_an_equilibrium(game):
    """By all pairs in steps of an eighth: each with only its own two numbers left, the most that can be forbidden."""
    place = best_target(game)
    assert tuple(place) in settles(game, [(float(x), float(x)) for x in sorted(place)]) or place[0] == place[1]
    worth, points = float(game.welfare(place)), np.arange(0, 4.0625, 0.125)
    (a, b, d), (p, q, s) = (tuple(map(float, game.slope(i))) for i in (0, 1))
    x, y = np.meshgrid(points, points, indexing="ij")
    kept = (y - x) * (a * (x + y) + b * y + d) <= 1e-9
    kept &= (x - y) * (p * (x + y) + q * x + s) <= 1e-9
    assert max(float(game.welfare((u, v))) for u, v in zip(x[kept], y[kept], strict=True)) <= worth + 1e-9


def test_of_two_conventions_all_below_the_tipping_point_has_to_go():
    """Replies rise by 1.5 for 1 about the point 1: whatever is left below it, its least number is a bad convention."""
    game = Quadratic((-1, 3, 0, -1, 2, 0), 0, 2)
    assert equilibria(game, [(game.low, game.high)]) == ((0, 0), (1, 1), (2, 2))
    found = interval_restriction(game, goal="unique")
    assert isinstance(found, IntervalRestriction)
    assert found.at_least == pytest.approx(0.5, abs=1e-6)
    assert 0.5 < found.share < 0.51
    assert found.after == ((2, 2),)


def test_forbidding_less_than_the_search_says_leaves_a_bad_equilibrium():
    """A gap that ends just before the published one does: the equilibrium that it is there to end comes back."""
    found = interval_restriction(COURNOT)
    assert isinstance(found, IntervalRestriction)
    start, end = found.left[0][1], found.left[1][0]
    for less in (Fraction(1), Fraction(1, 2)):
        left = [(Fraction(0), start), (Fraction(54) - less, Fraction(108))]
        assert min(map(COURNOT.welfare, equilibria(COURNOT, left))) < 2592
    assert 54 < end < 55
    claim = listed(COURNOT, left, found.target, equilibria(COURNOT, left), Fraction(2916))
    assert claim.verdict == "refuted"


def test_the_goals_differ_by_what_else_is_left():
    best, worst = interval_restriction(COURNOT, goal="best"), interval_restriction(COURNOT, goal="worst")
    assert isinstance(best, IntervalRestriction)
    assert isinstance(worst, IntervalRestriction)
    assert best.share == 0.25 == best.at_least == worst.at_least
    assert 0.25 < worst.share < 0.255
    assert best.after == ((27, 27), (27, 54))
    assert best.welfare_after == (2187, 2916)
    assert worst.after == ((27, 27),)
    assert worst.welfare_before == (2592, 2592)
    assert worst.welfare_after == (2916, 2916)
    assert [claim.verdict for claim in (*best.claims, *worst.claims)] == ["proved"] * 6
    assert worst.claims[1].numbers["welfare"] == pytest.approx((2916, 2916))
    assert worst.status == best.status == "optimal"


def test_on_a_table_the_same_gap_does_the_same():
    found = interval_restriction(COURNOT, on="output", margin=0.01)
    assert isinstance(found, IntervalRestriction)
    ruled = COURNOT.table(range(109)).under(found.institution)
    assert ruled.moves[0] == tuple(str(x) for x in (*range(28), *range(59, 109)))
    assert [ruled.labels(p) for p in pure_equilibria(ruled).profiles] == [("27", "27")]


def test_with_the_consumers_firms_have_to_sell_more():
    public = Quadratic((-1, -1, 0, 108, 0, 0), 0, 108, public=(0.5, 0, 0))
    found = interval_restriction(public, on="output")
    assert isinstance(found, IntervalRestriction)
    assert found.left == ((54, 108),)
    assert found.welfare_before == (5184, 5184)
    assert found.welfare_after == (5832, 5832)
    assert found.objection == ""
    ruled = public.table(range(0, 109, 9)).under(found.institution)
    assert [ruled.labels(p) for p in pure_equilibria(ruled).profiles] == [("54", "54")]
    collusion = interval_restriction(public, (27, 27))
    assert isinstance(collusion, IntervalRestriction)
    assert "taking from those who have no move" in collusion.objection


def test_three_firms():
    """Each sells a quarter of λ without a rule, and a sixth with (λ/6, λ/2) forbidden."""
    game = Quadratic((-1, -1, 0, 12, 0, 0), 0, 12, players=3)
    found = interval_restriction(game, intervals=2)
    assert isinstance(found, IntervalRestriction)
    assert found.before == ((3, 3, 3),)
    assert found.target == (2, 2, 2)
    assert found.at_least == pytest.approx(1 / 3, abs=1e-6)
    assert found.after == ((2, 2, 2),)
    assert found.claims[1].verdict == "proved"


def test_a_wish_that_no_rule_for_all_grants():
    game = Quadratic((-1, 0, 0, 4, 0, 0), 0, 4)
    found = interval_restriction(game, (1, 2))
    assert isinstance(found, Impossible)
    assert "cannot be made an equilibrium" in found.because


def test_a_floor_below_the_best_takes_less():
    """The least number r that is left is a convention, worth 4r² + 2r; with a floor of 5 that has to be enough."""
    game = Quadratic((-1, 3, 0, -1, 2, 0), 0, 2)
    found = interval_restriction(game, floor=5, intervals=2)
    assert isinstance(found, IntervalRestriction)
    least = (21**0.5 - 1) / 4
    assert found.left[0][0] == pytest.approx(least, abs=1e-4)
    assert found.at_least <= least / 2 <= found.share <= least / 2 + 1e-4
    assert found.status == "optimal"
    assert found.welfare_after is not None
    assert found.welfare_after[0] >= 5
    with pytest.raises(InputError, match="at most"):
        interval_restriction(game, floor=1000)


class Duopoly(World):
    """Two firms choose how much to sell."""

    horizon: int = 1

    @property
    def ground(self):
        """One number."""
        return Ground(("one", "two"), play=((Part("act", low=0.0, high=108.0),),), facts=("sold",))

    def reset(self, key):
        """Nothing to keep."""
        return np.float32(0)

    def step(self, key, state, moves):
        """λx - x² - xy."""
        return state, 108.0 * moves["act"] - moves["act"] * moves["act"].sum()

    def observe(self, state):
        """Nothing to see."""
        return View()

    def facts(self, before, moves, after):
        """What was sold."""
        return {"sold": moves["act"]}


def test_it_runs_in_a_session_and_nobody_gains_in_a_world():
    jax = pytest.importorskip("jax", reason="worlds need JAX: pip install 'ostrom[worlds]'")
    found = interval_restriction(COURNOT)
    assert isinstance(found, IntervalRestriction)
    session = Session(Duopoly(), [found.institution], rounds=1)
    for seat in (0, 1):
        session.submit(seat, {"act": 40.0})
    assert session.totals.tolist() == pytest.approx([1458.0, 1458.0])
    world, key = Duopoly().under(found.institution), np.zeros(2, np.uint32)
    pays = jax.jit(jax.vmap(lambda x: world.step(key, world.reset(key), {"act": x})[1]))
    own = np.linspace(0, 108, 1081, dtype=np.float32)
    against = np.array(pays(np.stack([own, np.full_like(own, 27.0)], -1)))[:, 0]
    assert against.max() == pytest.approx(1458.0)
    assert own[against.argmax()] == pytest.approx(27.0)


def test_the_low_end_of_an_interval_stays_open_in_32_bits():
    """Too little is done where everybody gains from it: numbers just below the target have to go, not the target."""
    game = Quadratic((-1, 0, 0, Fraction(2, 3), 2, 0), 0, 3)
    found = interval_restriction(game)
    assert isinstance(found, IntervalRestriction)
    assert found.target == (Fraction(4, 3),) * 2
    low = found.institution.merged[-1][1]
    assert low < np.float32(4 / 3)
    assert IntervalLimit(found.institution.gaps, "act").lowered(np.float32(4 / 3), np) == np.float32(4 / 3)


def test_an_equilibrium_that_is_left_out_is_noticed():
    left = [(Fraction(0), Fraction(27)), (Fraction(54), Fraction(108))]
    points = equilibria(COURNOT, left)
    assert enclosed(COURNOT, left, points).verdict == "proved"
    assert enclosed(COURNOT, left, points[:1]).verdict == "unknown"


@pytest.mark.parametrize(
    ("payoffs", "options"),
    [
        ((-1, -2, 0, 1, 0, 0), {}),  # replies coincide
        ((0, 1, 0, 1, 0, 0), {}),  # no hill
        ((0, 0, 1, 0, 1, 0), {}),  # nothing of one's own
        ((-1, 0, 0, 1, 0), {}),
        ((-1, 0, 0, float("nan"), 0, 0), {}),
        ((-1, 0, 0, 1, 0, 0), {"target": (9, 0)}),
        ((-1, 0, 0, 1, 0, 0), {"target": (0,)}),
        ((-1, 0, 0, 1, 0, 0), {"margin": 0.0}),
        ((-1, 0, 0, 1, 0, 0), {"margin": float("nan")}),
        ((-1, 0, 0, 1, 0, 0), {"intervals": 0}),
        ((-1, 0, 0, 1, 0, 0), {"goal": "unique", "floor": 0}),
    ],
)
def test_what_cannot_be_used(payoffs, options):
    with pytest.raises(InputError):
        interval_restriction(Quadratic(payoffs, 0, 1), **options)


def test_names_and_ranges_that_cannot_be_used():
    with pytest.raises(UnknownName):
        interval_restriction(COURNOT, goal="fair")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="interval"):
        Quadratic((-1, 0, 0, 1, 0, 0), 1, 1)
    with pytest.raises(InputError, match="players"):
        Quadratic((-1, 0, 0, 1, 0, 0), 0, 1, players=7)
    with pytest.raises(InputError, match="public"):
        Quadratic((-1, 0, 0, 1, 0, 0), 0, 1, public=(1, 2))
