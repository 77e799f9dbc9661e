"""Laws of charters: identity, associativity, budgets, and that live play pays what the table says."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.core.charter import Charter
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.game import Fact
from ostrom.core.lifts.govern import ground_of
from ostrom.core.lifts.plays import Plays
from ostrom.core.replay import replayed
from ostrom.core.society import Session
from ostrom.institutions.advice import Advice
from ostrom.institutions.contract import Contract
from ostrom.institutions.mediator import Mediator
from ostrom.institutions.quota import Quota
from ostrom.institutions.tax import Tax
from ostrom.institutions.vote import Vote

rates = st.floats(-4, 4).map(lambda x: round(x, 3))
taxes = st.builds(Tax, st.sampled_from(["C", "D", "harvest"]), rates, st.booleans())
rules = st.one_of(
    taxes,
    st.builds(Quota, st.sampled_from(["D", "harvest"]), st.sampled_from([0.0, 1.0, 2.0])),
    st.builds(Vote, st.sampled_from(["C", "D"]), st.integers(0, 2)),
    st.builds(Contract, st.sampled_from(["C", "D"]), st.floats(0, 5), st.booleans()),
    st.just(Advice(((("C", "D"), 0.25), (("D", "C"), 0.75)))),
)
charters = st.lists(rules, min_size=1, max_size=3).map(tuple)
tables = st.lists(st.integers(-5, 5), min_size=8, max_size=8).map(
    lambda values: NormalForm(
        np.reshape(values, (2, 2, 2)), moves=("C", "D"), facts=[Fact.of_own_move("harvest", "fish", (1.0, 2.0))]
    )
)


def rows(game, institutions):
    """Every complete play: what is chosen, whether it may be, what it pays."""
    plays = Plays(game, Charter(ground_of(game), institutions))
    return plays.payoffs[plays.legal], plays.chance[plays.legal]


@given(tables, charters)
def test_one_call_or_several_give_the_same_game(game, institutions):
    once = game.under(*institutions)
    stepwise = game
    for institution in institutions:
        stepwise = stepwise.under(institution)
    assert once.institutions == stepwise.institutions
    assert type(once) is type(stepwise)
    for here, there in zip(rows(game, once.institutions), rows(game, stepwise.institutions), strict=True):
        assert np.array_equal(here, there)


@given(tables)
def test_the_empty_charter_is_the_identity(game):
    assert game.under() is game


@given(tables, taxes, taxes)
def test_taxes_commute_and_add_up(game, one, other):
    there = game.under(one, other).payoffs
    assert np.allclose(there, game.under(other, one).payoffs)
    assert np.allclose(
        there - game.payoffs, (game.under(one).payoffs - game.payoffs) + (game.under(other).payoffs - game.payoffs)
    )


@given(tables, st.floats(-4, 4), st.floats(0, 5))
def test_balanced_rules_move_no_total(game, rate, damages):
    for rule in (Tax("D", rate, shared=True), Contract("C", damages)):
        plays = Plays(game, Charter(ground_of(game), [rule]))
        base = game.payoffs_at(plays.settled[2])
        assert np.allclose(plays.payoffs.sum(-1), base.sum(-1))


@given(tables, rates)
def test_materialising_between_the_layers_changes_nothing(game, rate):
    inner = game.under(Mediator("C", "D"))
    table = NormalForm(inner.payoffs, moves=inner.moves)
    assert np.allclose(
        table.under(Tax("delegate", rate)).payoffs, game.under(Mediator("C", "D"), Tax("delegate", rate)).payoffs
    )


@settings(max_examples=40)
@given(tables, charters, st.integers(0, 2**32))
def test_a_live_round_pays_what_the_table_says_and_replays(game, institutions, seed):
    random = np.random.default_rng(seed)
    session = Session(game, institutions, rounds=2, seed=seed)
    while not session.over:
        seat = session.waiting[random.integers(len(session.waiting))]
        choices = session.look(seat).choices
        session.submit(seat, {part: options[random.integers(len(options))] for part, options in choices.items()})
    again = replayed(game, institutions, session.log)
    assert [e.to_json() for e in again.log] == [e.to_json() for e in session.log]
    plays = Plays(game, session.charter)
    match, first = plays.legal.copy(), [event for event in session.log if event.t == 0]
    for event in first:
        if event.channel in plays.moves:
            seat = game.players.index(event.agent)
            match &= plays.moves[event.channel][:, seat] == plays.charter.ground.index(
                event.channel, event.action, seat
            )
        if event.channel == "rolled":
            for level, dice in enumerate(event.action):
                for name, faces in dice.items():
                    match &= (plays.scene.luck[level][name] == np.array(faces)).all(-1)
    paid = [event.payoff for event in first if event.channel == "paid"]
    assert match.any()
    assert np.allclose(plays.payoffs[match], paid)


@given(tables, charters)
def test_renaming_players_renames_payoffs(game, institutions):
    swapped = NormalForm(
        np.swapaxes(game.payoffs, 0, 1)[..., ::-1],
        moves=game.moves,
        facts=[Fact.of_own_move("harvest", "fish", (1.0, 2.0))],
    )
    if any(isinstance(rule, Advice) for rule in institutions):
        return
    here, there = (Plays(g, Charter(ground_of(g), institutions)) for g in (game, swapped))
    mine = sorted(map(tuple, np.round(here.payoffs[here.legal], 9)))
    theirs = sorted(map(tuple, np.round(there.payoffs[there.legal][:, ::-1], 9)))
    assert mine == theirs
