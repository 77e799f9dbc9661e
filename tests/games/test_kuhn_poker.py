from fractions import Fraction

from ostrom.games import KuhnPoker


def test_each_deal_is_as_likely_and_each_end_pays_what_is_in_the_pot():
    game = KuhnPoker()
    assert set(game.exact_chance) == {Fraction(1, 6)}
    assert {abs(int(won)) for won in game.exact_paid[:, 0]} == {1, 2}
    assert (game.exact_paid.sum(1) == 0).all()


def test_always_betting_and_calling_is_a_showdown_for_two():
    game = KuhnPoker()
    bold = game.behaviour({(game.players[i.player], i.label): "bet" for i in game.infosets})
    assert game.value(bold).tolist() == [0.0, 0.0]
