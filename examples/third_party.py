"""An environment that somebody else wrote, audited from end to end: three small bodies that spread over landmarks.

    pip install mpe2
    python examples/third_party.py
    python examples/third_party.py --steps 100000 --seeds 4

The environment is `simple_spread_v3` of Farama's MPE2 (Lowe et al., 2017), with two agents and two landmarks. Both are
paid the less the further each landmark is from whoever is nearest, and pay for bumping into each other. Nothing in it
was changed. Players learn in it for a while, and are then asked three things: what is lost with players who have
learned for a tenth of that (and whether to their skill, or to their being each for itself), how those who have learned
do with partners from another training, and what a seat gains that learns against the others as they are.
"""

import argparse
from functools import partial

import numpy as np
from mpe2 import simple_spread_v3

import ostrom as om
from ostrom.audits import Exploiters, Strangers
from ostrom.audits.strangers import spelled
from ostrom.core.agent import Policy
from ostrom.diagnosis import WorldFacets, diagnose_world
from ostrom.learners import IPPO, Net, Run, meet, train
from ostrom.worlds import HostedWorld

WORLD = HostedWorld(
    partial(simple_spread_v3.parallel_env, N=2, max_cycles=25),
    horizon=25,
    labels=("stay", "left", "right", "down", "up"),
    ends=False,
)
LEARNER = IPPO(net=Net((32, 32)), rate=5e-3, discount=0.7, trace=0.9, length=25, copies=8, epochs=8, shared=True)
EPISODES = 32


def trained(steps: int, seeds: int, seed: int) -> Run:
    """Players who have learned, one mind for both."""
    return train(WORLD, LEARNER, steps, seeds=seeds, seed=seed)


def gain(run: Run, seed: int) -> np.ndarray:
    """`float[K]`: by how much those who have learned do better than chance, each, in the same episodes."""
    seeds = [seed + 7_919 + k for k in range(run.seeds)]
    tables = [run.players(k) for k in range(run.seeds)] + [[Policy()] * 2] * run.seeds
    returns = meet(WORLD, tables, episodes=EPISODES, seeds=2 * seeds).returns.mean((1, 2))
    return returns[: run.seeds] - returns[run.seeds :]


def diagnosed(steps: int, seeds: int, seed: int) -> WorldFacets:
    """What is lost with players who have learned for a tenth of the time, and to what."""
    budget = {"steps": steps, "rounds": 1, "seeds": seeds, "seed": seed, "episodes": EPISODES}
    return diagnose_world(WORLD, steps // 10, learner=LEARNER, **budget)


def asked(run: Run, steps: int, seed: int):
    """Whether what was learned stands with partners from another training, and against who learns to exploit it."""
    audits = (Strangers(steps=steps // 2, episodes=EPISODES), Exploiters(steps=steps // 2, episodes=EPISODES))
    return om.verify_world(run, audits=audits, seed=seed)


def main(words: list[str] | None = None) -> None:
    """Read the command line, and print what is found."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--steps", type=int, default=20_000, help="of each training in each seed (default 20000)")
    parser.add_argument("--seeds", type=int, default=3, help="trainings (default 3)")
    parser.add_argument("--seed", type=int, default=0, help="of the first training (default 0)")
    given = parser.parse_args(words)
    if given.seeds < 2 or given.steps < 10:
        parser.error(
            f"--seeds is {given.seeds} and --steps {given.steps}; an interval needs two, and a tenth is learned"
        )
    run = trained(given.steps, given.seeds, given.seed)
    print(f"Learned: {spelled(gain(run, given.seed))} an episode and agent above chance.", flush=True)
    for finding in diagnosed(given.steps, given.seeds, given.seed).findings:
        print(finding.sentence, flush=True)
    for claim in asked(run, given.steps, given.seed).claims:
        print(f"{claim.verdict.capitalize()}: {claim.statement}", flush=True)


if __name__ == "__main__":
    main()
