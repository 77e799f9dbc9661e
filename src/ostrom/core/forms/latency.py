"""How long a link takes when so many use it: travel time as a function of flow.

Nearly everything in the field is `constant + slope · (flow / scale) ** power`: the BPR function of the Bureau of Public
Roads, affine, monomial and constant times. Any other function of the flow is a `Custom`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from ..errors import InputError
from ..game import Array

Curve = Callable[[float], float]
STEP = 1e-6
"""Step of numerical derivatives, relative to the flow or to the curve's `scale`, whichever is larger."""
PIECES = 64
"""Intervals of the numerical integral; each is integrated exactly for polynomials of degree 15 (Gauss–Legendre)."""


class Latency(Protocol):
    """What a link needs to know of its travel time; flows are `float[...]`, never negative."""

    @property
    def capacity(self) -> float | None:
        """The flow the link is made for, if known: pictures show flow against it."""
        ...

    def time(self, flow: Array) -> Array:
        """Travel time at a flow."""
        ...

    def derivative(self, flow: Array) -> Array:
        """How much one more unit of flow adds to the travel time."""
        ...

    def integral(self, flow: Array) -> Array:
        """The travel time integrated from 0 to the flow (its share of Beckmann's objective)."""
        ...

    def marginal(self) -> Latency:
        """The social cost of one more unit, `time + flow · derivative`, as a latency of its own."""
        ...


@dataclass(frozen=True)
class Power:
    """`constant + slope · (flow / scale) ** power`, all parts of it at least 0 and finite, scale and power above 0."""

    constant: float
    slope: float = 0.0
    power: float = 1.0
    scale: float = 1.0
    capacity: float | None = None

    def __post_init__(self) -> None:
        for name in ("constant", "slope", "power", "scale"):
            value, positive = getattr(self, name), name in ("power", "scale")
            if not math.isfinite(value) or value < 0 or (positive and value == 0):
                raise InputError(
                    f"A link has {name} {value} in its travel time.",
                    "Travel times are finite and never fall as traffic grows.",
                    f"Give a finite number {'above' if positive else 'of at least'} 0.",
                )
        if self.capacity is not None and not (math.isfinite(self.capacity) and self.capacity > 0):
            raise InputError(f"A link has capacity {self.capacity}.", do="Give a finite number above 0, or none.")

    def time(self, flow: Array) -> Array:
        """Travel time at a flow."""
        return Latencies([self]).time(np.asarray(flow, float)[..., None])[..., 0]

    def derivative(self, flow: Array) -> Array:
        """How much one more unit of flow adds (infinite at flow 0 for a power below 1)."""
        return Latencies([self]).derivative(np.asarray(flow, float)[..., None])[..., 0]

    def integral(self, flow: Array) -> Array:
        """The travel time integrated from 0 to the flow."""
        return Latencies([self]).integral(np.asarray(flow, float)[..., None])[..., 0]

    def marginal(self) -> Power:
        """`constant + (power + 1) · slope · (flow / scale) ** power`."""
        return Power(self.constant, self.slope * (self.power + 1), self.power, self.scale, self.capacity)


@dataclass(frozen=True)
class Custom:
    """Any non-decreasing travel time, given as a Python function of one number.

    Where the integral from 0 or the derivative is not given, it is computed: composite Gauss–Legendre, and central
    differences. `computed` says which. `scale` is a typical flow; steps are taken relative to it.
    """

    function: Curve
    integral_function: Curve | None = None
    derivative_function: Curve | None = None
    scale: float = 1.0
    capacity: float | None = None

    @property
    def computed(self) -> tuple[str, ...]:
        """What is computed numerically, in words."""
        parts = {"integral": self.integral_function, "derivative": self.derivative_function}
        return tuple(name for name, given in parts.items() if given is None)

    def time(self, flow: Array) -> Array:
        """Travel time at a flow."""
        return _over(self.function, flow)

    def derivative(self, flow: Array) -> Array:
        """How much one more unit of flow adds to the travel time."""
        if self.derivative_function is not None:
            return _over(self.derivative_function, flow)
        flow = np.asarray(flow, float)
        step = STEP * np.maximum(flow, self.scale)
        low, high = np.maximum(flow - step, 0), flow + step
        return (self.time(high) - self.time(low)) / (high - low)

    def integral(self, flow: Array) -> Array:
        """The travel time integrated from 0 to the flow."""
        if self.integral_function is not None:
            return _over(self.integral_function, flow)
        nodes, weights = np.polynomial.legendre.leggauss(8)
        places = ((nodes + 1) / 2 + np.arange(PIECES)[:, None]).reshape(-1) / PIECES
        flow = np.asarray(flow, float)
        return flow * (self.time(flow[..., None] * places) @ np.tile(weights / 2, PIECES)) / PIECES

    def marginal(self) -> Custom:
        """`time + flow · derivative`; its integral is `flow · time`, exactly."""
        return Custom(
            lambda flow: float(self.function(flow) + flow * self.derivative(np.array(flow))),
            lambda flow: flow * self.function(flow),
            scale=self.scale,
            capacity=self.capacity,
        )


def bpr(free_flow: float, capacity: float, b: float = 0.15, power: float = 4.0) -> Power:
    """`free_flow · (1 + b · (flow / capacity) ** power)`, the function of the Bureau of Public Roads (1964)."""
    if power == 0:
        return Power(free_flow * (1 + b), scale=capacity, capacity=capacity)
    return Power(free_flow, free_flow * b, power, capacity, capacity)


def affine(constant: float, slope: float, capacity: float | None = None) -> Power:
    """`constant + slope · flow`."""
    return Power(constant, slope, capacity=capacity)


def monomial(coefficient: float, power: float, capacity: float | None = None) -> Power:
    """`coefficient · flow ** power`, power above 0."""
    return Power(0.0, coefficient, power, capacity=capacity)


def constant(time: float, capacity: float | None = None) -> Power:
    """The same time whatever the flow."""
    return Power(time, capacity=capacity)


def as_latency(given: Latency | Curve | float) -> Latency:
    """A latency as it is, a number as a constant time, a Python function of the flow as a `Custom`."""
    if isinstance(given, int | float):
        return constant(float(given))
    if hasattr(given, "marginal"):
        return given  # type: ignore[return-value]
    if callable(given):
        return Custom(given)
    raise InputError(
        f"A link's travel time is {given!r}.",
        "It has to say how long the link takes at a given flow.",
        "Use bpr(…), affine(…), monomial(…), a number, or a function of the flow.",
    )


class Latencies:
    """The latencies of L links, asked all at once, at flows `float[..., L]` that are never negative."""

    def __init__(self, latencies: Sequence[Latency]) -> None:
        plain = [one if isinstance(one, Power) else Power(0.0) for one in latencies]
        self.constant, self.slope, self.power, self.scale = (
            np.array([getattr(one, name) for one in plain], float) for name in ("constant", "slope", "power", "scale")
        )
        self.others = [(k, one) for k, one in enumerate(latencies) if not isinstance(one, Power)]

    def time(self, flows: Array) -> Array:
        """Travel times."""
        times = self.constant + self.slope * (flows / self.scale) ** self.power
        for k, latency in self.others:
            times[..., k] = latency.time(flows[..., k])
        return times

    def derivative(self, flows: Array) -> Array:
        """How much one more unit of flow adds to each time; at a flow of 0 it may be infinite."""
        with np.errstate(divide="ignore", invalid="ignore"):
            rise = self.slope * self.power / self.scale * (flows / self.scale) ** (self.power - 1)
        rise = np.where(self.slope > 0, rise, 0.0)
        for k, latency in self.others:
            rise[..., k] = latency.derivative(flows[..., k])
        return rise

    def integral(self, flows: Array) -> Array:
        """Travel times integrated from 0 to the flows."""
        areas = flows * (self.constant + self.slope / (self.power + 1) * (flows / self.scale) ** self.power)
        for k, latency in self.others:
            areas[..., k] = latency.integral(flows[..., k])
        return areas


def _over(curve: Curve, flow: Array) -> Array:
    flow = np.asarray(flow, float)
    return np.array([float(curve(one)) for one in flow.reshape(-1).tolist()]).reshape(flow.shape)
