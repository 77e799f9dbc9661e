import numpy as np
import pytest

from ostrom.core.errors import InputError
from ostrom.games import AlternatingOffers


def first_offers(rounds, steps, patience, turn=0):
    """By backward induction: what each offer on turn can bring (own, other), best offers kept, ties either way."""
    best, offers = -np.inf, []
    later = [(0.0, 0.0)]
    if turn + 1 < rounds:
        later = [(own, other) for other, own in first_offers(rounds, steps, patience, turn + 1)[1]]
    for k in range(steps + 1):
        offered = k / steps
        accept = patience**turn * (1 - offered), patience**turn * offered
        for reject in later:
            ends = [accept] if accept[1] > reject[1] else [reject] if accept[1] < reject[1] else [accept, reject]
            offers += [(offered, end) for end in ends]
    best = max(own for _, (own, _) in offers)
    kept = sorted({offered for offered, (own, _) in offers if own >= best - 1e-12})
    return kept, [end for _, end in offers if end[0] >= best - 1e-12]


def test_offers_that_can_be_subgame_perfect():
    for steps in (2, 4):
        kept, _ = first_offers(2, steps, 0.5)
        assert [f"{offer:g}" for offer in kept] == [AlternatingOffers.reference["offer in two rounds"]]


def test_an_ultimatum_takes_all_but_a_crumb():
    game = AlternatingOffers(rounds=1, steps=10)
    greedy = {("first", "start"): "0.1"} | {
        ("second", i.label): "reject" if i.label == "offered 0" else "accept" for i in game.infosets if i.player == 1
    }
    assert game.gains(game.behaviour(greedy)) == pytest.approx([0, 0])
    assert game.value(game.behaviour(greedy)) == pytest.approx([0.9, 0.1])


def test_the_pie_shrinks_with_every_rejection():
    game = AlternatingOffers(rounds=3, steps=2, patience=0.5)
    assert sorted({round(float(total), 6) for total in game.paid.sum(1)}) == [0, 0.25, 0.5, 1]


@pytest.mark.parametrize("bad", [{"rounds": 0}, {"rounds": 9}, {"steps": 1}, {"patience": 1.5}])
def test_impossible_parameters_are_refused(bad):
    with pytest.raises(InputError):
        AlternatingOffers(**bad)
