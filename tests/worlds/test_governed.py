"""Worlds under institutions: stages as steps, what is permitted, who is absent, and what seats see."""

from dataclasses import replace
from typing import ClassVar

import numpy as np
import pytest

pytest.importorskip("jax")
import jax
import jax.numpy as jnp

from ostrom.core.errors import DeclarationError, InputError, UnknownName
from ostrom.core.ground import Ground, Part
from ostrom.core.institution import Institution, View
from ostrom.core.world import World
from ostrom.institutions import Advice, Contract, Mediator, Quota, Reputation, Tax, Vote
from ostrom.testing import check_world
from ostrom.worlds import GovernedWorld, Harvest, Lake, MatrixWorld, rollout, uniform

KEY = np.array([11, 0], np.uint32)
REST, FISH, HARD = 0, 1, 2


class Fine(Institution):
    """After play, everybody may fine whoever took most."""

    fine: float = 1.0

    def menu(self, ground):
        return ground.followed_by(Part("punish", ("no", "yes")))

    def permit(self, now, mask):
        """Only those who took less than somebody else may."""
        taken = now.amount("harvest")
        may = taken < taken.max(-1, keepdims=True)
        no = now.xp.arange(2) == 0
        return {**mask, "punish": mask["punish"] & (no | may[..., None])}

    def settle(self, now, payoffs):
        taken = now.amount("harvest")
        most = taken == taken.max(-1, keepdims=True)
        return payoffs - self.fine * most * now.did("punish", "yes").sum(-1, keepdims=True)


@pytest.mark.parametrize(
    "world",
    [
        Lake(enters=(3,), leaves=(9, 4)).under(
            Vote("fish"), Tax("harvest", shared=True), Mediator("fish", "rest"), Fine()
        ),
        Lake().under(Reputation("GBBG", "fish"), Quota("harvest", 12.0, season=4)),
        pytest.param(
            Harvest.small(horizon=20).under(
                Quota("harvest", 2.0, season=5),
                Tax("harvest", 0.3),
                Advice(((("stay",) * 4, 0.5), (("forward",) * 4, 0.5))),
            ),
            marks=pytest.mark.slow,
        ),
    ],
    ids=["stages", "memory", "harvest"],
)
def test_a_governed_world_is_a_world(world):
    assert isinstance(world, GovernedWorld)
    assert len(check_world(world, steps=20)) >= 7


def test_every_stage_is_a_step_and_the_round_is_paid_when_it_closes():
    world = Lake(horizon=3).under(Contract("fish"), Vote("fish"), Fine())
    assert world.horizon == 1 + 3 * 3
    played = rollout(world, lambda key, view, mask: {p: jnp.where(m[:, 1], 1, 0) for p, m in mask.items()})
    assert [step for step in range(10) if played.facts["effort"][step].any()] == [2, 5, 8]
    assert [step for step in range(10) if played.payoffs[step].any()] == [3, 6, 9]


def test_nothing_institutions_leave_alone_changes_the_world():
    free = Harvest.small(horizon=40)
    governed = free.under(Tax("harvest", 0.0))
    there, here = rollout(free, uniform, 5), rollout(governed, uniform, 5)
    assert jax.tree.all(jax.tree.map(lambda a, b: (a == b).all(), there.state, here.state.base))
    assert (there.payoffs == here.payoffs).all()


def test_what_is_not_permitted_counts_as_the_first_that_is():
    world = Lake().under(Quota("effort", 1.0))
    state = world.reset(KEY)
    asked, _ = world.step(KEY, state, {"act": np.array([HARD, HARD, FISH, -1])})
    meant, _ = world.step(KEY, state, {"act": np.array([REST, REST, FISH, REST])})
    assert asked.base.stock == meant.base.stock
    assert np.array(world.mask(state)["act"]).tolist() == [[True, True, False]] * 4


def test_parts_at_rest_have_one_legal_move():
    world = Lake().under(Vote("fish"))
    ballot = world.reset(KEY)
    play, paid = world.step(KEY, ballot, {"vote": np.array([1, 1, 1, 0]), "act": np.full(4, HARD)})
    assert not paid.any()
    assert np.array(world.mask(ballot)["act"]).sum(-1).tolist() == [1] * 4
    assert np.array(world.mask(play)["vote"]).sum(-1).tolist() == [1] * 4
    assert np.array(play.moves["act"]).tolist() == [-1] * 4
    after, paid = world.step(KEY, play, {"vote": np.zeros(4, int), "act": np.full(4, REST)})
    alone = Lake().step(KEY, Lake().reset(KEY), {"act": np.full(4, FISH)})
    assert after.base.stock == alone[0].stock
    assert np.allclose(paid, alone[1])


def test_facts_can_be_read_after_play_and_not_before():
    world = Lake().under(Fine(2.0))
    opened = world.reset(KEY)
    assert world.horizon == 100
    played, paid = world.step(KEY, opened, {"act": np.array([HARD, FISH, FISH, REST]), "punish": np.zeros(4, int)})
    assert not paid.any()
    may = np.array(world.mask(played)["punish"])[:, 1]
    assert may.tolist() == [False, True, True, True]
    _, paid = world.step(KEY, played, {"act": np.zeros(4, int), "punish": np.array([1, 1, 0, 1])})
    assert np.allclose(paid, played.payoffs - np.array([4.0, 0, 0, 0]))


def test_absent_seats_rest_pay_nothing_and_are_paid_nothing():
    """Even under a rule that never asks who is present."""
    world = Lake(enters=(2,)).under(Vote("fish hard"), Contract("rest", damages=5.0, each_round=True))
    played = rollout(world, lambda key, view, mask: {p: jnp.where(m[:, 1], 1, 0) for p, m in mask.items()}, steps=12)
    present = np.asarray(played.present)
    assert present[:, 0].tolist() == [False] * 6 + [True] * 6
    assert not np.asarray(played.payoffs)[~present].any()
    assert not np.asarray(played.facts["effort"])[~present].any()
    assert np.asarray(played.facts["effort"])[present].max() == 2


def test_a_contract_stays_balanced_when_a_signer_leaves():
    world = Lake(players=3, leaves=(2,), horizon=4).under(Contract("fish", damages=5.0))
    played = rollout(world, lambda key, view, mask: {"sign": jnp.ones(3, int), "act": jnp.array([1, 1, 2])})
    free = rollout(world.base, lambda key, view, mask: {"act": jnp.array([1, 1, 2])})
    moved = np.array(played.payoffs)[1:] - np.array(free.payoffs)
    assert np.allclose(moved, [[2.5, 2.5, -5.0]] * 2 + [[0.0, 5.0, -5.0]] * 2, atol=1e-4)


def test_who_is_absent_keeps_its_standing():
    world = Lake(players=2, leaves=(1,), horizon=5).under(Reputation("BGBG", "fish"))
    played = rollout(world, lambda key, view, mask: {"act": jnp.array([1, 2])})
    assert np.array(played.state.records[0]["good"]).tolist() == [True, False]


class Fog(Institution):
    """Nobody sees the stock to more than ten tonnes."""

    def inform(self, now, view):
        return replace(view, public={**view.public, "stock": now.xp.round(view.public["stock"], -1)})


def test_a_rule_can_change_what_is_seen_of_the_world():
    world = Lake().under(Fog(), Vote("fish"))
    seen = world.observe(world.reset(KEY)).public
    assert float(seen["stock"]) == 60.0
    assert set(seen) == {"stock", "time", "stage", "vote"}


def test_seats_see_closed_stages_and_what_they_are_told():
    device = ((("fish", "rest"), 0.5), (("rest", "fish"), 0.5))
    world = Lake(players=2).under(Advice(device), Vote("fish", needed=2), Reputation("GBBG", "fish"))
    look, ballot = jax.jit(world.observe), world.reset(KEY)
    seen = look(ballot)
    assert np.array(seen.public["vote"]).tolist() == [-1, -1]
    assert int(seen.public["stage"]) == 0
    assert np.array(seen.public["standing"]).tolist() == [True, True]
    play, _ = jax.jit(world.step)(KEY, ballot, {"vote": np.array([0, 1]), "act": np.zeros(2, int)})
    assert np.array(look(play).public["vote"]).tolist() == [0, 1]
    assert sorted(np.array(look(play).seat["advice"]).tolist()) == [REST, FISH]


def test_advice_falls_as_declared_and_anew_in_every_round():
    device = ((("fish", "fish", "fish", "fish"), 0.25), (("rest", "rest", "rest", "rest"), 0.75))
    world = Lake(horizon=1000).under(Advice(device))
    obeyed = rollout(world, lambda key, view, mask: {"act": view.seat["advice"]}, 2)
    fishing = np.asarray(obeyed.moves["act"])
    assert (fishing == fishing[:, :1]).all()
    assert fishing.mean() == pytest.approx(0.25, abs=0.07)  # five standard deviations


def test_a_number_can_be_a_part():
    class Pledge(Institution):
        """Before play, everybody pledges what it will pay at least."""

        def menu(self, ground):
            return ground.preceded_by(Part("pledge", low=0.0, high=2.0))

        def settle(self, now, payoffs):
            return payoffs - now.amount("pledge")

    world = Lake(horizon=20, leaves=(5,)).under(Pledge())
    played = rollout(world, uniform)
    asked = played.moves["act"][1::2]
    free = rollout(Lake(horizon=20, leaves=(5,)), lambda key, view, mask: {"act": asked[view.public["time"]]})
    pledged = np.where(played.present[1::2], played.moves["pledge"][::2], 0.0)
    assert pledged.max() > 1.5
    assert np.allclose(played.payoffs[1::2], free.payoffs - pledged, atol=1e-4)


def test_institutions_that_do_not_fit_are_refused_at_once():
    with pytest.raises(UnknownName, match="fish, fish hard, rest"):
        Lake().under(Vote("C"))
    with pytest.raises(DeclarationError, match=r"rate=1\.0"):
        Lake().under(Tax)  # type: ignore[arg-type]


def test_only_worlds_with_one_part_can_be_governed():
    class Double(Lake):
        """Two parts of a move."""

        @property
        def ground(self):
            return Ground(("a", "b"), play=((Part("act", ("x", "y")), Part("say", ("x", "y"))),))

    with pytest.raises(InputError, match="one part"):
        Double().under(Tax("x"))


def test_labels_can_differ_by_seat():
    from ostrom.core.forms.normal_form import NormalForm

    game = NormalForm(np.arange(12.0).reshape(2, 3, 2), moves=[("a", "b"), ("a", "b", "c")])
    world = MatrixWorld.of(game, horizon=30).under(Tax("c", 100.0), Vote("a"))
    played = rollout(world, uniform, 1)
    moves, paid = np.array(played.moves["act"])[1::2], np.array(played.payoffs)[1::2]
    carried = np.array(played.moves["vote"])[::2].all(-1)
    done = np.where(carried[:, None], 0, moves)
    assert carried.any()
    assert not carried.all()
    assert np.allclose(paid, game.payoffs_at(done) - 100.0 * np.stack([0 * done[:, 0], done[:, 1] == 2], -1))


class Paces(World):
    """Two seats choose a number, and are paid for its square."""

    price: float = 2.0
    horizon: int = 3
    measures: ClassVar = {"made": "units"}

    @property
    def ground(self):
        return Ground(("ann", "bob"), play=((Part("act", low=0.0, high=1.0),),), facts=("made",))

    def reset(self, key):
        return jnp.zeros(2)

    def step(self, key, state, moves):
        return moves["act"], self.price * moves["act"] ** 2

    def observe(self, state):
        return View({"made": state})

    def facts(self, before, moves, after):
        return {"made": moves["act"]}


class Asks(Institution):
    """Asks for a nod before or after play."""

    when: str = "before"

    def menu(self, ground):
        nod = Part("nod", ("no", "yes"))
        return ground.preceded_by(nod) if self.when == "before" else ground.followed_by(nod)


@pytest.mark.parametrize("when", ["before", "after"])
def test_derivatives_do_not_mind_stages_in_which_no_number_is_chosen(when):
    """What the base would do there is not kept; its derivative is 0, and not that of what is no number."""

    def welfare(price, rate):
        return rollout(Paces(price=price).under(Asks(when), Tax(on="made", rate=rate)), uniform, 1).payoffs.sum()

    slopes = jax.grad(welfare, (0, 1))(2.0, 0.3)
    by_hand = [welfare(2.1, 0.3) - welfare(1.9, 0.3), welfare(2.0, 0.4) - welfare(2.0, 0.2)]
    assert [float(slope) for slope in slopes] == pytest.approx([5 * float(change) for change in by_hand], rel=1e-3)
