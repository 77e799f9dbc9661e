"""Do the methods of a world give what their signatures say? All of them are traced once, and nothing is computed.

Whoever plays in a world or learns there asks this first, so that a slip in one's own world is a sentence about the
method in which it is, and no traceback out of compiled code.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import jax
import numpy as np

from ..core.errors import DeclarationError, InputError, OstromError
from ..core.ground import Ground
from ..core.institution import View
from ..core.world import World
from . import _pytree as _pytree

Array = Any
_sound: set[Any] = set()
"""Worlds that were looked at, by what is compiled for them."""
MOST = 4096
"""Worlds that are remembered."""


def require_sound(world: World, named: bool = False) -> None:
    """Raise `DeclarationError` where a method of a world does not give what it has to: which, what came, what to do.

    `InputError` for what is no world. Errors that a method raises by itself are told in the same way; those that ostrom
    raises on purpose stay as they are. A world that was looked at is not traced again, whatever its parameters. Facts
    that `measures` does not name cannot be read by rules; that is an error where all have to be `named`.
    """
    if not isinstance(world, World):
        raise InputError(
            f"{world!r:.80} is no world.", "", "Make one, like ostrom.worlds.Lake(), or MatrixWorld.of(game, horizon)."
        )
    for base in (inner for name in ("base", "world") if isinstance(inner := getattr(world, name, None), World)):
        require_sound(base, named)
    leaves, structure = jax.tree.flatten(world)
    kind = named, structure, tuple((np.shape(leaf), jax.dtypes.result_type(leaf)) for leaf in leaves)
    if kind in _sound:
        return
    require_ground(world)
    horizon = read(world, "horizon")
    if isinstance(horizon, bool) or not isinstance(horizon, int | np.integer) or horizon < 1:
        _odd(world, "horizon", f"is {horizon!r:.80}", "It is a whole number of steps, 1 or more.")
    _keeps_pairs(world)
    try:
        jax.eval_shape(partial(_looked_at, named=named), world, np.zeros(2, np.uint32))
    except DeclarationError as error:
        raise DeclarationError(error.what, error.why, error.do) from None  # without the notes that JAX adds on its way
    if len(_sound) >= MOST:
        _sound.clear()
    _sound.add(kind)


def require_ground(world: World) -> Ground:
    """The ground of a world; `DeclarationError` where it is none."""
    ground = read(world, "ground")
    if not isinstance(ground, Ground):
        _odd(world, "ground", f"is a {_name(ground)}", "Give self.plain_ground(2, 'rest', 'fish'), or a Ground.")
    return ground


def read(world: World, name: str) -> Any:
    """A property of a world; whatever it raises is told as `asked` tells it."""
    return asked(world, name, lambda: getattr(world, name))


def asked(owner: Any, name: str, call: Callable[[], Any], about: str = "") -> Any:
    """What `call`, the method `name` of its owner, gives; `DeclarationError` says where it went wrong."""
    try:
        return call()
    except OstromError:
        raise
    except jax.errors.JAXTypeError as error:
        _odd(
            owner,
            name,
            f"cannot be compiled ({_place(error)}): {first_line(error)}",
            "Values are not known yet when it is compiled: use jax.numpy for numpy, and jnp.where for an if on values.",
        )
    except Exception as error:
        known = f" It was given {about}." if about else ""
        _odd(owner, name, f"raises {type(error).__name__}: {first_line(error)} ({_place(error)})", f"Mend it.{known}")


def _looked_at(world: World, key: Array, named: bool) -> None:
    """Ask every method once, and look at what it gives."""
    ground = world.ground
    seats, parts = len(ground.players), ground.parts
    state = asked(world, "reset", lambda: world.reset(key), "a key, uint32[2]")
    _require_arrays(world, "reset", state)
    before = asked(world, "sights", lambda: world.sights(state), "the state that reset gave")
    _by_name(world, "sights", before, "one number for each seat", lambda name: (seats,))
    _observes(world, state, seats)
    widths = {name: 2 if part.continuous else part.width(seats) for name, part in parts.items()}
    mask = asked(world, "mask", lambda: world.mask(state), "the state that reset gave")
    if isinstance(mask, Mapping) and set(mask) != set(parts):
        _odd(world, "mask", f"is for {_listed(mask)}, and the parts of a move are {_listed(parts)}", "Mask each part.")
    _by_name(world, "mask", mask, "bool[P, A] of labels, float[P, 2] of a number", lambda n: (seats, widths[n]))
    present = asked(world, "present", lambda: world.present(state), "the state that reset gave")
    _require_shape(world, "present", present, (seats,), "one truth value for each seat")
    over = asked(world, "over", lambda: world.over(state), "the state that reset gave")
    _require_shape(world, "over", over, (), "one truth value for all seats")
    kinds = {name: np.float32 if part.continuous else np.int32 for name, part in parts.items()}
    moves = {name: jax.numpy.zeros(seats, kind) for name, kind in kinds.items()}
    about = f"a key, the state, and moves {{{', '.join(f'{n!r}: {k.__name__}[{seats}]' for n, k in kinds.items())}}}"
    made = asked(world, "step", lambda: world.step(key, state, moves), about)
    if not isinstance(made, tuple) or len(made) != 2:
        many = f" of {len(made)}" if isinstance(made, tuple | list) else ""
        _odd(world, "step", f"gives a {_name(made)}{many}", "Give two things, the state and the payoffs float[P].")
    after, payoffs = made
    _require_same(world, state, after)
    _require_shape(world, "step", payoffs, (seats,), "payoffs, one for each seat", "payoffs of ")
    produced = asked(world, "facts", lambda: world.facts(state, moves, after), "the state, the moves, the state after")
    _by_name(world, "facts", produced, "one number for each seat", lambda name: (seats,))
    _names_facts(world, {*ground.facts}, {*produced, *before}, named)
    most = asked(world, "prospects", lambda: world.prospects(state), "the state that reset gave")
    wide = widths.get("act", 0)
    _by_name(world, "prospects", most, "float[P, A], for each seat and label", lambda name: (seats, wide))
    unknown = sorted({*most} - {*produced})
    if unknown:
        _odd(world, "prospects", f"is about {unknown[0]!r}, which facts does not give", "Name a fact of facts.")


def _observes(world: World, state: Any, seats: int) -> None:
    seen = asked(world, "observe", lambda: world.observe(state), "the state that reset gave")
    if not isinstance(seen, View):
        do = "Give ostrom.View({what all see}, {what each is told, a row for each seat}), names to arrays."
        _odd(world, "observe", f"gives a {_name(seen)}", do)
    for values in (seen.public, seen.seat):
        _by_name(world, "observe", values, "a view of arrays by name", None)
    for name, value in seen.seat.items():
        if np.shape(value)[:1] != (seats,):
            do = f"One row for each of {seats} seats comes first; what all see stands in View(public)."
            _odd(world, "observe", f"tells {name!r} in the shape {np.shape(value)}", do)


def _names_facts(world: World, known: set[str], given: set[str], named: bool) -> None:
    """`measures`, which are the facts of the ground, names what facts and sights give, and all of it if it has to."""
    if missing := sorted(known - given):
        told = f"do not give {missing[0]!r}, which measures names; they give {_listed(given)}"
        _odd(world, "facts and sights", told, "Give it, or take it out of measures.")
    if (more := sorted(given - known)) and named:
        told = f"give {more[0]!r}, which measures does not name; it names {_listed(known)}"
        _odd(world, "facts and sights", told, "Name it in measures, with its unit.")


def _keeps_pairs(world: World) -> None:
    """Ranges are pairs of numbers by name."""
    ranges = read(world, "ranges")
    if not isinstance(ranges, Mapping):
        _odd(world, "ranges", f"is a {_name(ranges)}", "Give {name: (low, high)}.")
    for name, pair in ranges.items():
        if not isinstance(pair, tuple | list) or len(pair) != 2 or not pair[0] <= pair[1]:
            _odd(world, "ranges", f"has {pair!r:.80} for {name!r}", "Give (low, high), the least and the most of it.")


def _require_arrays(world: World, name: str, state: Any) -> None:
    """A state is made of arrays."""
    for path, leaf in jax.tree_util.tree_leaves_with_path(state):
        if not _is_array(leaf):
            _odd(
                world,
                name,
                f"has {leaf!r:.40}, of type {_name(leaf)}, at state{jax.tree_util.keystr(path)}",
                "A state is made of arrays, whose shapes and types stay: jnp.float32(5.0) or jnp.zeros(3) in their "
                "place.",
            )


def _require_same(world: World, state: Any, after: Any) -> None:
    """A state keeps its structure, shapes and types."""
    _require_arrays(world, "step", after)
    form, now = jax.tree.structure(state), jax.tree.structure(after)
    do = "Keep the structure, shapes and types of the state that reset gives."
    if form != now:
        _odd(world, "step", f"changes its state from {_plain(form)} to {_plain(now)}", do)
    for (path, old), new in zip(jax.tree_util.tree_leaves_with_path(state), jax.tree.leaves(after), strict=True):
        if (old.shape, _kind(old)) != (new.shape, _kind(new)):
            where = f"state{jax.tree_util.keystr(path)}"
            _odd(world, "step", f"changes its state: {where} is {_array(old)} and then {_array(new)}", do)


def _by_name(world: World, method: str, found: Any, what: str, shape: Callable[[str], tuple[Any, ...]] | None) -> None:
    """Arrays of numbers by name, in shapes that are asked for."""
    if not isinstance(found, Mapping) or not all(isinstance(name, str) for name in found):
        _odd(world, method, f"gives a {_name(found)}: {found!r:.60}", f"Give {{name: array}}, {what}.")
    for name, value in found.items():
        if not _is_number(value):
            _odd(world, method, f"gives {name!r} as a {_name(value)}: {value!r:.60}", f"Give an array: {what}.")
        if shape is not None:
            _require_shape(world, method, value, shape(name), what, f"{name!r} of ")


def _require_shape(world: World, method: str, value: Any, shape: tuple[int, ...], what: str, which: str = "") -> None:
    if not _is_number(value):
        _odd(world, method, f"gives {which}the type {_name(value)}: {value!r:.60}", f"Give an array: {what}.")
    if np.shape(value) != shape:
        told = f"gives {which}the shape {np.shape(value)}, where {shape} is expected"
        seats = f" Its ground has {len(world.ground.players)} seats, which stand on the first axis." if shape else ""
        _odd(world, method, told, f"Give {what}.{seats}")


def _odd(owner: Any, method: str, what: str, do: str) -> None:
    raise DeclarationError(f"{_name(owner)}.{method} {what}.", do=do) from None


def _is_array(leaf: Any) -> bool:
    return isinstance(leaf, jax.Array) or (isinstance(leaf, np.ndarray | np.generic) and leaf.dtype.kind in "biufc")


def _is_number(value: Any) -> bool:
    return isinstance(value, bool | int | float) or _is_array(value)


def _kind(leaf: Any) -> Any:
    """The type that it has once it is compiled: wide numbers are narrow there."""
    return jax.dtypes.canonicalize_dtype(leaf.dtype)


def _array(leaf: Any) -> str:
    return f"{_kind(leaf)}{list(leaf.shape)}"


def _plain(form: Any) -> str:
    return str(form).removeprefix("PyTreeDef(").removesuffix(")")


def _name(value: Any) -> str:
    return type(value).__name__


def _listed(names: Any) -> str:
    return ", ".join(sorted(names)) or "nothing"


def first_line(error: BaseException) -> str:
    """The first line of what an error says."""
    return (str(error).splitlines() or [""])[0][:200].rstrip(".")


def _place(error: BaseException) -> str:
    """Where in somebody's own code it was: the last line that is in no library."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if "site-packages" not in frame.filename and frame.filename != __file__]
    frame = (own or list(frames))[-1]
    return f"{frame.filename}, line {frame.lineno}"
