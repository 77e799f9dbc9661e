"""The page on two real logs says what its commands print, where the data are at hand."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from ostrom import monitor

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data"
PAGE = (ROOT / "docs" / "monitors" / "real_logs.md").read_text(encoding="utf-8")

here = pytest.mark.skipif(not (DATA / "coopeval").is_dir(), reason="the records are not part of the package")


@here
def test_what_stands_in_the_pool_is_what_the_page_says():
    seen = monitor(str(DATA / "llm-commons" / "runs.json"))
    assert f"the second {len(seen.alarms)} among {len(seen.readings)};" in PAGE
    assert any("moved in only 20 of 99 rounds" in one.sentence for one in seen.readings)
    screens = min(one.p for one in seen.readings if one.monitor == "screens")
    assert f"no pair comes below p = {screens:.2g}" in PAGE


@here
@pytest.mark.slow
def test_every_line_of_the_page_is_printed():
    run = [sys.executable, str(ROOT / "benchmarks" / "real_logs.py"), str(DATA)]
    said = subprocess.run(run, capture_output=True, text=True, check=True).stdout.splitlines()
    shown = re.findall(r"^```text\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)[-1].splitlines()
    assert [line for line in shown if line not in said] == []


@here
@pytest.mark.slow
def test_what_stands_in_coopeval_is_what_the_page_says():
    seen = monitor(str(DATA / "coopeval"))
    assert f"gives {len(seen.alarms)} alarms among {len(seen.readings)} readings" in PAGE
    (copied,) = (one for one in seen.alarms if one.monitor == "imitation")
    assert f"in {copied.effect:.0%}".replace("%", " %") in PAGE
    assert f"`Imitation`, p = {copied.p:.2g};" in PAGE
