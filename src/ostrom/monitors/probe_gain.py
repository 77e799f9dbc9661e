"""The gain of a loop that can be asked: small random changes of every number, and what comes of them a round later."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..core.errors import InputError
from ..core.forms.reactions import Reactions
from ..core.reading import Reading
from ..core.seeds import refuse_seed
from ._loop_gains import bounds, cycles, rounds, transient
from ._loop_probe import gain_of, slopes_of

Array = np.ndarray

SOURCE = "Randomised ±δ probes in mirrored pairs, least squares; cluster bootstrap-t (Efron and Tibshirani 1993)"


def probe_gain(
    ask: Reactions | Callable[[Array], Any],
    at: Any = None,
    *,
    delta: Any = None,
    probes: int | None = None,
    turn: Sequence[int] | None = None,
    players: Sequence[str] | None = None,
    seed: int = 0,
) -> Reading:
    """Whether a disturbance that goes once round comes back larger, by asking.

    Every probe moves all numbers at once, each up or down by its δ at random, and the same the other way round; half
    the difference of the answers is regressed on the signs. A pair is a cluster: whatever it has in common falls out,
    and so do bends of even order. Signs are drawn by the probe, so that nothing else can be behind a slope.

    Parameters
    ----------
    ask : from the numbers `float[d]` that all see to what they answer; it may be noisy, with noise new in each call. Or
        a `Reactions`.
    at : `float[d]`, where to probe; default where a `Reactions` rests, or begins.
    delta : how far, one number or `float[d]`; default a hundredth of each number (0.01 where it is 0).
    probes : pairs of calls; default 10 for each number, and at least 20.
    turn : who moves when within a round, `int[d]`: i sees j's new number iff `turn[j] < turn[i]`. Default all at once,
        or as the `Reactions` has it.
    players : names. seed : for the signs and the bootstrap.

    Returns
    -------
    A reading with the spectral radius of the round's response matrix, its interval, and the p-value of its being at
    most 1; among the numbers the `slopes` with 95 % intervals, loops, and the largest growth of a disturbance.

    Raises
    ------
    InputError : numbers that are not finite, a δ that is not above 0, fewer pairs than numbers and two.

    Examples
    --------
    >>> from ostrom.games import BookPrices
    >>> found = probe_gain(BookPrices())
    >>> round(found.effect, 6), found.who
    (1.268429, ('profnath', 'bordeebook'))
    """
    refuse_seed(seed)
    if isinstance(ask, Reactions):
        at = _rest(ask) if at is None else at
        players = ask.players if players is None else players
        turn = range(len(ask.players)) if turn is None and ask.order == "in turn" else turn
    answer = _each(ask) if isinstance(ask, Reactions) else ask
    point = _point(at)
    sizes = _sizes(delta, point)
    d = len(point)
    count = max(20, 10 * d) if probes is None else probes
    if not isinstance(count, int | np.integer) or count < d + 2:
        raise InputError(
            f"{count} pairs of probes for {d} numbers.", do=f"Give at least {d + 2}; 10 a number is usual."
        )
    players = [f"agent {k + 1}" for k in range(d)] if players is None else players
    places = np.zeros(d, np.int64) if turn is None else np.asarray(list(turn))
    if len(players) != d or places.shape != (d,):
        raise InputError(
            f"{len(players)} names and {places.size} turns for {d} numbers.", do="Give one for each number."
        )
    rng = np.random.default_rng([seed, 11])
    signs = rng.integers(0, 2, (count, d)) * 2.0 - 1
    while np.linalg.matrix_rank(signs) < d:
        signs = rng.integers(0, 2, (count, d)) * 2.0 - 1
    halves = [_asked(answer, point + sign * sizes) - _asked(answer, point - sign * sizes) for sign in signs]
    return _reading(signs, np.array(halves) / 2, sizes, tuple(players), places, rng)


def _rest(ask: Reactions) -> Array:
    rest = ask.rest()
    return ask.start if rest is None or not rest.any() else rest


def _each(ask: Reactions) -> Callable[[Array], Array]:
    """What everybody answers to the same numbers, whoever moves first."""
    return Reactions(ask._replies, ask.start, order="at once", players=ask.players).after


def _point(at: Any) -> Array:
    try:
        point = np.atleast_1d(np.asarray(at, float))
    except (TypeError, ValueError, OverflowError) as error:
        raise InputError(f"The place to probe is no list of numbers: {error}.", do="Give one for each agent.") from None
    if point.ndim != 1 or not len(point) or not np.isfinite(point).all():
        raise InputError(f"The place to probe is {at!r:.60}.", do="Give one finite number for each agent.")
    return point


def _sizes(delta: Any, point: Array) -> Array:
    try:
        usual = np.where(point == 0, 0.01, 0.01 * np.abs(point))
        sizes = np.broadcast_to(np.asarray(usual if delta is None else delta, float), point.shape)
    except (TypeError, ValueError, OverflowError):
        sizes = np.zeros(1)
    if not (np.isfinite(sizes) & (sizes > 0)).all():
        raise InputError(f"delta is {delta!r:.60}.", do="Give one size above 0, or one for each number.")
    return sizes


def _asked(answer: Callable[[Array], Any], at: Array) -> Array:
    got = np.asarray(answer(at.copy()), float)
    if got.shape != at.shape or not np.isfinite(got).all():
        raise InputError(
            f"To {np.array2string(at, threshold=6)} the answer is {got!r:.80}.",
            f"It takes {len(at)} finite numbers, those a round later.",
            "Look at the function, or probe where it is defined.",
        )
    return got


def _reading(
    signs: Array, halves: Array, sizes: Array, players: tuple[str, ...], turn: Array, rng: np.random.Generator
) -> Reading:
    from scipy.stats import t as student

    count, d = signs.shape
    slopes, errors = slopes_of(signs, halves / sizes)
    gain, interval, p = gain_of(signs, halves / sizes, turn, rng)
    wide = student.ppf(0.975, count - d) * errors
    most, after = transient(rounds(slopes[None], turn))
    loops = cycles(np.where(np.abs(slopes) > np.maximum(wide, 1e-9), slopes, 0.0), turn)
    ends = bounds(slopes[None], turn, loops[0][0]) if loops and gain >= 1 else []
    who = tuple(players[k] for k in sorted(loops[0][0])) if loops else players
    unit = sizes[:, None] / sizes
    return Reading(
        "probe_gain", _said(gain, interval, most, after, players, ends), gain, "times a round", count, p=p,
        interval=interval, basis="randomised", assumes="answers are near linear within δ; noise is new in each call",
        who=who, where={"test": "probes"}, risks=("network effects", "destabilising dynamics"),
        numbers={
            "slopes": (slopes * unit).tolist(), "low": ((slopes - wide) * unit).tolist(),
            "high": ((slopes + wide) * unit).tolist(), "largest growth of a disturbance": most, "after rounds": after,
            "loops": [{"members": [players[k] for k in one], "gain": by} for one, by, _ in loops[:10]],
            "share that may stay": [[players[a], players[b], share] for a, b, share in ends], "probes": count,
        },
        source=SOURCE,
    )  # fmt: skip


def _said(gain: float, interval: Any, most: float, after: int, players: Sequence[str], ends: list[Any]) -> str:
    said = f"A disturbance {'grows' if gain >= 1 else 'shrinks'} by a factor of {gain:.4g} a round "
    said += f"(95 % {interval[0]:.4g} to {interval[1]:.4g})"
    said += f", after it has grown {most:.3g} times in {after} rounds." if 1.5 < most < np.inf else "."
    if ends:
        a, b, share = ends[0]
        said += f" It comes to rest if {players[a]} answers {players[b]} with at most {share:.2f} of what it does."
    return said
