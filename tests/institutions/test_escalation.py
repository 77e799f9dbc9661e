"""Escalation: who asks is answered and does it, and it is worth asking where the other knows what to do."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.core.catalogue import build
from ostrom.core.errors import InputError, UnknownName
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.society import Session
from ostrom.games import PrisonersDilemma, PureCoordination
from ostrom.institutions.ban import Ban
from ostrom.institutions.escalation import Escalation
from ostrom.institutions.tax import Tax
from ostrom.solvers import pure_equilibria
from ostrom.testing.check_institution import check_institution

UP = (("row", "column"),)
LABELS = (("u", "d"), ("l", "m", "r"))


@pytest.mark.parametrize(
    "rule",
    [
        Escalation((("player 1", "player 2"),), 0.5, 0.25),
        Escalation((("player 1", "player 2"), ("player 2", "player 3")), 0.5, 0.25),
    ],
    ids=str,
)
def test_it_keeps_what_it_declares_on_every_carrier(rule):
    carriers = check_institution(rule).carriers
    assert "compiled steps pay as live" in carriers["world"] or "JAX" in carriers["world"]


def made(values):
    return NormalForm(np.reshape(values, (2, 3, 2)), players=("row", "column"), moves=LABELS)


@given(st.lists(st.integers(-5, 5), min_size=12, max_size=12), st.sampled_from([0.0, 1.0, 2.5]))
@settings(deadline=None, max_examples=40)
def test_outcomes_are_those_found_by_enumeration(values, cost):
    """Asked, the principal picks both moves as it likes best; not asked, a pure equilibrium is played."""
    game = made(values)
    outcomes = game.under(Escalation(UP, cost)).subgame_perfect()
    plain = [tuple(game.payoffs[p]) for p in pure_equilibria(game).profiles]
    cells = game.payoffs.reshape(-1, 2)
    top = cells[:, 1].max()
    asked = [(r - cost, c) for r, c in cells.tolist() if c == top]
    wanted = set()
    if plain:
        wanted |= {p for p in asked if p[0] >= min(r for r, _ in plain) - 1e-9}
        wanted |= {p for p in plain if p[0] >= min(r for r, _ in asked) - 1e-9}
        assert {o.payoffs for o in outcomes.points} == wanted
        assert outcomes.status == "complete"
    else:
        assert outcomes.status == "partial"


@pytest.mark.parametrize(("cost", "asks"), [(0.9, True), (1.1, False)])
def test_asking_settles_on_the_better_convention_while_it_is_cheap(cost, asks):
    """Who fears the worse convention (1 each) pays up to 1 to be told the better one (2 each)."""
    found = PureCoordination().under(Escalation(UP, cost)).subgame_perfect().points
    assert ((2.0 - cost, 2.0) in {o.payoffs for o in found}) is asks


def test_the_answer_is_done_and_all_see_it():
    session = Session(PrisonersDilemma(), [Escalation(UP, 0.5, 0.25)])
    assert session.waiting == (0,)
    session.submit(0, {"ask": "yes"})
    assert session.waiting == (1,)
    assert session.look(1).choices == {"answer row": ("do C", "do D")}
    session.submit(1, {"answer row": "do C"})
    assert session.look(0).choices == {"act": ("C",)}
    assert session.look(0).sees["answer row"] == (None, "do C")
    session.submit(0, {"act": "C"})
    session.submit(1, {"act": "D"})
    assert session.totals.tolist() == [0 - 0.5, 5 - 0.25]


def test_who_does_not_ask_chooses_and_pays_nothing():
    session = Session(PrisonersDilemma(), [Escalation(UP, 0.5, 0.25), Tax("D", 1.0)])
    session.submit(0, {"ask": "no"})
    for seat, act in enumerate("DC"):
        assert session.look(seat).choices == {"act": ("C", "D")}
        session.submit(seat, {"act": act})
    assert session.totals.tolist() == [5 - 1.0, 0]


def test_only_what_is_permitted_can_be_answered():
    session = Session(made(range(12)), [Ban((("column", "l"),)), Escalation((("column", "row"),))])
    session.submit(1, {"ask": "yes"})
    assert session.look(0).choices == {"answer column": ("do m", "do r")}
    session.submit(0, {"answer column": "do r"})
    assert session.look(1).choices == {"act": ("r",)}


def test_a_chain_of_command():
    """The second is asked by the first and asks the third: each answer binds whom it is for."""
    three = NormalForm(np.zeros((2, 2, 2, 3)), players=("ann", "bob", "cem"), moves=("C", "D"))
    session = Session(three, [Escalation((("ann", "bob"), ("bob", "cem")), 1.0, 0.25)])
    for seat in (0, 1):
        session.submit(seat, {"ask": "yes"})
    session.submit(1, {"answer ann": "do D"})
    session.submit(2, {"answer bob": "do C"})
    assert [session.look(seat).choices["act"] for seat in range(3)] == [("D",), ("C",), ("C", "D")]
    for seat, act in enumerate("DCC"):
        session.submit(seat, {"act": act})
    assert session.totals.tolist() == [-1, -1.25, -0.25]


def test_whose_principal_is_absent_cannot_ask():
    session = Session(PrisonersDilemma(), [Escalation(UP)], rounds=2)
    session.leave(1)
    while session.time == 0:
        session.lapse()
    assert session.look(0).choices == {"act": ("C", "D")}


def test_in_a_lake():
    jax = pytest.importorskip("jax", reason="worlds need JAX: pip install 'ostrom[worlds]'")
    from ostrom.worlds.lake import Lake

    bare, key = Lake(players=2), np.zeros(2, np.uint32)
    one, two = bare.ground.players
    world = bare.under(Escalation(((one, two),), 0.5))
    state, step = world.reset(key), jax.jit(world.step)
    moves = {"ask": [1, 0], f"answer {one}": [0, 1], "act": [2, 2]}
    moves = {name: np.array(made, np.int32) for name, made in moves.items()}
    for _ in range(2):
        state, _ = step(key, state, moves)
    assert np.array(world.mask(state)["act"]).tolist() == [[False, True, False], [True, True, True]]
    state, paid = step(key, state, moves)
    _, wanted = bare.step(key, bare.reset(key), {"act": np.array([1, 2], np.int32)})
    assert np.allclose(paid, np.array(wanted) - [0.5, 0.0], atol=1e-5)


@pytest.mark.parametrize(
    ("principals", "error", "said"),
    [
        ((), InputError, "Somebody asks"),
        ((("row", "row"),), InputError, "nobody asks itself"),
        ((("row", "column"), ("row", "column")), InputError, "each asks one"),
        (("row", "column"), InputError, "rows like"),
        ((("row", "boss"),), UnknownName, "no player called 'boss'"),
    ],
)
def test_lines_that_cannot_be(principals, error, said):
    with pytest.raises(error, match=said):
        PrisonersDilemma().under(Escalation(principals))


def test_on_the_command_line():
    assert build("institutions", "escalation:principals=((row,column)),cost=0.5") == Escalation(UP, 0.5)
