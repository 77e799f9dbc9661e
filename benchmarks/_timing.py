"""CPU seconds of whole processes: what somebody waits for who types a command, imports included."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Timed:
    """What a process printed, and the least CPU time that it took in several runs."""

    printed: str
    cpu: float


def timed(arguments: Sequence[str], *, folder: Path, repeat: int = 3) -> Timed:
    """Run `python arguments…` several times, on one thread; anything but exit code 0 stops the benchmark."""
    alone = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    found = []
    for _ in range(repeat):
        before = os.times()
        done = subprocess.run(
            [sys.executable, *arguments], cwd=folder, env={**os.environ, **alone}, capture_output=True, text=True
        )
        after = os.times()
        if done.returncode:
            sys.exit(f"{' '.join(arguments)} ended with {done.returncode}:\n{done.stderr}")
        spent = after.children_user - before.children_user + after.children_system - before.children_system
        found.append(Timed(done.stdout, spent))
    return min(found, key=lambda one: one.cpu)


def say(case: str, cpu: float, limit: float, **more: object) -> None:
    """Print one JSON object a line; stop when a limit is passed."""
    print(json.dumps({"case": case, "cpu_s": round(cpu, 2), "limit_s": limit, **more}), flush=True)
    if cpu > limit:
        sys.exit(f"{case} took {cpu:.2f} s of CPU; {limit} s are allowed.")
