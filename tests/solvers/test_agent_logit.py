import json
from pathlib import Path

import numpy as np
import pytest

from ostrom.core.errors import InputError
from ostrom.core.forms.extensive import Choice, End, ExtensiveForm
from ostrom.formats.efg import read_efg
from ostrom.games import AlternatingOffers, BeerQuiche, Centipede, Chicken, EntryDeterrence, KuhnPoker, LeducPoker
from ostrom.solvers.agent_logit import agent_logit

STORED = json.loads((Path(__file__).parent / "data" / "agent_logit.json").read_text(encoding="utf-8"))


def horse():
    """Selten's horse: the third player cannot tell who let it move."""
    ends = {"d": ((4, 4, 0), (0, 0, 1)), "D": ((3, 3, 2), (0, 0, 0))}
    third = {k: Choice("3", {"L": End(pays=left), "R": End(pays=right)}, sees="h") for k, (left, right) in ends.items()}
    second = Choice("2", {"c": End(pays=(1, 1, 1)), "d": third["d"]})
    return ExtensiveForm(Choice("1", {"C": second, "D": third["D"]}), players=("1", "2", "3"), name="horse")


@pytest.mark.parametrize("entry", STORED["answers"], ids=lambda entry: f"{entry['game']} {entry['precision']}")
def test_odds_are_gambits(entry):
    game = read_efg(STORED["games"][entry["game"]])
    found = agent_logit(game, entry["precision"])
    assert found.status == "complete"
    places = [f"{game.players[infoset.player]}/{infoset.label}" for infoset in game.infosets]
    stored = [own for place, own in sorted(entry["odds"].items())]
    ours = [own for _, own in sorted(zip(places, found.points[0], strict=True), key=lambda pair: pair[0])]
    assert np.concatenate(ours) == pytest.approx(np.concatenate(stored), abs=1e-7)


def test_at_precision_zero_all_is_even():
    for own in agent_logit(BeerQuiche(), 0.0).points[0]:
        assert own == pytest.approx(np.full(len(own), 1 / len(own)))


def test_odds_follow_from_what_moves_are_worth_where_they_are_made():
    """The definition, at one precision: log odds are λ times the difference of conditional worths, by hand."""
    game = EntryDeterrence()
    enter, fight = (own for own in agent_logit(game, 1.5).points[0])
    assert np.log(fight[1] / fight[0]) == pytest.approx(1.5 * (1 - -1))
    worth = fight[1] * 1 + fight[0] * -1
    assert np.log(enter[1] / enter[0]) == pytest.approx(1.5 * (worth - 0))


def test_it_leads_to_the_intuitive_breakfast_and_not_to_the_other_equilibrium():
    game, known = BeerQuiche(), BeerQuiche.reference["intuitive equilibrium"]
    found = agent_logit(game)
    assert found.status == "complete"
    told = game.table(found.points[0])
    assert {place: max(odds, key=odds.get) for own in told.values() for place, odds in own.items()} == known
    quiche = next(k for k, infoset in enumerate(game.infosets) if infoset.label == "quiche")
    assert found.beliefs[quiche] == pytest.approx([0, 1], abs=1e-6)  # who has quiche is weak


@pytest.mark.parametrize(("game", "play"), [(EntryDeterrence(), (1, 1)), (Centipede(), (0, 0))])
def test_empty_threats_are_not_believed(game, play):
    found = agent_logit(game)
    assert max(found.losses) <= 1e-9
    assert [int(own.argmax()) for own in found.points[0]][: len(play)] == list(play)


def test_seltens_horse_comes_to_the_sequential_equilibrium():
    """(C, c) with the third going right often enough; (D, c, L) is Nash and not sequential."""
    game = horse()
    found = agent_logit(game)
    first, second, third = found.points[0]
    assert (first[0], second[0]) == pytest.approx((1, 1), abs=1e-6)
    assert third[1] >= 3 / 4 - 1e-6  # else the second would let the third move
    assert max(found.losses) < 1e-3
    bad = game.behaviour({("1", "1"): "D", ("2", "1"): "c", ("3", "h"): "L"})
    assert game.gains(bad).max() <= 1e-12


def test_moves_that_die_out_and_lead_to_an_end_do_not_stop_the_walk():
    game = KuhnPoker()
    found = agent_logit(game)
    assert found.status == "complete"
    assert found.regret < 1e-8
    assert game.value(found.points[0])[0] == pytest.approx(-1 / 18, abs=1e-8)


def test_offers_are_accepted_when_they_are_worth_waiting_for():
    found = agent_logit(AlternatingOffers(rounds=1, steps=4))
    assert max(found.losses) <= 1e-9
    assert found.regret <= 1e-9


@pytest.mark.parametrize("wrong", [-1.0, float("nan")])
def test_impossible_precisions_are_refused(wrong):
    with pytest.raises(InputError, match="precision"):
        agent_logit(BeerQuiche(), wrong)


@pytest.mark.parametrize("game", [Chicken(), LeducPoker(), ExtensiveForm(End(pays=[1]), players=("a",))])
def test_other_and_large_games_are_refused(game):
    with pytest.raises(InputError):
        agent_logit(game)
