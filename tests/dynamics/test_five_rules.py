"""The five rules: closed forms, and what they say of processes that are solved exactly."""

import pytest

from ostrom.core.errors import InputError
from ostrom.core.forms.normal_form import NormalForm
from ostrom.dynamics import critical_discount, five_rules, strategy


def test_each_rule():
    found = five_rules(3, 1, relatedness=0.5, again=0.25, known=0.4, neighbours=4, group=(4, 2))
    assert found.ratio == 3
    assert found.needed == pytest.approx(
        {
            "kin selection": 2,
            "direct reciprocity": 4,
            "indirect reciprocity": 2.5,
            "network reciprocity": 4,
            "group selection": 3,
        }
    )
    assert found.holds == {
        "kin selection": True,
        "direct reciprocity": False,
        "indirect reciprocity": True,
        "network reciprocity": False,
        "group selection": False,
    }


@pytest.mark.parametrize("benefit", [1.5, 3.0, 8.0])
def test_direct_reciprocity_is_what_grim_needs(benefit):
    """In the repeated donation game grim holds out from (T - R) / (T - P) = cost / benefit on."""
    game = NormalForm([[[benefit - 1, benefit - 1], [-1, benefit]], [[benefit, -1], [0, 0]]], moves=("C", "D"))
    needed = float(critical_discount(game, [strategy("grim")] * 2).threshold)
    assert five_rules(benefit, 1.0, again=needed + 1e-6).holds["direct reciprocity"]
    assert not five_rules(benefit, 1.0, again=needed - 1e-6).holds["direct reciprocity"]


def test_finite_networks_need_more_and_some_never_do():
    needed = [five_rules(1, 1, neighbours=4, nodes=n).needed["network reciprocity"] for n in (10, 100, 10**9)]
    assert needed[0] > needed[1] > needed[2] == pytest.approx(4, rel=1e-6)
    assert five_rules(99, 1, neighbours=9, nodes=10).needed["network reciprocity"] == float("inf")
    assert not five_rules(99, 1, relatedness=0.0).holds["kin selection"]


def test_nonsense_is_refused():
    for bad in ({"cost": 0.0}, {"known": 1.5}, {"again": float("nan")}, {"neighbours": 0}, {"group": (0, 3)}):
        with pytest.raises(InputError, match="positive cost"):
            five_rules(3, bad.pop("cost", 1.0), **bad)
