"""Both grid worlds against brute force, cell by cell: how bodies move, who is hit, what is seen; and their chance."""

from itertools import product

import numpy as np
import pytest

pytest.importorskip("jax")
import jax
import jax.numpy as jnp

from ostrom.core.errors import InputError, UnknownName
from ostrom.core.scene import Token
from ostrom.testing import check_world
from ostrom.worlds import CleanUp, Harvest
from ostrom.worlds._noise import bits, bits_at, uniform

CROWDED = """
~~~.#AA
~~...AA
.P#PPA.
PP.P#AA
.PPP.A.
"""
AHEAD = [(-1, 0), (0, 1), (1, 0), (0, -1)]
STEPS = {"forward": (1, 0), "backward": (-1, 0), "step left": (0, -1), "step right": (0, 1)}
WORLDS = {
    "harvest": Harvest(players=6, map=CROWDED, timeout=3, reach=2, one=0.1, two=0.2, many=0.3, ahead=3, aside=2),
    "clean-up": CleanUp(
        players=6, map=CROWDED, timeout=3, reach=2, growth=0.4, spill=0.9, depleted=1.0, ahead=3, aside=2
    ),
}


def numpy(tree):
    return jax.tree.map(np.asarray, tree)


def moved(world, key, state, act):
    after, payoffs = world.step(key, state, {"act": act})
    return after, payoffs, world.facts(state, {"act": act}, after)


@pytest.fixture(scope="module", params=WORLDS)
def walk(request):
    """`(world, [(key, state, act, after, payoffs, facts, near)])`: 250 random steps of a crowd among walls."""
    world, random, steps = WORLDS[request.param], np.random.default_rng(1), []
    move, look = jax.jit(lambda *given: moved(world, *given)), jax.jit(lambda state: world.observe(state).seat["near"])
    state = numpy(jax.jit(world.reset)(np.array([4, 1], np.uint32)))
    odds = np.array([1, 4, 2, 2, 2, 2, 2, 1, 1][: len(world.moves)], float)
    for number in range(250):
        key = np.array([number, 9], np.uint32)
        act = random.choice(len(odds), world.players, p=odds / odds.sum()).astype(np.int32)
        act = np.where(state.bodies.away > 0, 0, act)
        after, payoffs, facts = numpy(move(key, state, act))
        steps.append((key, state, act, after, payoffs, facts, np.asarray(look(state))))
        state = after
    return world, steps


def cell(bodies, seat):
    return int(bodies.row[seat]), int(bodies.column[seat])


def open_cells(world):
    lines = world.map.strip("\n").split("\n")
    return {(r, c) for r, line in enumerate(lines) for c, letter in enumerate(line) if letter != "#"}


def cells_of(world, letter):
    lines = world.map.strip("\n").split("\n")
    return [(r, c) for r, line in enumerate(lines) for c, here in enumerate(line) if here == letter]


def relative(place, heading, ahead, aside):
    """The cell so many steps ahead and to the right of a place."""
    (down, across), (right_down, right_across) = AHEAD[heading], AHEAD[(heading + 1) % 4]
    return place[0] + ahead * down + aside * right_down, place[1] + ahead * across + aside * right_across


def beam(world, place, heading):
    return {relative(place, heading, ahead, aside) for ahead in range(1, world.reach + 1) for aside in (-1, 0, 1)}


def here(state):
    return [seat for seat in range(len(state.bodies.row)) if state.bodies.away[seat] == 0]


def walked(world, state, act, after):
    """Where everybody is after steps, by hand; who wins a tie is read from `after` if it is still there."""
    names, place, contests = world.moves, {}, {}
    taken = {cell(state.bodies, seat) for seat in here(state)}
    for seat in here(state):
        place[seat] = cell(state.bodies, seat)
        if names[act[seat]] in STEPS:
            target = relative(place[seat], state.bodies.heading[seat], *STEPS[names[act[seat]]])
            if target in open_cells(world) and target not in taken:
                contests.setdefault(target, []).append(seat)
    for target, seats in contests.items():
        won = [seat for seat in seats if after.bodies.away[seat] == 0 and cell(after.bodies, seat) == target]
        gone = [seat for seat in seats if after.bodies.away[seat] > 0 and cell(after.bodies, seat) == target]
        assert len(won + gone) == 1  # somebody gets it, and nobody else does
        place[(won + gone)[0]] = target
    return place, sum(len(seats) > 1 for seats in contests.values())


def test_bodies_move_as_by_hand_and_never_share_a_cell(walk):
    world, steps = walk
    contested = hits = returns = waited = 0
    for _, state, act, after, *_ in steps:
        place, ties = walked(world, state, act, after)
        fires = [seat for seat in here(state) if world.moves[act[seat]] == "zap"]
        turns = {seat: {"turn left": -1, "turn right": 1}.get(world.moves[act[seat]], 0) for seat in here(state)}
        heading = {seat: (state.bodies.heading[seat] + turns[seat]) % 4 for seat in here(state)}
        struck = {
            other for seat in fires for other in here(state) if place[other] in beam(world, place[seat], heading[seat])
        }
        stay, back = set(here(state)) - struck, set()
        for seat in range(world.players):
            if seat in struck:
                assert after.bodies.away[seat] == world.timeout
            elif seat in stay:
                assert (cell(after.bodies, seat), after.bodies.heading[seat]) == (place[seat], heading[seat])
                assert after.bodies.away[seat] == 0
            elif state.bodies.away[seat] > 1:
                assert after.bodies.away[seat] == state.bodies.away[seat] - 1
            elif after.bodies.away[seat] == 0:
                assert cell(after.bodies, seat) in set(cells_of(world, "P")) - {place[other] for other in stay}
                back.add(seat)
            else:
                assert after.bodies.away[seat] == 1
                waited += 1
        cells = [cell(after.bodies, seat) for seat in here(after)]
        assert len(set(cells)) == len(cells)
        assert set(cells) <= open_cells(world)
        contested, hits, returns = contested + ties, hits + len(struck), returns + len(back)
    assert min(contested, hits, returns) > 10
    assert waited < returns


def test_picked_and_left_are_what_there_was_and_what_grew(walk):
    world, steps = walk
    trees, picks = cells_of(world, "A"), 0
    for _, state, act, after, payoffs, facts, _ in steps:
        place, _ = walked(world, state, act, after)
        under = {at: seat for seat, at in place.items()}
        for number, tree in enumerate(trees):
            if tree in under:
                assert facts["harvest"][under[tree]] == state.apples[number]
                assert not after.apples[number]
            elif state.apples[number]:
                assert after.apples[number]
        grown = sum(after.apples[n] and not state.apples[n] for n in range(len(trees)))
        assert facts["harvest"].sum() + after.apples.sum() == state.apples.sum() + grown
        assert payoffs.tolist() == facts["harvest"].tolist()
        assert (after.bodies.total == state.bodies.total + facts["harvest"]).all()
        picks += facts["harvest"].sum()
    assert picks > 20


def seen_by_hand(world, state, seat):
    """Name of a channel -> cells of the view `[rows, columns]`, written cell by cell."""
    rows, columns = world.ahead + world.behind + 1, 2 * world.aside + 1
    seen = {name: np.zeros((rows, columns), int) for name in world.channels}
    if state.bodies.away[seat]:
        return seen
    bodies, place = state.bodies, cell(state.bodies, seat)
    lit = [
        set().union(
            *(
                beam(world, cell(bodies, other), bodies.heading[other])
                for other in here(state)
                if bodies.shot[other] == kind
            )
        )
        for kind in (1, 2)
    ]
    things = {"tree": cells_of(world, "A"), "gate": cells_of(world, "P"), "river": cells_of(world, "~")}
    things |= {"apple": [at for at, ripe in zip(things["tree"], state.apples, strict=True) if ripe]}
    if hasattr(state, "waste"):
        things["waste"] = [at for at, there in zip(things["river"], state.waste, strict=True) if there]
    things |= {"beam": lit[0], "cleaning beam": lit[1]}
    for row, column in product(range(rows), range(columns)):
        at = relative(place, bodies.heading[seat], world.ahead - row, column - world.aside)
        names = [name for name, cells in things.items() if at in cells and name in seen]
        names += ["wall"] if at not in open_cells(world) else []
        for other in here(state):
            if cell(bodies, other) == at:
                names += ["self"] if other == seat else told_of(bodies, other, seat)
        for name in names:
            seen[name][row, column] = 1
    return seen


def told_of(bodies, other, seat):
    turned = ("same way", "to the right", "opposite", "to the left")[(bodies.heading[other] - bodies.heading[seat]) % 4]
    rank = np.sign(bodies.total[other] - bodies.total[seat])
    said = {"fired": bodies.shot[other] == 1, "cleaned": bodies.shot[other] == 2, "picked": bodies.picked[other] > 0}
    said |= {"richer": rank > 0, "poorer": rank < 0}
    return ["other", turned, *(name for name, true in said.items() if true)]


def test_the_view_is_a_slow_crop_in_all_headings(walk):
    world, steps = walk
    looked, ever = set(), np.zeros(len(world.channels), bool)
    for _, state, *_, near in steps[::3]:
        for seat in range(world.players):
            wanted = seen_by_hand(world, state, seat)
            for number, name in enumerate(world.channels):
                assert (near[seat, :, :, number] == wanted[name]).all(), (name, seat, state.bodies)
            looked.add(int(state.bodies.heading[seat]))
        ever |= near.any((0, 1, 2))
    assert looked == {0, 1, 2, 3}
    assert ever.all()
    assert near.shape == (world.players, world.ahead + world.behind + 1, 2 * world.aside + 1, len(world.channels))


def test_prospects_are_the_apples_one_step_away(walk):
    world, steps = walk
    look, some = jax.jit(world.prospects), 0
    for _, state, *_ in steps[::10]:
        most = np.asarray(look(state)["harvest"])
        ripe = {at for at, there in zip(cells_of(world, "A"), state.apples, strict=True) if there}
        for seat in range(world.players):
            place, heading = cell(state.bodies, seat), state.bodies.heading[seat]
            ways = [relative(place, heading, *STEPS.get(name, (0, 0))) for name in world.moves]
            wanted = [way in ripe and state.bodies.away[seat] == 0 for way in ways]
            assert most[seat].tolist() == wanted
        some += most.sum()
    assert some > 5


@pytest.mark.parametrize("name", WORLDS)
def test_they_are_worlds(name):
    """Crowded, so that there are ties and hits: seats can change places even then."""
    checked = check_world(WORLDS[name], steps=30)
    assert "seats are alike, as declared" in checked
    assert any(sentence.startswith("absent seats rest") for sentence in checked)


def test_batches_are_what_one_by_one_gives(walk):
    world, steps = walk
    keys, states, acts = (
        jax.tree.map(lambda *leaves: jnp.stack(leaves), *rows) for rows in list(zip(*steps[::15], strict=True))[:3]
    )
    together = jax.jit(jax.vmap(lambda key, state, act: world.step(key, state, {"act": act})))(keys, states, acts)
    seen = jax.jit(jax.vmap(world.observe))(states).seat["near"]
    for number, (_, _, _, after, payoffs, _, near) in enumerate(steps[::15]):
        of_one = jax.tree.map(lambda leaf, number=number: leaf[number], together)
        assert jax.tree.all(jax.tree.map(lambda a, b: (a == b).all(), (after, payoffs), of_one))
        assert (seen[number] == near).all()


@pytest.fixture(scope="module")
def duel():
    """`duel(columns, headings, act, draws)`: columns `[draws, 2]` of two on a row of three cells after a step."""
    world = Harvest(players=2, map="P.P\nAAA")

    def step(key, columns, headings, act):
        state, none = world.reset(key), jnp.zeros(2, jnp.int32)
        bodies = state.bodies._replace(row=none, column=columns, heading=headings)
        return world.step(key, state._replace(bodies=bodies), {"act": act})[0].bodies.column

    many = jax.jit(jax.vmap(step, (0, None, None, None)))
    keys = jnp.stack([jnp.arange(4000), jnp.zeros(4000, int)], -1).astype(jnp.uint32)
    return lambda *given: np.asarray(many(keys, *(jnp.array(values, jnp.int32) for values in given)))


def test_lots_are_fair_and_whoever_wins_takes_the_cell(duel):
    """Two who step onto one cell from both sides: each gets it in half of 4,000 draws."""
    columns = duel((0, 2), (1, 3), (1, 1))
    assert ((columns[:, 0] == 1) ^ (columns[:, 1] == 1)).all()
    assert (columns[:, 0] == 1).mean() == pytest.approx(0.5, abs=0.04)  # five standard deviations


def test_a_cell_that_somebody_stands_on_cannot_be_entered_even_if_it_is_left(duel):
    following, swapping = duel((0, 1), (1, 1), (1, 1)), duel((0, 1), (1, 1), (1, 2))
    assert (following == [0, 2]).all()
    assert (swapping == [0, 1]).all()


def test_everybody_begins_at_a_gate_of_its_own_and_all_gates_are_used():
    world = Harvest(players=7)
    keys = jnp.stack([jnp.arange(500), jnp.zeros(500, int)], -1).astype(jnp.uint32)
    bodies = numpy(jax.jit(jax.vmap(world.reset))(keys).bodies)
    places = bodies.row * 22 + bodies.column
    assert all(len(set(row)) == 7 for row in places.tolist())
    assert len(set(places.reshape(-1).tolist())) == 54
    assert np.allclose(np.bincount(bodies.heading.reshape(-1)) / 3500, 0.25, atol=0.04)


def test_a_scene_has_the_map_and_who_stands_on_it():
    world = WORLDS["clean-up"]
    state = world.reset(np.array([3, 3], np.uint32))
    state = state._replace(
        bodies=state.bodies._replace(away=jnp.array([0, 2, 0, 0, 0, 0])), apples=state.apples.at[0].set(True)
    )
    scene, bodies = world.scene(state), numpy(state.bodies)
    assert {"wall", "gate", "tree", "river", "apple", "waste"} == set(scene.cells)
    assert np.argwhere(scene.cells["apple"]).tolist() == [[0, 5]]
    assert np.argwhere(scene.cells["wall"]).tolist() == [[0, 4], [2, 2], [3, 4]]
    names = ("north", "east", "south", "west")
    wanted = [Token(*cell(bodies, s), s, names[bodies.heading[s]]) for s in (0, 2, 3, 4, 5)]
    assert list(scene.tokens) == wanted
    assert "apples 1" in world.words(state)


@pytest.mark.parametrize(
    ("map", "said"),
    [
        ("A.P\nP.", "rectangle"),
        ("AXP\nPPP", "'X'"),
        ("A" * 40 + "\n" + "P" * 40, "32"),
        ("..P\nPPP", "0 trees"),
        ("AAP\n...", "1 gates"),
    ],
)
def test_maps_that_cannot_be_are_refused(map, said):
    with pytest.raises(InputError, match=said):
        Harvest(players=2, map=map)


def test_a_map_that_nobody_knows_is_refused():
    with pytest.raises(UnknownName, match="open"):
        Harvest(map="opn")


# Chance -----------------------------------------------------------------------------------------------------------


def drawn(keys, count, salt):
    return np.asarray(jax.vmap(lambda key: uniform(key, (count,), salt))(jnp.asarray(keys, dtype=jnp.uint32)), float)


def test_draws_are_even():
    draws = drawn([(n, 5) for n in range(200)], 500, 3)
    assert 0 <= draws.min() < 1e-3
    assert 1 - 1e-3 < draws.max() < 1
    expected = draws.size / 64
    chi_square = ((np.histogram(draws, 64, (0, 1))[0] - expected) ** 2 / expected).sum()
    assert 63 - 5 * 126**0.5 < chi_square < 63 + 5 * 126**0.5
    assert (draws.mean(0) - 0.5).std() == pytest.approx((1 / 12 / 200) ** 0.5, rel=0.2)


@pytest.mark.parametrize("apart", ["cells", "keys", "second words", "salts"])
def test_draws_have_nothing_to_do_with_each_other(apart):
    """Neighbouring cells, consecutive keys and salts: no correlation, of the numbers and of their lowest bits."""
    keys = [(n, 5) for n in range(200)]
    one, two = {
        "cells": lambda: (drawn(keys, 501, 3)[:, 1:], drawn(keys, 501, 3)[:, :-1]),
        "keys": lambda: (drawn(keys, 500, 3), drawn([(n + 1, 5) for n in range(200)], 500, 3)),
        "second words": lambda: (drawn(keys, 500, 3), drawn([(n, 6) for n in range(200)], 500, 3)),
        "salts": lambda: (drawn(keys, 500, 3), drawn(keys, 500, 4)),
    }[apart]()
    bound = 5 / one.size**0.5
    assert abs(np.corrcoef(one.reshape(-1), two.reshape(-1))[0, 1]) < bound
    low = [(values * 2**24).astype(int) & 1 for values in (one, two)]
    assert abs(np.corrcoef(low[0].reshape(-1), low[1].reshape(-1))[0, 1]) < bound


def test_every_bit_of_the_key_and_of_the_number_flips_half_of_the_bits():
    random = np.random.default_rng(2)
    words = random.integers(0, 2**32, (300, 3), dtype=np.uint32)
    hashed = jax.jit(jax.vmap(lambda word: bits_at(word[:2], word[2], 7)))
    for place, bit in product(range(3), range(0, 32, 5)):
        other = words.copy()
        other[:, place] ^= np.uint32(1 << bit)
        flips = np.unpackbits((np.asarray(hashed(words)) ^ np.asarray(hashed(other))).view(np.uint8)).mean()
        assert flips == pytest.approx(0.5, abs=0.03)  # six standard deviations


def test_draws_can_be_looked_up_one_by_one():
    key = np.array([8, 3], np.uint32)
    assert (bits(key, (4, 5), 2).reshape(-1)[jnp.array([0, 7, 19])] == bits_at(key, jnp.array([0, 7, 19]), 2)).all()
