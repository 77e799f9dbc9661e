"""The kit for monitors: passes one that is as it should be, and catches each way of not being so."""

from dataclasses import dataclass, replace

import numpy as np
import pytest
from scipy.stats import pearsonr

from ostrom import Event, Log, Reading
from ostrom.core.errors import DeclarationError
from ostrom.monitors._case import Monitor, NothingToRead
from ostrom.testing import check_monitor


def series(drift):
    """A log of one number, which climbs by `drift` a step."""

    def log(seed):
        noise = np.random.default_rng(seed).normal(size=60)
        return Log.of([Event(0, t, "ann", "act", action=float(drift * t + noise[t])) for t in range(60)])

    return log


@dataclass(frozen=True)
class Climbing(Monitor):
    """Does the number of an agent climb?"""

    def read(self, log, seed):
        numbers = log.get("action").numbers
        kept = np.flatnonzero(np.isfinite(numbers) & (np.abs(numbers) < 1e100))
        if len(kept) < 10 or np.ptp(numbers[kept]) == 0:
            raise NothingToRead("It needs ten numbers that differ.")
        r, p = pearsonr(np.arange(len(kept)), numbers[kept])
        who = (log["agent"][int(kept[0])],)
        rows = tuple(log.row[kept[:3]].tolist())
        more = {"who": who, "rows": rows, "assumes": "Steps are independent.", "source": "Pearson (1895)"}
        return [Reading("climbing", f"It goes with time: {r:.2f}.", float(r), "", len(kept), p=max(p, 1e-300), **more)]


@dataclass(frozen=True)
class Broken(Climbing):
    """The same with one thing wrong."""

    how: str = ""

    def read(self, log, seed):
        if self.how == "falls over":
            log["action"].numbers.argmax()
        (reading,) = super().read(log, seed)
        changed = {
            "deaf": {"p": 1.0},
            "nervous": {"p": 1e-9},
            "moody": {"sentence": f"It goes with time. {np.random.random()}"},
            "says not what it assumes": {"assumes": ""},
            "says not where from": {"source": ""},
            "names other rows": {"rows": (10**9,)},
            "names others": {"who": ("zoe",)},
        }
        return [replace(reading, **changed.get(self.how, {}))]


def test_one_that_is_as_it_should_be():
    found = check_monitor(Climbing(), series(0.1), series(0.0))
    assert len(found.checks) == 4
    assert "Climbing sees what it has to see" in str(found)


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("deaf", "misses what is planted"),
        ("nervous", "40 alarms in 40 logs"),
        ("moody", "other readings"),
        ("says not what it assumes", "does not say what it assumes"),
        ("says not where from", "where its method comes from"),
        ("names other rows", "rows that the log does not have"),
        ("names others", "not in the log"),
        ("falls over", "ends in UnknownName on a log"),
    ],
)
def test_every_failure_is_caught(how, said):
    with pytest.raises(DeclarationError, match=said):
        check_monitor(Broken(how), series(0.1), series(0.0))


def test_a_weak_effect_is_not_asked_of_it():
    with pytest.raises(DeclarationError, match="misses"):
        check_monitor(Climbing(), series(0.0), series(0.0))
