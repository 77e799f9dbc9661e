"""Restrictions: smallest by brute force for every goal, checked with another solver, and honest out of time."""

from fractions import Fraction
from itertools import chain, combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from ostrom.core.delegation import Delegation
from ostrom.core.errors import InputError, TooLarge
from ostrom.core.evidence.minimality import smallest
from ostrom.core.exact import ExactGame
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.forms.symmetric import Symmetric
from ostrom.designers.restriction import restriction
from ostrom.games import Cournot
from ostrom.institutions.ban import Ban
from ostrom.solvers.pure_equilibria import pure_equilibria

PD = NormalForm([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D"))
PURE = ("unique", "best", "floor")
SHAPES = [(3, 3), (2, 2, 2), (3, 2, 3)]
CYCLE = np.array([[0, -1, 1], [1, 0, -1], [-1, 1, 0]])
WAY_OUT = np.full((4, 4, 2), -2.0)
WAY_OUT[:3, :3], WAY_OUT[3, 3] = np.stack([CYCLE, -CYCLE], -1), 3
"""Rock, paper, scissors with a way out that only pays together: one pure equilibrium, and learners who cycle."""


def random_game(seed, sizes, top=6):
    return NormalForm(np.random.default_rng(seed).integers(0, top, (*sizes, len(sizes))))


def even(game):
    return np.full(game.sizes, 1 / game.size)


def stable(payoffs, kept):
    """The pure equilibria when only these moves are left, the slow way."""
    found = set()
    for place in product(*kept):
        better = False
        for i, own in enumerate(kept):
            for move in own:
                other = (*place[:i], move, *place[i + 1 :])
                better |= bool(payoffs[(*other, i)] > payoffs[(*place, i)])
        if not better:
            found.add(place)
    return found


def worst_for_learners(payoffs, worth, kept):
    """The worst coarse correlated equilibrium of what is left, written out for SciPy's solver."""
    places = list(product(*kept))
    rows = [
        [payoffs[(*p[:i], move, *p[i + 1 :])][i] - payoffs[p][i] for p in places]
        for i, own in enumerate(kept)
        for move in own
    ]
    welfare = [worth[p] for p in places]
    answer = linprog(welfare, rows, np.zeros(len(rows)), np.ones((1, len(places))), [1.0])
    assert answer.status == 0
    return answer.fun


def does_it(payoffs, kept, target, goal, floor):
    """Whether what is left is as the goal has it."""
    worth, found = payoffs.mean(-1), stable(payoffs, kept)
    if target not in found:
        return False
    return {
        "unique": lambda: found == {target},
        "best": lambda: max(worth[place] for place in found) <= worth[target] + 1e-9,
        "floor": lambda: min(worth[place] for place in found) >= floor - 1e-9,
        "learner-proof": lambda: worst_for_learners(payoffs, worth, kept) >= floor - 1e-7,
    }[goal]()


def by_brute_force(payoffs, target, goal="unique", floor=None, weights=None):
    """The least weight of moves to remove, trying all sets from the lightest on."""
    moves = [(i, k) for i, size in enumerate(payoffs.shape[:-1]) for k in range(size) if k != target[i]]
    sets = list(chain.from_iterable(combinations(moves, size) for size in range(len(moves) + 1)))
    weigh = {out: sum(1 if weights is None else weights[i][k] for i, k in out) for out in sets}
    floor = payoffs.mean(-1)[target] if floor is None else floor
    for out in sorted(sets, key=lambda out: weigh[out]):
        kept = [[k for k in range(size) if (i, k) not in out] for i, size in enumerate(payoffs.shape[:-1])]
        if does_it(payoffs, kept, target, goal, floor):
            return weigh[out]
    raise AssertionError


def kept_of(game, remedy):
    return [[game.moves[i].index(label) for label in own] for i, own in enumerate(remedy.kept)]


def hold(game, remedy, goal, floor=None):
    """What has to be true of every answer."""
    target = game.profile(remedy.target)
    floor = game.payoffs.mean(-1)[target] if floor is None else floor
    assert does_it(game.payoffs, kept_of(game, remedy), target, goal, floor)
    assert remedy.claims[0].verdict == "proved"
    assert len(remedy.bans) == remedy.size == game_moves(game) - game_moves(remedy.governed)
    assert remedy.at_least <= remedy.weight
    assert (remedy.status == "optimal") == (remedy.at_least == pytest.approx(remedy.weight))


def game_moves(game):
    return sum(game.sizes)


@pytest.mark.parametrize("goal", PURE)
@pytest.mark.parametrize("sizes", SHAPES)
@settings(max_examples=20)
@given(seed=st.integers(0, 10_000))
def test_it_is_smallest(sizes, goal, seed):
    game = random_game(seed, sizes)
    target = game.labels(np.random.default_rng(seed).integers(0, sizes))
    remedy = restriction(game, target, goal=goal, played=even(game))
    hold(game, remedy, goal)
    assert (remedy.status, remedy.size) == ("optimal", by_brute_force(game.payoffs, game.profile(target), goal))
    assert remedy.claims[2].verdict == "proved"


@pytest.mark.parametrize("goal", ["floor", "learner-proof"])
@settings(max_examples=20)
@given(seed=st.integers(0, 10_000), below=st.sampled_from([0.5, 1.0, 2.0]))
def test_a_lower_floor_is_met_by_no_more(goal, seed, below):
    game = random_game(seed, (3, 3))
    floor = float(game.payoffs.mean(-1).max()) - below
    remedy = restriction(game, goal=goal, floor=floor, played=even(game))
    hold(game, remedy, goal, floor)
    assert remedy.size == by_brute_force(game.payoffs, game.profile(remedy.target), goal, floor)
    assert remedy.size <= restriction(game, goal=goal, played=even(game)).size


def learner_proof(seed):
    game = random_game(seed, (4, 4), 10)
    remedy = restriction(game, goal="learner-proof", played=even(game))
    hold(game, remedy, "learner-proof")
    assert remedy.status == "optimal"
    assert remedy.size == by_brute_force(game.payoffs, game.profile(remedy.target), "learner-proof")
    assert [claim.verdict for claim in remedy.claims] == ["proved"] * 3


@pytest.mark.parametrize("seed", range(15))
def test_learner_proof_is_smallest(seed):
    learner_proof(seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(15, 120))
def test_learner_proof_is_smallest_in_many_more_games(seed):
    learner_proof(seed)


@pytest.mark.parametrize("seed", range(6))
def test_its_odds_show_without_a_solver_that_it_is_smallest(seed):
    """The odds are coarse correlated equilibria of what some removals leave, and the core's own check confirms them."""
    game = random_game(seed, (3, 3, 3), 10)
    remedy = restriction(game, goal="learner-proof", played=even(game))
    rows, worths = game.payoffs.reshape(-1, 3), game.payoffs.reshape(-1, 3).sum(-1)
    exact = ExactGame(
        game.players,
        game.moves,
        tuple(tuple(map(Fraction, row)) for row in rows.tolist()),
        tuple(Fraction(worth) / 3 for worth in worths.tolist()),
        ((Fraction(0),) * 3,) * game.size,
    )
    evidence = dict(remedy.claims[2].evidence)
    assert (evidence.pop("kind"), evidence.pop("of")) == ("smallest", "before")
    assert smallest(exact, **evidence) == ""
    assert smallest(exact, **{**evidence, "removals": remedy.size + 1}) != ""
    for device in remedy.clauses:
        assert sum(share for _, share in device) == 1
        assert sum(share * exact.worth[exact.number(labels)] for labels, share in device) < remedy.floor


@settings(max_examples=30)
@given(st.integers(0, 10_000))
def test_weights_decide_what_is_forbidden(seed):
    game, rng = random_game(seed, (3, 2, 3)), np.random.default_rng(seed)
    weights = [rng.integers(1, 20, size) / 2 for size in game.sizes]
    remedy = restriction(game, weights=weights, played=even(game))
    hold(game, remedy, "unique")
    assert remedy.weight == pytest.approx(by_brute_force(game.payoffs, game.profile(remedy.target), weights=weights))
    assert remedy.claims[2].verdict == "proved"


@pytest.mark.parametrize("goal", [*PURE, "learner-proof"])
@pytest.mark.parametrize("seconds", [0.0, 1e-3, 0.02])
def test_out_of_time_it_still_works_and_says_what_is_known(goal, seconds):
    for seed in range(4):
        game = random_game(seed, (3, 3, 3), 10)
        quick, full = (restriction(game, goal=goal, seconds=s, played=even(game)) for s in (seconds, 10.0))
        hold(game, quick, goal)
        assert quick.at_least <= full.size <= quick.size
        assert quick.status == "optimal" or quick.claims[2].verdict == "unknown"
        assert seconds > 0 or quick.size == 6  # all but the target


def test_the_prisoners_dilemma_loses_two_of_four_moves():
    remedy = restriction(PD)
    assert remedy.removed == (("D",), ("D",))
    assert remedy.findings[0].sentence == "Forbidding D to everybody leaves (C, C) as the only pure equilibrium."
    assert remedy.effects.change == {"player 1": 2.0, "player 2": 2.0}
    assert [claim.verdict for claim in remedy.claims] == ["proved"] * 3
    assert PD.under(Ban(moves=remedy.bans)).moves == remedy.governed.moves


def test_nothing_is_forbidden_where_nothing_has_to_be():
    remedy = restriction(NormalForm([[[4, 4], [3, 2]], [[2, 3], [1, 1]]]))
    assert (remedy.size, remedy.objection) == (0, "What is played now is as good.")
    assert "Nothing needs to be forbidden" in remedy.findings[0].sentence


def test_names_tell_who_loses_what():
    game = NormalForm([[[2, 2], [0, 0]], [[0, 0], [1, 1]]], players=["Ann", "Bo"], moves=("left", "right"))
    said = restriction(game).findings[0].sentence
    assert said.startswith("Forbidding right to ")
    assert "everybody" not in said


def test_learners_may_miss_a_unique_pure_equilibrium():
    remedy = restriction(NormalForm(WAY_OUT))
    assert (remedy.size, remedy.claims[0].verdict, remedy.claims[1].verdict) == (0, "proved", "refuted")
    assert remedy.claims[1].numbers["worst"] <= 1e-9  # cycling alone gives 0 on average, and learners may do worse
    assert "Learners may still miss it" in remedy.findings[0].sentence


def test_learner_proof_takes_more():
    remedy = restriction(NormalForm(WAY_OUT), goal="learner-proof")
    assert remedy.size == by_brute_force(WAY_OUT, (3, 3), "learner-proof") == 3
    assert remedy.claims[1].verdict == "proved"
    assert "no way for learners without regret to fall below a welfare of 3" in remedy.findings[0].sentence


def test_fewer_quantities_r8a():
    """Forbidding just what gains at (27, 27) leaves (27, 54) and (54, 27): the trap of the published restriction."""
    game = Delegation(Cournot(demand=108.0, step=9.0), welfare=[0.5, 0.5, 0])
    found = {goal: restriction(game, ("27", "27"), goal=goal) for goal in PURE}
    assert found["best"].removed == (("36", "45"),) * 2
    left = pure_equilibria(found["best"].governed)
    assert {found["best"].governed.labels(place) for place in left.profiles} >= {("27", "54"), ("54", "27")}
    for goal in ("unique", "floor"):
        assert all({"36", "45", "54"} <= set(out) for out in found[goal].removed)
        assert found[goal].status == "optimal"
        assert len(pure_equilibria(found[goal].governed)) == 1


@pytest.mark.slow
def test_fewer_quantities_of_many_r8a():
    """In steps of 1 both firms lose 28 to 54, and each asymmetric tie (26, 55) costs one more: 56 of 218."""
    game = Delegation(Cournot(demand=108.0, step=1.0), welfare=[0.5, 0.5, 0])
    remedy = restriction(game, ("27", "27"), played=np.full((109, 109), 109.0**-2))
    assert (remedy.size, remedy.status) == (56, "optimal")
    assert all(set(map(str, range(28, 55))) <= set(out) for out in remedy.removed)
    assert len(pure_equilibria(remedy.governed)) == 1


def test_a_cartel_is_not_proposed():
    game = NormalForm(
        PD.payoffs, moves=("high", "low"), bystanders=["buyers"], bystander_payoffs=[[[0], [3]], [[3], [16]]]
    )
    remedy = restriction(game, ("high", "high"))
    assert remedy.effects.takes_from_bystanders
    assert "buyers would lose" in remedy.objection
    assert remedy.governed.bystander_payoffs.tolist() == [[[0.0]]]


@pytest.mark.parametrize(
    "arguments",
    [
        {"target": ("C", "E")},
        {"goal": "best of all"},
        {"floor": 1.0},
        {"goal": "floor", "floor": 3.5},
        {"goal": "learner-proof", "floor": float("nan")},
        {"weights": [[1, 1]]},
        {"weights": [[1, 1], [1, 0]]},
        {"weights": [[1, 1], [1, float("inf")]]},
    ],
)
def test_bad_input_is_refused(arguments):
    with pytest.raises(InputError):
        restriction(PD, **arguments)


def test_what_is_no_interaction_or_too_large_is_refused():
    with pytest.raises(InputError):
        restriction(NormalForm([[[1, 1], [2, 2]]]))
    with pytest.raises(TooLarge):
        restriction(Symmetric(lambda own, others: 1.0 * others, players=60, moves=("a", "b"), amounts=(0, 1)))
