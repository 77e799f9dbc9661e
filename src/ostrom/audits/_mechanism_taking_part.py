"""Whether agents want to take part in a mechanism, who pays for it, and what it leaves undone."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.claim import Claim
from ..core.game import Array
from ._mechanism_tables import Tables, flat, most


def ex_post(tables: Tables) -> Claim:
    """Nobody loses by taking part, at any combination of types."""
    worst: list[tuple[Any, dict[str, Any]]] = []
    for i, lost in enumerate(_lost(tables)):
        loss, place = most(lost)
        worst.append((loss, {"agent": _name(tables, i), "types": tables.profile(place), "loss": float(loss)}))
    statement = "Nobody loses by taking part, at any types."
    return tables.settled(statement, *_first(worst, "every combination of types"))


def interim(tables: Tables) -> Claim:
    """No type expects to lose by taking part."""
    worst: list[tuple[Any, dict[str, Any]]] = []
    for i, lost in enumerate(_lost(tables)):
        for kind in range(lost.shape[i]):
            if (odds := tables.believed(i, kind)) is not None:
                loss = flat(lost, i)[kind].dot(odds)
                told = {"agent": _name(tables, i), "type": tables.label(i, kind), "loss": float(loss)}
                worst.append((loss, told))
    return tables.settled("No type expects to lose by taking part.", *_first(worst, "the mean of every type"))


def ex_ante(tables: Tables) -> Claim:
    """Nobody expects to lose by taking part before it knows its type."""
    worst = [
        (loss, {"agent": _name(tables, i), "loss": float(loss)})
        for i, lost in enumerate(_lost(tables))
        for loss in [(lost * tables.prior).sum()]
    ]
    statement = "Nobody expects to lose by taking part before it knows its type."
    return tables.settled(statement, *_first(worst, "the mean over types"))


def no_deficit(tables: Tables) -> Claim:
    """Nobody outside has to add money, at any combination of types."""
    return _at_types(tables, "Nobody has to add money, at any types.", -tables.paid.sum(-1), "deficit")


def no_mean_deficit(tables: Tables) -> Claim:
    """Nobody outside has to add money on average."""
    added = -(tables.paid.sum(-1) * tables.prior).sum()
    witness = {"mean deficit": float(added)}
    return tables.settled("Nobody has to add money on average.", added, "the mean over types", witness)


def balanced(tables: Tables) -> Claim:
    """What some pay, others get, at any combination of types."""
    return _at_types(tables, "Payments add up to nothing, at all types.", np.abs(tables.paid.sum(-1)), "imbalance")


def efficient(tables: Tables) -> Claim:
    """The welfare is the highest that there is, at any combination of types."""
    total = tables.values[0].reshape(-1, *[1] * (tables.count - 1), tables.odds.shape[-1])
    for i in range(1, tables.count):
        shape = [1] * tables.count
        shape[i] = -1
        total = total + tables.values[i].reshape(*shape, tables.odds.shape[-1])
    lost = total.max(-1) - (total * tables.odds).sum(-1)
    return _at_types(tables, "The welfare is the highest there is, at all types.", lost, "welfare lost")


def _lost(tables: Tables) -> list[Array]:
    """For each agent what it loses by taking part, at every combination of types."""
    found = []
    for i in range(tables.count):
        shape = [1] * tables.count
        shape[i] = -1
        found.append(tables.outside[i].reshape(shape) - tables.truthful(i))
    return found


def _at_types(tables: Tables, statement: str, amounts: Array, what: str) -> Claim:
    amount, place = most(amounts)
    witness = {"types": tables.profile(place), what: float(amount)}
    return tables.settled(statement, amount, "every combination of types", witness)


def _first(worst: list[tuple[Any, dict[str, Any]]], method: str) -> tuple[Any, str, dict[str, Any]]:
    loss, witness = max(worst, key=lambda one: one[0])
    return loss, method, witness


def _name(tables: Tables, agent: int) -> str:
    return tables.mechanism.space.agents[agent]
