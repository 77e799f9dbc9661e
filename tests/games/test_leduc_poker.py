import pytest

from ostrom.games import LeducPoker


@pytest.fixture(scope="module")
def game():
    return LeducPoker()


def test_its_size_and_even_play_are_those_of_open_spiel(game):
    """OpenSpiel 2.0.2: value of uniform play, and what best replies gain on it."""
    assert len(game.infosets) == LeducPoker.reference["information sets"]
    assert game.value(game.even()) == pytest.approx([-0.078125, 0.078125], abs=1e-12)
    assert game.gains(game.even()) == pytest.approx([2.165625, 2.5815972222], abs=1e-9)


def test_pots_and_odds(game):
    assert {abs(int(won)) for won in game.exact_paid[:, 0]} == {0, 1, 3, 5, 7, 9, 11, 13}
    assert (game.exact_paid.sum(1) == 0).all()


def test_who_always_calls_goes_to_a_showdown_with_what_was_anted(game):
    calling = {(game.players[i.player], i.label): "call" for i in game.infosets}
    assert game.value(game.behaviour(calling)) == pytest.approx([0, 0], abs=1e-12)
