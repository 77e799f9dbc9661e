"""Charters where seats have different numbers of moves: labels that a rule adds are there for every seat."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.core.charter import Charter
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.game import Fact
from ostrom.core.institution import Institution
from ostrom.core.lifts.govern import ground_of
from ostrom.core.lifts.large import GovernedSeparable
from ostrom.core.society import Session
from ostrom.institutions.ban import Ban
from ostrom.institutions.mediator import Mediator
from ostrom.institutions.quota import Quota
from ostrom.testing.check_institution import check_institution

RAGGED = [(("C", "D", "E"), ("C", "D")), (("C", "D"), ("C", "D", "E")), (("C", "D"), ("C",), ("C", "D", "E", "F"))]


def game_of(moves, seed=0):
    """Random payoffs; everybody harvests the number of its own move."""
    harvest = Fact("harvest", "tonnes", lambda profiles: np.asarray(profiles, float))
    shape = (*map(len, moves), len(moves))
    return NormalForm(np.random.default_rng(seed).normal(size=shape), moves=moves, facts=[harvest])


def first(moves):
    return Mediator(("C",) * len(moves), ("C",) * len(moves))


class Wait(Institution):
    """One more label, which means the first move."""

    label: str = "wait"
    scope = "additive"

    def menu(self, ground):
        return ground.extended("act", self.label)

    def enact(self, now, moves):
        waits = now.did("act", self.label)
        return {**moves, "act": now.xp.where(waits, 0, moves["act"]).astype(moves["act"].dtype)}


@pytest.mark.parametrize("moves", RAGGED)
def test_every_seat_can_delegate_on_a_table(moves):
    game = game_of(moves)
    governed = game.under(first(moves))
    assert governed.moves == tuple((*own, "delegate") for own in moves)
    for place in itertools.product(*(range(n) for n in governed.sizes)):
        played = tuple(0 if move == n else move for move, n in zip(place, game.sizes, strict=True))
        assert governed.payoffs[place].tolist() == game.payoffs[played].tolist()


@pytest.mark.parametrize("moves", RAGGED[::2])
def test_every_seat_can_delegate_live_and_in_a_world(moves):
    game = game_of(moves, 2)
    session = Session(game, [first(moves)])
    for seat, own in enumerate(moves):
        assert session.look(seat).choices["act"] == (*own, "delegate")
    for seat in range(len(moves)):
        session.submit(seat, {"act": "delegate"})
    assert np.allclose(session.totals, game.payoffs[(0,) * len(moves)])
    report = check_institution(first(moves), game)
    assert "refused" not in report.carriers["table"] + report.carriers["society"]
    assert "compiled steps pay as live" in report.carriers["world"] or "JAX" in report.carriers["world"]


@pytest.mark.parametrize("moves", RAGGED[::2])
def test_a_compiled_world_pays_and_permits_as_the_table(moves):
    pytest.importorskip("jax", reason="worlds need JAX: pip install 'ostrom[worlds]'")
    import jax

    from ostrom.core.seeds import words
    from ostrom.worlds.matrix import MatrixWorld

    game, key = game_of(moves, 3), np.array(words(1), np.uint32)
    rules = (Quota("harvest", 1.0), first(moves))
    governed, world = game.under(*rules), MatrixWorld.of(game).under(*rules)
    mask = np.asarray(world.mask(world.reset(key))["act"])
    act = world.ground.part("act")
    for seat, own in enumerate(governed.moves):
        assert tuple(act.labels_of(seat)[k] for k in np.flatnonzero(mask[seat])) == own
    codes = [[act.labels_of(seat).index(label) for label in own] for seat, own in enumerate(governed.moves)]
    places = governed.profiles()
    made = np.stack([np.array(own)[places[:, seat]] for seat, own in enumerate(codes)], -1).astype(np.int32)
    paid = jax.jit(jax.vmap(lambda act: world.step(key, world.reset(key), {"act": act})[1]))(made)
    assert np.allclose(paid, governed.payoffs_at(places), atol=1e-5)


@settings(max_examples=40)
@given(st.lists(st.integers(1, 4), min_size=1, max_size=3), st.lists(st.sampled_from("wxyz"), unique=True, max_size=3))
def test_labels_of_every_layer_are_open_to_all(sizes, added):
    game = NormalForm(np.zeros((*sizes, len(sizes))), moves=[tuple("CDEF"[:n]) for n in sizes])
    charter = Charter(ground_of(game), [Wait(label) for label in added])
    governed = game.under(*charter.institutions)
    assert governed.moves == tuple((*own, *added) for own in game.moves)


def test_what_is_forbidden_below_stays_forbidden():
    game = game_of(RAGGED[0])
    governed = game.under(Ban((("player 1", "D"), ("player 2", "D"))), first(RAGGED[0]))
    assert governed.moves == (("C", "E", "delegate"), ("C", "delegate"))


def test_an_added_label_may_bring_what_any_move_could():
    """A quota outside a rule that adds a label: waiting could become any move, so it counts as the most of them."""
    game = game_of(RAGGED[0])
    assert game.under(Wait(), Quota("harvest", 0.0)).moves == (("C",), ("C",))
    assert game.under(Wait(), Quota("harvest", 1.0)).moves == (("C", "D"), ("C", "D", "wait"))
    assert game.under(Wait(), Quota("harvest", 2.0)).moves == (("C", "D", "E", "wait"), ("C", "D", "wait"))


def test_prospects_of_added_labels_in_a_compiled_world():
    pytest.importorskip("jax", reason="worlds need JAX: pip install 'ostrom[worlds]'")
    import jax

    from ostrom.core.seeds import words
    from ostrom.worlds.matrix import MatrixWorld

    world, key = MatrixWorld.of(game_of(RAGGED[0])).under(Wait(), Quota("harvest", 1.0)), np.array(words(1), np.uint32)
    mask = jax.jit(lambda key: world.mask(world.reset(key)))(key)["act"]
    assert np.asarray(mask).tolist() == [[True, True, False, False], [True, True, True, False]]


def test_without_a_table_as_with_one():
    game, rules = game_of(RAGGED[0], 4), (Wait(), Quota("harvest", 1.0))
    table = game.under(*rules)
    asked = GovernedSeparable(game, Charter(ground_of(game), rules))
    assert asked.moves == table.moves
    assert np.allclose(asked.payoffs_at(table.profiles()), table.payoffs_at(table.profiles()))
