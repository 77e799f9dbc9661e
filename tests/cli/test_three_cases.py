"""What `ostrom audit` says of the three cases of deciding together, in the words of the page about them."""

from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "deciding_together.md"


def quoted():
    """The quotations of the page, by the command above them."""
    found, subject = {}, ""
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if line.startswith("ostrom audit "):
            subject = line.split()[-1]
        elif line.startswith("> "):
            found[subject] = (found.get(subject, "") + " " + line[2:]).strip()
    return found


@pytest.mark.parametrize("subject", ["rescue", "reservoir", "arms_control"])
def test_the_audit_says_it(ostrom, subject):
    assert quoted()[subject] in " ".join(ostrom("audit", subject).stdout.split())
