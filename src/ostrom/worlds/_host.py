"""Living environments behind a pure function: which one is meant is said by its key and all moves made since.

An environment that stands where a step is asked for is stepped. Where none does (it has gone on, or was let go), one
is begun anew and led there by the moves. So whoever asks twice gets one answer, in whatever order.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from functools import cache
from threading import Lock
from typing import Any

import numpy as np

from ..core.errors import DeclarationError, InputError, OstromError
from ._guest import Form, Frame, Guest, Measure, form_of, plain_seed


class Host:
    """The environments that `make` makes, at most `kept` of them under way at a time."""

    def __init__(
        self, make: Callable[[], Any], horizon: int, names: tuple[str, ...], measure: Measure | None, kept: int
    ) -> None:
        env = _made(make)
        self.make, self.kept = make, kept
        self.form: Form = _formed(env, names, measure, horizon)
        self._idle, self._lock = [Guest(env, self.form)], Lock()
        self._under_way: OrderedDict[tuple[bytes, bytes], Guest] = OrderedDict()

    def reset(self, key: np.ndarray) -> Frame:
        """The start of the episode of a key, `uint32[2]`."""
        with self._lock:
            guest, frame = self._begun(key)
            self._keep(key, b"", guest)
            return frame

    def step(self, key: np.ndarray, made: np.ndarray, moves: np.ndarray, seen: Mapping[str, np.ndarray]) -> Frame:
        """What `moves [P]` lead to after the moves `made [t, P]`, at the end of which `seen` was seen."""
        with self._lock:
            guest = self._under_way.pop((key.tobytes(), made.tobytes()), None) or self._led(key, made, seen)
            frame = guest.play(moves)
            self._keep(key, made.tobytes() + moves.tobytes(), guest)
            return frame

    def close(self) -> None:
        """Close all environments; new ones are made when they are needed."""
        with self._lock:
            for guest in (*self._under_way.values(), *self._idle):
                guest.env.close()
            self._under_way.clear()
            self._idle.clear()

    def _begun(self, key: np.ndarray) -> tuple[Guest, Frame]:
        guest = self._idle.pop() if self._idle else Guest(_made(self.make), self.form)
        return guest, guest.begin(key)

    def _keep(self, key: np.ndarray, made: bytes, guest: Guest) -> None:
        """Keep a guest where it stands; what nobody asked for longest begins anew when one is needed."""
        twin = self._under_way.pop((key.tobytes(), made), None)
        self._idle += [] if twin is None else [twin]
        self._under_way[key.tobytes(), made] = guest
        if len(self._under_way) > self.kept:
            self._idle.append(self._under_way.popitem(last=False)[1])

    def _led(self, key: np.ndarray, made: np.ndarray, seen: Mapping[str, np.ndarray]) -> Guest:
        """A guest that has gone through the moves again; it has to show what was shown then."""
        guest, frame = self._begun(key)
        for moves in made:
            frame = guest.play(moves)
        for name, value in frame.seen.items():
            if not np.array_equal(value, seen[name], equal_nan=value.dtype.kind == "f"):
                raise DeclarationError(
                    f"{type(guest.env).__name__} shows another {name!r} when the same {len(made)} moves are made again "
                    f"from seed {plain_seed(key)}.",
                    "A world is a pure function: the seed and the moves decide what happens.",
                    "Let the environment draw everything from what reset(seed=…) sets.",
                )
        return guest


def _formed(env: Any, names: tuple[str, ...], measure: Measure | None, horizon: int) -> Form:
    try:
        return form_of(env, names, measure, horizon)
    except OstromError:
        raise
    except Exception as error:
        raise InputError(
            f"{type(env).__name__} does not say who is in it and what they choose and see: "
            f"{type(error).__name__}: {error!s:.200}.",
            "Its agents and spaces are asked for before anything is played.",
            "Try it with pettingzoo.test.parallel_api_test, and mend it there.",
        ) from error


def _made(make: Callable[[], Any]) -> Any:
    try:
        return make()
    except OstromError:
        raise
    except Exception as error:
        raise InputError(
            f"{getattr(make, '__qualname__', make)!r:.80} makes no environment: "
            f"{type(error).__name__}: {error!s:.200}.",
            "Environments are made anew as they are needed.",
            "Give a class, or a function without arguments that makes one.",
        ) from error


host_of = cache(Host)
"""One host for all worlds with the same maker and form."""
