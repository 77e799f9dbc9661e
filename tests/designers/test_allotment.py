"""The designer of allotments: turns and bids by brute force, the best by SciPy, lies by the whole game in stages."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from ostrom import design, games
from ostrom.core.errors import InputError
from ostrom.core.forms.normal_form import NormalForm
from ostrom.designers._proposal import Impossible
from ostrom.designers._remedy import Problem
from ostrom.designers.allotment import allotment
from ostrom.institutions import Allotment


def places(worth):
    """Who goes where: worth `[i, k]` to i of place k when it is there alone, nothing to all unless all are apart."""
    worth = np.asarray(worth, float)
    count, moves = worth.shape
    cells = np.moveaxis(np.indices((moves,) * count), 0, -1)
    apart = np.array([len(set(cells[at])) == count for at in np.ndindex(*cells.shape[:-1])]).reshape(cells.shape[:-1])
    table = np.stack([worth[i][cells[..., i]] for i in range(count)], -1) * apart[..., None]
    return NormalForm(table, moves="ABCDE"[:moves])


def by_turns(worth):
    """What each takes when the first may choose first: one after the other, by hand."""
    left, took = list(range(worth.shape[1])), []
    for row in worth:
        took.append(max(left, key=lambda k: row[k]))
        left.remove(took[-1])
    return took


def says(found):
    """Strategies that say what the proposal expects, and do what they are allotted."""

    def of(own):
        return lambda look: {"wish": own} if "wish" in look.choices else {"act": look.choices["act"][0]}

    return [of(own) for own in found.target]


@given(st.integers(0, 10_000), st.sampled_from([2, 2, 3]))
@settings(max_examples=8, deadline=None)
def test_turns_where_they_lead_to_the_best_and_bids_where_not(seed, count):
    rng = np.random.default_rng(seed)
    worth = rng.permutation(np.arange(1.0, count * count + 1)).reshape(count, count)
    worth += rng.integers(2) * rng.random((count, count)) / 10  # whole amounts, or ones too long to say
    best = linear_sum_assignment(worth, maximize=True)[1]
    game = places(worth)
    found = allotment(Problem(game, np.full(game.sizes, 1 / game.size)))
    assert found.institution.by == ("turns" if by_turns(worth) == list(best) else "bids")
    assert np.unravel_index(int(found.outcome.argmax()), game.sizes) == tuple(best)
    assert found.effects.welfare_after == pytest.approx(worth[np.arange(count), best].mean())
    under = game.under(found.institution)
    assert under.gains(says(found)) == pytest.approx(0, abs=1e-7)  # in the whole game, whatever one says and does
    paid = np.array(list(found.numbers["pays"].values()))
    assert under.value(says(found)) == pytest.approx(worth[np.arange(count), best] - paid)
    assert found.claims[0].verdict == "proved"


def test_bids_of_what_moves_are_worth_pay_what_the_others_lose():
    """Clarke's price by hand: the most the other could have, less what it has."""
    worth = np.array([[1.0, 0.0], [3.0, 0.0]])
    found = allotment(places(worth))
    assert found.institution == Allotment(("B", "A"), "bids", (0.0, 1.0, 3.0))
    assert found.numbers["said"] == {"player 1": "B 0, A 1", "player 2": "B 0, A 3"}
    for i, name in enumerate(("player 1", "player 2")):
        other = 1 - i
        has = worth[other, 0 if other == 1 else 1]  # the second has A
        assert found.numbers["pays"][name] == pytest.approx(worth[other].max() - has)
    assert (found.status, found.size) == ("bound gap", 1)
    assert found.needs.fine == 3
    assert found.needs.cost == 0


def test_all_or_nothing_where_worths_are_too_many_to_say():
    worth = np.array([[5.0, 9.1, 1.3], [4.7, 8.9, 3.2], [0.4, 7.7, 0.1]])
    found = allotment(Problem(places(worth), np.full((3, 3, 3), 1 / 27)))
    ways = list(permutations(range(3)))
    best = max(ways, key=lambda way: sum(worth[i, k] for i, k in enumerate(way)))
    tempted = max(worth[i, way[i]] - worth[i, best[i]] for way in ways for i in range(3))
    zero, most = found.institution.amounts
    assert (zero, most) == (0, pytest.approx(tempted + 0.01 * 9.1, abs=0.01))
    assert found.effects.change["player 1"] > 0
    assert found.size == 0


def test_rescue_goes_in_turns_and_nothing_else_can_come_of_it():
    found = allotment(games.Rescue())
    assert (found.institution.by, found.institution.moves) == ("turns", ("A", "B", "C"))
    said = {claim.statement: claim.verdict for claim in found.claims}
    assert said["Learners without regret cannot end, on average, in less welfare than 59.4691."] == "proved"
    assert said["(A, B, C) being allotted is a subgame-perfect outcome."] == "proved"
    assert said["No other subgame-perfect outcome has other payoffs."] == "proved"
    assert found.effects.welfare_after * 4 == pytest.approx(2 * games.Rescue.reference["saved at the optimum"])
    assert found.certificate(Problem(games.Rescue())).recheck()


@pytest.mark.slow
def test_four_take_turns_and_five_are_too_many():
    found = allotment(games.Rescue(players=4, sites=4))
    assert found.institution.by == "turns"
    assert [len(own) for own in found.governed.moves] == [4, 12, 24, 1]  # the last has what is left
    five = allotment(games.Rescue(players=5, sites=5))
    assert isinstance(five, Impossible)
    assert "24,883,200,000" in five.because


def test_any_allotment_that_is_as_good_will_do_unless_one_is_named():
    free = allotment(games.EscapeRoom())
    assert free.effects.change == {"person 1": 10, "person 2": -1}
    named = allotment(games.EscapeRoom(), ("lever", "door"))
    assert named.institution.by == "bids"
    assert named.outcome[games.EscapeRoom().profile(("lever", "door"))] == 1
    assert named.numbers["pays"] == {"person 1": 0, "person 2": 11}  # all that a door is worth more than a lever


def test_what_a_move_is_worth_may_hang_on_who_has_the_others():
    """The first would rather have B, but only where the second does not get A and the third not C."""
    table = np.zeros((3, 3, 3, 3))
    for way in permutations(range(3)):
        table[way] = [5, 5, 5] if way == (0, 1, 2) else [1, 1, 1]
    table[1, 2, 0, 0] = 6
    found = allotment(NormalForm(table, moves="ABC"))
    under = NormalForm(table, moves="ABC").under(found.institution)
    assert under.gains(says(found)) == pytest.approx(0, abs=1e-9)
    assert under.value(says(found)) == pytest.approx([5, 5, 5])


def test_what_cannot_be_allotted():
    assert "a move of its own" in allotment(games.PrisonersDilemma()).because
    other = NormalForm(np.zeros((2, 2, 2)), moves=(("A", "B"), ("C", "D")))
    assert "of those that all have" in allotment(Problem(other, np.full((2, 2), 1 / 4))).because
    assert "in stages" in allotment(games.Rescue().under(Allotment(("A", "B", "C")))).because
    for margin in (0, float("nan")):
        with pytest.raises(InputError):
            allotment(games.Rescue(), margin=margin)


def test_it_is_looked_for_where_it_applies():
    asked = {name: design(game, among=None, seconds=1) for name, game in TWO.items()}
    lines = {name: [one.approach for one in found.proposals] for name, found in asked.items()}
    assert "allotment" in lines["rescue"]
    assert "allotment" not in lines["dilemma"]
    assert all(one.approach != "allotment" for one in asked["dilemma"].impossible)


TWO = {"rescue": games.Rescue(), "dilemma": games.PrisonersDilemma()}


@pytest.mark.parametrize("unit", [1e-7, 1.0, 1e7])
def test_the_unit_of_payoffs_changes_amounts_and_nothing_else(unit):
    worth = np.array([[1.0, 0.0], [3.0, 0.0]]) * unit
    found = allotment(places(worth))
    assert found.institution.amounts == pytest.approx((0.0, unit, 3 * unit))
    assert found.numbers["pays"]["player 2"] == pytest.approx(unit)
