"""Trees: behaviours, strategies and the agent form against each other and against brute force."""

import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ostrom.core.errors import InputError, TooLarge, UnknownName
from ostrom.core.forms.extensive import Chance, Choice, End, ExtensiveForm
from ostrom.games import KuhnPoker, LeducPoker
from ostrom.institutions import Tax
from ostrom.solvers import logit
from ostrom.testing.check_game import check_game

PLAYERS = ("ann", "bob", "cy")


def drawn(rng, recall=True, bystander=False):
    """A random tree; what a player sees is its own past, or with `recall=False` only how deep it is."""

    def grow(depth, past):
        if depth == 0 or rng.random() < 0.15:
            return End(pays=rng.integers(-5, 6, 3 + bystander).tolist())
        names = [f"m{k}" for k in range(rng.integers(2, 4))]
        if rng.random() < 0.25:
            weights = rng.integers(1, 5, len(names))
            ways = {
                m: (Fraction(int(w), int(weights.sum())), grow(depth - 1, past))
                for m, w in zip(names, weights, strict=True)
            }
            return Chance(ways, pays=rng.integers(-1, 2, 3 + bystander).tolist())
        who = PLAYERS[rng.integers(2)]
        own = ", ".join(f"{place} {move}" for player, place, move in past if player == who)
        place = f"{depth}/{len(names)}"
        sees = f"{place} after {own}" if recall else place
        return Choice(who, {m: grow(depth - 1, [*past, (who, place, m)]) for m in names}, sees=sees)

    everybody = ("bystander",) if bystander else ()
    return ExtensiveForm(grow(3, []), players=PLAYERS, bystanders=everybody, name="drawn")


def behaviour(game, rng):
    return tuple(rng.dirichlet(np.ones(len(infoset.moves))) for infoset in game.infosets)


def walked(game, odds):
    """What everybody gets, by walking the tree."""

    def at(k, share):
        node = game.tree.nodes[k]
        here = share * np.array([float(x) for x in node.pays or [0] * len(game.principals)])
        for child in np.flatnonzero(game.tree.parent == k):
            move = game.tree.move[child]
            chance = float(game.tree.odds[child]) if game.tree.mover[k] == -1 else odds[game.tree.info[k]][move]
            here = here + at(child, share * chance)
        return here

    return at(0, 1.0)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.booleans())
def test_behaviours_mixtures_and_tables_agree(seed, bystander):
    rng = np.random.default_rng(seed)
    game = drawn(rng, bystander=bystander)
    odds = behaviour(game, rng)
    assert game.perfect_recall
    assert game.utilities(odds) == pytest.approx(walked(game, odds))
    mixture = game.mixture_of(odds)
    assert game.expected_utilities(mixture) == pytest.approx(walked(game, odds))
    if game.size <= 3_000:
        table = game.dense()
        assert table.expected_utilities(mixture) == pytest.approx(walked(game, odds))
        for own, whole in zip(game.deviation_payoffs(mixture), table.deviation_payoffs(mixture), strict=True):
            assert own == pytest.approx(whole)
        assert game.gains(odds) == pytest.approx(table.regrets(mixture), abs=1e-9)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6))
def test_the_agent_form_changes_one_information_set_at_a_time(seed):
    rng = np.random.default_rng(seed)
    game = drawn(rng)
    assume(game.infosets)
    odds = behaviour(game, rng)
    worth = game.agent_form.deviation_payoffs(odds)
    for h, infoset in enumerate(game.infosets):
        for move in range(len(infoset.moves)):
            changed = (*odds[:h], np.eye(len(infoset.moves))[move], *odds[h + 1 :])
            assert worth[h][move] == pytest.approx(walked(game, changed)[infoset.player])
    assert game.agent_form.expected_payoffs(odds) == pytest.approx(
        [walked(game, odds)[infoset.player] for infoset in game.infosets]
    )


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10**6), st.booleans())
def test_trees_and_their_agent_forms_answer_as_games_should(seed, recall):
    game = drawn(np.random.default_rng(seed), recall=recall)
    if game.size <= 20_000:
        check_game(game)
    if game.perfect_recall and game.infosets:
        check_game(game.agent_form)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6))
def test_reduced_strategies_are_the_strategies_that_differ(seed):
    """All strategies, with the choices that they rule out themselves taken away, and each only once."""
    game = drawn(np.random.default_rng(seed))
    for own, listed in zip(game.sequences, game.strategies, strict=True):
        if np.prod(own.sets) > 2_000:
            continue
        brute = set()
        for pick in itertools.product(*map(range, own.sets)):
            done = {0}
            for row in range(1, len(own)):
                if own.parent[row] in done and pick[own.info[row]] == own.move[row]:
                    done.add(row)
            brute.add(tuple(sorted((int(own.info[row]), int(own.move[row])) for row in done - {0})))
        assert {tuple(sorted(one.items())) for one in listed} == brute
        assert len(listed) == len(brute)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6))
def test_plans_are_behaviours_again(seed):
    rng = np.random.default_rng(seed)
    game = drawn(rng)
    odds = behaviour(game, rng)
    again = game.behaviour_of(game.plans(odds))
    assert all(np.allclose(one, other) for one, other in zip(odds, again, strict=True))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6))
def test_a_batch_is_each_of_its_own(seed):
    rng = np.random.default_rng(seed)
    game = drawn(rng)
    assume(game.infosets)
    batch = tuple(rng.dirichlet(np.ones(len(infoset.moves)), (2, 3)) for infoset in game.infosets)
    values, worths, mixtures = game.value(batch), game.agent_form.deviation_payoffs(batch), game.mixture_of(batch)
    assert values.shape == (2, 3, 3)
    for place in np.ndindex(2, 3):
        one = tuple(own[place] for own in batch)
        assert values[place] == pytest.approx(game.value(one))
        for own, whole in zip(game.agent_form.deviation_payoffs(one), worths, strict=True):
            assert whole[place] == pytest.approx(own)
        for own, whole in zip(game.mixture_of(one), mixtures, strict=True):
            assert whole[place] == pytest.approx(own)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6))
def test_who_forgets_still_has_strategies(seed):
    """Without perfect recall payoffs at strategies are by walking the tree, and behaviours are refused."""
    rng = np.random.default_rng(seed)
    game = drawn(rng, recall=False)
    if game.size > 20_000:
        return
    for _ in range(5):
        profile = [rng.integers(size) for size in game.sizes]
        chosen = {}
        for player, k in enumerate(profile):
            chosen |= {game.own_sets(player).start + h: a for h, a in game.strategies[player][k].items()}
        odds = [np.eye(len(infoset.moves))[chosen.get(h, 0)] for h, infoset in enumerate(game.infosets)]
        assert game.payoffs_at(np.array(profile)) == pytest.approx(walked(game, odds)[:3])
    if not game.perfect_recall:
        with pytest.raises(InputError, match="forgets"):
            game.gains(game.even())


def test_reduced_strategies_are_counted_without_being_listed():
    assert KuhnPoker().sizes == (27, 64)
    assert [len(own) for own in KuhnPoker().moves] == [27, 64]
    assert LeducPoker().size > 10**27
    with pytest.raises(TooLarge, match="strategies"):
        LeducPoker().moves  # noqa: B018


def test_solvers_of_tables_work_on_trees():
    found = logit(KuhnPoker())
    assert found.regret < 1e-9
    assert KuhnPoker().expected_payoffs(found.points[0])[0] == pytest.approx(-1 / 18, abs=1e-9)


def test_numbers_stay_exact_where_they_can():
    game = KuhnPoker()
    assert game.exact_chance.sum() == Fraction(5)
    assert all(isinstance(x, Fraction) for x in game.exact_paid.flat)
    assert ExtensiveForm(Choice("a", {"l": End(pays=[0.5])}), players=("a",)).exact_paid is None


def test_behaviours_by_name():
    game = KuhnPoker()
    odds = game.behaviour({("first", "J"): "bet", ("second", "K b"): {"bet": 0.75, "pass": 0.25}})
    told = game.table(odds)
    assert told["first"]["J"] == {"pass": 0.0, "bet": 1.0}
    assert told["second"]["K b"] == {"pass": 0.25, "bet": 0.75}
    assert told["first"]["Q"] == {"pass": 0.5, "bet": 0.5}
    for wrong in ({("first", "A"): "bet"}, {("first", "J"): "raise"}):
        with pytest.raises(UnknownName):
            game.behaviour(wrong)
    for wrong in ({("first", "J"): {"bet": 0.5}}, {("first", "J"): {"bet": 1.5, "pass": -0.5}}):
        with pytest.raises(InputError):
            game.behaviour(wrong)


def test_odds_of_a_behaviour_may_be_in_the_order_of_the_moves():
    game = KuhnPoker()
    by_name = game.behaviour({("first", "J"): {"pass": 0.75, "bet": 0.25}, ("first", "Q"): "bet"})
    for odds in ([0.75, 0.25], (0.75, 0.25), np.array([0.75, 0.25])):
        in_order = game.behaviour({("first", "J"): odds, ("first", "Q"): (0, 1)})
        assert all(map(np.array_equal, by_name, in_order))
    for wrong in ([0.5, 0.6], [0.5, 0.25, 0.25], ["bet", "pass"], 0.5):
        with pytest.raises(InputError, match="At 'J' first has odds"):
            game.behaviour({("first", "J"): wrong})
    with pytest.raises(UnknownName, match="no move called ''"):
        game.behaviour({("first", "J"): {"": 1.0}})


def test_who_plays_alone_answers_in_batches():
    """Nobody else's mixture lends its batch: each own move is worth the same in every row."""
    game = ExtensiveForm(Choice("a", {"l": End(pays=[2]), "r": End(pays=[5])}), players=("a",))
    batch = (np.full((4, 3, 2), 0.5),)
    for form in (game, game.dense(), game.agent_form):
        assert np.array_equal(form.deviation_payoffs(batch)[0], np.broadcast_to([2.0, 5.0], (4, 3, 2)))


def test_a_tax_lies_round_a_tree():
    """A rule that reads a strategy sees it as a move."""
    game = ExtensiveForm(
        Choice("a", {"l": End(pays=(1, 0)), "r": Choice("b", {"x": End(pays=(3, 1)), "y": End(pays=(0, 2))})}),
        players=("a", "b"),
    )
    taxed = game.under(Tax("r", 2.0))
    profiles = np.array(list(itertools.product(range(2), repeat=2)))
    lowered = game.payoffs_at(profiles) - 2.0 * (profiles[:, :1] == 1) * [1, 0]
    assert taxed.payoffs_at(profiles) == pytest.approx(lowered)


def test_deep_trees_are_built():
    node = End(pays=(0, 0))
    for k in range(5_000):
        node = Choice("ab"[k % 2], {"take": End(pays=(1, k % 7)), "pass": node})
    game = ExtensiveForm(node, players=("a", "b"))
    assert game.sizes == (2_501, 2_501)
    assert game.gains(game.even()).shape == (2,)
    again = game.behaviour_of(game.plans(game.even()))
    assert len(again) == 5_000
    assert game.agent_form.deviation_payoffs(game.even())[0].shape == (2,)


def test_strategies_of_deep_trees_are_listed_or_refused():
    def chain(turns):
        node = End(pays=(0,))
        for _ in range(turns):
            node = Choice("a", {"take": End(pays=(1,)), "pass": node})
        return ExtensiveForm(node, players=("a",))

    game = chain(600)
    assert game.listable
    assert [len(one) for one in game.strategies[0]] == [*range(1, 601), 600]
    assert not chain(4_000).listable  # few strategies, but each of thousands of choices
    with pytest.raises(TooLarge, match="choices"):
        chain(4_000).moves  # noqa: B018


def test_a_place_that_is_passed_twice_with_the_same_view():
    """The absent-minded driver (Piccione and Rubinstein 1997): no strategy gets to the second exit."""
    second = Choice("driver", {"exit": End(pays=[4]), "on": End(pays=[1])}, sees="a crossing")
    game = ExtensiveForm(Choice("driver", {"exit": End(pays=[0]), "on": second}, sees="a crossing"), players=["driver"])
    assert not game.perfect_recall
    assert game.dense().payoffs.tolist() == [[0], [1]]


def test_a_part_that_stands_twice_is_two_places():
    part = Choice("b", {"x": End(pays=(1, 0)), "y": End(pays=(0, 1))})
    game = ExtensiveForm(Choice("a", {"l": part, "r": part}), players=("a", "b"))
    assert game.sizes == (2, 4)


def test_payoffs_may_be_an_array():
    game = ExtensiveForm(Choice("a", {"l": End(pays=np.array([0.5, 1])), "r": End(pays=np.arange(2))}), players="ab")
    assert game.paid.tolist() == [[0.5, 1], [0, 1]]


def test_leduc_has_open_spiels_histories():
    """OpenSpiel deals one card after the other: six places more than dealing both at once."""
    assert len(LeducPoker().tree.nodes) + 6 == 9_457


def test_trees_that_do_not_fit_are_refused():
    node = End(pays=[0] * 1_000)
    for _ in range(13):
        node = Choice("0", {"l": node, "r": node})
    with pytest.raises(TooLarge, match="principals"):
        ExtensiveForm(node, players=[str(k) for k in range(1_000)])
    endless = {"l": End(pays=[0] * 100)}
    endless["r"] = Choice("0", endless)
    with pytest.raises(TooLarge, match="100,000 nodes"):
        ExtensiveForm(endless["r"], players=[str(k) for k in range(100)])


L = End(pays=[1, 2])


@pytest.mark.parametrize(
    "root",
    [
        "a tree",
        None,
        Choice("a", {}),
        Choice("nobody", {"l": L}),
        Choice("a", {"l": "x"}),
        Choice("a", {"l": End(pays=[1])}),
        Choice("a", {"l": End(pays=[1, float("nan")])}),
        Choice("a", {"l": End(pays=[1, "2"])}),
        Choice("a", {"l": End(pays=[1, 10**400])}),
        Choice("a", {"l": End(pays=[1, 10**5000])}),
        Choice("a", {"l": End(pays=3)}),
        Choice("a", {"l": End(pays="12")}),
        Choice("a", {"l": End(pays=np.array([1j, 2]))}),
        Choice("a", {"l": End(pays=[[1, 2]])}),
        Choice("a", [L, L]),
        Choice("a", {1: L, "1": L}),
        Choice("a", {"l": L}, sees=["s"]),
        Choice(["a"], {"l": L}),
        Chance([(1, L)]),
        Chance({"l": (10**400, L)}),
        Chance({"l": (1, L, 2)}),
        Choice("a", {"l": Choice("b", {"x": L, "y": L}, sees="s"), "r": Choice("b", {"x": L}, sees="s")}),
        Choice("a", {"l": Choice("b", {"x": L, "y": L}, sees="s"), "r": Choice("b", {"y": L, "x": L}, sees="s")}),
        Chance({"l": (0.5, L), "r": (0.4, L)}),
        Chance({"l": (-0.5, L), "r": (1.5, L)}),
        Chance({"l": (float("inf"), L)}),
        Chance({"l": ("half", L)}),
        Chance({"l": L}),
        Chance({}),
    ],
)
def test_what_is_no_tree_is_refused(root):
    with pytest.raises(InputError):
        ExtensiveForm(root, players=("a", "b"))


@pytest.mark.parametrize("players", [(), ("a", "a"), (1, 2), (["a"], "b")])
def test_players_have_names_of_their_own(players):
    with pytest.raises(InputError):
        ExtensiveForm(End(pays=[0] * len(players)), players=players)


@pytest.mark.parametrize(
    "odds",
    [
        [],
        [[1.0]] * 2,
        [[0.5, 0.6]] * 12,
        [[-0.5, 1.5]] * 12,
        [[float("nan"), 1.0]] * 12,
        [[1.0]] * 12,
        [1.0] * 12,
        [["x", "y"]] * 12,
        [[[0.5, 0.5]] * 2, *[[[0.5, 0.5]] * 3] * 11],
    ],
)
def test_what_is_no_behaviour_is_refused(odds):
    game = KuhnPoker()
    for asked in (game.gains, game.value, game.mixture_of):
        with pytest.raises(InputError):
            asked(odds)


def test_gains_are_of_one_behaviour():
    with pytest.raises(InputError, match="batch"):
        KuhnPoker().gains([[[0.5, 0.5]] * 3] * 12)
