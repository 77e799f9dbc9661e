"""Other people's environments as worlds: the same as when they are stepped by hand, in whatever order one asks."""

import functools

import numpy as np
import pytest

pytest.importorskip("jax")
pytest.importorskip("pettingzoo")
import jax
import jax.numpy as jnp
from gymnasium import spaces
from pettingzoo import ParallelEnv
from pettingzoo.test.example_envs import generated_agents_parallel_v0

from ostrom.core.agent import NEVER, Policy
from ostrom.core.errors import DeclarationError, InputError
from ostrom.core.ground import Part
from ostrom.core.institution import Institution
from ostrom.institutions import Contract, Tax
from ostrom.learners import Learner, play, train
from ostrom.reports import audit
from ostrom.reports._audit_world import audit_world
from ostrom.reports.html import html
from ostrom.testing import check_world
from ostrom.worlds import HostedWorld, rollout, uniform


class Pond(ParallelEnv):
    """A pond as somebody else would write it. Who has caught 12 goes home; without fish it is over."""

    metadata = {"name": "pond_v0"}  # noqa: RUF012
    stepped = 0

    def __init__(self, limit=6, fish=50.0, count=3):
        self.possible_agents = [f"fisher_{number}" for number in range(count)]
        self.limit, self.first = limit, fish

    @functools.cache  # noqa: B019
    def observation_space(self, agent):
        return spaces.Dict({"fish": spaces.Box(0, 100, (1,), np.float64), "left": spaces.Discrete(self.limit + 1)})

    @functools.cache  # noqa: B019
    def action_space(self, agent):
        return spaces.Discrete(3)

    def _seen(self):
        return {agent: {"fish": np.array([self.fish]), "left": self.limit - self.time} for agent in self.agents}

    def reset(self, seed=None, options=None):
        self.random, self.time = np.random.default_rng(seed), 0
        self.fish, self.agents = self.first + 10 * self.random.random(), self.possible_agents[:]
        self.basket = dict.fromkeys(self.agents, 0.0)
        return self._seen(), {agent: {} for agent in self.agents}

    def step(self, actions):
        Pond.stepped += 1
        self.time += 1
        caught = {agent: self.fish * 0.05 * move for agent, move in actions.items()}
        self.fish = max(0.0, (self.fish - sum(caught.values())) * (1 + 0.2 * self.random.random()))
        self.basket = {agent: self.basket[agent] + caught[agent] for agent in self.agents}
        over = {agent: self.basket[agent] > 12 or self.fish < 1 for agent in self.agents}
        cut = dict.fromkeys(self.agents, self.time >= self.limit)
        told = self._seen(), caught, over, cut, {agent: {"caught": caught[agent]} for agent in self.agents}
        self.agents = [agent for agent in self.agents if not over[agent] and not cut[agent]]
        return told


class Forgetful(Pond):
    def reset(self, seed=None, options=None):
        return super().reset(seed=None)


class Masked(Pond):
    """Half tells masks in the observation, half in the info; numbers begin at 5; agents see unlike shapes."""

    where = "seen"

    def action_space(self, agent):
        return spaces.Discrete(2 if agent == "fisher_0" else 3, start=5)

    def observation_space(self, agent):
        size = 2 if agent == "fisher_0" else 4
        return spaces.Dict(
            {"observation": spaces.Box(-1, 1, (size,), np.float32), "action_mask": spaces.MultiBinary(3)}
        )

    def _seen(self):
        masks = {agent: np.array([1, 0, 1][: self.action_space(agent).n]) for agent in self.agents}
        return {
            agent: {"observation": np.ones(self.observation_space(agent)["observation"].shape), "action_mask": mask}
            for agent, mask in masks.items()
        }

    def step(self, actions):
        assert all(move >= 5 for move in actions.values())
        return super().step({agent: move - 5 for agent, move in actions.items()})


class Numbers(Pond):
    def action_space(self, agent):
        return spaces.Box(0.0, 2.0, (1,), np.float32)

    def step(self, actions):
        return super().step({agent: float(move[0]) for agent, move in actions.items()})


LABELS = ("rest", "fish", "fish hard")


def pond(make=Pond, horizon=6, **options):
    return HostedWorld(make, horizon, **options)


def test_a_rollout_is_what_happens_when_it_is_stepped_by_hand():
    played = rollout(pond(labels=LABELS, names=("caught",)), uniform, 7)
    env = Pond()
    env.reset(seed=7)
    for number in range(6):
        there = np.array([agent in env.agents for agent in env.possible_agents])
        assert np.array_equal(played.present[number], there)
        moves = dict(zip(env.possible_agents, played.moves["act"][number].tolist(), strict=True))
        rewards = env.step({agent: moves[agent] for agent in env.agents})[1]
        paid = [rewards.get(agent, 0) for agent in env.possible_agents]
        assert np.allclose(played.payoffs[number], paid, rtol=1e-6)
        assert np.array_equal(played.facts["caught"][number], played.payoffs[number])
    assert float(played.state.seen["fish"].max()) == pytest.approx(env.fish, rel=1e-6)
    assert not played.state.over  # cut off, not ended
    assert not played.present.all()  # somebody went home


def test_it_is_a_world_and_so_it_is_under_a_tax():
    world = pond(labels=LABELS, names=("caught",))
    passed = check_world(world, steps=4)
    assert "ranges are kept: fish, left" in passed
    assert "deterministic: asked again and compiled, it answers the same" in passed
    assert len(check_world(world.under(Tax("caught", 0.5)), steps=3)) == len(passed)


def test_a_tax_takes_its_share_of_what_is_caught():
    world = pond(labels=LABELS, names=("caught",))
    free, taxed = rollout(world, uniform, 3), rollout(world.under(Tax("caught", 0.25)), uniform, 3)
    assert np.allclose(taxed.payoffs, 0.75 * free.payoffs, rtol=1e-6)


def test_it_does_not_matter_who_asks_when():
    world, key = pond(), np.array([4, 0], np.uint32)
    step, moves = jax.jit(world.step), [{"act": np.full(3, move, np.int32)} for move in (1, 2, 0)]
    states = [world.reset(key)]
    for made in moves:
        states.append(step(key, states[-1], made)[0])
    once_more = step(key, states[1], moves[1])[0]  # the environment has gone on long ago
    other = step(key, states[1], moves[2])[0]
    assert jax.tree.all(jax.tree.map(np.array_equal, once_more, states[2]))
    assert not np.array_equal(other.seen["fish"], states[2].seen["fish"])
    world.close()
    again = step(key, states[2], moves[2])[0]
    assert jax.tree.all(jax.tree.map(np.array_equal, again, states[3]))


def test_copies_side_by_side_are_the_same_as_alone():
    world = pond(kept=2)  # too few: most have to be led there again
    keys = np.array([[seed, 0] for seed in range(4)], np.uint32)
    moves = {"act": np.array([1, 2, 0], np.int32)}

    def paid(key):
        return jax.lax.scan(lambda at, _: world.step(key, at, moves), world.reset(key), None, 4)[1]

    assert np.array_equal(jax.jit(jax.vmap(paid))(keys), [jax.jit(paid)(key) for key in keys])


def test_copies_in_which_the_same_happens_are_one_environment():
    """And they are led there again only where they part."""
    pond = HostedWorld(Pond, horizon=6, kept=64)
    keys, moves = np.zeros((16, 2), np.uint32), np.ones((16, 3), np.int32)
    step = jax.vmap(lambda key, state, act: pond.step(key, state, {"act": act}))
    state = jax.vmap(pond.reset)(keys)
    Pond.stepped = 0
    for _ in range(3):
        state, _ = step(keys, state, moves)
    assert Pond.stepped == 3
    moves[5] = 0
    state, payoffs = step(keys, state, moves)
    assert Pond.stepped == 3 + 2 + 3
    assert (payoffs[5] == 0).all()
    assert (payoffs[:5] == payoffs[0]).all()


def test_a_stage_before_play_does_not_lead_it_again():
    world = pond(horizon=5, labels=LABELS).under(Contract("fish hard", damages=1.0))
    rollout(world, uniform, 1)
    before = Pond.stepped
    rollout(world, uniform, 2)
    assert Pond.stepped - before == 5


class Nods(Institution):
    """Asks for a nod once all have played."""

    def menu(self, ground):
        return ground.followed_by(Part("nod", ("no", "yes")))


def test_nor_does_a_stage_after_play_step_it():
    """No move is made there: it stands where it stands, and is paid for in the stage in which it played."""
    world = pond(horizon=5, labels=LABELS, names=("caught",), ends=False).under(Nods())
    rollout(world, uniform, 1)
    Pond.stepped = 0
    played = rollout(world, uniform, 2)
    assert Pond.stepped == 5
    assert (played.payoffs[::2] == 0).all()
    assert np.asarray(played.facts["caught"][::2]) == pytest.approx(np.asarray(played.payoffs[1::2]), rel=1e-5)


def test_what_answers_otherwise_is_refused():
    world, key = pond(Forgetful), np.array([4, 0], np.uint32)
    start, rest = world.reset(key), {"act": np.zeros(3, np.int32)}
    first, _ = world.step(key, start, rest)
    world.step(key, first, rest)
    said = "another 'fish' when the same 1 moves are made again from seed 4"
    with pytest.raises(DeclarationError, match=said):
        world.step(key, first, rest)
    with pytest.raises(jax.errors.JaxRuntimeError, match=said):
        jax.block_until_ready(jax.jit(world.step)(key, first, rest))


def test_it_ends_when_nobody_is_left():
    world, key = pond(functools.partial(Pond, fish=-4.0), horizon=6), np.array([1, 0], np.uint32)
    state, moves, over = world.reset(key), {"act": np.full(3, 2, np.int32)}, []
    for _ in range(6):
        state, payoffs = world.step(key, state, moves)
        over.append(bool(world.over(state)))
    assert over[-1]
    assert over == sorted(over)
    assert not np.asarray(payoffs).any()
    assert np.asarray(world.mask(state)["act"]).tolist() == [[True, False, False]] * 3


def test_its_own_time_limit_before_the_horizon_ends_it():
    world, key = pond(functools.partial(Pond, limit=2), horizon=4), np.zeros(2, np.uint32)
    state, moves = world.reset(key), {"act": np.zeros(3, np.int32)}
    for over in (False, True, True):
        state, _ = world.step(key, state, moves)
        assert bool(world.over(state)) == over
    assert int(state.time) == 2


def test_masks_starts_and_unlike_shapes():
    world, key = pond(Masked), np.zeros(2, np.uint32)
    state = world.reset(key)
    assert np.asarray(state.mask).tolist() == [[True, False, False], [True, False, True], [True, False, True]]
    assert np.asarray(state.seen["observation"]).tolist() == [[1, 1, 0, 0], [1] * 4, [1] * 4]
    assert world.ground.part("act").labels == (("0", "1"), ("0", "1", "2"), ("0", "1", "2"))
    assert world.ranges == {"observation": (-1, 1)}
    _, payoffs = world.step(key, state, {"act": np.array([1, 1, 2], np.int32)})
    assert (np.asarray(payoffs) > 0).tolist() == [False, False, True]


def test_numbers_are_a_continuous_part():
    world, key = pond(Numbers), np.array([2, 0], np.uint32)
    state = world.reset(key)
    _, payoffs = world.step(key, state, {"act": np.array([0.5, 9.0, -1.0], np.float32)})
    fish = float(state.seen["fish"][0, 0])
    assert np.allclose(payoffs, np.array([0.5, 2.0, 0.0]) * 0.05 * fish, rtol=1e-6)
    kept, _ = world.step(key, state, {"act": np.array([0.5, np.nan, 1.0], np.float32)})
    assert int(kept.time) == 0


def test_facts_can_be_measured():
    def measure(env, actions, infos):
        return {"boats": actions, "left": [env.fish] * 3}

    world, key = pond(names=("boats", "left"), measure=measure), np.array([2, 0], np.uint32)
    state, moves = world.reset(key), {"act": np.array([0, 1, 2], np.int32)}
    after, _ = world.step(key, state, moves)
    facts = world.facts(state, moves, after)
    assert np.asarray(facts["boats"]).tolist() == [0, 1, 2]
    assert np.array_equal(facts["left"], after.seen["fish"][:, 0])
    wrong = pond(names=("boats",), measure=measure)
    start = wrong.reset(key)
    with pytest.raises(InputError, match="The measure gives boats, left; the facts are boats"):
        wrong.step(key, start, moves)


class Student(Learner):
    """Scores of moves, whatever is seen, moved along the policy gradient: quick to compile."""

    rate: float = 1.0
    length: int = 8
    copies: int = 8

    def begin(self, key, space):
        return jnp.zeros(space.parts["act"])

    def act(self, key, mind, memory, sight):
        return {"act": jax.random.categorical(key, jnp.where(sight.mask["act"], mind, NEVER))}, memory, {}

    def update(self, key, mind, track, done):
        chosen = jax.nn.one_hot(track.moves["act"], len(mind)) - jax.nn.softmax(mind)
        gained = track.payoff - track.payoff.mean()
        return mind + self.rate * (gained[..., None] * chosen).mean((0, 1)), {}


@pytest.mark.slow
def test_learners_learn_in_it_and_a_rule_changes_what_they_learn():
    """Left alone both come to fish as hard as they can; where more is taken than was caught, they rest."""
    world = pond(functools.partial(Pond, limit=4, count=2), 4, labels=LABELS, names=("caught",), ends=False)
    caught = []
    for place in (world, world.under(Tax("caught", 2.0))):
        run = train(place, Student(), 2000, seed=0)
        caught.append(play(place, run.players(), seed=1, episodes=8).totals("caught").mean())
    assert caught[0] > 10
    assert caught[1] < 1


@pytest.mark.slow
def test_it_is_audited_from_end_to_end():
    """Facets, strangers, exploiters and an episode of it, free and under a tax that takes twice what was caught."""
    world = pond(functools.partial(Pond, limit=6, count=2), 6, labels=LABELS, names=("caught",), ends=False)
    found = audit_world(world, learner=Student(), steps=2000, seeds=2)
    assert found.name == "pond_v0"
    assert set(found.verification.answers) == {"Strangers", "Exploiters"}
    assert found.recording.facts["caught"].sum() == pytest.approx(found.recording.returns.sum(), rel=1e-5)
    assert "<title>Audit of pond v0</title>" in html(found)
    taxed = audit_world(world.under(Tax("caught", 2.0)), learner=Student(), steps=2000, seeds=2)
    assert taxed.name == "pond_v0 under Tax"
    assert taxed.diagnosis.played.value < found.diagnosis.played.value
    assert taxed.diagnosis.taken.value == pytest.approx(2 * 2 * taxed.diagnosis.played.value, rel=1e-4)


def test_the_verb_takes_it():
    with pytest.raises(InputError, match="1 seats"):
        audit(pond(functools.partial(Pond, count=1)))


class Vector(Pond):
    def action_space(self, agent):
        return spaces.Box(0.0, 2.0, (2,), np.float32)


class Wordy(Pond):
    def observation_space(self, agent):
        return spaces.Text(5)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (generated_agents_parallel_v0.parallel_env, "not a Parallel environment with possible_agents"),
        (Vector, r"fisher_0 chooses from Box\(0.0, 2.0, \(2,\)"),
        (Wordy, "The agents see Text"),
    ],
)
def test_what_cannot_be_a_world_is_refused(make, said):
    with pytest.raises(InputError, match=said):
        pond(make)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"labels": ("a", "a", "b")}, "has a name twice"),
        ({"names": ("caught", "caught")}, "has a name twice"),
        ({"measure": 3}, "measure=3 measures nothing"),
        ({"horizon": 0}, "out of range"),
        ({"kept": 0}, "out of range"),
    ],
)
def test_what_cannot_be_given_is_refused(given, said):
    with pytest.raises(InputError, match=said):
        pond(**given)


def test_names_of_moves_have_to_be_as_many():
    with pytest.raises(InputError, match="2 labels for 3 moves"):
        pond(labels=("rest", "fish"))
    assert repr(pond(labels=LABELS)).startswith("HostedWorld(make=")
    assert "Pond(limit=2), horizon=6" in repr(pond(functools.partial(Pond, limit=2)))


class Burning(Pond):
    def step(self, actions):
        raise RuntimeError("the pond is on fire")


class Penniless(Pond):
    def step(self, actions):
        seen, paid, *rest = super().step(actions)
        return seen, {**paid, "fisher_1": float("nan")}, *rest


class Misshapen(Pond):
    def step(self, actions):
        return {agent: {"fish": np.zeros(7), "left": 0} for agent in self.agents}, *super().step(actions)[1:]


class Leaving(Pond):
    def step(self, actions):
        raise SystemExit(3)


class Stopped(Pond):
    def step(self, actions):
        raise KeyboardInterrupt


def _steps(change):
    """A pond whose step gives `change(env, observations, rewards, terminated, truncated, infos)`."""
    return type("Slips", (Pond,), {"step": lambda self, actions: change(self, *Pond.step(self, actions))})


def _visited(env, seen, paid, over, cut, infos):
    env.agents = [*env.agents, "stranger"]
    return seen, paid, over, cut, infos


def _late(env, *told):
    return told if env.time < 3 else 1 / 0


SLIPS = {
    "it raises in the middle of an episode": (_late, "Slips went wrong in step 3 of seed .*ZeroDivisionError"),
    "a stranger comes": (_visited, "there is stranger, and the possible_agents are fisher_0, fisher_1, fisher_2"),
    "somebody sees nothing": (lambda env, seen, *more: ({}, *more), "fisher_0 is there and sees nothing"),
    "somebody sees no number": (
        lambda env, seen, *more: ({who: {**row, "fish": np.array([np.nan])} for who, row in seen.items()}, *more),
        "what fisher_0 sees as 'fish' is no number",
    ),
    "a reward is two": (
        lambda env, seen, paid, *more: (seen, dict.fromkeys(paid, np.zeros(2)), *more),
        "can only convert an array of size 1",
    ),
    "a reward is a word": (lambda env, seen, paid, *more: (seen, dict.fromkeys(paid, "much"), *more), "to float"),
    "there are no rewards": (lambda env, seen, paid, *more: (seen, None, *more), "AttributeError"),
    "there are no infos": (lambda env, seen, paid, over, cut, infos: (seen, paid, over, cut, None), "AttributeError"),
    "it tells four things": (lambda env, *told: told[:4], "not enough values to unpack"),
    "it tells nothing": (lambda env, *told: None, "cannot unpack"),
    "nobody may move": (
        lambda env, seen, paid, over, cut, infos: (
            *(seen, paid, over, cut),
            {who: {"action_mask": np.zeros(3)} for who in infos},
        ),
        "leaves an agent without a move",
    ),
}


@pytest.mark.parametrize(("change", "said"), SLIPS.values(), ids=SLIPS)
def test_what_an_environment_tells_and_may_not(change, said):
    world = pond(_steps(change))
    for ask in (lambda: play(world, Policy()), lambda: check_world(world)):
        with pytest.raises(InputError, match=said):
            ask()


def test_a_reward_may_stand_alone_in_an_array():
    told = _steps(lambda env, seen, paid, *more: (seen, {who: np.array([one]) for who, one in paid.items()}, *more))
    assert (play(pond(told), Policy()).payoffs == play(pond(), Policy()).payoffs).all()


class Secret(Pond):
    def action_space(self, agent):
        raise PermissionError("no")


class Twins(Pond):
    def __init__(self):
        super().__init__()
        self.possible_agents = ["fisher", "fisher"]


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (Burning, "Burning went wrong in step 1 of seed .*RuntimeError: the pond is on fire"),
        (Penniless, r"rewards are \[.*nan.*\].* not all of them are numbers"),
        (Misshapen, "could not broadcast input array from shape"),
        (Leaving, "SystemExit: 3"),
    ],
)
def test_what_goes_wrong_in_an_environment_is_said_once_and_without_a_traceback(make, said, caplog):
    with pytest.raises(InputError, match=said):
        play(pond(make), Policy())
    with pytest.raises(InputError, match=said):
        check_world(pond(make))
    assert not caplog.records


def test_an_interruption_within_an_environment_is_one():
    with pytest.raises(KeyboardInterrupt):
        play(pond(Stopped), Policy())


@pytest.mark.parametrize(
    ("make", "said"),
    [
        ("Pond", "makes no environment"),
        (lambda: 1 / 0, "makes no environment: ZeroDivisionError"),
        (lambda more: more, "makes no environment: TypeError"),
        (Twins, "a name of its own"),
        (Secret, "Secret does not say who is in it .* PermissionError: no"),
    ],
)
def test_what_makes_no_environment_is_said(make, said):
    with pytest.raises(InputError, match=said):
        pond(make)


@pytest.mark.parametrize("told", [5, {"x": [1.0]}, {"x": [float("nan")] * 3}])
def test_measures_that_are_none_are_said(told):
    with pytest.raises(InputError, match="Pond went wrong in step 1"):
        play(pond(names=("x",), measure=lambda env, actions, infos: told), Policy())
