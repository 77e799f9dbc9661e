"""Absorbing states: thresholds by hand, trees by brute force, limits of exact chains, published selections."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.core.delegation import Delegation
from ostrom.core.errors import InputError, TooLarge, UnknownName
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.forms.symmetric import Symmetric
from ostrom.diagnosis import absorbing
from ostrom.diagnosis._mistakes import Steps, potentials, recurrent_sets, resistances
from ostrom.dynamics import pairwise_comparison
from ostrom.games import BattleOfTheSexes, Chicken, MinimumEffort, PrisonersDilemma, PublicGoods, StagHunt
from ostrom.solvers._gth import stationary_limit

TABLES = st.lists(st.integers(0, 9), min_size=4, max_size=4)
YOUNG = [[6, 0, 0], [5, 7, 5], [0, 5, 8]]


def symmetric(row, moves=None):
    return NormalForm(np.stack([row, np.transpose(row)], axis=-1), moves=moves)


def named(found, *shares):
    """The number of the set that has exactly this one state."""
    return next(k for k, own in enumerate(found.sets) if own.tolist() == [list(shares)])


def test_defection_absorbs():
    """No single cooperator ever spreads, nor do ninety-nine."""
    found = absorbing(PrisonersDilemma())
    defect, cooperate = named(found, 0, 100), named(found, 100, 0)
    assert found.resistance[defect, cooperate] == 100
    assert found.resistance[cooperate, defect] == 1
    assert found.stable == (defect,)
    first, second, third = (finding.sentence for finding in found.findings)
    assert "nearly always at all D: it takes at most 1 mistake to get there and 100 to leave" in first
    assert "at all C they would earn 3 each instead of 1" in first
    assert second == "All D absorbs: nothing short of all 100 changing at once leads out."
    assert third == "All C: one who changes is enough to lead out, to all D."


@pytest.mark.parametrize(("rule", "out"), [("imitation", 76), ("best reply", 75)])
def test_out_of_hare_it_takes_many_at_once(rule, out):
    """By hand: k hunters of stag earn 4 (k - 1) / 99, the rest 3; a new one would earn 4 k / 99."""
    found = absorbing(StagHunt(), rule=rule)
    stag, hare = named(found, 100, 0), named(found, 0, 100)
    assert (found.resistance[hare, stag], found.resistance[stag, hare]) == (out, 25)
    assert found.radius[hare] == found.coradius[stag] == out
    assert found.stable == (hare,)
    assert f"it takes {out} of 100 at once, to all stag" in found.findings[1].sentence


def test_young_1993_the_way_through_a_third_move():
    """In shares: 1/8 from 1 to 2, 2/5 from 2 to 3, and 3/8 from 3 to 2 by way of 1, less than the direct 3/5."""
    found = absorbing(symmetric(YOUNG), population=401, rule="best reply")
    one, two, three = named(found, 401, 0, 0), named(found, 0, 401, 0), named(found, 0, 0, 401)
    share = found.resistance / 400
    assert share[one, two] == pytest.approx(1 / 8, abs=0.003)
    assert share[two, three] == pytest.approx(2 / 5, abs=0.003)
    assert share[three, two] == pytest.approx(3 / 8, abs=0.003)
    assert found.stable == (two,)
    assert found.radius[two] == found.resistance[two].max(initial=0, where=np.arange(3) == three)
    assert found.worth[three] == 8


@settings(max_examples=15, deadline=None)
@given(TABLES, st.integers(3, 9), st.sampled_from(["imitation", "best reply"]))
def test_resistances_between_two_moves_by_listing_every_leap(table, population, rule):
    """A leap to k of the second move gets home or not; what is needed is the fewest of any sequence of leaps."""
    a = np.array(table).reshape(2, 2)
    found = absorbing(symmetric(a), population=population, rule=rule)

    def drift(k):
        """Where the number of the second move may go without a mistake."""
        n, ways = population - k, []
        worth = [[int(a[b, 0] * (n - (o == 0)) + a[b, 1] * (k - (o == 1))) for b in (0, 1)] for o in (0, 1)]
        mixed = 0 < k < population
        if rule == "imitation":
            ways += [k + 1] if mixed and worth[1][1] >= worth[0][0] else []
            ways += [k - 1] if mixed and worth[0][0] >= worth[1][1] else []
        else:
            ways += [k + 1] if k < population and worth[0][1] >= worth[0][0] else []
            ways += [k - 1] if k > 0 and worth[1][0] >= worth[1][1] else []
        return ways

    states = range(population + 1)
    reach = {k: {k} for k in states}
    for _ in states:
        reach = {k: reach[k].union(*(reach[j] for j in drift(k)), set()) for k in states}
    closed = [{j for j in states if k in reach[j] and j in reach[k]} for k in states]
    classes = {frozenset(own) for k, own in enumerate(closed) if reach[k] == own}
    assert {frozenset(own[:, 1].tolist()) for own in found.sets} == classes
    for k, own in enumerate(found.sets):
        cost = dict.fromkeys(own[:, 1].tolist(), 0)
        for spent in range(population + 1):
            here = set().union(*(reach[j] for j, c in cost.items() if c <= spent))
            cost |= {j: min(cost.get(j, spent), spent) for j in here}
            cost |= {j: cost.get(j, spent + 1) for i in here for j in (i - 1, i + 1) if j in states}
        for j, other in enumerate(found.sets):
            assert found.resistance[k, j] == cost[int(other[0, 1])]


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 5).flatmap(lambda n: st.lists(st.integers(1, 9), min_size=n * n, max_size=n * n)))
def test_potentials_are_the_cheapest_trees(costs):
    count = round(len(costs) ** 0.5)
    fewest = np.array(costs).reshape(count, count)
    np.fill_diagonal(fewest, 0)
    found = potentials(fewest)
    assert found.tolist() == [_cheapest(fewest, root) for root in range(count)]
    limit = stationary_limit(fewest, np.where(np.eye(count) > 0, -np.inf, 0.0))
    assert (limit > 0).tolist() == (found == found.min()).tolist()


def _cheapest(fewest, root):
    others = [k for k in range(len(fewest)) if k != root]
    best = np.inf
    for parents in product(range(len(fewest)), repeat=len(others)):
        after = dict(zip(others, parents, strict=True))
        ends = []
        for k in others:
            for _ in others:
                k = after.get(k, root)
            ends.append(k == root)
        if all(ends):
            best = min(best, sum(fewest[k, j] for k, j in after.items()))
    return best


@pytest.mark.parametrize("row", [[[4, 0], [3, 3]], [[4, 1], [3, 2]], [[2, 0], [0, 1]], [[6, 2], [7, 0]]])
def test_rare_mutation_and_strong_selection_end_where_it_says(row):
    """The exact chain: its odds gather at the stable set as mutation falls."""
    found = absorbing(symmetric(row), population=7)
    long_run = pairwise_comparison(symmetric(row), population=7, strength=400.0, mutation=1e-7)
    stable = {tuple(state) for k in found.stable for state in found.sets[k].tolist()}
    share = sum(p for state, p in zip(long_run.counts.tolist(), long_run.odds, strict=True) if tuple(state) in stable)
    assert share > 0.99


def test_coexistence_lasts_and_corners_do_not():
    found = absorbing(Chicken(), population=30)
    mixed = max(range(3), key=lambda k: len(found.sets[k]))
    assert found.stable == (mixed,)
    assert sorted(r for k, r in enumerate(found.radius) if k != mixed) == [1, 1]
    assert "20 of 30" in found.findings[0].sentence or "19" in found.findings[0].sentence
    assert "lasts" in found.findings[1].sentence


def test_one_way_for_all():
    (finding,) = absorbing(PrisonersDilemma(), rule="best reply").findings
    assert finding.sentence == "Where 100 reply best, everything leads to all D, and nothing out of it."


def test_players_who_differ_choose_for_themselves():
    found = absorbing(BattleOfTheSexes())
    assert (found.population, found.rule) == (None, "best reply")
    assert sorted(map(str, (own.tolist() for own in found.sets))) == ["[[0, 0]]", "[[1, 1]]"]
    assert found.resistance[0, 1] == found.resistance[1, 0] == 1
    assert len(found.stable) == 2


def test_more_than_two_who_are_alike_are_the_population():
    found = absorbing(PublicGoods())
    assert found.population == 4
    assert found.findings[1].sentence == "All 0 absorbs: nothing short of all 4 changing at once leads out."
    effort = absorbing(MinimumEffort(), rule="best reply")
    assert effort.radius[effort.stable[0]] == effort.population - 1


def test_a_hundred_players_need_no_table():
    """A threshold: the second move pays from thirty of the hundred on."""
    game = Symmetric(
        lambda own, others: own * np.where(others >= 29, 1.0, -1.0), players=100, moves=("stay", "join"), amounts=(0, 1)
    )
    found = absorbing(game, rule="best reply")
    stay, join = named(found, 100, 0), named(found, 0, 100)
    assert (found.resistance[stay, join], found.resistance[join, stay]) == (29, 71)


def test_agents_follow_their_rewards():
    game = PrisonersDilemma()
    kind = game.payoffs.sum(-1, keepdims=True).repeat(2, -1)
    found = absorbing(Delegation(game, rewards=kind), population=20, rule="best reply")
    assert [own.tolist() for own in found.sets] == [[[20, 0]]]


def test_free_steps_make_recurrent_sets():
    """0 -> 1 <-> 2, and 3 alone; a mistake leads from 2 to 3 and two, over 0, back."""
    tails, heads = np.array([0, 1, 2, 2, 3]), np.array([1, 2, 1, 3, 0])
    steps = Steps(4, tails, heads, np.array([True, True, True, False, False]))
    sets = recurrent_sets(steps)
    assert sets == ((1, 2), (3,))
    assert resistances(steps, sets).tolist() == [[0, 1], [1, 0]]


def test_nonsense_is_refused():
    with pytest.raises(UnknownName, match="no rule"):
        absorbing(StagHunt(), rule="luck")
    with pytest.raises(InputError, match="groups of 4"):
        absorbing(PublicGoods(), population=3)
    with pytest.raises(TooLarge, match="steps between"):
        absorbing(symmetric(np.eye(6)), population=100)
    with pytest.raises(InputError, match="recurrent sets"):
        absorbing(_minority(12))


def _minority(players):
    """Many strict equilibria: half go here and half there; each cares more than the one before."""
    shape = (2,) * players
    moves = np.indices(shape)
    crowd = np.where(moves == 1, moves.sum(0), players - moves.sum(0))
    return NormalForm(np.moveaxis(-crowd * np.arange(1, players + 1).reshape(-1, *(1,) * players), 0, -1))
