"""A flash crash seen coming: an order book with and without a large sale, watched step by step.

    python examples/flash_crash.py
    python examples/flash_crash.py --runs 200

One line a run: when trading was halted, when the capital of the early warning passed 100, and how many steps were left.
Below it how often it warned ten steps ahead, and how often it did over calm runs as long.
"""

import argparse

import numpy as np
from _order_book import CALM, LARGE, traded

from ostrom.monitors import EarlyWarning

ALARM, AHEAD = 100, 10


def warned(seed: int, rate: float) -> tuple[int | None, int | None]:
    """The step at which trading was halted, and the step of the alarm; None where there was none."""
    log, halted = traded(seed, rate)
    worth = EarlyWarning().worth(log, seed)
    return halted, int(np.argmax(worth >= ALARM)) if (worth >= ALARM).any() else None


def main(runs: int) -> None:
    """Watch crashes and calm runs, and print what was seen."""
    early = 0
    for seed in range(runs):
        halted, alarm = warned(seed, LARGE)
        left = None if alarm is None or halted is None else halted - alarm
        early += left is not None and left >= AHEAD
        print(f"run {seed}: halted at {halted}, alarm at {alarm}, steps left {left}")
    false = sum(warned(seed, CALM)[1] is not None for seed in range(runs))
    print(f"warned {AHEAD} steps ahead in {early} of {runs}; false alarms in {false} of {runs} calm runs")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--runs", type=int, default=10)
    main(parser.parse_args().runs)
