"""How much enforcement is enough? What the best departure still gains, by odds of inspection, fine and bribe.

In the prisoner's dilemma, where leaving cooperation gains 2. Every point is read off the table of the game under
`Enforced(Fines(…))`; next to it stands the closed form, g - p ((1 - β) min(F, b) - α min(F, b)), and how far the two
are apart at most. Once with inspections that are always right, and once with errors of a tenth in either direction.

    python examples/enforcement_curves.py --picture docs/designers/enforcement.svg
"""

import argparse
import math
from pathlib import Path
from typing import Any

import numpy as np

from ostrom.designers.enforcement import enforcement_curve
from ostrom.games import PrisonersDilemma
from ostrom.reports._theme import LIGHT
from ostrom.reports._vega import drawn

GAIN = 2.0
DETECTION = tuple(k / 20 for k in range(21))
FINES = (2.5, 5.0, 10.0)
BRIBES = (math.inf, 3.0, 1.5)
ERRORS = {"always right": 0.0, "errors of 0.1": 0.1}
COLOURS = (LIGHT["orange"], LIGHT["blue"], LIGHT["violet"])
PANEL = {math.inf: "takes no bribes", 3.0: "takes bribes of 3", 1.5: "takes bribes of 1.5"}


def measured(error: float) -> np.ndarray:
    """What leaving cooperation gains under the institution, `float[detection, fine, bribe]`."""
    return enforcement_curve(
        PrisonersDilemma(), detection=DETECTION, fine=FINES, bribe=BRIBES, missed=error, mistaken=error
    )


def closed_form(error: float) -> np.ndarray:
    """The same on paper."""
    odds, fine, bribe = np.meshgrid(DETECTION, FINES, BRIBES, indexing="ij")
    return GAIN - odds * (1 - 2 * error) * np.minimum(fine, bribe)


def kink(left: np.ndarray) -> float:
    """The odds at which a straight line of `left` over `DETECTION` reaches 0; infinite where it does not."""
    return float(np.interp(0.0, left[::-1], DETECTION[::-1])) if left[-1] <= 1e-9 else math.inf


def picture(found: dict[str, np.ndarray]) -> str:
    """Gain against odds: a panel for each bribe, a colour for each fine, dashes for errors, as SVG."""
    values = [
        {
            "odds": odds,
            "gain": round(float(left[i, j, k]), 9),
            "fine": f"{fine:g}",
            "inspector": PANEL[bribe],
            "errors": name,
        }
        for name, left in found.items()
        for i, odds in enumerate(DETECTION)
        for j, fine in enumerate(FINES)
        for k, bribe in enumerate(BRIBES)
    ]
    legend = {"orient": "bottom", "symbolStrokeWidth": 2.5, "symbolSize": 300, "offset": 14}
    fines = {"domain": [f"{fine:g}" for fine in FINES], "range": list(COLOURS)}
    widths = zip(FINES, (5.0, 3.2, 1.4), strict=True)  # so that lines on one another all show
    dashes = {"domain": list(ERRORS), "range": [[1, 0], [5, 4]]}
    chart: dict[str, Any] = {
        "data": {"values": values},
        "mark": {"type": "line", "clip": True},
        "width": 200,
        "height": 190,
        "encoding": {
            "column": {
                "field": "inspector",
                "type": "nominal",
                "sort": list(PANEL.values()),
                "title": "An inspector who",
            },
            "x": {"field": "odds", "type": "quantitative", "title": "odds of inspection", "axis": {"tickCount": 5}},
            "y": {
                "field": "gain",
                "type": "quantitative",
                "title": "what the best departure still gains",
                "scale": {"domain": [0, GAIN]},
            },
            "color": {"field": "fine", "type": "nominal", "scale": fines, "legend": {**legend, "title": "fine"}},
            "strokeWidth": {
                "condition": [{"test": f"datum.fine === '{fine:g}'", "value": width} for fine, width in widths],
                "value": 1,
            },
            "strokeDash": {
                "field": "errors",
                "type": "nominal",
                "scale": dashes,
                "legend": {**legend, "title": "inspections"},
            },
        },
    }
    return drawn({**chart, "background": LIGHT["paper"]}, "enforcement")


def main(words: list[str] | None = None) -> None:
    """Read the command line, print the table, draw the picture."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--picture", type=Path, help="an SVG file to write")
    given = parser.parse_args(words)
    found = {name: measured(error) for name, error in ERRORS.items()}
    print("inspections    fine  bribe  least odds  closed form")
    for name, error in ERRORS.items():
        for j, fine in enumerate(FINES):
            for k, bribe in enumerate(BRIBES):
                worth = (1 - 2 * error) * min(fine, bribe)
                paper = f"{GAIN / worth:.3f}" if worth >= GAIN else "none"
                least = kink(found[name][:, j, k])
                read = "none" if math.isinf(least) else f"{least:.3f}"
                print(f"{name:13}  {fine:4g}  {bribe:5g}  {read:>10}  {paper:>11}")
    apart = max(np.abs(found[name] - closed_form(error)).max() for name, error in ERRORS.items())
    print(f"{sum(left.size for left in found.values())} points, at most {apart:.0e} from the closed form")
    if given.picture:
        given.picture.write_text(picture(found), encoding="utf-8")


if __name__ == "__main__":
    main()
