"""The conformance kit must pass sound representations and catch unsound ones."""

import numpy as np
import pytest

import ostrom as om
from ostrom.core.errors import DeclarationError
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.game import Fact
from ostrom.testing.check_game import check_game

SOUND = [
    om.games.PrisonersDilemma(),
    om.games.Cournot(),
    om.games.PublicGoods(players=30),
    om.games.Braess(),
    om.games.Braess().atomic(4),
    om.games.PrisonersDilemma().under(om.institutions.Mediator("C", "D")),
    om.games.PrisonersDilemma().under(om.institutions.Contract("C")),
    om.games.PublicGoods(players=60).under(om.institutions.Tax("contribution", -0.1)),
    om.games.Braess().under(om.institutions.Tax("delay", 0.5)),
]


@pytest.mark.parametrize("game", SOUND, ids=lambda game: game.name)
def test_sound_games_pass(game):
    assert "answers as a game should" in str(check_game(game))


class Planted(NormalForm):
    """A prisoner's dilemma, to be spoiled."""

    def __init__(self):
        super().__init__([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], moves=("C", "D"), name="planted")


class SwapsSeats(Planted):
    def deviation_payoffs(self, mixture):
        return super().deviation_payoffs(mixture)[::-1]


class ForgetsOthers(Planted):
    def deviation_payoffs(self, mixture):
        return super().deviation_payoffs(self.uniform())


class IgnoresBatches(Planted):
    def deviation_payoffs(self, mixture):
        return tuple(w[0, 0] if w.ndim > 1 else w for w in super().deviation_payoffs(mixture))


class Rounds(Planted):
    def deviation_payoffs(self, mixture):
        return tuple(np.round(w) for w in super().deviation_payoffs(mixture))


class Transposed(Planted):
    def payoffs_at(self, profiles):
        return super().payoffs_at(profiles).T


class FactOfAll(Planted):
    facts_ = (Fact("total", "units", lambda profiles: profiles.sum(-1)),)

    def __init__(self):
        super().__init__()
        self.facts = self.facts_


class SameNames(Planted):
    def __init__(self):
        super().__init__()
        self.players = ("ann", "ann")


@pytest.mark.parametrize(
    "planted", [SwapsSeats, ForgetsOthers, IgnoresBatches, Rounds, Transposed, FactOfAll, SameNames]
)
def test_every_planted_failure_is_caught(planted):
    check_game(Planted())
    with pytest.raises(DeclarationError, match=r"planted|NormalForm"):
        check_game(planted())
