"""Climbing welfare by the parameters of rules, through what a world pays when all answer smoothly."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from ..core.errors import InputError, TooLarge
from ..core.institution import Institution
from ..core.parameters import parameters
from ..core.welfare import Welfare, as_welfare
from ..core.world import World
from ..learners._told import BARE, PAID, Told
from ..worlds.rollouts import rollout

Array = Any
Policy = Callable[..., Mapping[str, Array]]
LARGEST = 4096
"""Joint moves of a step beyond which replies to all of them are not computed."""
TURNS, RISE, PACE = 400, 200, 0.2
"""Turns in which replies settle, in how many of them the precision rises, and the share of a reply that is new."""
LEAST = 1e-4
"""The step, as a share of the range, at which the climb ends."""


@dataclass(frozen=True, eq=False)
class Ascent:
    """Where a climb came to.

    Attributes
    ----------
    rules : with the parameters found; `worth` : welfare of an episode there; `began` : and at the start.
    path : `float[N, D]`, the parameters step by step, in the order of `names`.
    slope : `float[D]`, the gradient at the end, per unit of each parameter; all 0 where the rules are not smooth.
    """

    rules: tuple[Institution, ...]
    worth: float
    began: float
    names: tuple[str, ...]
    path: np.ndarray
    slope: np.ndarray


def gradient(
    world: World,
    rules: Institution | Sequence[Institution],
    policy: Policy | None = None,
    *,
    ranges: Mapping[str, tuple[float, float]] | None = None,
    precision: float = 50.0,
    welfare: Any = None,
    bystanders: Mapping[str, str] | None = None,
    rounds: int = 60,
    seeds: int = 16,
    seed: int = 0,
) -> Ascent:
    """Raise the welfare of an episode (before the rules, bystanders included) by the rules' own numbers.

    Welfare is differentiated through the world's steps and the rules' hooks. Who plays has to answer smoothly: in a
    world of one step all play the logit equilibrium, to which replies at rising precision settle; elsewhere a `policy`
    is given. Moves that are drawn or forbidden have no derivative: where all of it goes through those, the slope is 0
    and nothing is climbed.

    Parameters
    ----------
    rules : one or several, the first innermost; the climb begins at their numbers, those with a declared range.
    policy : `(rules, key, view, mask) -> moves` of all seats, a pure JAX function that may read the rules.
    ranges : name of a parameter -> least and most, where the declared range is open.
    precision : of the replies, per range of payoffs, above 0.
    rounds : steps of the climb, at most; 0 only says what the rules are worth.
    seeds, seed : episodes of a world with a policy, and the first one's seed.

    Raises `InputError` for a world of several steps without a policy; `TooLarge` for too many joint moves.
    """
    chosen = (rules,) if isinstance(rules, Institution) else tuple(rules)
    outside = getattr(world, "bystanders", {}) if bystanders is None else bystanders
    counted = as_welfare(welfare)
    if policy is None:
        _check(world.under(*chosen))
        score = partial(_replied, world, welfare=counted, outside=tuple(outside.values()), precision=precision)
    else:
        keys = np.arange(seed, seed + seeds)
        score = partial(_played, world, policy=policy, welfare=counted, outside=tuple(outside.values()), keys=keys)
    free = _free(chosen, ranges or {})
    if rounds:
        return _climbed(chosen, free, score, rounds)
    worth = float(score(chosen))
    path = np.array([[getattr(chosen[rule], name) for rule, name, *_ in free]], float)
    return Ascent(chosen, worth, worth, tuple(name for _, name, *_ in free), path, np.full(len(free), np.nan))


def _climbed(rules: Any, free: Any, score: Any, rounds: int) -> Ascent:
    """Steps along the gradient, each parameter by its range; longer while that helps, shorter where it does not."""
    low, high = (np.array([one[k] for one in free]) for k in (2, 3))
    width, step = high - low, 0.25
    at = np.clip(np.array([getattr(rules[rule], name) for rule, name, *_ in free], float), low, high)
    ascend = jax.value_and_grad(lambda values: score(_with(rules, free, values)))
    began, slope = jax.tree.map(np.asarray, ascend(jnp.asarray(at, jnp.float32)))
    worth, path = began, [at]
    for _ in range(rounds):
        steep = np.abs(slope * width).max()
        if not np.isfinite(steep) or steep == 0 or step < LEAST:
            break
        there = np.clip(at + step * width * (slope * width) / steep, low, high)
        new, turned = jax.tree.map(np.asarray, ascend(jnp.asarray(there, jnp.float32)))
        if new > worth:
            at, worth, slope, step = there, new, turned, 1.5 * step
            path.append(at)
        else:
            step *= 0.5
    found = _with(rules, free, [float(f"{value:.6g}") for value in at])
    return Ascent(found, float(worth), float(began), tuple(name for _, name, *_ in free), np.array(path), slope)


def _free(
    rules: Sequence[Institution], ranges: Mapping[str, tuple[float, float]]
) -> list[tuple[int, str, float, float]]:
    """`(rule, name, least, most)` of each number that may be changed; an open end lies at ten times the number."""
    found = []
    for number, rule in enumerate(rules):
        for name, one in parameters(type(rule)).items():
            if one.type is float and one.interval is not None:
                wide = 10 * max(abs(getattr(rule, name)), 1.0)
                low, high = ranges.get(name, (one.interval.ge, one.interval.le))
                found.append((number, name, -wide if low is None else low, wide if high is None else high))
    if not found:
        raise InputError(f"{rules!r:.200} have no number with a declared range.", do="Give rules that have one.")
    return found


def _with(rules: Sequence[Institution], free: Any, values: Any) -> tuple[Any, ...]:
    """The rules with these numbers, which may be traced, so that nothing is checked."""
    new = {(rule, name): values[k] for k, (rule, name, *_) in enumerate(free)}
    made = []
    for number, rule in enumerate(rules):
        copy = object.__new__(type(rule))
        for field in fields(rule):
            object.__setattr__(copy, field.name, new.get((number, field.name), getattr(rule, field.name)))
        made.append(copy)
    return tuple(made)


def _check(world: World) -> None:
    stages, sizes = world.ground.stages, _sizes(world)
    if world.horizon != 1 or [part.name for stage in stages for part in stage] != ["act"] or not all(sizes):
        raise InputError(
            f"{type(world).__name__} has {world.horizon} steps an episode.",
            "Best replies are smoothed in worlds of one step in which one of several moves is made.",
            "Give a policy that answers smoothly, or search with learners: ostrom.design(world).",
        )
    if np.prod(sizes, dtype=float) > LARGEST:
        raise TooLarge(f"There are {np.prod(sizes, dtype=float):,.0f} joint moves.", f"At most {LARGEST:,} are listed.")


def _sizes(world: World) -> list[int]:
    part = world.ground.part("act")
    return [0 if part.continuous else len(part.labels_of(seat)) for seat in range(len(world.ground.players))]


@partial(jax.jit, static_argnames=("welfare", "outside"))
def _replied(world: World, rules: Any, *, welfare: Welfare, outside: tuple[str, ...], precision: Array) -> Array:
    """Welfare where all answer each other by the logit of what their moves pay them after the rules."""
    told, sizes = Told(world.under(*rules), 0.0, 0.0, outside), _sizes(world)
    state = told.reset(jnp.zeros(2, jnp.uint32))
    profiles = np.moveaxis(np.indices(sizes), 0, -1).reshape(-1, len(sizes)).astype(np.int32)

    def at(profile: Array) -> tuple[Array, Array]:
        after, _ = told.step(jnp.zeros(2, jnp.uint32), state, {"act": profile})
        facts = told.facts(state, {"act": profile}, after)
        return facts[PAID], _utilities(facts, outside)

    paid, utilities = jax.vmap(at)(profiles)
    scale = precision / jax.lax.stop_gradient(jnp.maximum(jnp.ptp(utilities), 1e-9))
    paid = paid.reshape(*sizes, -1)
    may = [told.mask(state)["act"][seat, :size] for seat, size in enumerate(sizes)]
    blind = tuple(jnp.where(own, 1.0, 0.0) / jnp.maximum(own.sum(), 1) for own in may)

    def turn(odds: tuple[Array, ...], number: Array) -> tuple[tuple[Array, ...], None]:
        sharp = scale * jnp.minimum(1.0, (number + 1) / RISE)
        worths = [_worth(paid[..., seat], odds, seat) for seat in range(len(sizes))]
        reply = [jax.nn.softmax(jnp.where(own, sharp * worth, -1e9)) for own, worth in zip(may, worths, strict=True)]
        return tuple((1 - PACE) * old + PACE * new for old, new in zip(odds, reply, strict=True)), None

    odds, _ = jax.lax.scan(turn, blind, jnp.arange(TURNS))
    joint = jnp.ones(1)
    for own in odds:
        joint = (joint[:, None] * own).reshape(-1)
    return joint @ welfare(utilities)


def _worth(table: Array, odds: Sequence[Array], seat: int) -> Array:
    """What each move is worth to a seat against the others' odds."""
    for other in reversed(range(len(odds))):
        if other != seat:
            table = jnp.tensordot(table, odds[other], (other, 0))
    return table


@partial(jax.jit, static_argnames=("policy", "welfare", "outside"))
def _played(
    world: World, rules: Any, *, policy: Policy, welfare: Welfare, outside: tuple[str, ...], keys: Array
) -> Array:
    """Mean welfare of episodes in which the policy plays."""
    told, bound = Told(world.under(*rules), 0.0, 0.0, outside), jax.tree_util.Partial(policy, rules)

    def one(key: Array) -> Array:
        facts = rollout(told, bound, key).facts
        return welfare(_utilities({name: amount.sum(0) for name, amount in facts.items()}, outside))

    return jax.vmap(one)(jnp.asarray(keys)).mean()


def _utilities(facts: Mapping[str, Array], outside: Sequence[str]) -> Array:
    """What the seats get before the rules, and those without a seat."""
    return jnp.concatenate([facts[BARE], *(facts[name].sum()[None] for name in outside)])
