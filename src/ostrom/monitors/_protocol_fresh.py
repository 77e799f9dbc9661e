"""Tests on messages that came after an alarm, and so had no part in raising it."""

from __future__ import annotations

LOOKS = (125, 500, 2000)
"""Units after an alarm at which they are looked at, three times at most."""

LEVEL = 0.003
"""At which information and influence both have to stand at a look, before the word "protocol" is used."""
