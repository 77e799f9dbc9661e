"""A log of a million messages, opened and read: CPU seconds and the most memory.

    python benchmarks/million_messages.py [ROWS] [--monitors]

The log is made in a temporary folder: ten agents in episodes of a hundred messages, each text another, with a private
cost, a public price, a time and tokens. As JSON lines, gzipped, and as Parquet, it is opened by a process of its own
(at most 60 seconds of CPU and 1 GB); with `--monitors` one process asks it every monitor too, one after the other
(at most 10 minutes and 2 GB). Prints one JSON object a line, and stops where a limit is passed.
"""

from __future__ import annotations

import gzip
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SECONDS, MEMORY = 60, 1.0
MONITORED, READ = 600, 2.0
WORDS = (
    *("price", "fair", "deal", "offer", "think", "about", "would", "could", "better"),
    *("share", "keep", "promise", "low", "high", "wait", "again", "agree", "cost"),
)


def main() -> None:
    """Make the log, open each form of it in a process of its own, print what it took."""
    numbers = [one for one in sys.argv[1:] if one.isdigit()]
    rows = int(numbers[0]) if numbers else 1_000_000
    with tempfile.TemporaryDirectory(prefix="ostrom-") as folder:
        plain = Path(folder) / "log.jsonl"
        _write(plain, rows)
        forms = {"jsonl": plain, "jsonl.gz": _packed(plain), "parquet": Path(folder) / "log.parquet"}
        _opened(plain, forms["parquet"])
        for form, path in forms.items():
            _say(form, path, rows, _opened(path))
        if "--monitors" in sys.argv:
            sys.exit(subprocess.run([sys.executable, __file__, "--monitor", str(plain)], check=False).returncode)


def _write(path: Path, rows: int) -> None:
    import numpy as np

    rng = np.random.default_rng(0)
    with open(path, "w", encoding="utf-8") as file:
        for start in range(0, rows, 10_000):
            count = min(10_000, rows - start)
            words = rng.integers(0, len(WORDS), (count, 12))
            costs, tokens = rng.integers(0, 9, count), rng.integers(0, 50, count)
            for k in range(count):
                number = start + k
                row = {
                    "episode": number // 100,
                    "t": number % 100,
                    "agent": f"agent {number % 10}",
                    "channel": "message",
                    "message": f"{' '.join(WORDS[w] for w in words[k])} {number}",
                    "observation": {"cost": int(costs[k]), "price": number // 10 % 7},
                    "facts": {"time": number * 0.25, "tokens": int(tokens[k])},
                }
                file.write(json.dumps(row) + "\n")


def _packed(path: Path) -> Path:
    packed = path.with_name("log.jsonl.gz")
    with open(path, "rb") as plain, gzip.open(packed, "wb", compresslevel=1) as file:
        shutil.copyfileobj(plain, file)
    return packed


def _opened(path: Path, parquet: Path | None = None) -> dict[str, float]:
    """What a fresh process took to open a log (and to write it as Parquet)."""
    asked = [sys.executable, __file__, "--open", str(path), *([str(parquet)] if parquet else [])]
    done = subprocess.run(asked, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{path.name} could not be opened:\n{done.stderr}")
    return json.loads(done.stdout)


def _open() -> None:
    from ostrom.formats.log import open_log

    begun, cpu = time.perf_counter(), time.process_time()
    log = open_log(sys.argv[2])
    spent = {"seconds": time.perf_counter() - begun, "cpu_s": time.process_time() - cpu}
    if len(sys.argv) > 3:
        from ostrom.formats.event_log import write_parquet

        write_parquet(log, sys.argv[3])
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(json.dumps({"rows": len(log), "messages": len(log["message"].values), **spent, "peak_gb": most}))


def _monitor() -> None:
    """Ask a log every monitor, and say what each took."""
    from ostrom.formats.log import open_log
    from ostrom.monitors import NothingToRead
    from ostrom.monitors._monitor import default

    begun = time.process_time()
    log = open_log(sys.argv[2])
    for one in default():
        before = time.process_time()
        try:
            found = f"{len(one(log, 0))} readings"
        except NothingToRead:
            found = "nothing to read"
        spent = round(time.process_time() - before, 1)
        print(json.dumps({"monitor": type(one).__name__, "found": found, "cpu_s": spent}), flush=True)
    spent, most = time.process_time() - begun, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(json.dumps({"monitor": "all", "cpu_s": round(spent, 1), "peak_gb": round(most, 2)}), flush=True)
    if spent > MONITORED or most > READ:
        sys.exit(f"To ask every monitor passed the limit of {MONITORED} s of CPU and {READ} GB.")


def _say(form: str, path: Path, rows: int, found: dict[str, float]) -> None:
    size = round(path.stat().st_size / 2**20, 1)
    print(json.dumps({"form": form, "file_mb": size, **{k: round(v, 2) for k, v in found.items()}}), flush=True)
    if found["rows"] != rows or found["messages"] != rows:
        sys.exit(f"{form} lost rows.")
    if found["cpu_s"] > SECONDS or found["peak_gb"] > MEMORY:
        sys.exit(f"{form} passed the limit of {SECONDS} s of CPU and {MEMORY} GB.")


if __name__ == "__main__":
    {"--open": _open, "--monitor": _monitor}.get(sys.argv[1] if len(sys.argv) > 1 else "", main)()
