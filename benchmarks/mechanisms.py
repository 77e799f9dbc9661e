"""Designed mechanisms: ours, all in, against SciPy's HiGHS on the same program written out row by row.

Values are drawn evenly from 0 to 1, the first outcome is worth nothing to anybody, and all types are equally likely.
Both have to find the same value, to 1e-6. One JSON line per case, in CPU seconds, the least of several runs: ours with
the tables, the program, the mechanism and its check; SciPy's apart for the rows and for the solver. The targets are
0.02 s with two agents, five types and five outcomes, and 3 s with three agents, eight types and eight outcomes.
"""

import itertools
import json
import os
import sys
import time

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array

from ostrom.core.forms.type_space import TypeSpace
from ostrom.designers.mechanism import design_mechanism

SIZES = [(2, 5, 5), (2, 10, 10), (3, 5, 5), (2, 20, 20), (3, 8, 8), (4, 5, 5)]
TARGETS = {(2, 5, 5): 0.02, (3, 8, 8): 3.0}
KINDS = [("welfare", "dominant"), ("welfare", "bayesian"), ("revenue", "dominant")]


def values(agents, types, outcomes, seed=0):
    """`[agents, types, outcomes]`."""
    drawn = np.random.default_rng(seed).random((agents, types, outcomes))
    drawn[:, :, 0] = 0
    return drawn


def written_out(worth, objective, incentives):
    """The program by loops over types, lies and combinations: what `linprog` takes."""
    agents, types, outcomes = worth.shape
    places = list(itertools.product(range(types), repeat=agents))
    number = {place: k for k, place in enumerate(places)}
    paid = objective == "revenue"
    odds = len(places) * outcomes
    count = odds + paid * agents * len(places)
    row, column, entry, rows = [], [], [], 0

    def add(agent, true, place, sign, at):
        k = number[place]
        for o in range(outcomes):
            row.append(at)
            column.append(k * outcomes + o)
            entry.append(sign * worth[agent, true, o])
        if paid:
            row.append(at)
            column.append(odds + agent * len(places) + k)
            entry.append(-sign)

    for i in range(agents):
        for true, said in itertools.permutations(range(types), 2):
            for rest in itertools.product(range(types), repeat=agents - 1):
                add(i, true, (*rest[:i], said, *rest[i:]), 1.0, rows)
                add(i, true, (*rest[:i], true, *rest[i:]), -1.0, rows)
                rows += incentives == "dominant"
            rows += incentives == "bayesian"
    for i in range(agents):
        for place in places:
            add(i, place[i], place, -1.0, rows)
            rows += 1
    cost = np.zeros(count)
    for k, place in enumerate(places):
        if paid:
            cost[odds + np.arange(agents) * len(places) + k] = -1 / len(places)
        else:
            cost[k * outcomes : (k + 1) * outcomes] = -sum(worth[i, place[i]] for i in range(agents)) / len(places)
    sums = csr_array((np.ones(odds), (np.repeat(np.arange(len(places)), outcomes), np.arange(odds))))
    sums.resize((len(places), count))
    bounds = np.array([(0.0, 1.0)] * odds + [(-np.inf, np.inf)] * (count - odds))
    matrix = csr_array((entry, (row, column)), shape=(rows, count))
    equal = {"A_eq": sums, "b_eq": np.ones(len(places))}
    return {"c": cost, "A_ub": matrix, "b_ub": np.zeros(rows), "bounds": bounds, **equal}


def ours(worth, objective, incentives):
    """The value that we find, from the tables of values on."""
    types = worth.shape[1]
    space = TypeSpace(list(worth), [np.full(types, 1 / types)] * len(worth))
    found = design_mechanism(space, objective=objective, incentives=incentives, payments=objective == "revenue")
    assert found.status == "optimal", found.sentence
    assert found.gap <= 1e-6
    return found.value


def timed(function, most=2.0):
    """`(answer, CPU seconds)`, the least of up to five runs that take up to so long together."""
    taken = []
    while len(taken) < 5 and (not taken or sum(taken) + min(taken) < most):
        start = time.process_time()
        answer = function()
        taken.append(time.process_time() - start)
    return answer, min(taken)


def compare(size, objective, incentives):
    """Solve one case by both, say what it took, and whether its target was met."""
    worth = values(*size)
    value, fast = timed(lambda: ours(worth, objective, incentives))
    program, wrote = timed(lambda: written_out(worth, objective, incentives))
    answer, slow = timed(lambda: linprog(**program, method="highs"))
    assert answer.status == 0, answer.message
    assert abs(value + answer.fun) <= 1e-6, (value, -answer.fun)
    target = TARGETS.get(size) if (objective, incentives) == KINDS[0] else None
    said = {"agents, types, outcomes": size, "objective": objective, "incentives": incentives}
    said |= {"value": round(value, 6), "ostrom_s": round(fast, 4), "scipy_rows_s": round(wrote, 4)}
    said |= {"scipy_s": round(slow, 4), "ratio": round((wrote + slow) / fast, 1), "target_s": target}
    print(json.dumps(said), flush=True)
    return target is None or fast <= target


def main():
    """Solve all cases; a target that is missed makes the exit code 1."""
    ours(values(2, 2, 2), "welfare", "dominant")
    met = [compare(size, *kind) for size, kind in itertools.product(SIZES, KINDS)]
    sys.exit(int(not all(met)))


if __name__ == "__main__":
    main()
