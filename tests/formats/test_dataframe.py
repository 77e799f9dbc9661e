"""Games from and to pandas DataFrames."""

import builtins

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostrom.core.errors import InputError, MissingExtra
from ostrom.formats.dataframe import from_dataframe, to_dataframe

pandas = pytest.importorskip("pandas", reason="needs the optional part 'data'")


@given(seed=st.integers(0, 10**6))
def test_there_and_back_it_is_the_same_game(awkward_game, seed):
    game = awkward_game(seed, exact=False, bystanders=1)
    back = from_dataframe(to_dataframe(game), name=game.name)
    assert (back.players, back.moves, back.bystanders) == (game.players, game.moves, game.bystanders)
    assert (back.payoffs == game.payoffs).all()
    assert (back.bystander_payoffs == game.bystander_payoffs).all()


def test_moves_may_be_numbers():
    frame = pandas.DataFrame({"a": [0, 0, 1, 1], "b": [0, 1, 0, 1], "a payoff": [3, 0, 5, 1], "b payoff": [3, 5, 0, 1]})
    game = from_dataframe(frame)
    assert game.moves == (("0", "1"), ("0", "1"))
    assert game.payoffs[1, 0].tolist() == [5, 0]


def test_a_missing_number_is_named_with_its_row():
    frame = pandas.DataFrame({"a": ["x", "y"], "b": ["z", "z"], "a payoff": [1, None], "b payoff": [1, 2]})
    with pytest.raises(InputError, match="line 2: the payoff 'nan' is not finite"):
        from_dataframe(frame)


def test_without_pandas_the_install_line_is_given(awkward_game, monkeypatch):
    original = builtins.__import__

    def without_pandas(name, *rest):
        if name == "pandas":
            raise ModuleNotFoundError(name="pandas")
        return original(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without_pandas)
    with pytest.raises(MissingExtra, match=r"ostrom\[data\]"):
        to_dataframe(awkward_game(0))
