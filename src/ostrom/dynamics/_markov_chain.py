"""Where finite Markov chains spend their time in the long run, with as many recurrent classes as they have."""

from __future__ import annotations

import numpy as np

from ..core.game import Array


def stationary(chain: Array) -> Array:
    """The stationary distributions `float[..., S]` of chains `float[..., S, S]` in which all states lead to state 0.

    By elimination of states without a subtraction (Grassmann, Taksar and Heyman 1985): every entry is exact to a few
    roundings, however rarely the chain leaves one part of itself for another.
    """
    chain = np.array(chain, float)
    count = chain.shape[-1]
    for k in range(count - 1, 0, -1):
        chain[..., :k, k] /= chain[..., k, :k].sum(-1)[..., None]
        chain[..., :k, :k] += chain[..., :k, k, None] * chain[..., None, k, :k]
    odds = np.ones(chain.shape[:-1])
    for k in range(1, count):
        odds[..., k] = (odds[..., None, :k] @ chain[..., :k, k, None])[..., 0, 0]
    return odds / odds.sum(-1, keepdims=True)


def recurrent_classes(chain: Array) -> list[Array]:
    """The sets of states `int[...]` that a chain `float[S, S]` never leaves and goes round in, each in order."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    links = csr_array(chain > 0)
    count, label = connected_components(links, directed=True, connection="strong")
    rows, columns = links.nonzero()
    left = np.unique(label[rows[label[rows] != label[columns]]])
    order = np.argsort(label, kind="stable")
    sets = np.split(order, np.cumsum(np.bincount(label, minlength=count))[:-1])
    return [sets[k] for k in range(count) if k not in set(left.tolist())]


def limiting_matrix(chain: Array) -> Array:
    """`float[S, S]`: from each state (row), the share of time spent in each state (column) in the long run.

    The Cesàro limit of the powers of the chain `float[S, S]`: the odds of ending in each recurrent class, times its
    stationary distribution. It exists for every finite chain, periodic or not.
    """
    limit, passing = np.zeros(chain.shape), np.ones(len(chain), bool)
    classes = recurrent_classes(chain)
    for members in classes:
        limit[np.ix_(members, members)] = stationary(chain[np.ix_(members, members)])
        passing[members] = False
    if passing.any():
        inside = -chain[np.ix_(passing, passing)]
        np.fill_diagonal(inside, 0.0)
        leaves = chain[passing].copy()
        leaves[np.arange(len(leaves)), np.flatnonzero(passing)] = 0.0
        inside[np.diag_indices(len(inside))] = leaves.sum(-1)  # 1 - the odds to stay, without a subtraction
        entered = np.stack([chain[np.ix_(passing, members)].sum(-1) for members in classes], -1)
        for share, members in zip(np.linalg.solve(inside, entered).T, classes, strict=True):
            limit[np.ix_(passing, members)] = share[:, None] * limit[members[0], members]
    return limit


def batch_of_limits(chain: Array, start: Array) -> Array:
    """The shares of time `float[N, S]` in the long run of small chains `float[N, S, S]` that begin at `float[N, S]`."""
    if (chain > 0).all():
        return stationary(chain)
    count = chain.shape[-1]
    reach = (chain > 0) | np.eye(count, dtype=bool)
    for _ in range(max(count - 1, 1).bit_length()):
        reach = reach @ reach
    together = reach & np.swapaxes(reach, -1, -2)
    recurrent = (reach == together).all(-1)
    passing = np.where(recurrent[..., None], 0.0, chain)
    ends = np.linalg.solve(np.eye(count) - np.swapaxes(passing, -1, -2), start[..., None])[..., 0]
    limit = np.zeros(start.shape)
    for k in range(count):
        found = np.flatnonzero(recurrent[:, k] & (together[:, k].argmax(-1) == k))  # k stands for its class
        members = together[found, k]
        order = np.r_[k, 0:k, k + 1 : count]
        alone = np.where(members[:, :, None], chain[found], np.eye(count)[k])[:, order][:, :, order]
        odds = np.empty((len(found), count))
        odds[:, order] = stationary(alone)
        limit[found] += (ends[found] * members).sum(-1, keepdims=True) * odds
    return limit
