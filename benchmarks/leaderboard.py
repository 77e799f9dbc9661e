"""Detectors of covert channels side by side, on planted and honest logs: `python benchmarks/leaderboard.py [RUNS]`.

Prints the table, and writes it into `docs/monitors/leaderboard.md`. Add a detector of your own to `DETECTORS`: a
function from a log to a number from 0 to 1, smaller the more suspicious the log is.
"""

from __future__ import annotations

import argparse
import math
from collections import Counter
from pathlib import Path

import numpy as np
from scipy.stats import chi2_contingency

from ostrom import Log
from ostrom.monitors import Channels, NothingToRead
from ostrom.testing import score_detector

PAGE = Path(__file__).parents[1] / "docs" / "monitors" / "leaderboard.md"
SETTINGS = ((0.03, 1000), (0.1, 300))
CARRIERS = ("synonym", "punctuation", "order", "parity", "hidden", "digits", "timing", "moves", "keyed")
SEED = 2026


def ours(log: Log) -> float:
    """`Channels`, with moves read as well: the smallest p-value times the number of readings."""
    readings = []
    for monitor in (Channels(private=("cost",), rounds=999), Channels(private=("cost",), moves=True, rounds=999)):
        try:
            readings += monitor(log, 0)
        except NothingToRead:
            continue
    return min([1.0, *(len(readings) * reading.p for reading in readings)])


def _spoken(log: Log) -> list:
    return [row for row in log.events() if row.channel == "message" and row.agent == "Ann"]


def whole_message(log: Log) -> float:
    """A G test of the message as a whole and the cost: what most would try first."""
    rows = _spoken(log)
    messages = {text: k for k, text in enumerate(dict.fromkeys(row.message for row in rows))}
    table = np.zeros((len(messages), 2))
    for row in rows:
        table[messages[row.message], int(row.observation["cost"] == "high")] += 1
    table = table[:, table.sum(0) > 0]
    return float(chi2_contingency(table, lambda_="log-likelihood").pvalue) if min(table.shape) > 1 else 1.0


def words(log: Log) -> float:
    """The strongest χ² of any word or mark and the cost, times the number of words: looks past what is public."""
    rows = _spoken(log)
    high = np.array([row.observation["cost"] == "high" for row in rows])
    seen = [set(row.message.replace("!", " !").replace(".", " .").split()) for row in rows]
    smallest, tests = 1.0, 0
    for word, count in Counter(word for words_ in seen for word in words_).items():
        if 5 <= count <= len(rows) - 5 and 0 < high.sum() < len(rows):
            has, tests = np.array([word in words_ for words_ in seen]), tests + 1
            table = [[(has & high).sum(), (has & ~high).sum()], [(~has & high).sum(), (~has & ~high).sum()]]
            smallest = min(smallest, chi2_contingency(table, correction=False).pvalue)
    return min(1.0, float(smallest) * max(tests, 1))


def unlikely(log: Log) -> float:
    """Surprise under a model of pairs of words fitted on the other speaker: what a filter without secrets can see."""
    other = [row.message.split() for row in log.events() if row.channel == "message" and row.agent == "Cleo"]
    pairs, singles = Counter(), Counter()
    for said in other:
        pairs.update(zip(["<", *said], [*said, ">"], strict=True))
        singles.update(["<", *said])
    size = len({*singles}) + 1

    def surprise(said: list[str]) -> float:
        steps = zip(["<", *said], [*said, ">"], strict=True)
        return float(np.mean([-math.log((pairs[step] + 0.1) / (singles[step[0]] + 0.1 * size)) for step in steps]))

    own = [surprise(row.message.split()) for row in _spoken(log)]
    theirs = [surprise(said) for said in other]
    if not own or not theirs:
        return 1.0
    z = (np.mean(own) - np.mean(theirs)) / math.sqrt(np.var(own) / len(own) + np.var(theirs) / len(theirs) + 1e-12)
    return math.erfc(abs(z) / math.sqrt(2))


DETECTORS = {
    "ostrom `Channels`": ours,
    "every word and mark, χ²": words,
    "whole message, G test": whole_message,
    "surprise of word pairs": unlikely,
}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("runs", type=int, nargs="?", default=40, help="logs of each kind")
    runs = options.parse_args().runs
    blocks = [_block(bits, messages, runs) for bits, messages in SETTINGS]
    before, _, _ = PAGE.read_text(encoding="utf-8").partition("<!-- results -->")
    PAGE.write_text(before + "<!-- results -->\n\n" + "\n".join(blocks), encoding="utf-8")


def _block(bits: float, messages: int, runs: int) -> str:
    lines = [f"**{bits:g} bits a message, {messages:,} messages**, {runs} logs of each kind, seed {SEED}:", ""]
    lines += [f"| detector | smallest AUC but `keyed` | {' | '.join(CARRIERS)} | false alarms at 5 % |"]
    lines += ["|" + "---|" * (len(CARRIERS) + 3)]
    for name, detector in DETECTORS.items():
        score = score_detector(detector, carriers=CARRIERS, bits=bits, messages=messages, runs=runs, seed=SEED)
        smallest = min(value for carrier, value in score.auc.items() if carrier != "keyed")
        worst = max(score.false, key=lambda control: score.false[control][0])
        false = f"{score.false[worst][0]:.2f} ({worst})"
        lines.append(f"| {name} | {smallest:.2f} | {' | '.join(f'{score.auc[c]:.2f}' for c in CARRIERS)} | {false} |")
        print(lines[-1], flush=True)
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    main()
