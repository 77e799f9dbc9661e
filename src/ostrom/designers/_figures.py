"""Numbers in sentences: with commas and without exponents where they are large, and a share as a percentage."""

from __future__ import annotations


def figure(value: float) -> str:
    """A number to six figures, whole where it is large: `1.5`, `43,920`, `7,480,192`."""
    return f"{value:,.0f}" if abs(value) >= 10_000 else f"{value:,.6g}"


def percent(share: float, decimals: int = 0) -> str:
    """A share as a percentage: `25 %`, `10.4 %`."""
    return f"{100 * share + 0.0:.{decimals}f} %"
