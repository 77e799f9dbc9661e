"""Polynomials with rational coefficients, the constant first: where they change sign between 0 and 1, exactly."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from math import comb

HALF = Fraction(1, 2)
FINE = 60
"""Roots are known to 2 to the power of minus this."""

Polynomial = tuple[Fraction, ...]


def trimmed(terms: Sequence[Fraction]) -> Polynomial:
    """Without zeros at the end, which is the order of the polynomial; the empty one is 0."""
    last = max((k for k, term in enumerate(terms) if term), default=-1)
    return tuple(terms[: last + 1])


def times(one: Sequence[Fraction], other: Sequence[Fraction]) -> Polynomial:
    """The product."""
    terms = [Fraction(0)] * max(len(one) + len(other) - 1, 0)
    for i, a in enumerate(one):
        for j, b in enumerate(other):
            terms[i + j] += a * b
    return trimmed(terms)


def minus(one: Sequence[Fraction], other: Sequence[Fraction]) -> Polynomial:
    """The difference."""
    terms = [Fraction(0)] * max(len(one), len(other))
    for k, a in enumerate(one):
        terms[k] += a
    for k, b in enumerate(other):
        terms[k] -= b
    return trimmed(terms)


def at(terms: Sequence[Fraction], x: Fraction) -> Fraction:
    """The value at x."""
    value = Fraction(0)
    for term in reversed(terms):
        value = value * x + term
    return value


def never_negative(terms: Polynomial) -> bool:
    """Whether the Bernstein coefficients on [0, 1] show at once that it is nowhere below 0 there (False: not shown)."""
    return all(b >= 0 for b in _bernstein(terms))


def roots(terms: Polynomial) -> list[Fraction]:
    """Its different roots inside (0, 1), in order: rational ones as they are where they are simple, else to 2^-60."""
    free = _square_free(terms)
    return [] if len(free) < 2 else _isolated(free, _bernstein(free), Fraction(0), Fraction(1))


def _isolated(terms: Polynomial, bernstein: list[Fraction], low: Fraction, high: Fraction) -> list[Fraction]:
    """By Descartes' rule of signs: no change of sign is no root, one is one root, and more are looked at closer."""
    signs = [b > 0 for b in bernstein if b]
    changes = sum(a != b for a, b in pairwise(signs))
    if changes == 0:
        return []
    if changes == 1 and bernstein[0] and bernstein[-1]:
        return [_refined(terms, low, high)]
    left, right, row = [bernstein[0]], [bernstein[-1]], bernstein
    while len(row) > 1:
        row = [(a + b) / 2 for a, b in pairwise(row)]
        left.append(row[0])
        right.append(row[-1])
    middle = (low + high) / 2
    there = [middle] if not at(terms, middle) else []
    return [*_isolated(terms, left, low, middle), *there, *_isolated(terms, right[::-1], middle, high)]


def _refined(terms: Polynomial, low: Fraction, high: Fraction) -> Fraction:
    rising = at(terms, low) < 0
    for _ in range(FINE):
        middle = (low + high) / 2
        low, high = (middle, high) if (at(terms, middle) < 0) == rising else (low, middle)
    near = ((low + high) / 2).limit_denominator(10_000)
    return near if not at(terms, near) else (low + high) / 2


def _bernstein(terms: Polynomial) -> list[Fraction]:
    order = len(terms) - 1
    return [sum((terms[i] * comb(j, i) / comb(order, i) for i in range(j + 1)), Fraction(0)) for j in range(order + 1)]


def _square_free(terms: Polynomial) -> Polynomial:
    slope = tuple(k * term for k, term in enumerate(terms))[1:]
    one, other = terms, slope
    while other:
        one, other = other, _divided(one, other)[1]
    return _divided(terms, one)[0] if len(one) > 1 else terms


def _divided(one: Sequence[Fraction], by: Sequence[Fraction]) -> tuple[Polynomial, Polynomial]:
    rest, quotient = list(one), [Fraction(0)] * max(len(one) - len(by) + 1, 1)
    for k in range(len(one) - len(by), -1, -1):
        quotient[k] = rest[k + len(by) - 1] / by[-1]
        for j, term in enumerate(by):
            rest[k + j] -= quotient[k] * term
    return trimmed(quotient), trimmed(rest[: len(by) - 1])
