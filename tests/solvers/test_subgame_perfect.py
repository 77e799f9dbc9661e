import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.core.errors import InputError
from ostrom.core.forms.extensive import Chance, Choice, End, ExtensiveForm
from ostrom.games import AlternatingOffers, BeerQuiche, Centipede, Chicken, EntryDeterrence, KuhnPoker
from ostrom.solvers.backward_induction import backward_induction
from ostrom.solvers.subgame_perfect import subgame_perfect


def drawn(rng):
    """Two rounds; the second mover of a round may not know the first one's move, what is over is known to all."""

    def stage(left, past):
        if left == 0 or (past and rng.random() < 0.2):
            return End(pays=rng.integers(0, 4, 2).tolist())
        if rng.random() < 0.2:
            return Chance({m: (Fraction(1, 2), stage(left - 1, past + m)) for m in "hk"})
        hidden = rng.random() < 0.7
        first = int(rng.integers(2))
        after = {
            m: Choice(
                "ab"[1 - first],
                {n: stage(left - 1, past + m + n) for n in "xy"},
                sees=f"{past}*" if hidden else f"{past}{m}*",
            )
            for m in "lr"
        }
        return Choice("ab"[first], after, sees=f"{past}.")

    return ExtensiveForm(stage(2, ""), players=("a", "b"))


def brute(game):
    """Odds of ends of all pure behaviours that are Nash in every subgame, from the definitions."""
    tree, sizes = game.tree, [len(infoset.moves) for infoset in game.infosets]
    children = {k: [c for c in range(1, len(tree.parent)) if tree.parent[c] == k] for k in range(len(tree.parent))}

    def behind(k):
        return {k}.union(*(behind(c) for c in children[k]))

    def proper(k):
        inside = behind(k)
        return all(inside.issuperset(i.nodes) or inside.isdisjoint(i.nodes) for i in game.infosets)

    roots = [k for k in range(len(tree.parent)) if children[k] and (k == 0 or proper(k))]

    def ends(plan, k):
        if not children[k]:
            return {k: 1.0}
        if tree.mover[k] >= 0:
            return ends(plan, children[k][plan[tree.info[k]]])
        found = {}
        for c in children[k]:
            found |= {end: float(tree.odds[c]) * odds for end, odds in ends(plan, c).items()}
        return found

    paid = dict(zip(game.ends.tolist(), game.paid, strict=True))

    def value(plan, k):
        return sum(odds * paid[end] for end, odds in ends(plan, k).items())

    def nash(plan, k):
        for player in (0, 1):
            mine = [h for h, i in enumerate(game.infosets) if i.player == player and i.nodes[0] in behind(k)]
            for other in itertools.product(*(range(sizes[h]) for h in mine)):
                changed = list(plan)
                for h, move in zip(mine, other, strict=True):
                    changed[h] = move
                if value(changed, k)[player] > value(plan, k)[player] + 1e-9:
                    return False
        return True

    plans = itertools.product(*map(range, sizes))
    return {tuple(sorted(ends(plan, 0).items())) for plan in plans if all(nash(plan, k) for k in roots)}, len(roots)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6))
def test_all_outcomes_by_brute_force(seed):
    game = drawn(np.random.default_rng(seed))
    if not 2 <= len(game.infosets) <= 6 or len(game.ends) > 12:
        return
    found = subgame_perfect(game)
    outcomes, roots = brute(game)
    assert found.subgames == roots
    pure = [point for point in found.points if all(odds.max() == 1 for odds in point)]
    ours = set()
    for point in pure:
        plans = game.plans(point)
        odds = game.chance * plans[0][game.reached[0]] * plans[1][game.reached[1]]
        ours.add(tuple((int(k), float(p)) for k, p in zip(game.ends, odds, strict=True) if p))
    assert ours <= outcomes
    if found.status == "complete":
        assert ours == outcomes
    assert found.regret < 1e-12


@pytest.mark.parametrize("game", [EntryDeterrence(), Centipede(), AlternatingOffers()])
def test_where_everybody_knows_the_past_it_is_backward_induction(game):
    found, known = subgame_perfect(game), backward_induction(game)
    ours = {tuple(int(own.argmax()) for own in point) for point in found.points}
    assert found.status == "complete"
    assert ours == {tuple(int(own.argmax()) for own in point) for point in known.points}


def twice(stage, again):
    """A table played twice, the first round public."""
    moves = range(len(stage))

    def second(past, paid):
        after = {
            str(a): Choice(
                "two", {str(b): End(pays=[x + y for x, y in zip(paid, again[a][b], strict=True)]) for b in moves}, past
            )
            for a in moves
        }
        return Choice("one", after, sees=past)

    first = {
        str(a): Choice("two", {str(b): second(f"after {a}{b}", stage[a][b]) for b in moves}, "start") for a in moves
    }
    return ExtensiveForm(Choice("one", first, sees="start"), players=("one", "two"))


def test_the_dilemma_twice_is_defection_twice():
    dilemma = [[(3, 3), (0, 5)], [(5, 0), (1, 1)]]
    found = subgame_perfect(twice(dilemma, dilemma))
    assert (found.status, found.values, found.subgames) == ("complete", ((2, 2),), 5)


def test_a_promise_of_the_better_equilibrium_makes_cooperation_worth_while():
    """Benoit and Krishna (1985): with two equilibria to end on, a third outcome can be kept to before."""
    stage = [[(4, 4), (0, 5), (0, 0)], [(5, 0), (1, 1), (0, 0)], [(0, 0), (0, 0), (3, 3)]]
    found = subgame_perfect(twice(stage, stage), limit=2000)
    assert (7, 7) in found.values  # 4 first, then 3
    assert max(sum(value) for value in found.values) == 14
    assert found.regret == 0


def test_a_subgame_without_a_pure_equilibrium_is_mixed_exactly():
    pennies = [[(1, -1), (-1, 1)], [(-1, 1), (1, -1)]]
    game = twice(pennies, pennies)
    found = subgame_perfect(game)
    assert (found.status, found.values) == ("partial", ((0, 0),))
    assert all(own == (Fraction(1, 2), Fraction(1, 2)) for own in found.exact[0])
    assert "one equilibrium was found" in found.note


def test_an_empty_threat_is_no_equilibrium_here_and_a_bluff_can_be():
    assert [float(x) for x in subgame_perfect(EntryDeterrence()).values[0]] == [1, 1]
    assert {tuple(np.round(value, 9)) for value in subgame_perfect(BeerQuiche()).values} == {(2.9, 0.9), (2.1, 0.9)}
    assert subgame_perfect(KuhnPoker()).values == ((Fraction(-1, 18), Fraction(1, 18)),)


def test_three_players_who_mix_after_an_entry():
    """An outsider lets two others play pennies, which is worth 0 to them, or ends it."""
    second = {
        m: Choice("c", {n: End(pays=(1, 1 if m == n else -1, -1 if m == n else 1)) for n in "ht"}, "x") for m in "ht"
    }
    root = Choice("a", {"in": Choice("b", second), "out": End(pays=(0, 5, 5))})
    found = subgame_perfect(ExtensiveForm(root, players=("a", "b", "c"), bystanders=()))
    assert found.values == ((1, 0, 0),)
    assert found.exact[0][0] == (1, 0)


def test_three_who_mix():
    """Jordan (1993): match the next one, but the last wants to differ from the first; only even odds are stable."""

    def third(a, b):
        return Choice("c", {c: End(pays=(int(a == b), int(b == c), int(c != a))) for c in "ht"}, "z")

    root = Choice("a", {a: Choice("b", {b: third(a, b) for b in "ht"}, "y") for a in "ht"})
    found = subgame_perfect(ExtensiveForm(root, players=("a", "b", "c")))
    assert found.status == "partial"
    assert found.regret < 1e-8
    assert np.concatenate(found.points[0]) == pytest.approx(np.full(6, 0.5), abs=1e-8)


def test_what_is_paid_on_the_way_counts():
    late = Choice("b", {"x": End(pays=(0, 1)), "y": End(pays=(9, 0))}, pays=(1, 0))
    game = ExtensiveForm(Choice("a", {"go": late, "stop": End(pays=(0, 0))}, pays=(10, 10)), players=("a", "b"))
    assert subgame_perfect(game).values == ((11, 11),)


def test_too_many_are_cut_and_said_to_be():
    node = End(pays=(0, 0))
    for _ in range(10):
        node = Choice("a", {"l": node, "r": End(pays=(0, 0))})
    found = subgame_perfect(ExtensiveForm(node, players=("a", "b")), limit=50)
    assert (found.status, len(found), found.regret) == ("partial", 50, 0)
    assert found.note == "Only 50 equilibria of a subgame are kept."


def test_large_payoffs_far_on_do_not_make_ties_of_small_ones():
    found = subgame_perfect(Centipede(turns=100))
    assert (found.status, len(found)) == ("complete", 1)
    assert [odds.argmax() for odds in found.points[0]] == [0] * 100
    late = Choice("b", {"u": End(pays=(-1e6, 0)), "v": End(pays=(-1e6, 1))}, pays=(1e6 + 0.3, 0))
    game = ExtensiveForm(Choice("a", {"x": End(pays=(0.1 + 0.2, 0)), "y": late}), players=("a", "b"))
    assert len(subgame_perfect(game)) == 2  # 1e6 + 0.3 - 1e6 is 0.3 but for rounding, and so is 0.1 + 0.2


def test_odds_that_are_floats_still_sum_to_one():
    draw = Chance({k: (1 / 7, Choice("a", {"l": End(pays=(k * 0.1,)), "r": End(pays=(0.5,))})) for k in range(7)})
    (value,) = set(subgame_perfect(ExtensiveForm(draw, players=("a",))).values)
    assert value == pytest.approx(((5 * 0.5 + 0.5 + 0.6) / 7,), abs=1e-15)


def test_other_games_and_limits_are_refused():
    with pytest.raises(InputError, match="no tree"):
        subgame_perfect(Chicken())
    with pytest.raises(InputError, match="limit"):
        subgame_perfect(EntryDeterrence(), limit=0)
