import pytest

from ostrom.core.errors import InputError
from ostrom.games import BookPrices


def test_the_loop_gain_is_the_product_of_the_two_multipliers():
    game, known = BookPrices(), BookPrices.reference
    assert game.gain() == pytest.approx(known["gain a day"], abs=1e-6)
    assert BookPrices(undercut=0.98, markup=1.02).gain() == pytest.approx(0.98 * 1.02)


def test_with_a_modest_markup_it_calms_down():
    path = BookPrices(markup=1.0, price=100.0).path(2000)
    assert path[-1].max() < 100
    assert BookPrices(markup=1.0).gain() < 1


@pytest.mark.parametrize("bad", [{"undercut": -1}, {"markup": float("nan")}, {"price": 0}])
def test_impossible_parameters_are_refused(bad):
    with pytest.raises(InputError):
        BookPrices(**bad)
