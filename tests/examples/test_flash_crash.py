"""The example tells what it saw."""

import re


def test_crashes_are_seen_coming_and_calm_runs_are_not_alarming(example, capsys):
    example.main(3)
    *runs, last = capsys.readouterr().out.splitlines()
    assert len(runs) == 3
    early, false = map(int, re.findall(r"in (\d) of 3", last))
    assert early >= 2
    assert false == 0
