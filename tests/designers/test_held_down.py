"""What groups can be held down to, and mediators that hold them; against enumeration and the group's own program."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from ostrom.audits.coalitions import Coalitions
from ostrom.core.errors import InputError
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.forms.symmetric import Symmetric
from ostrom.designers._proposal import Impossible, Proposal
from ostrom.designers.mediator import mediator
from ostrom.games import PrisonersDilemma

SIZES = (2, 3, 2)
TABLES = st.lists(st.integers(-4, 4), min_size=36, max_size=36).map(
    lambda values: NormalForm(np.reshape(values, (*SIZES, 3)), players=("ann", "bob", "cem"))
)


def minority(players=3):
    """Who alone makes its move gets 5; where all do the same everybody gets 2."""
    others = players - 1
    return Symmetric(
        lambda own, count: np.where(count[:, own] == others, 2.0, np.where(count[:, own] == 0, 5.0, 0.0)),
        players=players,
        moves=("A", "B"),
    ).dense()


def assured(game, group):
    """The most in total that a group can make sure of by a lottery of its own joint moves (a maximin program)."""
    total = np.moveaxis(game.payoffs[..., list(group)].sum(-1), group, range(len(group)))
    table = total.reshape(int(np.prod(total.shape[: len(group)])), -1)
    rows, columns = table.shape
    found = linprog(
        np.append(np.zeros(rows), -1.0),
        A_ub=np.column_stack([-table.T, np.ones(columns)]),
        b_ub=np.zeros(columns),
        A_eq=np.append(np.ones(rows), 0.0)[None],
        b_eq=[1.0],
        bounds=[(0, None)] * rows + [(None, None)],
    )
    return -found.fun


def groups(players, up_to):
    return [group for size in range(1, up_to + 1) for group in combinations(range(players), size)]


def gains_of_all(proposal, up_to):
    """The largest total gain of any up to `up_to` who stay out, whatever they play, read off the governed table."""
    game = proposal.governed
    home = game.profile(("delegate",) * len(game.players))
    best = -np.inf
    for place in game.profiles():
        out = [i for i, move in enumerate(place) if move != home[i]]
        if 0 < len(out) <= up_to:
            best = max(best, (game.payoffs[tuple(place)] - game.payoffs[home])[out].sum())
    return best


@settings(max_examples=60)
@given(TABLES, st.tuples(*(st.integers(0, size - 1) for size in SIZES)), st.integers(1, 3))
def test_a_mediator_is_found_just_when_no_group_can_make_sure_of_more(game, place, up_to):
    found = mediator(game, game.labels(place), up_to=up_to)
    short = [g for g in groups(3, up_to) if assured(game, g) > game.payoffs[place][list(g)].sum() + 1e-6]
    assert isinstance(found, Impossible if short else Proposal)
    if short:
        first = short[0]
        assert found.numbers["group"] == [game.players[i] for i in first]
        gained = assured(game, first) - game.payoffs[place][list(first)].sum()
        assert found.numbers["gains"] == pytest.approx(gained, abs=1e-6)
        assert all(game.players[i] in found.because for i in first) or len(first) == 3
    else:
        assert gains_of_all(found, up_to) <= 1e-6
        delegating = ("delegate",) * 3
        assert Coalitions(up_to=up_to)(found.governed, delegating)[0].verdict == "proved"


def test_a_pair_breaks_what_no_single_player_does():
    """In the minority game of three, whoever deviates alone finds the others apart; two who part always win."""
    game = minority()
    single = mediator(game, ("A", "A", "A"))
    assert isinstance(single, Proposal)
    assert gains_of_all(single, 1) <= 0
    assert gains_of_all(single, 2) == 1
    pair = mediator(game, ("A", "A", "A"), up_to=2)
    assert isinstance(pair, Impossible)
    assert pair.numbers == {"group": ["player 1", "player 2"], "gains": 1.0}
    assert "they would stay out together and gain 1" in pair.because


@settings(max_examples=15)
@given(st.lists(st.integers(-9, 9), min_size=8, max_size=8), st.sampled_from([2, 4]))
def test_symmetric_games_have_a_mediator_for_groups_whose_size_divides_the_number(values, players):
    """As in Monderer and Tennenholtz (2009), of symmetric games: if a group could make sure of more than its share of
    the greatest total, disjoint groups like it could all do so at once, and have more than that total."""
    table = np.reshape(values, (2, 4))[:, :players].astype(float)
    spreads = np.arange(players + 1)
    totals = [m * table[1, max(m - 1, 0)] + (players - m) * table[0, min(m, players - 1)] for m in spreads]
    table[0, 0] = max(totals) / players
    game = Symmetric(lambda own, count: table[own, count[:, 1]], players=players, moves=("A", "B")).dense()
    found = mediator(game, ("A",) * players, up_to=2)
    assert isinstance(found, Proposal)
    assert gains_of_all(found, 2) <= 1e-6


def test_groups_are_answered_by_rows_of_their_own():
    found = mediator(minority(4), ("A",) * 4, up_to=3)
    keys = {row[0] for row in found.institution.against}
    assert keys == {f"player {k}" for k in range(1, 5)} | {
        tuple(f"player {k + 1}" for k in group) for group in groups(4, 3) if len(group) > 1
    }
    assert found.sentence.endswith("is joined by everybody; no group of up to 3 gains in total by staying out.")
    assert set(found.numbers["against"]) > {"player 1 and player 2"}


def test_everybody_at_once_can_only_be_held_where_the_total_is_greatest():
    game = PrisonersDilemma()
    assert isinstance(mediator(game, ("C", "C"), up_to=2), Proposal)
    assert all(isinstance(row[0], str) for row in mediator(game, ("C", "C"), up_to=9).institution.against)
    both = mediator(game, ("D", "D"), up_to=2)
    assert "all together have 2 at (D, D) and could have 6, 4 more" in both.because


def test_one_at_a_time_is_what_it_was():
    game = PrisonersDilemma()
    assert mediator(game).institution == mediator(game, up_to=1).institution
    with pytest.raises(InputError, match="Groups of up to 0"):
        mediator(game, up_to=0)
