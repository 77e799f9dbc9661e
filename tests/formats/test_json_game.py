"""Games as JSON: everything a table or a symmetric game holds comes back; what does not fit is named."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostrom.core.errors import InputError, UnknownName
from ostrom.core.forms.symmetric import Symmetric
from ostrom.core.game import Fact
from ostrom.formats.json_game import read_json, write_json

PAYOFFS = [[[3, 3], [0, 5]], [[5, 0], [1, 1]]]


@given(seed=st.integers(0, 10**6), exact=st.booleans(), bystanders=st.integers(0, 2), facts=st.booleans())
def test_written_and_read_it_is_the_same_game(awkward_game, same, seed, exact, bystanders, facts):
    game = awkward_game(seed, exact=exact, bystanders=bystanders, facts=facts)
    assert same(game, read_json(write_json(game)))


@given(seed=st.integers(0, 10**6), players=st.integers(1, 5), amounts=st.sampled_from([None, (0, 1, 3), (2, 2, 0)]))
def test_a_symmetric_game_comes_back_symmetric(same, seed, players, amounts):
    rng = np.random.default_rng(seed)
    game = Symmetric(
        lambda own, others: rng.normal(size=len(others)),
        players=players,
        moves=("a", "b", "c"),
        amounts=amounts,
        bystanders=("public",),
        bystander_payoffs=lambda totals: rng.normal(size=(len(totals), 1)),
        facts=[
            Fact.of_own_move("own", "units", [1, 2, 3]),
            Fact("shared", "units", lambda profiles: profiles + profiles.sum(-1, keepdims=True), "nobody"),
        ],
    )
    back = read_json(write_json(game))
    assert isinstance(back, Symmetric)
    assert (back.amounts is None) == (game.amounts is None)
    if amounts is None:
        assert same(game, back)
        return
    # With totals for counts a fact is known only where it is a function of the own move and the total.
    assert np.array_equal(game.payoffs, back.payoffs)
    assert np.array_equal(game.bystander_payoffs, back.bystander_payoffs)


def test_only_payoffs_are_required():
    game = read_json(json.dumps({"payoffs": PAYOFFS}))
    assert game.players == ("player 1", "player 2")
    assert game.exact is None
    assert game.payoffs.tolist() == PAYOFFS


def test_one_list_of_moves_serves_all_players_and_strings_are_exact():
    game = read_json('{"moves": ["C", "D"], "payoffs": [[["1/3", 3], [0, 5]], [[5, 0], [1, 1.5]]]}')
    assert game.moves == (("C", "D"), ("C", "D"))
    assert game.exact is not None
    assert str(game.exact[0, 0, 0]) == "1/3"


@pytest.mark.parametrize(
    ("document", "says"),
    [
        ({}, "no payoffs"),
        ({"payoffs": PAYOFFS, "payofs": 1}, "payofs"),
        ({"payoffs": 3}, "shape ()"),
        ({"payoffs": [[1, 2], [3, 4]]}, "shape (2, 2)"),
        ({"payoffs": [[[3, 3], [0, 5]], [[5, 0]]]}, "level 2 should have 2 entries; there is a list with 1"),
        ({"payoffs": [[[3, 3], [0, 5]], [[5, 0], [1, "x"]]]}, "'x' is not a number"),
        ({"payoffs": [[[3, 3], [0, 5]], [[5, 0], [1, True]]]}, "True is not a number"),
        ({"payoffs": [[[3, 3], [0, 5]], [[5, 0], [1, 10**200]]]}, "beyond 1e100"),
        ({"payoffs": PAYOFFS, "players": "ab"}, "players are 'ab'"),
        ({"payoffs": PAYOFFS, "players": ["a", "a"]}, "share a name"),
        ({"payoffs": PAYOFFS, "moves": [["C"], ["C", "D"]]}, "do not fit"),
        ({"payoffs": PAYOFFS, "bystanders": ["public"]}, "bystander_payoffs"),
        ({"payoffs": PAYOFFS, "facts": [{"name": "x"}]}, "a fact is an object"),
        ({"payoffs": PAYOFFS, "ostrom": "tree"}, "calls itself 'tree'"),
        ({"payoffs": [[1]], "ostrom": "symmetric", "players": 10**9, "moves": ["C", "D"]}, "1,000,000,000 players"),
        ({"payoffs": [[1]], "ostrom": "symmetric", "moves": ["C", "D"]}, "players are nothing"),
        ({"payoffs": [[1]], "ostrom": "symmetric", "players": 3, "moves": ["C", "D"]}, "2 entries"),
        ({"payoffs": [[1]], "ostrom": "symmetric", "players": 3, "moves": ["C", "D"], "amounts": [0.5, 1]}, "amounts"),
    ],
)
def test_what_does_not_fit_is_named(document, says):
    with pytest.raises(InputError) as caught:
        read_json(json.dumps(document), "some.json")
    assert caught.value.what.startswith("some.json")
    assert says in caught.value.what


def test_a_misspelt_part_gets_a_suggestion():
    with pytest.raises(InputError, match="Did you mean payoffs"):
        read_json('{"payofs": []}')
    assert issubclass(UnknownName, InputError)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"payoffs":\n [[[3, 3], [0, 5]], [[5, 0], [1, 1]]', "line 2"),
        ('{"payoffs": [[[NaN, 3], [0, 5]], [[5, 0], [1, 1]]]}', "not finite"),
        ('{"payoffs": [[[1e999, 3], [0, 5]], [[5, 0], [1, 1]]]}', "not finite"),
        ("[1, 2]", "holds a list"),
        ("[" * 100_000, "nested too deep"),
        ('{"payoffs": ' + "9" * 5000 + "}", "not usable JSON"),
    ],
)
def test_text_that_is_not_such_json(text, says):
    with pytest.raises(InputError, match=says):
        read_json(text)
