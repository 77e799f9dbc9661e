"""Steps of harvest and clean-up with seven seats that see 11 x 11 cells: ours against SocialJax's, on the same machine.

Random moves and keys, drawn beforehand; a compiled scan in which every observation is made and used, the compilation
apart. Both have as many channels: 15 and 19. SocialJax is timed as its users call it (`step`, which starts afresh in
every step in case an episode is over) and without that (`step_env`). Its numbers are float32, ours uint8. Each is timed
with all copies on one device, and split between two; compared is what either is best at.
One JSON line each; a missed target makes the exit code 1.

    SOCIALJAX_PYTHON=path/to/python SOCIALJAX_SRC=path/to/checkout python benchmarks/worlds.py

Targets: 30 times SocialJax per CPU second with 64 and 1024 copies; 100,000 steps a second of waiting on two cores, and
30,000 of a single copy; 3 CPU seconds to compile.
"""

import json
import os
import sys

import jax
import numpy as np
from _scan import drawn, elsewhere, measure

STEPS, THEIR_STEPS = {1: 20_000, 64: 600, 1024: 60}, {1: 500, 64: 20, 1024: 2}
TIMES, ON_TWO_CORES, ALONE, COMPILE = 30, 100_000, 30_000, 3.0
THEIRS = {"harvest": "harvest_common_open", "clean_up": "clean_up"}


def ours():
    """Name -> world."""
    from ostrom.worlds import CleanUp, Harvest

    return {"harvest": Harvest(), "clean_up": CleanUp()}


def stepped(world):
    """`step(key, state, moves) -> (state, payoffs, seen)` of a world."""

    def step(key, state, act):
        state, payoffs = world.step(key, state, {"act": act})
        return state, payoffs, world.observe(state).seat

    return step


def theirs(name):
    """`way -> (reset, step)` of SocialJax's, and how many moves there are."""
    sys.path.insert(0, os.environ["SOCIALJAX_SRC"])
    import jax.numpy as jnp
    import socialjax

    game = socialjax.make(THEIRS[name])
    assert game.num_agents == 7

    def way(move):
        def step(key, state, act):
            seen, state, payoffs, *_ = move(key, state, [act[seat] for seat in range(7)])
            return state, payoffs, seen

        return step

    def reset(key):
        state = game.reset(key)[1]  # its types are those after a step, without which there is no scan
        after = jax.eval_shape(game.step_env, key, state, [jnp.int32(0)] * 7)[1]
        return jax.tree.map(lambda one, other: one.astype(other.dtype), state, after)

    return {way_name: (reset, way(getattr(game, way_name))) for way_name in ("step", "step_env")}, 8 + (
        name == "clean_up"
    )


def checked(world, given, paid, steps=25):
    """Refuses payoffs other than the apples that lie where a seat goes, two seats on a cell, and views without them."""
    step = jax.jit(jax.vmap(stepped(world)))
    state, (keys, acts), trees = jax.vmap(world.reset)(given[0][0]), given, world.field.trees
    for number, (key, act) in enumerate(zip(keys[:steps], acts[:steps], strict=True)):
        before = state
        state, _, seen = step(key, state, act)
        bodies, there = before.bodies, np.asarray(before.bodies.away) == 0
        at = np.asarray(trees.at)[np.asarray(state.bodies.row), np.asarray(state.bodies.column)]
        ripe = np.pad(np.asarray(before.apples), ((0, 0), (0, 1)))
        assert paid[number] == (np.take_along_axis(ripe, at, 1) & there).sum(), "payoffs that are no apples"
        bodies, there = state.bodies, np.asarray(state.bodies.away) == 0
        cell = np.where(there, np.asarray(bodies.row) * 64 + np.asarray(bodies.column), -1 - np.arange(7))
        assert all(len(set(row)) == 7 for row in cell.tolist()), "two seats on a cell"
        view = np.asarray(seen["near"])
        assert view.shape[1:] == (7, 11, 11, len(world.channels))
        assert (view[..., world.channels.index("self")].sum((2, 3)) == there).all(), "a view without its own seat"


def run_ours():
    """Times ours, after a check, with as many devices as there are."""
    for name, world in ours().items():
        for copies, steps in STEPS.items():
            given = drawn(copies, steps, 7, len(world.moves))
            if copies >= len(jax.devices()):
                _, paid = measure("ostrom", world.reset, stepped(world), given, 7, **there(name))
                if len(jax.devices()) == 1:
                    checked(world, given, paid)


def run_theirs():
    """Times theirs; without the fresh start on one device only."""
    for name in THEIRS:
        ways, labels = theirs(name)
        for way, (reset, step) in ways.items():
            for copies, steps in THEIR_STEPS.items():
                if len(jax.devices()) == 1 or (way == "step" and copies > 1):
                    given = drawn(copies, steps, 7, labels)
                    measure(f"socialjax {way}", reset, step, given, 3, **there(name))


def there(name):
    """What else to say of a line."""
    return {"world": name, "devices": len(jax.devices())}


def both(python, who):
    """The lines of one side, on one device and on two."""
    for flags in ("", "--xla_force_host_platform_device_count=2"):
        for line in elsewhere(python, __file__, who, XLA_FLAGS=flags):
            print(json.dumps(line), flush=True)
            yield line


def best(lines, who):
    """`(world, copies) -> ` the most steps a CPU second on one device or two."""
    found = {}
    for line in lines:
        if line["who"] == who:
            key = line["world"], line["copies"]
            found[key] = max(found.get(key, 0), line["per_cpu_s"])
    return found


def main():
    """Time both in one run, and compare."""
    if sys.argv[1:]:
        return {"ostrom": run_ours, "socialjax": run_theirs}[sys.argv[1]]()
    lines, missed = list(both(sys.executable, "ostrom")), []
    for line in lines:
        limit = ALONE if line["copies"] == 1 else ON_TWO_CORES if line["devices"] == 2 else 0
        if line["per_s"] < limit or line["compile_cpu_s"] > COMPILE:
            missed.append(f"{line['world']}, {line['copies']} copies: {line['per_s']} a second")
    python = os.environ.get("SOCIALJAX_PYTHON")
    if not python:
        print(json.dumps({"who": "socialjax", "not compared": "set SOCIALJAX_PYTHON and SOCIALJAX_SRC"}))
    else:
        own, peers = best(lines, "ostrom"), list(both(python, "socialjax"))
        for who in ("socialjax step", "socialjax step_env"):
            for (name, copies), rate in best(peers, who).items():
                ratio = own[name, copies] / rate
                target = TIMES if who == "socialjax step" and copies > 1 else None
                shown = {"world": name, "copies": copies, "against": who, "times": round(ratio, 1), "target": target}
                print(json.dumps(shown), flush=True)
                missed += [f"{name}, {copies} copies: {ratio:.1f} times"] if ratio < (target or 0) else []
    if missed:
        sys.exit("Missed: " + "; ".join(missed))
    return None


if __name__ == "__main__":
    main()
