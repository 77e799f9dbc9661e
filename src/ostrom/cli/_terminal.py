"""What may be shown on a terminal: letters, and nothing that moves the cursor, rings, or turns what follows round."""

from __future__ import annotations

import unicodedata


def harmless(text: str) -> str:
    """A text in one line, with a mark in place of every character that is not to be seen.

    Examples
    --------
    >>> harmless("red\\x1b[31m")
    'red�[31m'
    """
    return "".join("�" if unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Zl", "Zp") else letter for letter in text)
