"""Laws that tie worlds to tables, to live sessions and to the charter played by hand in NumPy.

Worlds count in float32 and tables in float64; payments are compared to a relative difference of 1e-5, and masks,
records, dice and joint moves exactly.
"""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("jax")
import jax
import jax.numpy as jnp

from ostrom.core.charter import Charter, Round
from ostrom.core.forms.normal_form import NormalForm
from ostrom.core.game import Fact
from ostrom.core.ground import Part
from ostrom.core.institution import Institution
from ostrom.core.lifts.govern import ground_of
from ostrom.core.lifts.plays import Plays
from ostrom.core.seeds import fold, roll
from ostrom.core.society import Session
from ostrom.institutions import (
    Advice,
    Ban,
    Contract,
    Fines,
    Mediator,
    Prosocial,
    Quota,
    Reputation,
    Tax,
    Transfers,
    Vote,
)
from ostrom.worlds import GovernedWorld, Harvest, Lake, MatrixWorld, rollout, uniform

CLOSE = {"rtol": 1e-5, "atol": 1e-5}
KEY = np.array([5, 0], np.uint32)
ORCHARD = Harvest(players=4, map="PAPA\nAPAP\nPAPA", ahead=2, aside=2)


class Audit(Institution):
    """A die for each seat: who is caught taking more than a tonne has a strike, and pays for every strike it has."""

    fine: float = 1.0
    memory = "finite"

    def found(self, ground):
        return {"strikes": np.zeros(len(ground.players), np.int32)}

    def dice(self, now):
        caught = now.xp.clip(0.3 + 0.2 * now.record["strikes"], 0.0, 0.9)
        return {"look": now.xp.stack([1 - caught, caught], -1), "public": np.array([[0.2, 0.3, 0.5]])}

    def inform(self, now, view):
        return view.tell(strikes=now.record["strikes"]).show(weather=now.luck["public"][..., 0])

    def settle(self, now, payoffs):
        return payoffs - self.fine * self.remember(now, payoffs)["strikes"]

    def remember(self, now, payoffs):
        caught = (now.luck["look"] == 1) & (now.amount("harvest") > 1.0)
        return {"strikes": (now.record["strikes"] + caught).astype(now.xp.int32)}


class Punishment(Institution):
    """After play, seats may pay to fine everybody who took more than they did."""

    fine: float = 2.0

    def menu(self, ground):
        return ground.followed_by(Part("punish", ("no", "yes")))

    def settle(self, now, payoffs):
        angry = now.did("punish", "yes")
        more = now.amount("harvest")[..., None] > now.amount("harvest")[..., None, :]
        return payoffs - 0.5 * angry - self.fine * (more & angry[..., None, :]).sum(-1)


# One step of a world is the table ---------------------------------------------------------------------------------

SINGLES = {
    "tax": Tax("D", 1.5),
    "shared tax on a fact": Tax("harvest", 0.7, shared=True),
    "quota": Quota("harvest", 2.0),
    "vote": Vote("C"),
    "contract": Contract("C", 2.0),
    "contract each round": Contract("C", 2.0, each_round=True),
    "mediator": Mediator("C", "D"),
    "advice": Advice(((("C", "D"), 0.3), (("D", "C"), 0.7))),
    "reputation": Reputation("GBBG", "C"),
    "audit": Audit(0.5),
    "punishment": Punishment(),
    "ban": Ban((("*", "E"),)),
    "fines": Fines((("*", "D", 1.5), ("player 2", "E", 0.5))),
    "transfers": Transfers((("C", "D"), ("C", "D", "E")), np.arange(12.0).reshape(2, 3, 2) % 5 - 2),
    "prosocial": Prosocial(weight=0.3),
}
PAIRS = [pair for pair in itertools.product(SINGLES, SINGLES) if pair != ("mediator", "mediator")]
"""Two mediators would both be called "delegate", which the ground refuses."""


def random_game(seed):
    """Two seats, C and D and for one of them E; a harvest that depends on both moves."""
    random = np.random.default_rng(seed)
    amounts = random.integers(0, 4, (2, 3, 2)).astype(float)
    harvest = Fact("harvest", "tonnes", lambda profiles: amounts[tuple(np.moveaxis(np.asarray(profiles), -1, 0))])
    return NormalForm(random.normal(0, 5, (2, 3, 2)), moves=[("C", "D"), ("C", "D", "E")], facts=[harvest])


def same_as_the_table(game, institutions):
    """Every complete play (dice, ballots, moves, punishments) pays and permits the same in the world."""
    plays = Plays(game, Charter(ground_of(game), institutions))
    world = MatrixWorld.of(game).under(*institutions)
    stages = len(world.ground.stages)

    def play(luck, moves):
        state, masks = world.reset(KEY)._replace(luck=luck), []
        for _ in range(stages):
            masks.append(world.mask(state))
            state, paid = world.step(KEY, state, moves)
        return masks, paid, state.records

    masks, paid, records = jax.jit(jax.vmap(play))(plays.scene.luck, plays.moves)
    legal = plays.legal
    assert legal.any()
    assert np.allclose(np.array(paid)[legal], plays.payoffs[legal], **CLOSE)
    for stage, parts in enumerate(world.ground.stages):
        for part in parts:
            here = np.array(masks[stage][part.name])
            assert (here == plays.masks[stage][part.name])[legal].all()
    for row in np.flatnonzero(legal)[:: max(1, legal.sum() // 20)]:
        for there, here in zip(plays.records_after(row), records, strict=True):
            assert all((np.asarray(there[name]) == np.array(here[name][row])).all() for name in there)


@pytest.mark.parametrize("name", SINGLES)
def test_one_step_world_is_the_table(name):
    same_as_the_table(random_game(len(name)), (SINGLES[name],))


@settings(max_examples=8)
@given(pair=st.sampled_from(PAIRS), seed=st.integers(0, 2**16))
def test_one_step_world_is_the_table_under_two_institutions(pair, seed):
    same_as_the_table(random_game(seed), tuple(SINGLES[name] for name in pair))


@pytest.mark.slow
@pytest.mark.parametrize(("inner", "outer"), PAIRS)
def test_one_step_world_is_the_table_under_all_pairs(inner, outer):
    same_as_the_table(random_game(len(inner) * 100 + len(outer)), (SINGLES[inner], SINGLES[outer]))


def test_a_table_that_was_governed_is_the_same_as_its_world():
    game = random_game(1)
    table = game.under(Tax("harvest", 0.7, shared=True), Mediator("C", "D"))
    world = MatrixWorld.of(game).under(Tax("harvest", 0.7, shared=True), Mediator("C", "D"))
    profiles = table.profiles().astype(np.int32)
    paid = jax.vmap(lambda act: world.step(KEY, world.reset(KEY), {"act": act})[1])(profiles)
    labels = [table.labels(profile) for profile in profiles]
    assert [world.ground.part("act").labels_of(seat)[k] for profile in profiles for seat, k in enumerate(profile)] == [
        label for row in labels for label in row
    ]
    assert np.allclose(paid, table.payoffs_at(profiles), **CLOSE)


# The charter played by hand ---------------------------------------------------------------------------------------

CHARTERS = {
    "vote, tax and audit": (Vote("fish"), Tax("harvest", 0.4, shared=True), Audit(0.3)),
    "contract each round under a season's quota": (Contract("fish", each_round=True), Quota("harvest", 9.0, season=3)),
    "standing, mediator and punishment": (Reputation("GBBG", "fish"), Mediator("fish", "rest"), Punishment()),
    "contract once and advice": (Contract("rest"), Advice(((("fish",) * 4, 0.5), (("rest",) * 4, 0.5)))),
}


def by_hand(base, institutions, seed, choose):
    """A live round after round in NumPy, one stage at a time: yields `(mask, view, luck, moves, payoffs, records)`."""
    carrier = base.seated(seed)
    charter = Charter(carrier.ground, institutions)
    ground, records, time = charter.ground, charter.found(), 0
    moves, first = ground.unknown_moves(), 0
    play = len(ground.opening) + len(ground.before)
    while True:
        present, facts = carrier.present, carrier.facts
        scene = Round(records, (), facts, carrier.prospects, carrier.mask, present, time)
        scene = replace(scene, luck=roll((carrier.key[:1], carrier.key[1:]), time, charter.dice(scene)))
        opened = scene
        for stage in range(first, len(ground.stages)):
            scene = replace(scene, view=carrier.view)
            allowed, view = charter.permitted(scene, moves, stage), charter.inform(scene, moves, stage)
            for part in ground.stages[stage]:
                options = [np.flatnonzero(row) for row in allowed[part.name]]
                made = [choose(own) if here else own[0] for own, here in zip(options, present, strict=True)]
                moves[part.name] = np.array(made, np.int32)
            if stage == play:
                base_payoffs, produced = carrier.play(charter.descend(opened, moves)[0], time)
                base_payoffs, scene = np.where(present, base_payoffs, 0.0), replace(scene, facts=produced)
            paid = np.zeros(len(present))
            submitted = dict(moves)
            if stage == len(ground.stages) - 1:
                seen = charter.descend(opened, moves)
                paid = np.where(present, charter.settle(scene, seen, base_payoffs), 0.0)
                records, time, first = charter.remember(scene, seen, base_payoffs), time + 1, len(ground.opening)
                openings = {part.name for stage in ground.opening for part in stage}
                moves = {n: moves[n] if n in openings else blank for n, blank in ground.unknown_moves().items()}
            yield allowed, view, opened.luck, submitted, paid, records


@pytest.mark.parametrize("name", CHARTERS)
def test_worlds_do_what_the_charter_by_hand_does(name):
    base, institutions = Lake(enters=(2,), leaves=(9, 5)), CHARTERS[name]
    world, random = base.under(*institutions), np.random.default_rng(3)
    hand = by_hand(base, institutions, 5, lambda own: random.choice(own))
    look, step = jax.jit(lambda s: (world.mask(s), world.observe(s))), jax.jit(world.step)
    state, rewarded = world.reset(KEY), 0
    for _ in range(8 * len(world.ground.stages)):
        stage, luck, present = int(state.stage), state.luck, np.array(world.present(state))
        mask, view = look(state)
        allowed, told, fallen, moves, paid, records = next(hand)
        submitted = {part: np.maximum(made, 0) for part, made in moves.items()}
        state, payoffs = step(KEY, state, submitted)
        for part in world.ground.stages[stage]:
            here = np.array(mask[part.name])
            assert (here == allowed[part.name])[present].all()
            assert (here[~present].sum(-1) == 1).all()
        assert _same(luck, fallen)
        assert _same(state.records, records)
        assert all(np.array_equal(view.public[key], value) for key, value in told.public.items())
        assert all(np.array_equal(view.seat[key], value) for key, value in told.seat.items())
        assert np.allclose(payoffs, paid, **CLOSE)
        rewarded += bool(paid.any())
    assert rewarded >= 4


def _same(here, there):
    pairs = zip(jax.tree.leaves(list(here)), jax.tree.leaves(list(there)), strict=True)
    return all(np.array_equal(np.asarray(a), np.asarray(b)) for a, b in pairs)


# Live is the world ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("base", [Lake(), pytest.param(ORCHARD, marks=pytest.mark.slow)], ids=["lake", "harvest"])
def test_a_live_session_over_a_world_is_the_governed_world(base):
    label = base.ground.part("act").labels_of(0)[1]
    institutions = (
        Vote(label, needed=3),
        Tax("harvest", 0.4, shared=True),
        Audit(0.3),
        Quota("harvest", 6.0, season=3),
    )
    world, session = base.under(*institutions), Session(base, institutions, rounds=6, seed=5)
    look, step, random = jax.jit(world.mask), jax.jit(world.step), np.random.default_rng(1)
    state, total = world.reset(KEY), np.zeros(4)
    while not session.over:
        mask = {part: np.array(allowed) for part, allowed in look(state).items()}
        moves = {part: allowed.argmax(-1).astype(np.int32) for part, allowed in mask.items()}
        now, key = (int(state.time), int(state.stage)), fold(KEY, int(state.time), 0)
        assert _same(session.luck, state.luck)
        while not session.over and session.waiting and (session.time, session.stage) == now:
            seat = session.waiting[0]
            choices = session.look(seat).choices
            made = {part: str(random.choice(labels)) for part, labels in choices.items()}
            for part, chosen in made.items():
                allowed = [
                    own for own, ok in zip(world.ground.part(part).labels_of(seat), mask[part][seat], strict=True) if ok
                ]
                assert list(choices[part]) == allowed
                moves[part][seat] = world.ground.index(part, chosen)
            session.submit(seat, made)
        state, paid = step(key, state, moves)
        total += np.array(paid)
    assert np.allclose(total, session.totals, **CLOSE)
    assert _same(state.records, session.records)
    assert _same([state.base], [session.carrier.state])
    assert np.abs(total).sum() > 0


# Composition ------------------------------------------------------------------------------------------------------


def test_laying_round_is_associative_and_nothing_is_the_identity():
    lake, a, b, c = Lake(), Tax("harvest", 0.3), Vote("fish"), Quota("effort", 1.0)
    assert lake.under() is lake
    assert lake.under(a, b, c) == lake.under(a).under(b, c) == lake.under(a, b).under(c)
    assert lake.under(a, b) != lake.under(b, a)
    governed = lake.under(a)
    assert isinstance(governed, GovernedWorld)
    assert governed.under() == governed
    together, apart = (rollout(w, uniform, 4, 20) for w in (lake.under(a, b, c), lake.under(a).under(b).under(c)))
    assert jax.tree.all(jax.tree.map(lambda x, y: (x == y).all(), together, apart))


@pytest.mark.parametrize(
    "institution",
    [Tax("harvest", 0.7, shared=True), Contract("rest", each_round=True), Vote("fish"), Mediator("fish", "rest")],
    ids=repr,
)
def test_balance_is_as_declared(institution):
    assert institution.budget == "balanced"
    played = rollout(Lake().under(institution), uniform, 6, 40)
    base = jnp.where(played.present, played.facts["harvest"] - 0.5 * played.facts["effort"], 0.0)
    transferred = np.array(played.payoffs.sum() - base.sum())
    assert transferred == pytest.approx(0.0, abs=1e-2)
    assert np.abs(np.array(base)).sum() > 100


@settings(max_examples=5)
@given(rate=st.floats(0, 2), price=st.floats(0.5, 2))
def test_a_tax_takes_rate_times_fact(rate, price):
    free, taxed = (rollout(w, uniform, 8) for w in (Lake(price=price), Lake(price=price).under(Tax("harvest", rate))))
    assert np.allclose(free.payoffs - rate * free.facts["harvest"], taxed.payoffs, rtol=1e-4, atol=1e-4)
