"""Tables in Markdown, and shares of counts, for the examples on records."""

from ostrom.audits._student import wilson


def row(*cells: object) -> str:
    """A row of a table in Markdown."""
    return f"| {' | '.join(map(str, cells))} |"


def table(heads: str, *lines: str) -> str:
    """The rows below their heads."""
    return "\n".join((heads, "|---" * (heads.count("|") - 1) + "|", *lines))


def counted(count: int, of: int) -> str:
    """A share of a count with its Wilson interval, in percent; it takes counts as independent of each other."""
    if not of:
        return "-"
    low, high = wilson(count, of)
    return f"{100 * count / of:.0f} [{100 * low:.0f}, {100 * high:.0f}]"
