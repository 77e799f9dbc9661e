import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.core.errors import InputError
from ostrom.core.forms.extensive import Chance, Choice, End, ExtensiveForm
from ostrom.games import AlternatingOffers, Centipede, Chicken, EntryDeterrence, KuhnPoker
from ostrom.solvers import pure_equilibria
from ostrom.solvers.backward_induction import backward_induction, empty_threats


def drawn(rng, depth=3):
    """A random tree with whole payoffs, so that ties are common."""
    if depth == 0 or rng.random() < 0.15:
        return End(pays=rng.integers(0, 3, 2).tolist())
    moves = {m: drawn(rng, depth - 1) for m in "lr"}
    if rng.random() < 0.2:
        return Chance({m: (0.5, child) for m, child in moves.items()})
    return Choice(["a", "b"][rng.integers(2)], moves)


def brute(game):
    """All pure behaviours in which, at every place, no player gains by a change of its moves from there on."""
    found, sizes = set(), [len(infoset.moves) for infoset in game.infosets]
    tree = game.tree

    def value(plan, k):
        if tree.mover[k] == -2:
            return np.array([float(x) for x in game.paid[list(game.ends).index(k)]])
        children = [c for c in range(len(tree.parent)) if tree.parent[c] == k]
        if tree.mover[k] == -1:
            return sum(float(tree.odds[c]) * value(plan, c) for c in children)
        return value(plan, children[plan[tree.info[k]]])

    for plan in itertools.product(*map(range, sizes)):
        fine = True
        for infoset in game.infosets:
            place, mine = infoset.nodes[0], [h for h, i in enumerate(game.infosets) if i.player == infoset.player]
            here = value(plan, place)[infoset.player]
            for other in itertools.product(*(range(sizes[h]) for h in mine)):
                changed = list(plan)
                for h, move in zip(mine, other, strict=True):
                    changed[h] = move
                fine &= value(changed, place)[infoset.player] <= here + 1e-12
        if fine:
            found.add(plan)
    return found


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_all_pure_subgame_perfect_equilibria_by_brute_force(seed):
    rng = np.random.default_rng(seed)
    game = ExtensiveForm(drawn(rng), players=("a", "b"))
    if len(game.infosets) > 6:
        return
    found = backward_induction(game)
    assert found.status == "complete"
    ours = [tuple(int(own.argmax()) for own in point) for point in found.points]
    assert len(set(ours)) == len(ours)
    assert set(ours) == brute(game)
    for point, paid in zip(found.points, found.values, strict=True):
        assert game.value(point) == pytest.approx([float(x) for x in paid])


def test_known_games():
    assert backward_induction(EntryDeterrence()).plays == (("enter", "share"),)
    assert backward_induction(Centipede(turns=900, growth=1.001)).plays == (("take",),)
    offers = backward_induction(AlternatingOffers())
    assert AlternatingOffers.reference["offer in two rounds"] in {play[0] for play in offers.plays}


def test_large_payoffs_far_on_do_not_make_ties_of_small_ones():
    found = backward_induction(Centipede(turns=100))
    assert (found.status, found.plays) == ("complete", (("take",),))
    late = Choice("b", {"u": End(pays=(-1e6, 0)), "v": End(pays=(-1e6, 1))}, pays=(1e6 + 0.3, 0))
    game = ExtensiveForm(Choice("a", {"x": End(pays=(0.3, 0)), "y": late}), players=("a", "b"))
    assert len(backward_induction(game)) == 2  # 1e6 + 0.3 - 1e6 is 0.3 but for rounding


def test_an_empty_threat_is_named():
    game = EntryDeterrence()
    (threat,) = empty_threats(game, pure_equilibria(game).profiles)
    assert (threat.player, threat.move) == EntryDeterrence.reference["threat that is not credible"]
    assert (threat.instead, threat.loss) == ("share", 2.0)


def test_equilibria_that_play_as_perfect_ones_do_are_no_threats():
    game = Centipede()
    assert empty_threats(game, pure_equilibria(game).profiles) == ()


def test_too_many_are_cut_and_said_to_be():
    node = End(pays=(0, 0))
    for _ in range(14):
        node = Choice("a", {"l": node, "r": End(pays=(0, 0))})
    found = backward_induction(ExtensiveForm(node, players=("a", "b")), limit=50)
    assert (found.status, len(found)) == ("partial", 50)
    assert found.regret == 0


@pytest.mark.parametrize("game", [KuhnPoker(), Chicken()])
def test_who_does_not_know_the_past_is_named(game):
    with pytest.raises(InputError):
        backward_induction(game)
