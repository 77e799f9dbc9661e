"""Any rule composes with any other: what `ostrom show` gives as examples, two by two, on tables and live."""

import random
from itertools import permutations

import numpy as np
import pytest

from ostrom.audits.sustained import Sustained
from ostrom.core import catalogue
from ostrom.core.errors import CarrierError, InputError, TooLarge
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.game import Fact
from ostrom.core.institution import Institution
from ostrom.core.replay import replayed
from ostrom.core.society import Session
from ostrom.games import Braess, Cournot

ELSEWHERE = {"toll": Braess(), "interval_limit": Cournot()}
"""Rules whose example is on something that the commons does not have."""

LARGE = ("gossip", "self_reporting", "referendum", "licence_auction")
"""Rules whose dice or stages make large rounds, which would take all the time of two."""

NAMES = tuple(name for name in catalogue.names("institutions") if name not in ELSEWHERE)


def example(name):
    text = getattr(catalogue.member("institutions", name), "example", name)
    return catalogue.build("institutions", text, Institution)


def commons():
    """The dilemma with all the facts that examples are on."""
    units = {"harvest": (1.0, 3.0), "contribution": (2.0, 0.0), "emission": (0.5, 1.5)}
    facts = [Fact.of_own_move(name, "units", amounts) for name, amounts in units.items()]
    payoffs = [[[3, 3], [0, 5]], [[5, 0], [1, 1]]]
    return NormalForm(payoffs, players=("row", "column"), moves=("C", "D"), facts=facts, name="commons")


def live(game, rules, seed):
    """A session of random choices; whoever has to choose from nothing is an error."""
    session, dice = Session(game, rules, rounds=3, seed=seed), random.Random(seed)
    while not session.over:
        seat = dice.choice(session.waiting)
        choices = session.look(seat).choices
        session.submit(seat, {part: dice.choice(options) for part, options in choices.items()})
    return session


def compose(one, other, seed=0):
    """Live in any case; on a table where it can be listed, and then the same value for the same strategies."""
    game, rules = commons(), [example(one), example(other)]
    session = live(game, rules, seed)
    again = replayed(game, rules, session.log)
    assert [event.to_json() for event in again.log] == [event.to_json() for event in session.log]
    assert np.isfinite(session.totals).all()
    first = game.repeated(0.9).under(*rules).states[0]
    assert first.legal.any()
    assert np.isfinite(first.payoffs[first.legal]).all()


@pytest.mark.parametrize("name", [pytest.param(one, marks=pytest.mark.slow) if one in LARGE else one for one in NAMES])
def test_with_another_drawn_by_lot(name):
    """What a table cannot hold is refused with a reason; a live session holds everything that fits together."""
    other = random.Random(name).choice([one for one in NAMES if one != name and one not in LARGE])
    try:
        compose(name, other)
    except (InputError, CarrierError, TooLarge) as refusal:
        assert refusal.what.endswith(".")  # noqa: PT017


@pytest.mark.slow
def test_all_pairs():
    refused = {}
    for pair in permutations(NAMES, 2):
        try:
            compose(*pair)
        except (InputError, CarrierError, TooLarge) as refusal:
            refused[pair] = refusal.what
    assert len(refused) < 0.2 * len(NAMES) * (len(NAMES) - 1), refused


def test_examples_elsewhere_fit_their_games():
    for name, game in ELSEWHERE.items():
        assert game.under(example(name)).name


def test_a_charter_of_five_layers():
    """Taxed, known by standing, fined by strikes, under contract, and noticed."""
    rules = [example(name) for name in ("tax", "reputation", "graduated_sanctions", "contract", "notice")]
    assert len(live(commons(), rules, 1).log) > 12
    (claim,) = Sustained(other_discounts=False)(commons().repeated(0.5).under(*rules[:2]), ("C", "C"))
    assert claim.verdict == "proved"
