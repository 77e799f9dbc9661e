"""What all knew when a message was sent, as groups of like contexts and as columns of numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..core.log import MISSING, Column
from ._carriers import FRAGMENTS, coded, hashed, quantiles, ranked
from ._channel_plan import centred, scattered
from ._channel_secret import Secret
from ._earlier import chosen_by, mattering, recalled
from ._earlier_tests import beside
from ._exchanges import Exchange, combined
from ._influence_codes import coded as few

NEAR = 2
"""Public columns of numbers up to which rows are compared by these columns, and beyond by what they say of a secret."""


@dataclass(frozen=True, eq=False)
class Context:
    """The public context of each message.

    Attributes
    ----------
    groups : `int64[N]`, messages with the same. history : `int64[N]`, the same and the speaker's last public move.
    features : `float[N, d]`, columns of numbers. direct : `float[N, a]`, the few columns by which rows are compared.
    fine : whether groups are too small to compare messages within them. more : whether features tell more than groups.
    earlier : names of what was shown at steps before and is part of it.
    """

    groups: np.ndarray
    history: np.ndarray
    features: np.ndarray
    direct: np.ndarray
    fine: bool
    more: bool = False
    earlier: tuple[str, ...] = ()

    def near(self, values: np.ndarray, folds: np.ndarray) -> np.ndarray:
        """Columns such that messages with similar ones had a similar context as far as a secret is concerned.

        The propensity of Rosenbaum and Rubin (1983): what a ridge regression on the other folds makes of the context.
        """
        if self.direct.shape[1] or not self.features.shape[1]:
            return self.direct
        whole = np.column_stack([np.ones(len(values)), self.features])
        found = np.zeros_like(values, float)
        for k in np.unique(folds):
            inside = folds == k
            found[inside] = whole[inside] @ ridge(whole[~inside], values[~inside])
        lead = np.linalg.svd(found - found.mean(0), full_matrices=False)[2][:NEAR]
        return found @ lead.T

    def explained_away(self, table: np.ndarray) -> np.ndarray:
        """What the context does not explain of columns `float[N, P]`."""
        if not self.fine:
            apart = len(np.unique(self.groups)) < len(np.unique(self.history))
            return centred(table, self.history) if apart else table
        whole = np.column_stack([np.ones(len(table)), self.features]).astype(table.dtype)
        return table - whole @ ridge(whole, table)

    def beside(self, codes: np.ndarray) -> Context:
        """The same with one more thing, `int64[N]`, that is known of each message and to be taken off."""
        return replace(self, features=np.column_stack([self.features, _hot(codes, 16)]), more=True)


def ridge(x: np.ndarray, y: np.ndarray, share: float = 1e-3) -> np.ndarray:
    """Weights of a ridge regression, with a penalty of a share of the mean square of the columns."""
    gram = x.T @ x
    return np.linalg.solve(
        gram + (share * np.trace(gram) / max(1, len(gram)) + 1e-9) * np.eye(len(gram), dtype=x.dtype), x.T @ y
    )


def context(exchange: Exchange, rows: np.ndarray, secret: Secret | None = None) -> Context:
    """The context of some messages of an exchange, by their numbers among its messages.

    With a secret of these messages, what all were shown at steps before is part of it where the secret goes with that.
    """
    groups = np.unique(exchange.context[rows], return_inverse=True)[1].reshape(-1)
    last = last_move(exchange)[rows]
    before = {} if secret is None else recalled(exchange.log, exchange.public, exchange.places[rows])
    if scattered(groups):
        return _fine(exchange, rows, groups, last, before, secret)
    features, left = [_hot(groups, 24), _hot(last)], []
    names = mattering(secret.groups[secret.codes], before, groups) if secret is not None and before else ()
    for name in names:
        codes = few(before[name]).codes
        features.append(_hot(codes))
        finer = combined([groups, codes], len(rows))
        if scattered(finer):
            left.append(name)
        else:
            groups = finer
    history, none = combined([groups, last], len(rows)), np.zeros((len(rows), 0))
    return Context(groups, history, np.column_stack(features), none, False, bool(left), names)


def _fine(
    exchange: Exchange, rows: np.ndarray, groups: np.ndarray, last: np.ndarray, before: dict[str, Column],
    secret: Secret | None,
) -> Context:  # fmt: skip
    """The same where few messages have the same context: columns of numbers stand for it."""
    columns = [exchange.log[name].take(exchange.places[rows]) for name in exchange.public]
    parts = [*(_features(column) for column in columns), _hot(last)]
    names: tuple[str, ...] = ()
    if secret is not None and before:
        values = np.column_stack([view[secret.codes] for view in secret.views.values()])
        codes = {name: _looks(column) for name, column in before.items()}

        def clear(chosen: Sequence[str]) -> Callable[[str], float]:
            found = beside(values, np.column_stack([*parts, *(_features(before[one]) for one in chosen)]))
            return lambda name: max(map(found, codes[name]))

        names = chosen_by(clear, tuple(before))
        columns += [before[name] for name in names]
        parts += [_features(before[name]) for name in names]
    history = combined([groups, last], len(rows))
    smooth = all(_smooth(column) for column in columns if len(column.values) > 1)
    varying = [column for column in columns if len(column.values) > 1]
    direct = ranked(np.array([column.numbers for column in varying])) if smooth and len(varying) <= NEAR else None
    direct = np.zeros((len(rows), 0)) if direct is None else direct
    return Context(groups, history, np.column_stack(parts), direct, True, bool(names), names)


def _hot(codes: np.ndarray, limit: int = 9, least: int = 1) -> np.ndarray:
    """A column of 0 and 1 for each of the frequent values but one."""
    few = coded(codes.tolist(), limit, least)[0]
    return (few[:, None] == np.arange(few.max(initial=0))).astype(float)


def _looks(column: Column) -> list[np.ndarray]:
    """A column as few values, and of numbers their rank, too: each is asked whether it goes with a secret."""
    found = [_hot(few(column).codes)]
    return [*found, ranked(column.numbers[None])] if _smooth(column) and len(column.values) > 2 else found


def _smooth(column: Column) -> bool:
    return all(isinstance(value, int | float) for value in column.values)


def _features(column: Column) -> np.ndarray:
    """Columns of numbers from one public column: powers and parts of numbers, frequent values, fragments of text."""
    if len(column.values) < 2:
        return np.zeros((len(column.codes), 0))
    if _smooth(column):
        rank = ranked(column.numbers[None])[:, 0]
        bins = quantiles(column.numbers, 12)
        return np.column_stack([rank, rank**2, rank**3, bins[:, None] == np.arange(bins.max(initial=0))])
    frequent = _hot(column.codes, 13, least=3)
    texts = [value if isinstance(value, str) else repr(value) for value in column.values]
    pieces = np.vstack([hashed(texts, FRAGMENTS // 8), np.zeros((1, FRAGMENTS // 8))])[column.codes]
    return np.column_stack([frequent, pieces])


def last_move(exchange: Exchange) -> np.ndarray:
    """The speaker's last move before each message in the episode that all could see, as a code; -1 for none."""
    log = exchange.log
    if "action" not in log.columns:
        return np.full(len(exchange), MISSING, np.int64)
    moves = log.by(exchange.speaker)
    seen = log["action"].present[moves] & ~log.get("receivers").present[moves]
    moves = moves[seen & (log.get("channel").codes[moves] != log.get("channel").code(exchange.channel))]
    before = np.searchsorted(moves, exchange.places, side="left") - 1
    found = np.full(len(exchange), MISSING, np.int64)
    known = np.flatnonzero(before >= 0)
    known = known[log.episode[moves[before[known]]] == log.episode[exchange.places[known]]]
    found[known] = log["action"].codes[moves[before[known]]]
    return found
