import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.core.errors import InputError
from ostrom.core.forms.extensive import Chance, Choice, End, ExtensiveForm
from ostrom.games import BeerQuiche, Centipede, Chicken, EntryDeterrence, LeducPoker
from ostrom.solvers.agent_logit import agent_logit
from ostrom.solvers.sequence_form import sequence_form
from ostrom.solvers.sequential import sequential
from ostrom.solvers.subgame_perfect import subgame_perfect


def horse():
    """Selten's horse: the third player cannot tell who let it move."""
    ends = {"d": ((4, 4, 0), (0, 0, 1)), "D": ((3, 3, 2), (0, 0, 0))}
    third = {k: Choice("3", {"L": End(pays=left), "R": End(pays=right)}, sees="h") for k, (left, right) in ends.items()}
    second = Choice("2", {"c": End(pays=(1, 1, 1)), "d": third["d"]})
    return ExtensiveForm(Choice("1", {"C": second, "D": third["D"]}), players=("1", "2", "3"), name="horse")


def drawn(rng):
    """A type only the first sees, a move all see only in part, and the first again."""

    def last(kind, m, n):
        pays = rng.integers(-4, 5, (2, 2)).tolist()
        return Choice("a", {k: End(pays=p) for k, p in zip("uv", pays, strict=True)}, sees=f"{kind}{m}{n}")

    def answer(kind, m):
        return Choice("b", {n: last(kind, m, n) for n in "xy"}, sees=m if m in "lr" else "lr")

    return ExtensiveForm(
        Chance({k: (Fraction(1, 2), Choice("a", {m: answer(k, m) for m in "lr"}, sees=k)) for k in "st"}),
        players=("a", "b"),
    )


def some_odds(rng, game):
    """Odds with many zeros."""
    return tuple(np.eye(2)[rng.integers(2)] if rng.random() < 0.7 else rng.dirichlet([1, 1]) for _ in game.infosets)


def value(game, odds, k, player):
    """What a player gets from a place on, without what was paid before."""
    tree = game.tree
    children = [c for c in range(len(tree.parent)) if tree.parent[c] == k]
    if not children:
        return float(game.paid[list(game.ends).index(k), player])
    if tree.info[k] < 0:
        return sum(float(tree.odds[c]) * value(game, odds, c, player) for c in children)
    return sum(p * value(game, odds, c, player) for p, c in zip(odds[tree.info[k]], children, strict=True))


def best_plan(game, odds, infoset, belief):
    """The most that any pure plan of all own sets is worth at one, by trying them all."""
    mine = [h for h, i in enumerate(game.infosets) if i.player == infoset.player]
    top = -np.inf
    for plan in itertools.product(*(range(len(game.infosets[h].moves)) for h in mine)):
        changed = list(odds)
        for h, move in zip(mine, plan, strict=True):
            changed[h] = np.eye(len(odds[h]))[move]
        worth = [value(game, changed, k, infoset.player) for k in infoset.nodes]
        top = max(top, float(np.dot(belief, worth)))
    return top


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10**6))
def test_losses_are_what_the_best_of_all_plans_adds(seed):
    rng = np.random.default_rng(seed)
    game = drawn(rng)
    odds = some_odds(rng, game)
    beliefs = [rng.dirichlet(np.ones(len(infoset.nodes))) for infoset in game.infosets]
    found = sequential(game, odds, beliefs)
    for infoset, belief, loss in zip(game.infosets, beliefs, found.losses, strict=True):
        if infoset.label in ("s", "lr", "l", "slx"):
            kept = float(np.dot(belief, [value(game, odds, k, infoset.player) for k in infoset.nodes]))
            assert loss == pytest.approx(best_plan(game, odds, infoset, belief) - kept, abs=1e-12)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6))
def test_where_play_never_comes_the_kindest_belief_is_taken(seed):
    rng = np.random.default_rng(seed)
    game = drawn(rng)
    odds = list(some_odds(rng, game))
    for k, infoset in enumerate(game.infosets):
        if infoset.label in "st":
            odds[k] = np.array([1.0, 0.0])
    k = next(k for k, infoset in enumerate(game.infosets) if infoset.label == "r")
    worth = np.array([[value(game, _set(odds, k, move), x, 1) for x in game.infosets[k].nodes] for move in (0, 1)])
    lines = [np.array([p, 1 - p]) for p in np.linspace(0, 1, 2001)]
    least = min((worth @ mu).max() - odds[k] @ worth @ mu for mu in lines)
    found = sequential(game, odds)
    assert found.losses[k] <= least + 1e-9
    assert found.losses[k] == pytest.approx(least, abs=0.02)


def _set(odds, k, move):
    return [np.eye(2)[move] if h == k else own for h, own in enumerate(odds)]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6))
def test_limits_of_bayes_rule_are_consistent(seed):
    """Mistakes of drawn orders and weights; beliefs are the leading terms of Bayes' rule, by polynomials in ε."""
    rng = np.random.default_rng(seed)
    game = _three_blind()
    odds = some_odds(rng, game)
    rare = [own == 0 for own in odds]
    order = [np.where(zero, rng.integers(1, 4, len(zero)), 0) for zero in rare]
    weight = [np.where(zero, rng.random(len(zero)) + 0.1, own) for zero, own in zip(rare, odds, strict=True)]
    tree = game.tree
    power, mass = np.zeros(len(tree.parent)), np.ones(len(tree.parent))
    for k in range(1, len(tree.parent)):
        above = tree.parent[k]
        power[k], mass[k] = power[above], mass[above]
        if (h := tree.info[above]) >= 0:
            power[k] += order[h][tree.move[k]]
            mass[k] *= weight[h][tree.move[k]]
    beliefs = []
    for infoset in game.infosets:
        nodes = list(infoset.nodes)
        led = mass[nodes] * (power[nodes] == power[nodes].min())
        beliefs.append(led / led.sum())
    assert sequential(game, odds, beliefs).consistent is True


def _three_blind(pays=(0, 0, 0)):
    """Each sees only that it is its turn: places are told apart by who made which mistakes."""
    third = lambda: Choice("c", {z: End(pays=pays) for z in "lr"}, sees="c")  # noqa: E731
    second = lambda: Choice("b", {y: third() for y in "lr"}, sees="b")  # noqa: E731
    return ExtensiveForm(Choice("a", {x: second() for x in "lr"}), players=("a", "b", "c"))


def test_two_who_know_the_same_cannot_believe_differently():
    """Kreps and Wilson (1982): neither saw which mistake the first made, and both know as much."""

    def third():
        return Choice("c", {z: End(pays=(0, 0, 0)) for z in "lr"}, sees="c")

    def second():
        return Choice("b", {y: third() for y in "lr"}, sees="b")

    root = Choice("a", {"out": End(pays=(1, 0, 0)), "x": second(), "y": second()})
    game = ExtensiveForm(root, players=("a", "b", "c"))
    odds = game.behaviour({("a", "1"): "out"})
    for same, answer in ((0.3, True), (0.6, False)):
        beliefs = [[1.0], [0.3, 0.7], [same / 2, same / 2, (1 - same) / 2, (1 - same) / 2]]
        assert sequential(game, odds, beliefs).consistent is answer
    assert sequential(game, odds, [[1.0], [0, 1], [0, 0, 0.5, 0.5]]).consistent is True
    assert sequential(game, odds, [[1.0], [0, 1], [0.5, 0.5, 0, 0]]).consistent is False


def test_two_mistakes_are_rarer_than_one_of_them():
    game = _three_blind()
    odds = game.behaviour({("a", "1"): "l", ("b", "b"): "l"})
    assert sequential(game, odds, [[1.0], [1, 0], [1, 0, 0, 0]]).consistent is True
    assert sequential(game, odds, [[1.0], [1, 0], [0, 0, 0, 1]]).consistent is False
    assert sequential(game, odds, [[1.0], [0, 1], [1, 0, 0, 0]]).consistent is False  # not Bayes' rule


def test_the_threat_to_fight_is_named_though_it_is_an_equilibrium():
    game = EntryDeterrence()
    bluff = game.behaviour({("entrant", "1"): "stay out", ("incumbent", "1"): "fight"})
    assert game.gains(bluff).max() == 0
    found = sequential(game, bluff)
    (lapse,) = found.lapses
    assert (lapse.player, lapse.move) == EntryDeterrence.reference["threat that is not credible"]
    assert (lapse.instead, lapse.loss, lapse.reached, lapse.whatever) == ("share", 2.0, False, True)
    assert found.sequential is False
    meant = game.behaviour({("entrant", "1"): "enter", ("incumbent", "1"): "share"})
    assert sequential(game, meant).sequential is True


def test_seltens_horse():
    """(D, c, L) is Nash, and the second player would not let the chance go by; (C, c, R) is sequential."""
    game = horse()
    bad = game.behaviour({("1", "1"): "D", ("2", "1"): "c", ("3", "h"): "L"})
    assert game.gains(bad).max() == 0
    (lapse,) = sequential(game, bad).lapses
    assert (lapse.player, lapse.move, lapse.instead, lapse.loss) == ("2", "c", "d", 3.0)
    good = game.behaviour({("1", "1"): "C", ("2", "1"): "c", ("3", "h"): "R"})
    assert sequential(game, good).sequential is True
    nodes = [game.tree.parent[k] for k in game.infosets[2].nodes]
    believing = [float(game.tree.info[k] == 0) for k in nodes]  # sure that the first did it: then L pays
    assert sequential(game, good, [[1], [1], believing]).lapses[0].place == "h"


def test_both_breakfasts_are_sequential():
    game = BeerQuiche()
    for key in ("intuitive equilibrium", "other pooling equilibrium"):
        known = dict(BeerQuiche.reference[key])
        plan = {("sender", k): known["strong" if k == "strong" else "weak"] for k in ("strong", "weak")}
        meals = ("beer", "quiche")
        odds = game.behaviour(plan | {("receiver", meal): known[meal] for meal in meals})
        found = sequential(game, odds)
        assert found.sequential is True
    naive = game.behaviour(plan | {("receiver", meal): "leave" for meal in meals})
    assert [lapse.player for lapse in sequential(game, naive).lapses] == ["sender"]


@pytest.mark.parametrize("game", [EntryDeterrence(), BeerQuiche(), Centipede()])
def test_the_limit_of_agent_quantal_response_passes(game):
    found = agent_logit(game)
    assert sequential(game, found.points[0], found.beliefs).sequential is True


def test_subgame_perfect_points_of_perfect_information_pass():
    game = Centipede()
    (point,) = subgame_perfect(game).points
    assert sequential(game, point).sequential is True


def test_optimal_play_of_leduc_has_lapses_only_where_play_does_not_come():
    """A linear program does not care what is done off its path; on it nobody errs."""
    game = LeducPoker()
    lapses = sequential(game, sequence_form(game).points[0]).lapses
    assert len(lapses) > 0
    assert not [lapse for lapse in lapses if lapse.reached and lapse.loss > 1e-6]


def test_large_payoffs_elsewhere_do_not_hide_a_lapse():
    game = Centipede(turns=100)
    naive = [own.copy() for own in subgame_perfect(game).points[0]]
    naive[50] = naive[50][::-1]  # the second player, at its first turn
    found = {(lapse.player, lapse.place, lapse.move, lapse.reached) for lapse in sequential(game, naive).lapses}
    assert found == {(game.players[1], "2", "pass", False), (game.players[0], "1", "take", True)}
    assert float(np.ptp(game.paid)) > 1e25


def test_what_does_not_fit_is_refused():
    game = EntryDeterrence()
    for wrong in ([[1]], [[1], [0.5]], [[1], [0.5, 0.5]], [[1], [float("nan")]]):
        with pytest.raises(InputError):
            sequential(game, game.even(), wrong)
    with pytest.raises(InputError, match="no tree"):
        sequential(Chicken(), ())
    with pytest.raises(InputError, match="batch"):
        sequential(game, tuple(np.full((3, 2), 0.5) for _ in game.infosets))
