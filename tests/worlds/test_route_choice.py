"""Days on the road against the congestion game, the network's own formulas, and traffic assignment."""

import itertools

import numpy as np
import pytest

pytest.importorskip("jax")
import jax
import jax.numpy as jnp
from hypothesis import given, settings
from hypothesis import strategies as st

from ostrom.core.agent import Sight
from ostrom.core.errors import InputError, UnknownName
from ostrom.core.forms.latency import Custom, affine, bpr
from ostrom.core.forms.network import DriverClass, Network
from ostrom.games.braess import Braess
from ostrom.games.town import Town
from ostrom.institutions import Tax, Toll
from ostrom.learners import play
from ostrom.solvers.assignment import marginal_tolls, system_optimum, user_equilibrium
from ostrom.testing import check_world
from ostrom.worlds import RouteChoice, rollout

KEY = np.zeros(2, np.uint32)
ROADS = [
    ("A", "B", bpr(2.0, 30.0)),
    ("B", "C", Custom(lambda flow: 3 + 0.02 * flow)),
    ("A", "C", affine(6, 0.05)),
    ("B", "D", 4.0),
    ("C", "D", affine(1, 0.1)),
]
"""Five roads, one of them with a time of its own."""
MIXED = Network(
    ROADS,
    {("A", "D"): 30.0, ("A", "C"): 20.0},
    classes={("A", "D"): [DriverClass("work", 0.4, 3.0), DriverClass("play", 0.6, 0.5)]},
    tolls={"A>B": 1.5},
)
"""Two trips, two classes, a toll: groups of three kinds, of 4, 6 and 6.67 drivers."""


@pytest.fixture(scope="module")
def mixed():
    """Three groups of each kind on these roads, and what a day there pays and shows, compiled."""
    world = RouteChoice.of(MIXED, groups=3)

    def day(moves):
        after, paid = world.step(KEY, world.reset(KEY), {"act": moves})
        view = world.observe(after)
        return paid, view.seat["costs"], view.seat["burdens"], view.public

    return world, jax.jit(day), np.array([len(own) for own in world.routes])


def by_hand(world, network, moves):
    """Times of links and trips, and what each seat is paid, in float64, from the network's own formulas."""
    flows = np.zeros(len(network.links))
    routes = [world.routes[seat][move] for seat, move in enumerate(moves)]
    on = [[f">{name}>" in f">{route}>" for name in network.link_names] for route in routes]
    for flow, own in zip(world.flow, on, strict=True):
        flows += flow * np.array(own)
    times = network.times(flows)
    trips = np.array(on) @ times
    return times, trips, -(world.value * trips + np.array(on) @ network.tolls)


def test_one_day_pays_what_the_congestion_game_pays():
    """All 729 joint moves of six drivers, and the names of everything."""
    world, game = RouteChoice.small(), Braess().atomic(6)
    joint = np.array(list(itertools.product(range(3), repeat=6)))
    step = jax.vmap(lambda moves: world.step(KEY, world.reset(KEY), {"act": moves}))
    after, paid = step(jnp.asarray(joint))
    assert np.allclose(paid, game.payoffs_at(joint), atol=1e-6)
    assert (world.seats, world.routes) == (game.players, game.moves)
    read, facts = jax.vmap(lambda state: world.facts(state, {}, state))(after), game.facts_at(joint)
    assert set(read) == set(facts)
    for name, amount in read.items():
        assert np.allclose(amount, facts[name], atol=1e-6), name


@pytest.mark.parametrize(
    "rule", [Toll({"home>north": 0.5, "north>south": 0.2}), Tax(on="link:north>south", rate=0.5, shared=True)]
)
def test_rules_charge_as_on_the_table(rule):
    world, table = RouteChoice.of(Braess(), drivers=3).under(rule), Braess().atomic(3).under(rule)
    joint = np.array(list(itertools.product(range(3), repeat=3)))
    paid = jax.jit(jax.vmap(lambda moves: world.step(KEY, world.reset(KEY), {"act": moves})[1]))(jnp.asarray(joint))
    assert np.allclose(paid, table.payoffs_at(joint), atol=1e-6)


def test_a_toll_on_a_road_that_is_not_there_is_noticed():
    with pytest.raises(UnknownName, match="home>moon"):
        check_world(RouteChoice.small().under(Toll({"home>moon": 1.0})))


def test_it_is_a_world():
    assert "seats are alike, as declared" in check_world(RouteChoice.small(), steps=8)


@pytest.mark.slow
def test_under_a_toll_it_is_a_world_too_and_where_seats_differ(mixed):
    check_world(RouteChoice.small().under(Toll({"north>south": 0.5})))
    assert "seats: not declared alike" in check_world(mixed[0], steps=8)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6))
def test_groups_and_classes_drive_as_by_hand(mixed, seed):
    """Flows of unequal groups are looked up between the lines of a table; the error is that of the straight lines."""
    world, day, sizes = mixed
    moves = np.random.default_rng(seed).integers(0, sizes)
    paid, _, _, seen = day(moves)
    meant = by_hand(world, MIXED, moves)
    assert np.allclose(seen["times"], meant[0], rtol=1e-4)
    assert np.allclose(paid, meant[2], rtol=1e-4)
    left = dict.fromkeys("ABCD", 0.0)  # what leaves a place less what comes there: nobody is lost on the way
    for (tail, head, _), flow in zip(ROADS, np.asarray(seen["flows"]).tolist(), strict=True):
        left[tail], left[head] = left[tail] + flow, left[head] - flow
    assert np.allclose(list(left.values()), [50, 0, -20, -30], atol=1e-3)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 8))
def test_costs_and_burdens_are_what_another_route_would_have_done(mixed, seed, seat):
    """Each route of one seat is driven again, the others as they were; a burden leaves tolls out: somebody has them."""
    world, day, sizes = mixed
    moves = np.random.default_rng(seed).integers(0, sizes)
    _, costs, burdens, _ = day(moves)
    total = []
    for route in range(sizes[seat]):
        other = np.where(np.arange(len(moves)) == seat, route, moves)
        _, trips, paid = by_hand(world, MIXED, other)
        assert costs[seat, route] == pytest.approx(-paid[seat], rel=1e-3)
        total.append((world.flow * world.value * trips).sum() / world.flow[seat])
    assert np.allclose(np.diff(burdens[seat, : sizes[seat]]), np.diff(total), rtol=1e-2, atol=1e-2)


def interval(together):
    """Lower and upper end of a 99 % interval of the mean."""
    half = 2.58 * together.std(ddof=1) / np.sqrt(len(together)) + 1e-6
    return together.mean() - half, together.mean() + half


@pytest.mark.slow
def test_reference_returns_and_where_selfish_drivers_end():
    """The short cut is a paradox: selfish drivers do worse than chance, and end where none gains by changing."""
    world, game = RouteChoice.of(Braess(), drivers=6, horizon=60), Braess().atomic(6)
    bots = world.bots()["selfish"], world.bots()["cooperative"]

    def policy(kind, key, view, mask):  # which bot is traced, so that one compilation does
        def move(seat, key, own, permitted):
            sight = Sight(seat, world.ground, {**view.public, **own}, {"act": permitted}, jnp)
            scores = jnp.stack([bot.act(sight, {})[0]["act"] for bot in bots] + [jnp.zeros(3)])
            return jax.random.categorical(key, scores[kind])

        keys = jax.random.split(jax.random.wrap_key_data(key), 6)
        return {"act": jax.vmap(move)(jnp.arange(6), keys, dict(view.seat), mask["act"])}

    def played(kind, seed):
        played = rollout(world, jax.tree_util.Partial(policy, kind), seed)
        return played.payoffs.sum(-1), played.moves["act"][-1]

    paid, last = jax.vmap(played)(jnp.arange(150) // 50, jnp.arange(150))
    greedy, kind, chance = np.asarray(paid).reshape(3, 50, 60)
    assert interval(greedy.sum(-1))[1] < interval(chance.sum(-1))[0]
    assert interval(chance.sum(-1))[1] < interval(kind.sum(-1))[0]
    assert max(game.regret(game.pure(moves)) for moves in np.asarray(last)[:50]) < 1e-6
    # Three on each side take 1.5 minutes, the optimum; where no single change helps all, at most one more is on the
    # short cut, and the mean is 1/36 longer.
    assert np.allclose(kind[:, -1] / 6, -1.5, atol=0.03)


@pytest.mark.slow
def test_in_the_long_run_a_town_is_at_equilibrium_and_with_tolls_at_its_optimum():
    """100 seats of 20 cars each, against assignment of a crowd to a gap of 1e-6."""
    town = Town()
    world, best = RouteChoice.of(town, drivers=0.05, horizon=300), system_optimum(town)
    charges = dict(zip(town.link_names, marginal_tolls(town, best).tolist(), strict=True))
    alone, at_best = user_equilibrium(town).total_time / 2000, best.total_time / 2000  # 21.96 and 17.79 minutes

    def mean_trip(world, bot):
        return play(world, bot, seed=1, episodes=8).facts["delay"][:, -1].mean(-1)

    assert np.allclose(mean_trip(world, world.commuter()), alone, rtol=0.015)
    assert np.allclose(mean_trip(world, world.commuter("all")), at_best, rtol=0.002)
    assert np.allclose(mean_trip(world.under(Toll(charges)), world.commuter(charges=charges)), at_best, rtol=0.005)
    tolled = RouteChoice.of(town.tolled(charges), drivers=0.05, horizon=300)
    assert np.allclose(mean_trip(tolled, tolled.commuter()), at_best, rtol=0.005)


@pytest.mark.slow
def test_without_a_paradox_selfish_drivers_beat_chance():
    world = RouteChoice.of(Town(without_quay=True), drivers=0.05, horizon=60)
    of = {name: interval(play(world, bot, seed=1, episodes=30).returns.sum(-1)) for name, bot in world.bots().items()}
    assert of["random"][1] < of["selfish"][0]
    assert of["selfish"][1] < of["cooperative"][0]


def test_useful_routes_are_those_of_equilibrium_and_optimum():
    town = Town()
    world = RouteChoice.of(town, groups=1, routes="useful")
    for own, every in zip(world.routes, town.moves, strict=True):
        assert 0 < len(own) < len(every)
        assert set(own) < set(every)


def test_commuters_choose_alike_in_numpy():
    world = RouteChoice.small()
    seen = {"last": 1, "costs": [1.9, 2.0, 1.8], "burdens": [1.6, 2.4, 1.7]}
    for bot in (world.commuter(), world.commuter("all"), world.commuter(charges={"north>work": 5.0}, stays=0.5)):

        def odds(xp, bot=bot):
            held = {name: xp.asarray(row) for name, row in seen.items()}
            sight = Sight(xp.int32(4), world.ground, held, {"act": xp.ones(3, bool)}, xp)
            return xp.exp(bot.act(sight, {})[0]["act"])

        assert np.allclose(odds(np), jax.jit(lambda: odds(jnp))(), atol=1e-6)
        best = np.argmin(np.array(seen["costs" if bot.minds == "own" else "burdens"]) + bot.owed[4])
        assert odds(np)[[1, best]] == pytest.approx([bot.stays, 1 - bot.stays], abs=1e-6)


def test_the_map_shows_yesterday():
    world = RouteChoice.small()
    assert "The roads are empty." in world.words(world.reset(KEY))
    after, _ = world.step(KEY, world.reset(KEY), {"act": jnp.ones(6, jnp.int32)})
    scene = world.scene(after)
    assert "a trip took 2 minutes" in scene.note
    assert {(tail, head): flow for tail, head, flow in scene.links}["north", "south"] == pytest.approx(1)
    assert set(scene.points) == {"home", "north", "south", "work"}
    assert all(0 <= at <= 1 for point in scene.points.values() for at in point)


@pytest.mark.parametrize("wrong", [{}, {"drivers": 0.3}, {"drivers": 2, "groups": 2}, {"groups": 0}])
def test_seats_that_are_no_whole_number_are_refused(wrong):
    with pytest.raises(InputError):
        RouteChoice.of(Braess(), **wrong)
    with pytest.raises(InputError, match="no link"):
        RouteChoice.small().commuter(charges={"a>b": 1.0})
